package main

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"
)

// The manual page has every command and every flag, and roff finds nothing wrong in it.
func TestManual(t *testing.T) {
	text := ebb(t, "man")
	plain := strings.ReplaceAll(text, `\-`, "-")
	var visit func(before string, list []*cli.Command)
	visit = func(before string, list []*cli.Command) {
		for _, c := range list {
			switch {
			case c.Hidden:
				continue
			case len(c.Subcommands) > 0:
				visit(before+" "+c.Name, c.Subcommands)
				continue
			}
			_, section, ok := strings.Cut(plain, `.SS "`+before+" "+c.Name)
			if !ok {
				t.Errorf("no section on %s %s", before, c.Name)
				continue
			}
			section, _, _ = strings.Cut(section, ".S")
			for _, f := range c.VisibleFlags() {
				if name := f.Names()[0]; name != "help" && !strings.Contains(section, "--"+name) {
					t.Errorf("%s %s: no word on --%s", before, c.Name, name)
				}
			}
		}
	}
	visit("ebb", newApp(nil, nil).Commands)
	for _, s := range schedulers {
		if !strings.Contains(plain, s.index) {
			t.Errorf("no word on the variable %s", s.index)
		}
	}
	for _, section := range []string{"NAME", "SYNOPSIS", "FILES", "ENVIRONMENT", "EXIT STATUS", "EXAMPLES"} {
		if !strings.Contains(plain, `.SH "`+section+`"`) {
			t.Errorf("no section %s", section)
		}
	}
	for _, check := range [][]string{{"groff", "-ww", "-man", "-Tascii", "-z"}, {"mandoc", "-Tlint", "-Wwarning"}} {
		program, err := exec.LookPath(check[0])
		if err != nil {
			t.Logf("no %s on this machine: it has not checked the page", check[0])
			continue
		}
		c := exec.Command(program, check[1:]...)
		c.Stdin = strings.NewReader(text)
		if said, err := c.CombinedOutput(); err != nil || len(said) > 0 {
			t.Errorf("%s: %v\n%s", check[0], err, said)
		}
	}
}

// The examples of the manual page run as they stand there.
func TestManualExamples(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, e := range manExamples {
		typeCommand(t, e.tag, succeeds)
	}
}
