package data

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"time"
)

// MaxSize is the largest file that is read, in bytes: files are read whole, and
// take about twice their size.
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

// Parse reads the content b of a file, which must not change afterwards: the table
// looks up in it where a fault stands. Name stands in faults. All faults of the
// file are returned at once, as [Faults].
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
		return nil, append(s.broken(), s.faults...)
	}
	hash := make(chan [sha256.Size]byte)
	go func() { hash <- sha256.Sum256(b) }() // beside, because it takes as long as a third of the rest
	t, err := newTable(s, f.name, p, opt.Now)
	sum := <-hash
	if err != nil {
		return nil, err
	}
	t.sha256 = hex.EncodeToString(sum[:])
	return t, nil
}
