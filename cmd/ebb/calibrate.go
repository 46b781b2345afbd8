package main

import (
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/sim/calibrate"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/param"
	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/urfave/cli/v2"
)

func calibrateCommand() *cli.Command {
	return &cli.Command{
		Name:      "calibrate",
		Usage:     "estimate parameters from a scenario's history, with their errors",
		ArgsUsage: "FILE|NAME",
		Description: `Reads the history of a scenario and estimates what it tells: how fund flows answer to
prices, how far prices move with flows, the gain of the loop between them, volatility
and GARCH, momentum, and, where the history has them, basis and Coinbase premium. The
history needs asset.price and asset.etf_flow, with a close on the day before the first
flow. With -o the estimates are written as a part of a scenario file.

   ebb calibrate redemption-loop
   ebb calibrate mine.yaml -o calibrated.yaml`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "also write the estimates to `FILE`, as market and mechanisms of a scenario"},
			&cli.StringFlag{Name: "asset", Usage: "`ASSET` to calibrate, where the history has flows of several"},
			&cli.StringSliceFlag{Name: "set", Usage: "change one entry of the scenario: `KEY=VALUE`; may be repeated"},
			outsideFlag(),
			&cli.BoolFlag{Name: "holidays-as-zero", Usage: "take a market holiday that has a row in the flow file for a flow of 0, as the published fit does; otherwise it is no session"},
			&cli.BoolFlag{Name: "json", Usage: "print the estimates as JSON"},
		},
		Action: calibrateAction,
	}
}

func calibrateAction(c *cli.Context) error {
	name, err := oneArgument(c, "one scenario")
	if err != nil {
		return err
	}
	set, err := overrides(c)
	if err != nil {
		return err
	}
	output := c.String("output")
	if err := checkFragment(name, output); err != nil {
		return err
	}
	s, err := readScenario(name, set)
	if err != nil {
		return err
	}
	o, err := observe(s, libraryOf(c, name, s.SetFiles()), c.String("asset"))
	if err != nil {
		return err
	}
	o.holidays(c.Bool("holidays-as-zero"))
	r, err := calibrate.Run(c.Context, o.input, calibrate.DefaultOptions())
	if err != nil {
		return err
	}
	if output != "" {
		if err := replaceFile(output, append([]byte(o.origin()), r.Fragment()...)); err != nil {
			return fmt.Errorf("%s: %w", output, bare(err))
		}
	}
	if err := printCalibration(c.App.Writer, o, r, output, c.Bool("json")); err != nil {
		return err
	}
	if err := r.Err(); err != nil {
		return fmt.Errorf("not everything was estimated: %w", err)
	}
	return nil
}

// checkFragment refuses a place for the fragment where something else would be lost.
func checkFragment(scenario, output string) error {
	there, err := os.Stat(output)
	if output == "" || err != nil {
		return nil
	}
	if there.IsDir() {
		return usagef("%s: found a folder, expected a file to write", output)
	}
	if read, err := os.Stat(scenario); err == nil && os.SameFile(there, read) {
		return usagef("%s: is the scenario itself, which the estimates would replace; name another file with -o", output)
	}
	return nil
}

// observation is what a scenario's history says of one asset.
type observation struct {
	scenario *scenarios.Scenario
	panel    *data.Panel
	input    calibrate.Input
	notes    []string
}

// observe reads the history of a scenario, of the asset that is asked for or of the only
// one with flows.
func observe(s *scenarios.Scenario, files scenarios.Files, asset string) (*observation, error) {
	panel, err := s.ReadHistory(files)
	if err != nil {
		return nil, err
	}
	const expected = "a history with the series asset.price and asset.etf_flow, such as btc.price and btc.etf_flow"
	if panel == nil {
		return nil, data.Faults{{File: s.File, Text: "nothing to calibrate on", Found: "no history", Expected: expected}}
	}
	var assets []string
	for _, a := range s.Assets() {
		if panel.Has(scenarios.PriceSeries(a)) && panel.Has(mechanism.FlowSeries(a)) {
			assets = append(assets, a)
		}
	}
	switch {
	case len(assets) == 0:
		f := s.At("history.series")
		f.Text, f.Found, f.Expected = "nothing to calibrate on", "the series "+strings.Join(panel.Names(), ", "), expected
		return nil, data.Faults{f}
	case asset == "" && len(assets) > 1:
		return nil, usagef("calibrate: found flows of %s, expected a choice with --asset", strings.Join(assets, ", "))
	case asset == "":
		asset = assets[0]
	case !slices.Contains(assets, asset):
		return nil, usagef("calibrate: --asset %s has no price and flows in the history; there are: %s", asset, strings.Join(assets, ", "))
	}
	return &observation{scenario: s, panel: panel, input: calibrate.Input{
		Asset: asset, Start: panel.Time(0), Step: panel.Step(),
		LogClose: logs(observed(panel, scenarios.PriceSeries(asset))), Flow: observed(panel, mechanism.FlowSeries(asset)),
		Basis: observed(panel, mechanism.BasisSeries(asset)), Premium: observed(panel, mechanism.PremiumSeries(asset)),
		PeriodsPerYear: perYear(panel, asset), Given: givenBy(s, asset)}}, nil
}

