package main

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"gonum.org/v1/plot/cmpimg"
)

// The pages are the README, the chapter on strategies, and the guide. A reader types
// them from top to bottom, each in a folder of its own, and so do the tests:
//
//	```console            commands, with what they print; "…" alone is lines left out
//	```console fails      commands that are refused, with what they say
//	```yaml first.yaml    a file that the reader writes
//	```csv prices.csv     the same; where a command has left it, what is in it
//
// The name of a file stands where a reader of the page does not see it; the text says it.
// What a command prints is not compared where the page shows nothing of it.

// TestPages types every page, and looks at its pictures: each is named by the result
// folder and the chart.
func TestPages(t *testing.T) {
	for _, file := range pages(t) {
		t.Run(strings.TrimPrefix(filepath.ToSlash(file), "../../"), func(t *testing.T) {
			file, err := filepath.Abs(file)
			if err != nil {
				t.Fatal(err)
			}
			p := &reader{t: t, text: textOf(t, file)}
			t.Chdir(t.TempDir())
			p.blocks()
			if p.commands == 0 {
				t.Error("it has no command")
			}
			for _, picture := range pictureLink.FindAllStringSubmatch(p.text, -1) {
				p.picture(filepath.Join(filepath.Dir(file), filepath.FromSlash(picture[1])))
			}
			if *update {
				write(t, file, p.text)
			}
		})
	}
}

// pages finds the pages.
func pages(t *testing.T) []string {
	t.Helper()
	root := filepath.Join("..", "..")
	guide, err := filepath.Glob(filepath.Join(root, "scenarios", "guide", "*.md"))
	if err != nil || len(guide) < 5 {
		t.Fatalf("the guide has %d pages, %v", len(guide), err)
	}
	return append(guide, filepath.Join(root, "README.md"), filepath.Join(root, "scenarios", "strategies", "README.md"))
}

var (
	codeBlock   = regexp.MustCompile("(?ms)^```(\\w+)[ ]?([^\n]*)\n(.*?)^```$")
	pictureLink = regexp.MustCompile(`!\[[^\]]*\]\(([^)]+)\)`)
	pageLink    = regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)
)

// Every link of a page leads to a file, and every picture is shown by some page.
func TestLinks(t *testing.T) {
	shown := map[string]bool{}
	for _, file := range pages(t) {
		for _, link := range pageLink.FindAllStringSubmatch(textOf(t, file), -1) {
			to := filepath.Join(filepath.Dir(file), filepath.FromSlash(link[1]))
			if _, err := os.Stat(to); err != nil {
				t.Errorf("%s links to %s: %v", file, link[1], err)
			}
			shown[to] = true
		}
	}
	for _, room := range []string{"pictures", "guide/pictures"} {
		pictures, err := filepath.Glob(filepath.Join("..", "..", "scenarios", room, "*"))
		if err != nil || len(pictures) == 0 {
			t.Fatalf("%d pictures in %s, %v", len(pictures), room, err)
		}
		for _, p := range pictures {
			if !shown[p] {
				t.Errorf("no page shows %s", p)
			}
		}
	}
}

// A reader types a page.
type reader struct {
	t        *testing.T
	text     string
	commands int
}

func (p *reader) blocks() {
	for _, b := range codeBlock.FindAllStringSubmatch(p.text, -1) {
		language, name, body := b[1], b[2], b[3]
		switch {
		case language == "console":
			p.console(body, name == "fails")
		case name == "": // is only shown
		default:
			if _, err := os.Stat(name); language == "yaml" || err != nil {
				write(p.t, name, body)
				continue
			}
			p.same(name, body, textOf(p.t, name), sameRow)
		}
	}
}

// console types the commands of a block. What follows one is what it prints.
func (p *reader) console(block string, fails bool) {
	_, rest, found := strings.Cut("\n"+block, "\n$ ")
	for found {
		var one string
		one, rest, found = strings.Cut(rest, "\n$ ")
		command, shown, _ := strings.Cut(one, "\n")
		shown = strings.TrimRight(shown, "\n")
		if notTyped[command] {
			continue
		}
		p.commands++
		printed := typeCommand(p.t, command, func(code int) bool { return code != exitDone == fails })
		if shown != "" {
			p.same("$ "+command, shown, printed, sameText)
		}
	}
}

// notTyped are commands of other programs.
var notTyped = map[string]bool{
	"git clone https://github.com/ebb-sim/ebb && cd ebb": true,
	"go install ./cmd/ebb":                               true,
	`export PATH="$PATH:$(go env GOPATH)/bin"`:           true,
	"go test ./...":                                      true,
}

// typeCommand types a command of ebb, whose output may go to a file, and gives what it
// printed, the result before what it says of it.
func typeCommand(t *testing.T, line string, expected func(code int) bool) string {
	t.Helper()
	command, file, toFile := strings.Cut(strings.Replace(line, "go run ./cmd/ebb", "ebb", 1), " > ")
	args := strings.Fields(command)
	if args[0] != "ebb" {
		t.Fatalf("%q is no command of ebb", line)
	}
	var stdout, stderr bytes.Buffer
	if code := run(context.Background(), args, &stdout, &stderr); !expected(code) {
		t.Fatalf("%s: exit code %d\n%s", line, code, &stderr)
	}
	if stdout.Len()+stderr.Len() == 0 {
		t.Errorf("%s printed nothing", line)
	}
	if toFile {
		write(t, file, stdout.String())
		return stderr.String()
	}
	return stdout.String() + stderr.String()
}

// succeeds is what is expected of most commands.
func succeeds(code int) bool { return code == exitDone }

