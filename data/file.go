package data

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// ReadFile returns the content of the file at path. It refuses what is not a
// regular file, such as a FIFO or a device, because reading it may never end,
// and what is larger than limit bytes. The error starts with the path, and
// wraps that of the operating system if there is one.
func ReadFile(path string, limit int64) ([]byte, error) {
	return readFile(disk{}, path, limit)
}

// disk is the file system of the machine. Other than those of [os.DirFS] it
// takes every path.
type disk struct{}

// Open implements [fs.FS].
func (disk) Open(path string) (fs.File, error) { return os.Open(path) }

// Stat implements [fs.StatFS].
func (disk) Stat(path string) (fs.FileInfo, error) { return os.Stat(path) }

func readFile(fsys fs.FS, name string, limit int64) ([]byte, error) {
	b, err := readRegular(fsys, name, limit)
	if p := (*fs.PathError)(nil); errors.As(err, &p) {
		err = p.Err // the name is said once
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return b, nil
}

// readRegular asks what the file is before it opens it: to open a FIFO waits
// for one who writes.
func readRegular(fsys fs.FS, name string, limit int64) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("is %s, expected a file", nature(info.Mode()))
	}
	tooLarge := fmt.Errorf("is larger than %s, the most that is read", showSize(limit))
	if info.Size() > limit {
		return nil, tooLarge
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var b bytes.Buffer
	b.Grow(int(info.Size()) + bytes.MinRead)        // so that it need not grow, and be copied, on the way
	_, err = b.ReadFrom(io.LimitReader(f, limit+1)) // it may have grown, and the size in /proc is 0
	if err == nil && int64(b.Len()) > limit {
		err = tooLarge
	}
	return b.Bytes(), err
}

// nature names what is not a regular file.
func nature(m fs.FileMode) string {
	switch {
	case m.IsDir():
		return "a folder"
	case m&fs.ModeNamedPipe != 0:
		return "a FIFO"
	case m&fs.ModeSocket != 0:
		return "a socket"
	case m&fs.ModeDevice != 0:
		return "a device"
	}
	return "not a regular file"
}

func showSize(n int64) string {
	switch {
	case n > 0 && n%(1<<20) == 0:
		return fmt.Sprintf("%d MiB", n>>20)
	case n > 0 && n%(1<<10) == 0:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}
