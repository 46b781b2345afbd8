package main

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// A word stays a word for a shell.
func TestShellQuoted(t *testing.T) {
	for word, want := range map[string]string{
		"out/a-b_c.yaml": "out/a-b_c.yaml",
		"a.b=0..4bn/5":   "a.b=0..4bn/5",
		"":               "''",
		"two words":      "'two words'",
		"it's":           `'it'\''s'`,
		"$(reboot)":      "'$(reboot)'",
		"~":              "'~'",
	} {
		if got := shellQuoted(word); got != want {
			t.Errorf("%q is quoted as %s, want %s", word, got, want)
		}
	}
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no shell to ask")
	}
	rapid.Check(t, func(t *rapid.T) {
		word := strings.ReplaceAll(rapid.StringMatching(`[ -~é]{0,20}`).Draw(t, "word"), "\x00", "")
		got, err := exec.Command(shell, "-c", "printf %s "+shellQuoted(word)).Output()
		if err != nil || string(got) != word {
			t.Fatalf("%q is %q to a shell, %v", word, got, err)
		}
	})
}

func TestYAMLWords(t *testing.T) {
	got, err := yamlWords([]string{"ebb", `a "b" <c>`, "$(HOME) $HOME"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(`["ebb", "a \"b\" <c>", "$$(HOME) $HOME"]`, got); diff != "" {
		t.Error(diff)
	}
}

func TestJobName(t *testing.T) {
	for scenario, want := range map[string]string{
		"redemption-loop":                      "ebb-redemption-loop",
		"Mine_2026.v2":                         "ebb-mine-2026-v2",
		"ähnlich":                              "ebb--hnlich",
		"§":                                    "ebb",
		"a-name-that-is-longer-than-jobs-take": "ebb-a-name-that-is-longer-than-job",
	} {
		if got := jobName(scenario); got != want {
			t.Errorf("%s is %s, want %s", scenario, got, want)
		}
	}
}
