package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// placeFiles puts files into a folder beside what is there, all or none. Without
// force no file is replaced.
func placeFiles(dir string, files []file, force bool) (err error) {
	var taken []error
	for _, f := range files {
		path := filepath.Join(dir, f.Name)
		switch info, err := os.Lstat(path); {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return fmt.Errorf("%s: %w", path, bare(err))
		case !info.Mode().IsRegular():
			taken = append(taken, usagef("%s: is there and no plain file; choose another folder with -o", path))
		case !force:
			taken = append(taken, usagef("%s: is there; --force replaces it, -o writes to another folder", path))
		}
	}
	if len(taken) > 0 {
		return errors.Join(taken...)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("%s: %w", dir, bare(err))
	}
	fresh, err := os.MkdirTemp(dir, ".ebb-unfinished-*")
	if err != nil {
		return fmt.Errorf("%s: %w", dir, bare(err))
	}
	defer func() { err = errors.Join(err, os.RemoveAll(fresh)) }()
	for _, f := range files {
		if err := writeFile(filepath.Join(fresh, f.Name), f.Content); err != nil {
			return fmt.Errorf("%s: %w; nothing was written", filepath.Join(dir, f.Name), bare(err))
		}
	}
	return moveAll(fresh, dir, files)
}

// moveAll moves finished files to their places; if one cannot be moved, those before
// it go back.
func moveAll(fresh, dir string, files []file) error {
	for i, f := range files {
		path, old := filepath.Join(dir, f.Name), filepath.Join(fresh, f.Name+".old")
		err := os.Rename(path, old)
		if err == nil || errors.Is(err, fs.ErrNotExist) {
			if err = os.Rename(filepath.Join(fresh, f.Name), path); err == nil {
				continue
			}
		}
		for k := i; k >= 0; k-- {
			back, was := filepath.Join(dir, files[k].Name), filepath.Join(fresh, files[k].Name+".old")
			if k < i {
				err = errors.Join(err, os.Remove(back))
			}
			if moved := os.Rename(was, back); moved != nil && !errors.Is(moved, fs.ErrNotExist) {
				err = errors.Join(err, moved)
			}
		}
		return fmt.Errorf("%s: %w; nothing was written", path, bare(err))
	}
	return nil
}
