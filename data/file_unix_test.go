//go:build unix

package data

import (
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// To open a FIFO without a writer, or to read a device to its end, would take
// for ever.
func TestReadFileDoesNotWait(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "x.csv")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Skipf("no FIFO here: %v", err)
	}
	for path, want := range map[string]string{
		fifo:        fifo + ": is a FIFO, expected a file",
		"/dev/zero": "/dev/zero: is a device, expected a file",
	} {
		done := make(chan error, 1)
		go func() {
			_, err := Open(path, ReadOptions{})
			done <- err
		}()
		select {
		case err := <-done:
			if err == nil || err.Error() != want {
				t.Errorf("got %v, want %s", err, want)
			}
		case <-time.After(10 * time.Second):
			t.Errorf("%s: still waiting", path)
		}
	}
}
