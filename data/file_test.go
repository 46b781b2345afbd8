package data

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

func TestReadFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.csv")
	if err := os.WriteFile(path, []byte("12345678"), 0o600); err != nil {
		t.Fatal(err)
	}
	if b, err := ReadFile(path, 8); err != nil || string(b) != "12345678" {
		t.Errorf("got %q, %v", b, err)
	}
	missing := filepath.Join(dir, "b.csv")
	if _, err := ReadFile(missing, 8); !errors.Is(err, fs.ErrNotExist) || !strings.HasPrefix(err.Error(), missing+": ") {
		t.Errorf("no file: got %v", err)
	}
	tests := []struct {
		path  string
		limit int64
		want  string
	}{
		{path, 7, "is larger than 7 bytes, the most that is read"},
		{dir, 8, "is a folder, expected a file"},
	}
	for _, tt := range tests {
		if _, err := ReadFile(tt.path, tt.limit); err == nil || err.Error() != tt.path+": "+tt.want {
			t.Errorf("%s: got %v, want %s", tt.path, err, tt.want)
		}
	}
}

// claims is a file system whose files say that they have another size.
type claims struct {
	fstest.MapFS
	size   int64
	opened *bool
}

func (c claims) Open(name string) (fs.File, error) {
	*c.opened = true
	return c.MapFS.Open(name)
}

func (c claims) Stat(name string) (fs.FileInfo, error) {
	info, err := c.MapFS.Stat(name)
	return claimed{info, c.size}, err
}

type claimed struct {
	fs.FileInfo
	size int64
}

func (c claimed) Size() int64 { return c.size }

// A file that says it is too large is not opened; one that has more than it
// says, as those of /proc, is not read further.
func TestReadFileLimit(t *testing.T) {
	files := fstest.MapFS{"a": {Data: make([]byte, 128<<10+1)}}
	opened := false
	for limit, want := range map[int64]string{100: "100 bytes", 128 << 10: "128 KiB", MaxSize: "512 MiB"} {
		_, err := readFile(claims{files, limit + 1, &opened}, "a", limit)
		if err == nil || err.Error() != "a: is larger than "+want+", the most that is read" {
			t.Errorf("got %v", err)
		}
	}
	if opened {
		t.Error("a file that is too large was opened")
	}
	if _, err := OpenFS(claims{files, MaxSize + 1, &opened}, "a", ReadOptions{}); err == nil || opened {
		t.Errorf("OpenFS: got %v, opened %v", err, opened)
	}
	if _, err := readFile(claims{files, 0, &opened}, "a", 128<<10); err == nil || err.Error() != "a: is larger than 128 KiB, the most that is read" {
		t.Errorf("a file larger than it says: got %v", err)
	}
}

func TestOpenFSRefusesWhatIsNoFile(t *testing.T) {
	fsys := fstest.MapFS{
		"fifo":   {Mode: fs.ModeNamedPipe},
		"socket": {Mode: fs.ModeSocket},
		"disk":   {Mode: fs.ModeDevice},
		"tty":    {Mode: fs.ModeDevice | fs.ModeCharDevice},
		"odd":    {Mode: fs.ModeIrregular},
		"h/a":    {},
	}
	for name, want := range map[string]string{
		"fifo":   "fifo: is a FIFO, expected a file",
		"socket": "socket: is a socket, expected a file",
		"disk":   "disk: is a device, expected a file",
		"tty":    "tty: is a device, expected a file",
		"odd":    "odd: is not a regular file, expected a file",
		"h":      "h: is a folder, expected a file",
		"b":      "b: file does not exist",
	} {
		if _, err := OpenFS(fsys, name, ReadOptions{}); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", name, err, want)
		}
	}
}