// same compares what a page shows with what there is, but for blanks at the ends of lines.
func (p *reader) same(what, shown, is string, same func(page, line string) bool) {
	p.t.Helper()
	want, got := trimmed(shown), trimmed(is)
	if matches(want, got, same) {
		return
	}
	gaps := strings.Count(strings.Join(want, "\n")+"\n", "…\n")
	if end := len(want) - 1; *update && gaps == 1 && want[end] == "…" && end < len(got) {
		got, gaps = append(got[:end:end], "…"), 0
	}
	if *update && gaps == 0 {
		p.text = strings.Replace(p.text, strings.TrimRight(shown, "\n"), strings.Join(got, "\n"), 1)
		return
	}
	p.t.Errorf("%s: -the page +what there is; with … at its end or nowhere, -update mends it\n%s", what, gocmp.Diff(want, got))
}

func trimmed(text string) []string {
	lines := strings.Split(strings.Trim(text, "\n"), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return lines
}

// matches reports whether lines are those of a page, "…" being any number of them.
func matches(page, lines []string, same func(page, line string) bool) bool {
	if len(page) == 0 {
		return len(lines) == 0
	}
	if page[0] == "…" {
		for skip := range len(lines) + 1 {
			if matches(page[1:], lines[skip:], same) {
				return true
			}
		}
		return false
	}
	return len(lines) > 0 && same(page[0], lines[0]) && matches(page[1:], lines[1:], same)
}

func sameText(page, line string) bool { return page == line }

// sameRow compares rows of a CSV file, whose numbers a page may shorten.
func sameRow(page, line string) bool {
	shown, is := strings.Split(page, ","), strings.Split(line, ",")
	if len(shown) != len(is) {
		return false
	}
	for i := range shown {
		a, notA := strconv.ParseFloat(shown[i], 64)
		b, notB := strconv.ParseFloat(is[i], 64)
		near := notA == nil && notB == nil && math.Abs(a-b) <= 1e-5*math.Abs(b)
		if shown[i] != is[i] && !near {
			return false
		}
	}
	return true
}

// picture compares a picture of the page with the chart in the result it is named after.
func (p *reader) picture(file string) {
	p.t.Helper()
	charts, err := filepath.Glob(filepath.Join("out", "*", "plots", "*.png"))
	if err != nil {
		p.t.Fatal(err)
	}
	for _, chart := range charts {
		result := filepath.Base(filepath.Dir(filepath.Dir(chart)))
		if filepath.Base(file) == result+"-"+filepath.Base(chart) {
			samePicture(p.t, file, []byte(textOf(p.t, chart)))
			return
		}
	}
	p.t.Errorf("%s: no command of the page leaves it, only %s", file, strings.Join(charts, ", "))
}

// What ebb alone shows is one screen, is no help text, and its commands run.
func TestFirstSteps(t *testing.T) {
	said := ebb(t)
	lines := strings.Split(said, "\n")
	if len(lines) > 20 || slices.ContainsFunc(lines, func(l string) bool { return len([]rune(l)) > 120 }) {
		t.Errorf("more than a screen:\n%s", said)
	}
	if said == ebb(t, "help") {
		t.Error("it is what ebb help shows")
	}
	t.Chdir(t.TempDir())
	write(t, "prices.csv", "date,close\n2026-01-01,100\n2026-01-02,110\n2026-01-03,90\n")
	commands := 0
	for _, line := range lines {
		if !strings.HasPrefix(line, "   ebb ") {
			continue
		}
		commands++
		command, about, _ := strings.Cut(strings.TrimSpace(line), "   ")
		typed := strings.Replace(command, "run redemption-loop", "run redemption-loop --paths 60", 1) // enough to see
		typeCommand(t, typed, succeeds)
		if _, folder, ok := strings.Cut(about, " in out/"); ok {
			if charts, err := filepath.Glob(filepath.Join("out", folder, "plots", "*.png")); err != nil || len(charts) == 0 {
				t.Errorf("%s: no charts in out/%s, %v", command, folder, err)
			}
		}
	}
	if commands < 4 {
		t.Errorf("only %d commands:\n%s", commands, said)
	}
}

// The worked day of the ledger's chapter adds up: its row of the file, and the table in
// which the reader sees it.
func TestLedgerPage(t *testing.T) {
	text := textOf(t, filepath.Join("..", "..", "scenarios", "guide", "ledger.md"))
	var names, cells []string
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "step,date,asset,") {
			names = strings.Split(strings.TrimSpace(line), ",")
		}
		if len(names) > 0 && strings.Contains(line, ",btc,") {
			cells = strings.Split(strings.TrimSpace(line), ",")
		}
	}
	if len(names) == 0 || len(cells) != len(names) {
		t.Fatalf("%d names, %d cells", len(names), len(cells))
	}
	sum, whole := 0., math.NaN()
	for i, name := range names {
		who, isReturn := strings.CutSuffix(name, ".return")
		if name != "return" && name != "news" && name != "unexplained" && !isReturn {
			continue
		}
		value, err := strconv.ParseFloat(cells[i], 64)
		if err != nil {
			t.Fatal(err)
		}
		if name == "return" {
			whole, who = value, "**return**"
		} else {
			sum += value
		}
		shown := fmt.Sprintf("%+.3f %%", 100*value)
		if value == 0 {
			shown = "0.000 %"
		}
		shown = strings.Replace(shown, "-", "−", 1)
		if row := regexp.MustCompile(`(?m)^\| ` + regexp.QuoteMeta(who) + ` \| \**([^|*]*)\** \|`).FindStringSubmatch(text); row == nil || strings.TrimSpace(row[1]) != shown {
			t.Errorf("the table has %q for %s, expected %s", row, who, shown)
		}
	}
	if !(math.Abs(sum-whole) < 1e-7) { // the page shortens its numbers
		t.Errorf("the parts sum to %v, the return is %v", sum, whole)
	}
}

func textOf(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
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
