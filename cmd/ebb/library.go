package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/ebb-sim/ebb/data"
	"github.com/urfave/cli/v2"
)

// library reads the data files that a scenario names. They lie in the folder of
// the scenario's file, or where the user stands for a bundled scenario; a name
// that is not there may be one of the bundled files.
//
// A scenario may come from someone else. What it names itself must therefore lie in
// its folder or below, also where a link leads; what the user names may lie anywhere.
type library struct {
	folder   string
	given    []string // files that the command line names
	anywhere bool     // whoever names them
}

func outsideFlag() cli.Flag {
	return &cli.BoolFlag{Name: "allow-outside", Usage: "read also data files outside the folder of the scenario that names them"}
}

// libraryOf is the library of a scenario or strategy, of whose files the command line
// has given some.
func libraryOf(c *cli.Context, scenario string, given []string) library {
	if !isFile(scenario) {
		return library{folder: ".", anywhere: true} // ours
	}
	return library{filepath.Dir(scenario), given, c.Bool("allow-outside")}
}

// Table implements [scenarios.Files].
func (l library) Table(file, format string) (*data.Table, error) {
	options := data.ReadOptions{Format: format, Now: time.Now()}
	return read(l, file, func(path string) (*data.Table, error) { return data.Open(path, options) },
		func(fsys fs.FS, name string) (*data.Table, error) { return data.OpenFS(fsys, name, options) })
}

// FlowFacts implements [scenarios.Files].
func (l library) FlowFacts(file string) ([]data.FlowFact, error) {
	return read(l, file, data.OpenFlowFacts, data.ReadFlowFacts)
}

// read reads a file of the machine where it may lie anywhere, and else one of the
// folder or of the bundled ones.
func read[T any](l library, file string, open func(path string) (T, error), openFS func(fs.FS, string) (T, error)) (T, error) {
	path := file
	if !filepath.IsAbs(path) {
		path = filepath.Join(l.folder, path)
	}
	_, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && bundled(file):
		return openFS(data.Bundled, file)
	case l.anywhere || slices.Contains(l.given, file):
		return open(path)
	}
	var none T
	outside := fmt.Errorf("%s: lies outside the folder of the scenario, %s; --set may name it, and --allow-outside allows all such files", file, filepath.ToSlash(l.folder))
	if !filepath.IsLocal(file) {
		return none, outside
	}
	root, failed := os.OpenRoot(l.folder)
	if failed != nil {
		return none, fmt.Errorf("%s: %w", l.folder, bare(failed))
	}
	defer root.Close()
	within := rooted{root, l.folder}
	if _, inside := within.Stat(path); inside != nil && err == nil { // a link leads to it
		return none, outside
	}
	return openFS(within, path)
}

// rooted is a folder that no link leaves. Its files have the folder in their names.
type rooted struct {
	root   *os.Root
	folder string
}

// Open implements [fs.FS].
func (r rooted) Open(name string) (fs.File, error) {
	inside, err := filepath.Rel(r.folder, name)
	if err != nil {
		return nil, err
	}
	return r.root.Open(inside)
}

// Stat implements [fs.StatFS].
func (r rooted) Stat(name string) (fs.FileInfo, error) {
	inside, err := filepath.Rel(r.folder, name)
	if err != nil {
		return nil, err
	}
	return r.root.Stat(inside)
}

func bundled(file string) bool {
	if !fs.ValidPath(file) {
		return false
	}
	_, err := fs.Stat(data.Bundled, file)
	return err == nil
}
