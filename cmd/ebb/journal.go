package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/ebb-sim/ebb/scenarios/sweep"
)

// journal keeps the finished cells of a sweep in a file beside its result folder, one
// line each, so that a sweep that was stopped goes on where it was. A line is with the
// operating system when its cell is finished, so that a kill loses none; one that a
// full disk or a power cut has shortened is dropped, and its cell is run again.
type journal struct {
	path string
	file *os.File
	done []sweep.Row
	fits func(sweep.Row) error // tells a cell of this sweep from what only looks like one
}

// journalHead is the first line: whose cells these are.
type journalHead struct {
	Form  string `json:"ebb_sweep"` // version of the form
	Ebb   string `json:"ebb"`       // build of the program
	Sweep string `json:"sweep_sha256"`
	Shard string `json:"shard,omitempty"` // 3/16
}

const journalForm = "1"

// openJournal opens the journal of a sweep or of its shard, or begins it. Lines are
// appended: a scheduler that has lost sight of a machine may run a task a second time
// beside the first, and both may then write.
func openJournal(dir, hash string, part shard, fits func(sweep.Row) error) (*journal, error) {
	by, err := build()
	if err != nil {
		return nil, err
	}
	head := journalHead{journalForm, by, hash, part.String()}
	j := &journal{path: filepath.Clean(dir) + ".unfinished.jsonl", fits: fits}
	if err := os.MkdirAll(filepath.Dir(j.path), 0o755); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Dir(j.path), bare(err))
	}
	kept, err := j.read(head)
	if err != nil {
		return nil, err
	}
	if j.file, err = os.OpenFile(j.path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644); err != nil {
		return nil, fmt.Errorf("%s: %w", j.path, bare(err))
	}
	if err := os.Truncate(j.path, kept); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", j.path, bare(err)), j.file.Close())
	}
	if kept > 0 {
		return j, nil
	}
	return j, j.line(head)
}

// read takes the finished cells of an earlier sitting, and tells how many bytes of the
// file are good.
func (j *journal) read(head journalHead) (kept int64, err error) {
	info, err := os.Stat(j.path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("is not a file")
	}
	if err != nil {
		return 0, fmt.Errorf("%s: %w", j.path, bare(err))
	}
	file, err := os.Open(j.path)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", j.path, bare(err))
	}
	defer file.Close()
	foreign := fmt.Errorf("%s: holds the cells of another sweep, or those of another version or build of ebb; remove it, or choose another folder with -o", j.path)
	have := map[int]bool{}
	lines := bufio.NewReader(file)
	for first := true; ; first = false {
		line, err := wholeLine(lines)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", j.path, bare(err))
		}
		if line == nil && first && info.Size() > maxLine {
			return 0, foreign
		}
		if line == nil {
			return kept, nil
		}
		if first {
			var found journalHead
			if json.Unmarshal(line, &found) != nil || found != head {
				return 0, foreign
			}
			kept += int64(len(line))
			continue
		}
		var row sweep.Row
		if json.Unmarshal(line, &row) != nil || j.fits(row) != nil {
			return kept, nil
		}
		if !have[row.Cell] {
			j.done = append(j.done, row)
		}
		have[row.Cell] = true
		kept += int64(len(line))
	}
}

// maxLine is far more than a cell takes in a journal.
const maxLine = 16 << 20

// wholeLine reads a line with its end; nil where there is none, or it is longer than any
// that ebb writes.
func wholeLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		piece, err := r.ReadSlice('\n')
		line = append(line, piece...)
		switch {
		case err == nil:
			return line, nil
		case errors.Is(err, io.EOF) || len(line) > maxLine:
			return nil, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		}
	}
}

// Done implements [sweep.Journal].
func (j *journal) Done() []sweep.Row { return j.done }

// Add implements [sweep.Journal].
func (j *journal) Add(r sweep.Row) error { return j.line(r) }

func (j *journal) line(v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if _, err := j.file.Write(append(text, '\n')); err != nil {
		return fmt.Errorf("%s: %w", j.path, bare(err))
	}
	return nil
}

// close leaves the journal for another sitting; remove is for when its cells are in
// the result.
func (j *journal) close() error { return errors.Join(j.file.Sync(), j.file.Close()) }

func (j *journal) remove() error {
	err := os.Remove(j.path)
	if errors.Is(err, fs.ErrNotExist) {
		err = nil // by the other of two that did the same work
	}
	return errors.Join(j.file.Close(), err)
}
