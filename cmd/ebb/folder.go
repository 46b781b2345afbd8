package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/ebb-sim/ebb/data"
)

// file is one file of a result folder, complete in memory: but for what is too large for
// that and goes through [unfinished], a result is not begun on disk before all of it
// exists.
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
	text, err := data.ReadFile(filepath.Join(dir, manifestName), maxManifest)
	var m struct {
		Ebb     string `json:"ebb"`
		Hash    string `json:"scenario_sha256"`
		Command string `json:"command"` // of a result without a scenario
	}
	return err == nil && json.Unmarshal(text, &m) == nil && m.Ebb != "" && m.Hash+m.Command != ""
}

// writeFolder puts a result in place whole, or leaves everything as it was.
func writeFolder(ctx context.Context, dir string, files []file) error {
	u, err := beginFolder(dir)
	if err != nil {
		return err
	}
	return errors.Join(u.finish(ctx, files), u.drop())
}

// unfinished is a result on its way to its place: a new folder beside the target,
// which then takes its place.
type unfinished struct{ dir, fresh string }

// beginFolder makes the folder. Whoever does so must drop it in the end.
func beginFolder(dir string) (*unfinished, error) {
	if err := checkTarget(dir); err != nil {
		return nil, err
	}
	if linked, err := filepath.EvalSymlinks(dir); err == nil {
		dir = linked // a link stays, and what it leads to is replaced
	}
	parent := filepath.Dir(filepath.Clean(dir))
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return nil, fmt.Errorf("%s: %w", parent, bare(err))
	}
	clearUnfinished(parent)
	fresh, err := makeUnfinished(parent)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", parent, bare(err))
	}
	u := &unfinished{dir, fresh}
	if err := os.Chmod(fresh, 0o755); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", fresh, bare(err)), u.drop())
	}
	return u, nil
}

// stream writes one file while it is made, for what is too large for the memory, and
// returns what the manifest is to say of it.
func (u *unfinished) stream(name string, write func(io.Writer) error) (manifestFile, error) {
	path := u.path(name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return manifestFile{}, u.failed(name, err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return manifestFile{}, u.failed(name, err)
	}
	out := &hashed{w: f, sum: sha256.New()}
	if err := write(out); err != nil {
		if out.err != nil {
			err = u.failed(name, out.err) // whatever was made of it on the way
		}
		return manifestFile{}, errors.Join(err, f.Close())
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return manifestFile{}, u.failed(name, err)
	}
	return manifestFile{name, hex.EncodeToString(out.sum.Sum(nil)), out.bytes}, nil
}

// hashed writes to the disk and sums up what it has written.
type hashed struct {
	w     io.Writer
	sum   hash.Hash
	bytes int
	err   error // of the disk
}

func (h *hashed) Write(p []byte) (int, error) {
	n, err := h.w.Write(p)
	h.sum.Write(p[:n])
	h.bytes += n
	if err != nil {
		h.err = err
	}
	return n, err
}

// finish writes the files that are in memory and puts the result in its place.
func (u *unfinished) finish(ctx context.Context, files []file) error {
	for _, f := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !filepath.IsLocal(filepath.FromSlash(f.Name)) {
			return u.failed(f.Name, errors.New("leads out of the folder"))
		}
		if err := writeFile(u.path(f.Name), f.Content); err != nil {
			return u.failed(f.Name, err)
		}
	}
	return replace(u.fresh, u.dir)
}

// drop removes what did not reach its place.
func (u *unfinished) drop() error { return os.RemoveAll(u.fresh) }

func (u *unfinished) path(name string) string {
	return filepath.Join(u.fresh, filepath.FromSlash(name))
}

func (u *unfinished) failed(name string, err error) error {
	return fmt.Errorf("%s: %w; nothing was written", filepath.Join(u.dir, name), bare(err))
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
// when the new one has arrived. The two change places at once where the file system can
// do that, so that a kill at any time leaves one of them; the caller removes fresh.
func replace(fresh, dir string) error {
	if exchange(fresh, dir) == nil {
		return nil
	}
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
