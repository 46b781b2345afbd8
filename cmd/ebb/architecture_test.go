package main

import (
	"encoding/json"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/ebb-sim/ebb/"

// rooms are the packages of each room and the rooms that it may import.
var rooms = map[string][]string{
	"cmd":       {"cmd", "data", "scenarios", "sim", "plots"},
	"data":      {"data"},
	"sim":       {"sim"},
	"scenarios": {"scenarios", "data", "sim"},
	"plots":     {"plots", "sim"},
}

// doors are the libraries that only one room, or one package of it, may use, so
// that each can be exchanged in one place.
var doors = map[string]string{
	"github.com/gocarina/gocsv":         "data",
	"gonum.org/v1/plot":                 "plots",
	"github.com/urfave/cli/v2":          "cmd",
	"github.com/jedib0t/go-pretty/v6":   "cmd",
	"github.com/schollz/progressbar/v3": "cmd",
	"github.com/parquet-go/parquet-go":  "cmd",
	"codeberg.org/go-pdf/fpdf":          "plots",
	"github.com/goccy/go-yaml":          "scenarios",
	"github.com/invopop/jsonschema":     "scenarios",
	"github.com/expr-lang/expr":         "sim/backtest/rule",
}

type pkg struct {
	ImportPath string
	Imports    []string
}

func packages(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", module+"...").Output()
	if err != nil {
		t.Fatal(err)
	}
	var list []pkg
	for d := json.NewDecoder(strings.NewReader(string(out))); d.More(); {
		var p pkg
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
	if len(list) < 10 {
		t.Fatalf("only %d packages found", len(list))
	}
	return list
}

// room is the top folder of a package of ours.
func room(importPath string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(importPath, module), "/")
	return first
}

func TestImportsPointOneWay(t *testing.T) {
	for _, p := range packages(t) {
		for _, i := range p.Imports {
			if !strings.HasPrefix(i, module) {
				continue
			}
			if !slices.Contains(rooms[room(p.ImportPath)], room(i)) {
				t.Errorf("%s imports %s", p.ImportPath, i)
			}
			if p.ImportPath == module+"sim" {
				t.Errorf("sim imports %s, it must import nothing of ours", i)
			}
			if room(p.ImportPath) == "plots" && i != module+"sim" && i != module+"sim/stats" && room(i) != "plots" {
				t.Errorf("%s imports %s, it may import sim and sim/stats only", p.ImportPath, i)
			}
			if p.ImportPath == module+"data" {
				t.Errorf("data imports %s, it must import nothing of ours", i)
			}
		}
	}
}

func TestOneLibraryPerDoor(t *testing.T) {
	for _, p := range packages(t) {
		for _, i := range p.Imports {
			for library, owner := range doors {
				if (i == library || strings.HasPrefix(i, library+"/")) && !strings.HasPrefix(p.ImportPath+"/", module+owner+"/") {
					t.Errorf("%s imports %s, which belongs to %s", p.ImportPath, i, owner)
				}
			}
		}
	}
}

// Time and chance come from outside: no package but cmd reads the clock or the
// files of the machine.
func TestNoHiddenInputs(t *testing.T) {
	mayRead := []string{module + "data", module + "data/datatest", module + "scenarios"} // and cmd
	for _, p := range packages(t) {
		for _, i := range p.Imports {
			if i == "math/rand" {
				t.Errorf("%s imports math/rand, whose generator is global", p.ImportPath)
			}
			if (i == "os" || path.Base(i) == "ioutil") && room(p.ImportPath) != "cmd" && !slices.Contains(mayRead, p.ImportPath) {
				t.Errorf("%s imports %s: files belong to cmd, data and scenarios", p.ImportPath, i)
			}
		}
	}
}