// observed are the values of a series, NaN where there is none of the step itself; nil
// without the series.
func observed(panel *data.Panel, name string) []float64 {
	values, present := panel.Column(name)
	for i := range values {
		if !present[i] || panel.Carried(name, i) {
			values[i] = math.NaN()
		}
	}
	return values
}

func logs(values []float64) []float64 {
	for i, v := range values {
		values[i] = math.Log(v)
	}
	return values
}

// perYear is the number of steps of a year in which an asset has a price.
func perYear(panel *data.Panel, asset string) float64 {
	price, _ := panel.Series(scenarios.PriceSeries(asset))
	return data.CalendarOf(price).DaysPerYear() * 24 / panel.Step().Hours()
}

// givenBy takes what no history tells from the scenario.
func givenBy(s *scenarios.Scenario, asset string) calibrate.Given {
	var g calibrate.Given
	if m := s.Market[asset]; m.Impact == scenarios.Linear {
		g.Depth1Pct = m.Depth1Pct
	}
	for _, m := range s.Mechanisms {
		switch c := m.Config.(type) {
		case *mechanism.Redemption:
			if c.Asset == asset {
				g.AUM = c.AUM
			}
		case *mechanism.Premium:
			if c.Asset == asset {
				g.Volume = c.Volume
			}
		}
	}
	return g
}

// holidays deals with market holidays that have a row in the flow file, and notes them and
// the sessions that have no flow.
func (o *observation) holidays(asZero bool) {
	flows, _ := o.panel.Series(mechanism.FlowSeries(o.input.Asset))
	rows := 0
	for _, at := range flows.Absent() {
		step := int(at.Add(flows.Step()-1).Sub(o.input.Start) / o.input.Step)
		weekend := at.Weekday() == time.Saturday || at.Weekday() == time.Sunday
		if at.Before(o.input.Start) || step >= len(o.input.Flow) || weekend || data.NYSE.Open(at) || !math.IsNaN(o.input.Flow[step]) {
			continue
		}
		rows++
		if asZero {
			o.input.Flow[step] = 0
		}
	}
	switch {
	case rows > 0 && asZero:
		o.note("market holidays with a row in the flow file: %d; they count as flows of 0", rows)
	case rows > 0:
		o.note("market holidays with a row in the flow file: %d; they are no sessions here, the published fit and --holidays-as-zero take them for flows of 0", rows)
	}
	if missing := o.missing(flows); missing > 0 {
		o.note("US sessions without a flow between the first and the last: %d; the one before stands for the last there", missing)
	}
}

func (o *observation) note(format string, args ...any) {
	o.notes = append(o.notes, fmt.Sprintf(format, args...))
}

// missing counts the US sessions inside the window and the series that have no flow.
func (o *observation) missing(flows data.Series) int {
	days := map[time.Time]bool{}
	first, _ := flows.At(0)
	last, _ := flows.At(flows.Len() - 1)
	for i := range flows.Len() {
		at, _ := flows.At(i)
		days[at.Truncate(24*time.Hour)] = true
	}
	end := o.panel.Time(o.panel.Len() - 1)
	count := 0
	for at := o.input.Start.Truncate(24 * time.Hour); !at.After(end); at = at.AddDate(0, 0, 1) {
		if data.NYSE.Open(at) && at.After(first) && at.Before(last) && !days[at] {
			count++
		}
	}
	return count
}

// origin are the comments before a fragment: what it was estimated on.
func (o *observation) origin() string {
	lines := []string{"ebb calibrate on the history of " + o.scenario.Name}
	if text := statusOf(o.panel); text != "" {
		lines = append(lines, strings.Join(strings.Fields(text), " ")) // one line, as a comment needs it
	}
	return "# " + strings.Join(append(lines, o.notes...), "\n# ") + "\n"
}

