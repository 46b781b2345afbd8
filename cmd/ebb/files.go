package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/scenarios"
)

// isFile tells a scenario file from the name of a bundled scenario.
func isFile(name string) bool {
	return strings.ContainsAny(name, `./\`)
}

// readScenario finds a scenario by file or bundled name and decodes it.
func readScenario(name string, set []scenarios.Override) (*scenarios.Scenario, error) {
	if isFile(name) {
		return scenarios.Load(name, set)
	}
	src, err := scenarios.Open(name)
	if err != nil {
		return nil, usageError{err}
	}
	return scenarios.Parse(name+".yaml", src, set)
}

// opener reads the data files that a scenario names. They lie in the folder of
// the scenario's file, or where the user stands for a bundled scenario; a name
// that is not there may be one of the bundled histories.
func opener(scenario string) scenarios.Opener {
	folder := "."
	if isFile(scenario) {
		folder = filepath.Dir(scenario)
	}
	return func(file, format string) (*data.Table, error) {
		options := data.ReadOptions{Format: format, Now: time.Now()}
		path := file
		if !filepath.IsAbs(path) {
			path = filepath.Join(folder, path)
		}
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) && bundled(file) {
			return data.OpenFS(data.Bundled, file, options)
		}
		return data.Open(path, options)
	}
}

func bundled(file string) bool {
	if !fs.ValidPath(file) {
		return false
	}
	_, err := fs.Stat(data.Bundled, file)
	return err == nil
}
