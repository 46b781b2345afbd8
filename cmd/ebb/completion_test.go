package main

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/urfave/cli/v2"
)

// The words that complete a command line, beside what is known of files.
func TestCompletions(t *testing.T) {
	for line, want := range map[string]string{
		"ru":                            "run",
		"run redem":                     "redemption-loop :files",
		"run --json redem":              "redemption-loop :files",
		"run redemption-loop --pat":     "--paths",
		"run redemption-loop x":         "",
		"run -o re":                     ":files",
		"run -o result redem":           "redemption-loop :files",
		"show winter":                   "winter-2025-26",
		"backtest trend":                "trend-target :files",
		"backtest --scenario winter":    "winter-2025-26 :files",
		"explain redem":                 "redemption",
		"stats --profile quant":         "quantstats",
		"stats --profile=quant":         "--profile=quantstats",
		"stats --profile = quant":       "quantstats", // as bash cuts it
		"stats --profile =":             strings.Join(profileNames(), " "),
		"stats histories/sol":           "histories/sol_usd.csv :files",
		"stats --kind ":                 "price return",
		"data check --kind pr":          "price",
		"data ":                         "import check describe premium basis reconstruct",
		"cluster slurm redem":           "redemption-loop :files",
		"sweep --design sal":            "saltelli",
		"check one.yaml two.csv win":    "winter-2025-26 :files",
		"completion z":                  "zsh",
		"completion zsh b":              "",
		"nothing of the kind":           "",
		"data nothing of the kind --fo": "",
	} {
		if got := words(t, strings.Split(line, " ")...); got != want {
			t.Errorf("ebb %s: %q, expected %q", line, got, want)
		}
	}
}

// words are the candidates without what they are.
func words(t *testing.T, line ...string) string {
	t.Helper()
	var list []string
	for said := range strings.Lines(ebb(t, append([]string{"complete-words"}, line...)...)) {
		word, _, _ := strings.Cut(strings.TrimSpace(said), "\t")
		list = append(list, word)
	}
	return strings.Join(list, " ")
}

// Every command that takes an argument says to the shell what it may be.
func TestEveryArgumentIsCompleted(t *testing.T) {
	known := map[string]bool{}
	var visit func(before string, list []*cli.Command)
	visit = func(before string, list []*cli.Command) {
		for _, c := range list {
			name := strings.TrimLeft(before+" "+c.Name, " ")
			known[name] = true
			if _, ok := argumentKinds[name]; ok != (strings.TrimSpace(c.ArgsUsage) != "") {
				t.Errorf("%s %s: it has completions of its arguments: %v", name, c.ArgsUsage, ok)
			}
			visit(name, c.Subcommands)
		}
	}
	visit("", newApp(nil, nil).Commands)
	for name := range argumentKinds {
		if !known[name] {
			t.Errorf("there is no command %q", name)
		}
	}
}

// A real bash completes names, flags and files with the script.
func TestBashCompletes(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash on this machine: its completion is not tested")
	}
	t.Chdir(t.TempDir())
	write(t, "reals and more.csv", "date,close\n")
	write(t, "ebb.bash", ebb(t, "completion", "bash"))
	const ask = `source ./ebb.bash
ask() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _ebb; (IFS='|'; echo "${COMPREPLY[*]}"); }
ask ebb run re
ask ebb stats --profile = quant
ask ebb run redemption-loop --pat
ask ebb data check reals
complete -p ebb`
	said, err := exec.Command(bash, "--norc", "-c", ask).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	want := "recovery-watch|redemption-loop|reals and more.csv\nquantstats\n--paths\nreals and more.csv\ncomplete -F _ebb ebb\n"
	if d := cmp.Diff(want, string(said)); d != "" {
		t.Errorf("-expected +completed:\n%s", d)
	}
}

// Each shell that is there reads its script without a complaint.
func TestScriptsOfShellsAreRead(t *testing.T) {
	for _, s := range shells {
		t.Run(s.name, func(t *testing.T) {
			text := ebb(t, "completion", s.name)
			if !strings.Contains(text, "ebb completion "+s.name) || !strings.Contains(text, "complete-words") {
				t.Errorf("it does not say how to use it, or does not ask ebb:\n%s", text)
			}
			shell, err := exec.LookPath(s.name)
			if err != nil || s.name == "powershell" {
				t.Skipf("no %s on this machine: its script is not read", s.name)
			}
			file := filepath.Join(t.TempDir(), s.script)
			write(t, file, text)
			if said, err := exec.Command(shell, "-n", file).CombinedOutput(); err != nil || len(said) > 0 {
				t.Errorf("%v\n%s", err, said)
			}
		})
	}
}