// calibrationJSON is what --json prints.
type calibrationJSON struct {
	Scenario string            `json:"scenario"`
	Title    string            `json:"title"`
	Status   string            `json:"status,omitempty"`
	Notes    []string          `json:"notes,omitempty"`
	Report   *calibrate.Report `json:"report"`
}

func printCalibration(w io.Writer, o *observation, r *calibrate.Report, output string, asJSON bool) error {
	if asJSON {
		text, err := encode(calibrationJSON{o.scenario.Name, o.scenario.Title, statusOf(o.panel), o.notes, r})
		if err != nil {
			return err
		}
		_, err = w.Write(text)
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", o.scenario.Title)
	if text := statusOf(o.panel); text != "" {
		fmt.Fprintf(&b, "%s\n", text)
	}
	fmt.Fprintf(&b, "%s, %s, steps of %s\n", upper(r.Asset), r.Window, param.FormatDuration(o.panel.Step()))
	for _, text := range o.notes {
		fmt.Fprintf(&b, "note: %s\n", text)
	}
	for _, p := range r.Parts {
		fmt.Fprintf(&b, "\n%s", partText(p))
	}
	if output != "" {
		fmt.Fprintf(&b, "\nmarket and mechanisms for a scenario in %s\n", filepath.ToSlash(output))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// partText is the table of a part with its equation, warnings and notes.
func partText(p calibrate.Part) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", p.Name, p.Title)
	switch {
	case p.Skipped != "":
		fmt.Fprintf(&b, "not estimated: %s\n", p.Skipped)
		return b.String()
	case p.Failed != "":
		fmt.Fprintf(&b, "not estimated, it failed: %s\n", p.Failed)
		return b.String()
	}
	fmt.Fprintf(&b, "%s\n%s\n", p.Equation, estimateTable(p.Estimates))
	about := gathering{all: -1} // names say more than "every"
	for _, e := range p.Estimates {
		for _, text := range e.Measured.Warnings {
			about.add(e.Name, text)
		}
	}
	for _, text := range about.lines() {
		fmt.Fprintf(&b, "warning: %s\n", text)
	}
	for _, text := range p.Notes {
		fmt.Fprintf(&b, "note: %s\n", text)
	}
	return b.String()
}

func estimateTable(list []calibrate.Estimate) string {
	t := newTable()
	level := "interval"
	if len(list) > 0 {
		level = fmt.Sprintf("%.6g %%", 100*list[0].Measured.Level)
	}
	t.AppendHeader(table.Row{"estimate", "what it is", "unit", "value", "s.e.", level, "bootstrap", "n", "window"})
	for _, e := range list {
		if farProjection(e.Name) {
			continue
		}
		unit, number := showEstimate(e.Unit)
		span := func(low, high float64) string { return fmt.Sprintf("%s to %s", number(low), number(high)) }
		bootstrap := "–"
		if e.Bootstrap != nil {
			bootstrap = span(e.Bootstrap.Low, e.Bootstrap.High)
		}
		m := e.Measured
		t.AppendRow(table.Row{e.Name, e.Title, unit, number(m.Value), number(m.SE), span(m.Low, m.High), bootstrap, m.N, e.Window})
	}
	return t.Render()
}

// farProjection tells which of twenty horizons a table does without.
func farProjection(name string) bool {
	var h int
	_, err := fmt.Sscanf(name, "projection_%d", &h)
	return err == nil && h > 3 && h%5 != 0
}

// showEstimate is how a table writes estimates of a unit.
func showEstimate(unit calibrate.Unit) (name string, number func(float64) string) {
	scaled := func(factor float64, places int) func(float64) string {
		return func(x float64) string {
			if math.IsNaN(x) {
				return "–"
			}
			x *= factor
			if x != 0 && math.Abs(x) < math.Pow10(2-places) {
				return strings.ReplaceAll(fmt.Sprintf("%.3g", x), "-", minus)
			}
			return signed(x, places)
		}
	}
	switch unit {
	case calibrate.USD, calibrate.USDPerReturn:
		return "$bn", scaled(1e-9, 5)
	case calibrate.Rate:
		return "%", scaled(100, 2)
	case calibrate.Fraction:
		return "%", scaled(100, 4)
	case calibrate.PerUSD:
		return "% per $bn", scaled(100*1e9, 5)
	}
	return "", scaled(1, 5)
}
