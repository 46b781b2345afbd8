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

// TestReadme types every command of the README and of the chapter on strategies, in
// the root of the repository but with results in another place.
func TestReadme(t *testing.T) {
	t.Chdir("../..")
	out := t.TempDir()
	for file, least := range map[string]int{"README.md": 8, "scenarios/strategies/README.md": 5} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if n := typeCommands(t, string(text), out); n < least {
			t.Errorf("%s has only %d commands", file, n)
		}
	}
}

// typeCommands types the commands of a text and counts them.
func typeCommands(t *testing.T, text, out string) int {
	t.Helper()
	commands := 0
	for _, block := range consoleBlock.FindAllStringSubmatch(text, -1) {
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
	return commands
}

func typeCommand(t *testing.T, args []string, out string) {
	t.Helper()
	if slices.Contains([]string{"run", "backtest", "sweep", "merge"}, args[1]) { // not into the repository
		for i, a := range args {
			if a == "-o" {
				args[i+1] = filepath.Join(out, args[i+1])
			}
		}
		if !strings.Contains(strings.Join(args, " "), "-o") {
			args = append(args, "-o", filepath.Join(out, "out", args[2]))
		}
	}
	switch args[1] {
	case "diff":
		args[2], args[3] = filepath.Join(out, args[2]), filepath.Join(out, args[3])
	case "merge":
		args[2] = filepath.Join(out, args[2])
	}
	var stdout, stderr bytes.Buffer
	if code := run(context.Background(), args, &stdout, &stderr); code != exitDone {
		t.Errorf("%s: exit code %d\n%s", strings.Join(args, " "), code, &stderr)
	}
	if stdout.Len() == 0 {
		t.Errorf("%s printed nothing", strings.Join(args, " "))
	}
}

// The scenario of the README and the strategy of its chapter run.
func TestReadmeFiles(t *testing.T) {
	for file, command := range map[string]string{"../../README.md": "run", "../../scenarios/strategies/README.md": "backtest"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		blocks := yamlBlock.FindAllStringSubmatch(string(text), -1)
		if len(blocks) == 0 {
			t.Fatalf("%s has no file", file)
		}
		for _, block := range blocks {
			dir := t.TempDir()
			name := filepath.Join(dir, "mine.yaml")
			if err := os.WriteFile(name, []byte(block[1]), 0o644); err != nil {
				t.Fatal(err)
			}
			ebb(t, command, name, "-o", filepath.Join(dir, "result"))
		}
	}
}

// The pictures of the README and of the chapter on strategies are what ebb draws: each
// is named by its scenario or strategy and its chart.
func TestReadmePictures(t *testing.T) {
	const room = "../../scenarios/pictures"
	entries, err := os.ReadDir(room)
	if err != nil || len(entries) == 0 {
		t.Fatalf("%d pictures, %v", len(entries), err)
	}
	shown := ""
	for _, file := range []string{"../../README.md", "../../scenarios/strategies/README.md"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		shown += string(text)
	}
	names := append(scenarios.Names(), scenarios.StrategyNames()...)
	for _, e := range entries {
		t.Run(e.Name(), func(t *testing.T) {
			if !strings.Contains(shown, "pictures/"+e.Name()) {
				t.Error("no text shows it")
			}
			at := slices.IndexFunc(names, func(name string) bool { return strings.HasPrefix(e.Name(), name+"-") })
			if at < 0 {
				t.Fatal("it is named after no bundled scenario or strategy")
			}
			name, command := names[at], "run"
			if at >= len(scenarios.Names()) {
				command = "backtest"
			}
			dir := filepath.Join(t.TempDir(), "result")
			ebb(t, command, name, "-o", dir)
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
