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
	if scenarios.IsStrategy(name) {
		return nil, usagef("%s is a strategy; try: ebb backtest %s", name, name)
	}
	if isFile(name) {
		return scenarios.Load(name, set)
	}
	src, err := scenarios.Open(name)
	if err != nil {
		if _, missing := os.Stat(name + ".yaml"); missing == nil {
			return nil, usagef("no bundled scenario %q; the file here is %s.yaml, with its ending", name, name)
		}
		return nil, usageError{err}
	}
	return scenarios.Parse(name+".yaml", src, set)
}

// library reads the data files that a scenario names. They lie in the folder of
// the scenario's file, or where the user stands for a bundled scenario; a name
// that is not there may be one of the bundled files.
type library struct{ folder string }

func libraryOf(scenario string) library {
	if isFile(scenario) {
		return library{filepath.Dir(scenario)}
	}
	return library{"."}
}

func (l library) Table(file, format string) (*data.Table, error) {
	options := data.ReadOptions{Format: format, Now: time.Now()}
	path, inside := l.find(file)
	if inside {
		return data.OpenFS(data.Bundled, file, options)
	}
	return data.Open(path, options)
}

func (l library) FlowFacts(file string) ([]data.FlowFact, error) {
	path, inside := l.find(file)
	if inside {
		return data.ReadFlowFacts(data.Bundled, file)
	}
	return data.OpenFlowFacts(path)
}

// find is where a file lies, and whether that is inside ebb.
func (l library) find(file string) (path string, inside bool) {
	path = file
	if !filepath.IsAbs(path) {
		path = filepath.Join(l.folder, path)
	}
	_, err := os.Stat(path)
	return path, errors.Is(err, fs.ErrNotExist) && bundled(file)
}

func bundled(file string) bool {
	if !fs.ValidPath(file) {
		return false
	}
	_, err := fs.Stat(data.Bundled, file)
	return err == nil
}
