package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ebb-sim/ebb/scenarios"
	"gonum.org/v1/plot/cmpimg"
)

var (
	consoleBlock = regexp.MustCompile("(?s)```console\n(.*?)```")
	yamlBlock    = regexp.MustCompile("(?s)```yaml\n(.*?)```")
)

// TestReadme types every command of the README, in the root of the repository
// but with results in another place.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	out := t.TempDir()
	t.Chdir("../..")
	commands := 0
	for _, block := range consoleBlock.FindAllStringSubmatch(string(readme), -1) {
		for _, line := range strings.Split(strings.TrimSpace(block[1]), "\n") {
			command, ok := strings.CutPrefix(line, "$ ")
			if !ok {
				t.Errorf("%q is not a command", line)
				continue
			}
			if command == "go test ./..." {
				continue // these are the tests
			}
			args := strings.Fields(strings.Replace(command, "go run ./cmd/ebb", "ebb", 1))
			if args[0] != "ebb" {
				t.Errorf("%q is not a command of ebb", line)
				continue
			}
			typeCommand(t, args, out)
			commands++
		}
	}
	if commands < 8 {
		t.Errorf("the README has only %d commands", commands)
	}
}

func typeCommand(t *testing.T, args []string, out string) {
	t.Helper()
	if args[1] == "run" { // not into the repository
		for i, a := range args {
			if a == "-o" {
				args[i+1] = filepath.Join(out, args[i+1])
			}
		}
		if !strings.Contains(strings.Join(args, " "), "-o") {
			args = append(args, "-o", filepath.Join(out, "out", args[2]))
		}
	}
	if args[1] == "diff" {
		args[2], args[3] = filepath.Join(out, args[2]), filepath.Join(out, args[3])
	}
	var stdout, stderr bytes.Buffer
	if code := run(context.Background(), args, &stdout, &stderr); code != exitDone {
		t.Errorf("%s: exit code %d\n%s", strings.Join(args, " "), code, &stderr)
	}
	if stdout.Len() == 0 {
		t.Errorf("%s printed nothing", strings.Join(args, " "))
	}
}

// The README's own scenario runs.
func TestReadmeScenario(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := yamlBlock.FindAllStringSubmatch(string(readme), -1)
	if len(blocks) == 0 {
		t.Fatal("the README has no scenario")
	}
	for _, block := range blocks {
		dir := t.TempDir()
		name := filepath.Join(dir, "mine.yaml")
		if err := os.WriteFile(name, []byte(block[1]), 0o644); err != nil {
			t.Fatal(err)
		}
		ebb(t, "run", name, "-o", filepath.Join(dir, "result"))
	}
}

// The README's pictures are what ebb draws: each is named by its scenario and
// chart.
func TestReadmePictures(t *testing.T) {
	const room = "../../scenarios/pictures"
	entries, err := os.ReadDir(room)
	if err != nil || len(entries) == 0 {
		t.Fatalf("%d pictures, %v", len(entries), err)
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		t.Run(e.Name(), func(t *testing.T) {
			if !strings.Contains(string(readme), "scenarios/pictures/"+e.Name()) {
				t.Error("the README does not show it")
			}
			at := slices.IndexFunc(scenarios.Names(), func(name string) bool { return strings.HasPrefix(e.Name(), name+"-") })
			if at < 0 {
				t.Fatal("it is named after no bundled scenario")
			}
			name := scenarios.Names()[at]
			dir := filepath.Join(t.TempDir(), "result")
			ebb(t, "run", name, "-o", dir)
			drawn, err := os.ReadFile(filepath.Join(dir, "plots", strings.TrimPrefix(e.Name(), name+"-")))
			if err != nil {
				t.Fatal(err)
			}
			samePicture(t, filepath.Join(room, e.Name()), drawn)
		})
	}
}

func samePicture(t *testing.T, file string, drawn []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, drawn, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	shown, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	same, err := cmpimg.EqualApprox("png", shown, drawn, 1./16)
	if err != nil {
		t.Fatal(err)
	}
	if !same {
		t.Errorf("%s is not what ebb draws; look at the chart and run this test with -update", file)
	}
}
