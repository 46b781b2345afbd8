package main

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/ebb-sim/ebb/data/datatest"
	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "write what the commands print into the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"ebb": func() { os.Exit(start()) }})
}

// TestScripts types commands as a user does: testdata/script holds them with
// exactly what they print.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:           filepath.Join("testdata", "script"),
		UpdateScripts: *update,
		Setup: func(e *testscript.Env) error {
			if dir, ok := datatest.Histories(); ok {
				e.Setenv("HISTORIES", dir)
			}
			return nil
		},
		Condition: func(name string) (bool, error) {
			_, ok := datatest.Histories()
			return name == "histories" && ok, nil
		},
	})
}
