package main

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

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
			if dir, ok := histories(); ok {
				e.Setenv("HISTORIES", dir)
			}
			return nil
		},
		Condition: func(name string) (bool, error) {
			_, ok := histories()
			return name == "histories" && ok, nil
		},
	})
}

// histories finds the folder of real market data: EBB_HISTORIES, or the one
// beside the repository.
func histories() (string, bool) {
	dir := os.Getenv("EBB_HISTORIES")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "histories")
	}
	dir, err := filepath.Abs(filepath.Join(dir, "raw"))
	if err != nil {
		return "", false
	}
	_, err = os.Stat(dir)
	return dir, err == nil
}
