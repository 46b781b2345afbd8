package data

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
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
	return open(disk{}, path, opt)
}

// OpenFS reads the named file of fsys, as [Open] does.
func OpenFS(fsys fs.FS, name string, opt ReadOptions) (*Table, error) {
	return open(fsys, name, opt)
}

func open(fsys fs.FS, name string, opt ReadOptions) (*Table, error) {
	b, err := readFile(fsys, name, MaxSize)
	if err != nil {
		return nil, err
	}
	return Parse(name, b, opt)
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
