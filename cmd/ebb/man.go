package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"
)

// manDate is when the text of the page that stands here was last changed. What comes
// from the commands is as new as the program.
const manDate = "2026-11-21"

func manCommand() *cli.Command {
	return &cli.Command{
		Name:  "man",
		Usage: "print the manual page",
		Description: `   ebb man | man -l -
   ebb man > /usr/local/share/man/man1/ebb.1`,
		Action: func(c *cli.Context) error {
			if c.NArg() > 0 {
				return usagef("man: found %d arguments, expected none", c.NArg())
			}
			_, err := io.WriteString(c.App.Writer, manual(c.App))
			return err
		},
	}
}

// An entry is something the page lists, and what it is.
type entry struct{ tag, about string }

// A page is a manual page in the macros of man(7).
type page struct{ strings.Builder }

// manual is the whole page. Commands and flags are those of app; the rest is said of the
// program as a whole and stands here.
func manual(app *cli.App) string {
	p := &page{}
	p.line(`.TH EBB 1 ` + manDate + ` ` + quoted("ebb "+app.Version) + ` "User Commands"`)
	p.section("NAME")
	p.text("ebb - " + app.Usage)
	p.section("SYNOPSIS")
	p.line(`.B ebb`)
	p.line(`.I command`)
	p.text("[options] [arguments]")
	p.section("DESCRIPTION")
	p.text(manIntroduction)
	p.section("COMMANDS")
	p.commands("ebb", app.Commands)
	p.entries("FILES", manFiles)
	p.entries("ENVIRONMENT", manVariables)
	p.entries("EXIT STATUS", manStatus)
	p.entries("EXAMPLES", manExamples)
	p.section("SEE ALSO")
	p.text("The guide, in scenarios/guide of the source. ebb explain, for what may stand in a file; ebb schema, for editors.")
	return p.String()
}

const manIntroduction = `ebb replays what happens when money leaves a crypto market. Every step begins with news; then mechanisms trade in waves, each at the price the others have made, and a ledger books every part of the return to the news or to the mechanism that caused it. The same news run without a mechanism tells what the mechanism did in the model; it proves no cause in a market.

A scenario or strategy is a YAML file, or the name of a bundled one. A word with a dot or a slash in it is a file. Options may stand before or after the arguments. Results go to standard output and to one folder; everything else goes to standard error.`

// manFiles are what a run reads and leaves.
var manFiles = []entry{
	{"FILE.yaml", "A scenario or strategy. Data files in it are named relative to it; a name that is not there may be one of the bundled histories, such as histories/btc_usd.csv."},
	{"FILE.csv", "A history. Its format is recognised by content; ebb data check says which it is and what is odd."},
	{"out/NAME", "The result of a run, where -o names no other folder. It is written whole or not at all; an older result in its place is replaced, anything else is left alone."},
	{"summary.json", "In a result: outcomes with intervals, differences to each comparison, warnings."},
	{"path.csv, ledger.csv, quantiles.csv", "In a result: the most central path, what moved its price step by step, and the distribution over all paths."},
	{"plots/*.png", "In a result: the charts."},
	{"manifest.json", "In a result: hashes of the scenario, of its data and of every file, the seed, all parameters, and the version of ebb. The same inputs give the same bytes."},
	{"FOLDER.unfinished.jsonl", "Beside the folder of a sweep: its finished cells, until it is done. A sweep that is typed again goes on from there."},
}

// manVariables are what ebb takes from the environment: only the place of a task in an
// array of them.
var manVariables = []entry{
	{"SLURM_ARRAY_TASK_ID, SLURM_ARRAY_TASK_MIN, SLURM_ARRAY_TASK_MAX, SLURM_ARRAY_TASK_COUNT, SLURM_ARRAY_TASK_STEP", "Set by Slurm: a task of an array runs its slice of a sweep."},
	{"AWS_BATCH_JOB_ARRAY_INDEX, AWS_BATCH_JOB_ARRAY_SIZE", "The same, set by AWS Batch."},
	{"JOB_COMPLETION_INDEX, EBB_SHARDS", "The same in a Kubernetes Indexed Job, which does not say of how many: EBB_SHARDS does."},
}

var manStatus = []entry{
	{"0", "What was asked is done."},
	{"1", "It failed, was interrupted, or a check such as --check-lookahead found what it looks for."},
	{"2", "The command line is wrong, or a file is not valid."},
}

// manExamples are typed by the tests.
var manExamples = []entry{
	{"ebb run redemption-loop --paths 200 -o out/loop", "Run a bundled scenario with few paths."},
	{"ebb run redemption-loop --paths 200 --set redemption.response=1bn -o out/weaker", "The same with one entry changed."},
	{"ebb diff out/loop out/weaker", "What that changed in each outcome."},
	{"ebb show redemption-loop > mine.yaml", "A file to start from; ebb check mine.yaml finds every fault in it."},
	{"ebb stats histories/btc_usd.csv -o out/btc", "The statistics of a price, with charts."},
	{"ebb explain redemption", "A mechanism: equation, parameters, units, defaults, sources."},
}

// commands writes a subsection for each command and for each of its own.
func (p *page) commands(before string, list []*cli.Command) {
	for _, c := range list {
		if c.Hidden {
			continue
		}
		name := before + " " + c.Name
		if len(c.Subcommands) > 0 {
			p.commands(name, c.Subcommands)
			continue
		}
		p.line(".SS " + quoted(strings.TrimRight(name+" "+c.ArgsUsage, " ")))
		p.text(sentence(upperFirst(c.Usage)))
		if c.Description != "" {
			p.line(".PP")
			p.text(c.Description)
		}
		for _, f := range c.VisibleFlags() {
			prefix, usage, _ := strings.Cut(f.String(), "\t")
			if f.Names()[0] != "help" {
				p.item(prefix, sentence(upperFirst(strings.TrimSuffix(usage, " (default: false)"))))
			}
		}
	}
}

// entries is a section of them.
func (p *page) entries(title string, list []entry) {
	p.section(title)
	for _, e := range list {
		p.item(e.tag, e.about)
	}
}

func (p *page) section(title string) { p.line(".SH " + quoted(title)) }

func (p *page) item(tag, about string) {
	p.line(".TP")
	p.line(`.B ` + quoted(tag))
	p.text(about)
}

// text writes paragraphs, which a blank line parts. One that is indented stands as it is
// written.
func (p *page) text(text string) {
	for i, block := range strings.Split(text, "\n\n") {
		if i > 0 {
			p.line(".PP")
		}
		if strings.HasPrefix(block, "   ") {
			p.line(".EX\n" + escaped(block) + "\n.EE")
			continue
		}
		p.line(escaped(wrapped(block)))
	}
}

// wrapped breaks a paragraph into lines of a width that is usual in manual pages.
func wrapped(text string) string {
	const width = 76
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimLeft(line+" "+word, " ")
	}
	return strings.Join(append(lines, line), "\n")
}

func (p *page) line(text string) { fmt.Fprintln(p, text) }

// quoted is one argument of a macro.
func quoted(text string) string { return `"` + strings.ReplaceAll(escaped(text), `"`, `\(dq`) + `"` }

// escaped writes text so that roff reads it as text: hyphens that can be copied, and no
// line that is a request.
func escaped(text string) string {
	lines := strings.Split(roff.Replace(text), "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}

var roff = strings.NewReplacer(`\`, `\e`, "-", `\-`, "−", `\-`, "–", `\(en`, "…", "...", "×", `\(mu`, "·", "*")
