package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/data/inspect"
	"github.com/urfave/cli/v2"
)

func dataCheckCommand() *cli.Command {
	return &cli.Command{
		Name: "check", Usage: "read CSV files strictly, and say what is odd about their numbers; or compare two sources of one series",
		ArgsUsage: "FILE... | FILE --against FILE", Action: dataCheckAction,
		Description: `Errors cannot be true, warnings are probably mistakes of the file, notes are worth knowing.
Exit code 2 if a file cannot be read or has errors; with --strict also for warnings.

A price jumps and returns if it moves away and, within three rows, at least two thirds of the way back, both by more
than --spike robust standard deviations of the 60 changes around plus 1 % (after Brownlees and Gallo 2006). A flow
or rate is far outside its history if it lies more than --outlier robust standard deviations from the median, by
those of its column and of the 60 rows around. A robust standard deviation is 1.4826 times the median absolute
deviation. A value stands still if a run as long has a chance below --stale, given how often others repeat.`,
		Flags: append(columnFlags(),
			&cli.StringFlag{Name: "against", Usage: "compare with another source of the same series in this `FILE`"},
			&cli.StringFlag{Name: "against-column", Usage: "the `COLUMN` of the other source; that of --column if not given"},
			&cli.BoolFlag{Name: "strict", Usage: "warnings fail as errors do"},
			&cli.BoolFlag{Name: "json", Usage: "print the findings as JSON, with all their places"},
			&cli.Float64Flag{Name: "spike", Value: inspect.Defaults.Spike, Usage: "robust standard deviations of nearby changes that a jump which returns must exceed"},
			&cli.Float64Flag{Name: "outlier", Value: inspect.Defaults.Outlier, Usage: "robust standard deviations that a flow or rate must lie from the median of its column"},
			&cli.Float64Flag{Name: "stale", Value: inspect.Defaults.Stale, Usage: "chance below which a run of equal values is reported"},
		),
	}
}

// A checked file is what check says of one.
type checkedFile struct {
	File     string            `json:"file"`
	Format   string            `json:"format,omitempty"`
	Rows     int               `json:"rows,omitempty"`
	SHA256   string            `json:"sha256,omitempty"`
	Faults   []string          `json:"faults,omitempty"` // why it cannot be read
	Findings []inspect.Finding `json:"findings"`
	Unknown  []string          `json:"unknown,omitempty"` // columns of which kind or unit is not known
}

func dataCheckAction(c *cli.Context) error {
	if c.NArg() == 0 {
		return usagef("data check: found no arguments, expected at least one file")
	}
	if err := checkColumnFlags(c); err != nil {
		return usagef("data check: %w", err)
	}
	options, err := inspectOptions(c)
	if err != nil {
		return err
	}
	if c.IsSet("against") {
		return compareAction(c, options)
	}
	var files []checkedFile
	var faults []error
	for _, path := range c.Args().Slice() {
		file, err := checkFile(c, path, options)
		files, faults = append(files, file), append(faults, err)
	}
	if err := printChecked(c, files); err != nil {
		return err
	}
	for _, file := range files {
		faults = append(faults, failing(c, file.File, file.Findings))
	}
	return errors.Join(faults...)
}

func inspectOptions(c *cli.Context) (inspect.Options, error) {
	o := inspect.Options{Now: time.Now(), Spike: c.Float64("spike"), Outlier: c.Float64("outlier"), Stale: c.Float64("stale")}
	for _, name := range []string{"spike", "outlier"} {
		if v := c.Float64(name); !(v > 0 && v <= 1e6) {
			return o, usagef("data check: --%s: found %v, expected a number above 0", name, v)
		}
	}
	if !(o.Stale > 0 && o.Stale < 1) {
		return o, usagef("data check: --stale: found %v, expected a chance between 0 and 1", o.Stale)
	}
	return o, nil
}

func checkFile(c *cli.Context, path string, o inspect.Options) (checkedFile, error) {
	file := checkedFile{File: path, Findings: []inspect.Finding{}}
	t, err := data.Open(path, data.ReadOptions{Format: c.String("format"), Now: o.Now})
	var columns []reading
	if err == nil {
		columns, err = readColumns(c, t)
	}
	if err != nil {
		err = place(path, err)
		file.Faults = faultLines(err)
		return file, err
	}
	file.Format, file.Rows = t.Format(), t.Len()
	var known []inspect.Column
	for _, r := range columns {
		if r.empty {
			file.Findings = append(file.Findings, inspect.Finding{
				Severity: inspect.Warning, Check: "blank", Columns: []string{r.name}, Text: "no row has a value"})
			continue
		}
		file.SHA256 = r.series.Provenance().SHA256
		known = append(known, inspect.Column{Series: r.series, Kind: r.kind})
	}
	file.Findings = append(file.Findings, inspect.Table(t, known, o)...)
	file.Unknown = unknowns(columns, "checked by its numbers alone")
	return file, nil
}

// faultLines are the faults of a file one by one.
func faultLines(err error) []string {
	var faults data.Faults
	if !errors.As(err, &faults) {
		return []string{err.Error()}
	}
	var lines []string
	for _, f := range faults {
		lines = append(lines, f.Error())
	}
	return lines
}

func printChecked(c *cli.Context, files []checkedFile) error {
	if c.Bool("json") {
		return printJSON(c.App.Writer, struct {
			Files []checkedFile `json:"files"`
		}{files})
	}
	for _, file := range files {
		if file.Faults != nil {
			continue // stands on stderr
		}
		if _, err := io.WriteString(c.App.Writer, file.text()); err != nil {
			return err
		}
	}
	return nil
}

func (f checkedFile) text() string {
	text := fmt.Sprintf("%s: valid, format %s, %d rows%s\n", f.File, f.Format, f.Rows, tally(f.Findings)) + findingLines(f.Findings)
	for _, line := range f.Unknown {
		text += "  " + line + "\n"
	}
	return text
}

// findingLines has a line for each finding, with its severity before it.
func findingLines(findings []inspect.Finding) string {
	text := ""
	for _, finding := range findings {
		text += fmt.Sprintf("  %s: %s\n", finding.Severity, finding)
	}
	return text
}

// tally counts findings by severity: ", 1 error, 2 warnings".
func tally(findings []inspect.Finding) string {
	text := ""
	for _, s := range []inspect.Severity{inspect.Error, inspect.Warning, inspect.Note} {
		if n := countOf(findings, s); n > 0 {
			text += ", " + counted(n, string(s))
		}
	}
	return text
}

func countOf(findings []inspect.Finding, s inspect.Severity) int {
	n := 0
	for _, f := range findings {
		if f.Severity == s {
			n++
		}
	}
	return n
}

// failing is the error of findings that make a check fail, nil if none does.
func failing(c *cli.Context, file string, findings []inspect.Finding) error {
	fails := []inspect.Severity{inspect.Error}
	if c.Bool("strict") {
		fails = append(fails, inspect.Warning)
	}
	if !slices.Contains(fails, inspect.Worst(findings)) {
		return nil
	}
	said := ""
	for _, s := range fails {
		if n := countOf(findings, s); n > 0 {
			said += ", " + counted(n, string(s))
		}
	}
	return data.Fault{File: file, Text: said[2:]}
}

func printJSON(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}
