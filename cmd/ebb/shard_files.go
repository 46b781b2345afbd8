package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/scenarios/sweep"
)

// shardManifest is manifest.json of a shard: whose work this is a slice of, and all that
// the merge must know beside it.
type shardManifest struct {
	Ebb     string         `json:"ebb"` // its build
	Command string         `json:"command"`
	Shard   shard          `json:"shard"`
	SHA256  string         `json:"work_sha256"`
	Sweep   *sweepHead     `json:"sweep,omitempty"` // of the one
	Run     *runHead       `json:"run,omitempty"`   // or the other command
	Files   []manifestFile `json:"files"`
}

// rowsName is the file of a shard that holds its cells, one line each.
const rowsName = "rows.jsonl"

// shardFiles are the files of a shard of a sweep.
func shardFiles(part shard, hash string, head sweepHead, rows []sweep.Row) ([]file, error) {
	by, err := build()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	lines := json.NewEncoder(&b)
	for _, row := range rows {
		if err := lines.Encode(row); err != nil {
			return nil, err
		}
	}
	files := []file{{rowsName, b.Bytes()}}
	text, err := encode(shardManifest{Ebb: by, Command: "sweep", Shard: part, SHA256: hash, Sweep: &head, Files: filesOf(files)})
	return append(files, file{manifestName, text}), err
}

// A workShard is a shard as it lies in a folder.
type workShard struct {
	folder string
	shardManifest
}

// errNoShard is a folder that is no shard.
var errNoShard = errors.New("no shard: its " + manifestName + " is not there, or is that of something else")

// readShard reads what a shard says of itself.
func readShard(folder string) (workShard, error) {
	s := workShard{folder: folder}
	text, err := data.ReadFile(filepath.Join(folder, manifestName), maxManifest)
	if err != nil || json.Unmarshal(text, &s.shardManifest) != nil || (s.Command == "sweep") != (s.Sweep != nil) || (s.Command == "run") != (s.Run != nil) || s.Sweep == nil && s.Run == nil {
		return s, fmt.Errorf("%s: %w", folder, errNoShard)
	}
	if s.Shard.Index < 1 || s.Shard.Index > s.Shard.Count || s.Shard.Count > maxShards {
		return s, fmt.Errorf("%s: %w", folder, errNoShard)
	}
	return s, nil
}

// is tells whether this is a certain shard of certain work, by this build of ebb.
func (s workShard) is(part shard, hash string) bool {
	by, err := build() // without an answer it is made again, which needs one
	return err == nil && s.Ebb == by && s.SHA256 == hash && s.Shard == part
}

// changed is the error for a file that is not the one that the manifest names.
func (s workShard) changed(name string) error {
	return fmt.Errorf("%s: %s is not what %s says; the folder was changed, or not copied whole", s.folder, name, manifestName)
}

// rows reads the cells of a shard and checks that they are those that it should have.
func (s workShard) rows() ([]sweep.Row, error) {
	path := filepath.Join(s.folder, rowsName)
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %s: %w", s.folder, rowsName, bare(err))
	}
	if len(s.Files) != 1 || info.Size() != int64(s.Files[0].Bytes) { // before it is read: it may be of any size
		return nil, s.changed(rowsName)
	}
	text, err := data.ReadFile(path, info.Size())
	if err != nil {
		return nil, err
	}
	if !slices.Equal(s.Files, filesOf([]file{{rowsName, text}})) {
		return nil, s.changed(rowsName)
	}
	var rows []sweep.Row
	for lines := json.NewDecoder(bytes.NewReader(text)); ; {
		var row sweep.Row
		switch err := lines.Decode(&row); {
		case errors.Is(err, io.EOF):
			return rows, s.complete(rows)
		case err != nil:
			return nil, fmt.Errorf("%s: %s: line %d: %w", s.folder, rowsName, len(rows)+1, err)
		}
		rows = append(rows, row)
	}
}

// complete checks that a shard has its own cells, in their order, and each of them
// what the result shows of it.
func (s workShard) complete(rows []sweep.Row) error {
	next := 0
	for cell := range s.Sweep.Cells {
		if !s.Shard.has(cell) {
			continue
		}
		if next == len(rows) || rows[next].Cell != cell {
			return fmt.Errorf("%s: cell %d is not where it should be in %s", s.folder, cell, rowsName)
		}
		if err := s.Sweep.fits(rows[next]); err != nil {
			return fmt.Errorf("%s: %w", s.folder, err)
		}
		next++
	}
	if next < len(rows) {
		return fmt.Errorf("%s: cell %d is not one of shard %s", s.folder, rows[next].Cell, s.Shard)
	}
	return nil
}
