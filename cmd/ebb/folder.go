package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// file is one file of a result folder, complete in memory: a result is not begun
// on disk before all of it exists.
type file struct {
	Name    string // with forward slashes
	Content []byte
}

func (f file) sha256() string {
	sum := sha256.Sum256(f.Content)
	return hex.EncodeToString(sum[:])
}

// manifestName marks a folder as a result of ebb.
const manifestName = "manifest.json"

// checkTarget tells early that a result could not be put where it shall go.
func checkTarget(dir string) error {
	if clean := filepath.Clean(dir); clean == "." || clean == ".." {
		return usagef("%s: a result takes the place of its folder, which the one you stand in cannot give up; name another with -o", dir)
	}
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("%s: %w", dir, bare(err))
	case len(entries) == 0:
		return nil
	}
	if !isResult(dir) {
		return usagef("%s: holds files and no %s of ebb, so it is not a result of ebb; choose another folder with -o", dir, manifestName)
	}
	return nil
}

// isResult tells whether a folder is a result of ebb. Other programs have a
// manifest.json too, and their files must not be replaced.
func isResult(dir string) bool {
	text, err := os.ReadFile(filepath.Join(dir, manifestName))
	var m struct {
		Ebb     string `json:"ebb"`
		Hash    string `json:"scenario_sha256"`
		Command string `json:"command"` // of a result without a scenario
	}
	return err == nil && json.Unmarshal(text, &m) == nil && m.Ebb != "" && m.Hash+m.Command != ""
}

// writeFolder puts a result in place whole, or leaves everything as it was: the
// files go to a new folder beside the target, which then takes its place.
func writeFolder(ctx context.Context, dir string, files []file) (err error) {
	if err := checkTarget(dir); err != nil {
		return err
	}
	if linked, err := filepath.EvalSymlinks(dir); err == nil {
		dir = linked // a link stays, and what it leads to is replaced
	}
	parent := filepath.Dir(filepath.Clean(dir))
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return fmt.Errorf("%s: %w", parent, bare(err))
	}
	fresh, err := os.MkdirTemp(parent, ".ebb-unfinished-*")
	if err != nil {
		return fmt.Errorf("%s: %w", parent, bare(err))
	}
	defer func() { err = errors.Join(err, os.RemoveAll(fresh)) }()
	if err := os.Chmod(fresh, 0o755); err != nil {
		return fmt.Errorf("%s: %w", fresh, bare(err))
	}
	for _, f := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := writeFile(filepath.Join(fresh, filepath.FromSlash(f.Name)), f.Content); err != nil {
			return fmt.Errorf("%s: %w; nothing was written", filepath.Join(dir, f.Name), bare(err))
		}
	}
	return replace(fresh, dir)
}

// writeFile writes a file and makes sure that it is on the disk.
func writeFile(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Sync(), f.Close())
}

// replaceFile writes a file whole, or leaves the one that was there.
func replaceFile(path string, content []byte) error {
	fresh := path + ".unfinished"
	os.Remove(fresh) // left by a run that was killed
	if err := writeFile(fresh, content); err != nil {
		return errors.Join(err, os.Remove(fresh))
	}
	if err := os.Rename(fresh, path); err != nil {
		return errors.Join(err, os.Remove(fresh))
	}
	return nil
}

// replace moves a finished folder to its place; an older result there goes only
// when the new one has arrived.
func replace(fresh, dir string) error {
	old := fresh + ".old"
	err := os.Rename(dir, old)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: %w", dir, bare(err))
	}
	if renamed := os.Rename(fresh, dir); renamed != nil {
		if err == nil {
			renamed = errors.Join(renamed, os.Rename(old, dir))
		}
		return fmt.Errorf("%s: %w", dir, bare(renamed))
	}
	return os.RemoveAll(old)
}

// bare is an operating system's error without the path, which the message has
// already.
func bare(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}
