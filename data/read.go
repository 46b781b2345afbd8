package data

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

// MaxSize is the largest file that is read, in bytes: files are read whole,
// and as cells they take several times their size.
const MaxSize = 512 << 20

// ReadOptions say how to read a file. The zero value recognises the format
// by content and accepts dates in the future.
type ReadOptions struct {
	Format string    // name of the format, see [Formats]; "" to recognise it
	Now    time.Time // rows after it are faults; zero for no such check
}

// Open reads the file at path. Errors are [Faults], or say why the file
// cannot be read.
func Open(path string, opt ReadOptions) (*Table, error) {
	return read(path, opt, func() (fs.File, error) { return os.Open(path) })
}

// OpenFS reads the named file of fsys, as [Open] does.
func OpenFS(fsys fs.FS, name string, opt ReadOptions) (*Table, error) {
	return read(name, opt, func() (fs.File, error) { return fsys.Open(name) })
}

func read(name string, opt ReadOptions, open func() (fs.File, error)) (*Table, error) {
	b, err := readAll(open)
	if err != nil {
		if p := (*fs.PathError)(nil); errors.As(err, &p) {
			err = p.Err // the name is said once
		}
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return Parse(name, b, opt)
}

func readAll(open func() (fs.File, error)) ([]byte, error) {
	f, err := open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, errors.New("is a folder, expected a file")
	}
	b, err := io.ReadAll(io.LimitReader(f, MaxSize+1))
	if err == nil && len(b) > MaxSize {
		err = fmt.Errorf("is larger than %d MiB, the most that is read", MaxSize>>20)
	}
	return b, err
}

// Parse reads the content b of a file; name stands in faults. All faults of
// the file are returned at once, as [Faults].
func Parse(name string, b []byte, opt ReadOptions) (*Table, error) {
	s, err := cutFile(name, b)
	if err != nil {
		return nil, err
	}
	f, err := pick(s, opt.Format)
	if err != nil {
		return nil, err
	}
	p := f.plan(s)
	s.checkHeader()
	if p.date < 0 {
		return nil, s.faults
	}
	t, err := newTable(s, f.name, p, opt.Now)
	if err != nil {
		return nil, err
	}
	hash := sha256.Sum256(b)
	t.sha256 = hex.EncodeToString(hash[:])
	return t, nil
}
