package main

import (
	"bufio"
	"bytes"
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
// line each, so that a sweep that was stopped goes on where it was. A line that a
// kill cut short is dropped, and its cell is run again.
type journal struct {
	path string
	file *os.File
	done []sweep.Row
}

// journalHead is the first line: whose cells these are.
type journalHead struct {
	Ebb   string `json:"ebb_sweep"` // version of the form
	Sweep string `json:"sweep_sha256"`
}

const journalForm = "1"

// openJournal opens the journal of a sweep, or begins it.
func openJournal(dir, hash string) (*journal, error) {
	j := &journal{path: filepath.Clean(dir) + ".unfinished.jsonl"}
	if err := os.MkdirAll(filepath.Dir(j.path), 0o755); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Dir(j.path), bare(err))
	}
	kept, err := j.read(hash)
	if err != nil {
		return nil, err
	}
	if j.file, err = os.OpenFile(j.path, os.O_RDWR|os.O_CREATE, 0o644); err != nil {
		return nil, fmt.Errorf("%s: %w", j.path, bare(err))
	}
	if err := j.file.Truncate(kept); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", j.path, bare(err)), j.file.Close())
	}
	if _, err := j.file.Seek(kept, io.SeekStart); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", j.path, bare(err)), j.file.Close())
	}
	if kept > 0 {
		return j, nil
	}
	return j, j.line(journalHead{journalForm, hash})
}

// read takes the finished cells of an earlier sitting, and tells how many bytes of the
// file are good.
func (j *journal) read(hash string) (kept int64, err error) {
	text, err := os.ReadFile(j.path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("%s: %w", j.path, bare(err))
	}
	lines := bufio.NewReader(bytes.NewReader(text))
	for first := true; ; first = false {
		line, err := lines.ReadBytes('\n')
		if err != nil { // the end, or a line without one
			return kept, nil
		}
		if first {
			var head journalHead
			if json.Unmarshal(line, &head) != nil || head.Ebb != journalForm || head.Sweep != hash {
				return 0, fmt.Errorf("%s: holds the cells of another sweep; remove it, or choose another folder with -o", j.path)
			}
			kept += int64(len(line))
			continue
		}
		var row sweep.Row
		if json.Unmarshal(line, &row) != nil {
			return kept, nil
		}
		j.done = append(j.done, row)
		kept += int64(len(line))
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
	if err := j.file.Sync(); err != nil {
		return fmt.Errorf("%s: %w", j.path, bare(err))
	}
	return nil
}

// close leaves the journal for another sitting; remove is for when its cells are in
// the result.
func (j *journal) close() error { return j.file.Close() }

func (j *journal) remove() error { return errors.Join(j.file.Close(), os.Remove(j.path)) }
