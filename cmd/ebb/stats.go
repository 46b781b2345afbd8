package main

import (
	"cmp"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/sim/stats"
	"github.com/urfave/cli/v2"
)

func statsCommand() *cli.Command {
	return &cli.Command{
		Name:      "stats",
		Usage:     "every statistic of a price or return series, by the definitions of a library",
		ArgsUsage: "FILE",
		Description: `Reads one column of a CSV file and prints its statistics, worst drawdowns and monthly
returns. A column that the file or its format calls a price is one; where the file does
not say what a column is, --kind price or --kind return does. A return is a simple one, a
fraction unless --unit says percent, and belongs to the period of its row. A file that is
not there may be one of the bundled histories.

   ebb stats histories/btc_usd.csv --benchmark histories/nasdaq100_etf.csv
   ebb stats fund.csv --kind return --profile quantstats --risk-free 4% -o out/fund`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "profile", Value: string(stats.EBB), Usage: "definitions of this `PROFILE`: " + strings.Join(profileNames(), ", ")},
			&cli.StringFlag{Name: "format", Usage: "read the file as this `FORMAT` instead of recognising it: " + strings.Join(data.Formats(), ", ")},
			&cli.StringFlag{Name: "column", Usage: "the `COLUMN`, where there are several"},
			&cli.StringFlag{Name: "kind", Usage: "what the column is, where the file does not say: price or return"},
			&cli.StringFlag{Name: "unit", Usage: "unit of returns, where the file does not say: fraction, percent or bp"},
			&cli.StringFlag{Name: "benchmark", Usage: "compare with `FILE[:COLUMN]` on the dates that both have"},
			&cli.StringFlag{Name: "benchmark-kind", Usage: "as --kind, for the benchmark"},
			&cli.StringFlag{Name: "risk-free", Value: "0%", Usage: "risk-free `RATE` a year, such as 4%"},
			&cli.Float64Flag{Name: "periods", Usage: "`NUMBER` of periods in a year (default: that of the profile for these dates)"},
			&cli.IntFlag{Name: "window", Usage: "`NUMBER` of returns in a rolling window (default: half a year, at most a quarter of them)"},
			&cli.TimestampFlag{Name: "from", Layout: time.DateOnly, Timezone: time.UTC, Usage: "first `DATE`"},
			&cli.TimestampFlag{Name: "to", Layout: time.DateOnly, Timezone: time.UTC, Usage: "last `DATE`"},
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "also leave tables and charts in this `FOLDER`"},
			formatFlag("pictures"),
			&cli.BoolFlag{Name: "json", Usage: "print the statistics as JSON"},
		},
		Action: statsAction,
	}
}

func profileNames() []string {
	var names []string
	for _, p := range stats.Profiles() {
		names = append(names, string(p))
	}
	return names
}

func statsAction(c *cli.Context) error {
	name, err := oneArgument(c, "one file")
	if err != nil {
		return err
	}
	asked, err := statsOptions(c)
	if err != nil {
		return fmt.Errorf("stats: %w", err)
	}
	as, err := askedFormats(c)
	if err != nil {
		return err
	}
	dir := c.String("output")
	if dir == "" && c.IsSet("pictures") {
		return usagef("stats: --pictures without --output, expected a folder to leave them in")
	}
	if dir != "" {
		if err := checkTarget(dir); err != nil {
			return err
		}
	}
	sheet, err := measure(name, asked)
	if err != nil {
		return err
	}
	var files []file
	if dir != "" {
		if files, err = sheet.files(as); err != nil {
			return err
		}
		if err := writeFolder(c.Context, dir, files); err != nil {
			return err
		}
	}
	if c.Bool("json") {
		text, err := encode(sheet.tearsheet)
		if err != nil {
			return err
		}
		_, err = c.App.Writer.Write(text)
		return err
	}
	return sheet.print(c.App.Writer, dir, files)
}

// statsAsked is what the command line asks of a series.
type statsAsked struct {
	column        columnAsked
	benchmark     *columnAsked // with its file; nil for none
	benchmarkFile string
	profile       stats.Profile
	riskFree      float64
	periods       float64 // 0 for the profile's own
	window        int     // 0 for the default
	inside        func(time.Time) bool
}

// columnAsked is how to read a column.
type columnAsked struct {
	format, column, unit string
	kind                 string // price, return, or "" for what the file says
	flag                 string // that says the kind
}

// statsOptions reads the flags, and refuses what is wrong whatever the file holds.
func statsOptions(c *cli.Context) (statsAsked, error) {
	a := statsAsked{profile: stats.Profile(c.String("profile")), periods: c.Float64("periods"), window: c.Int("window"),
		column: columnAsked{c.String("format"), c.String("column"), c.String("unit"), c.String("kind"), "--kind"},
		inside: window(c.Timestamp("from"), c.Timestamp("to"))}
	if !slices.Contains(stats.Profiles(), a.profile) {
		return a, unknown("profile", string(a.profile), profileNames())
	}
	for _, flag := range []string{"kind", "benchmark-kind"} {
		if kind := c.String(flag); !slices.Contains([]string{"", kindPrice, kindReturn}, kind) {
			return a, usagef("--%s: found %q, expected price or return", flag, kind)
		}
	}
	if unit := a.column.unit; unit != "" && data.Unit(unit).Base() != data.Fraction {
		return a, usagef("--unit: found %q, expected fraction, percent or bp", unit)
	}
	var err error
	if a.riskFree, err = parseRate(c.String("risk-free")); err != nil {
		return a, err
	}
	if c.IsSet("periods") && (!(a.periods > 0) || math.IsInf(a.periods, 0)) {
		return a, usagef("--periods: found %v, expected a number of more than 0", a.periods)
	}
	if c.IsSet("window") && a.window < 2 {
		return a, usagef("--window: found %d, expected 2 returns or more", a.window)
	}
	if from, to := c.Timestamp("from"), c.Timestamp("to"); from != nil && to != nil && to.Before(*from) {
		return a, usagef("found --from %s after --to %s", from.Format(time.DateOnly), to.Format(time.DateOnly))
	}
	if text := c.String("benchmark"); text != "" {
		file, column := splitColumn(text)
		a.benchmarkFile, a.benchmark = file, &columnAsked{column: column, unit: a.column.unit, kind: c.String("benchmark-kind"), flag: "--benchmark-kind"}
	} else if c.IsSet("benchmark-kind") {
		return a, usagef("found --benchmark-kind without --benchmark")
	}
	return a, nil
}

// parseRate reads "4%". A number alone is refused: 4 and 0.04 are both written for it.
func parseRate(text string) (float64, error) {
	digits, ok := strings.CutSuffix(strings.TrimSpace(text), "%")
	rate, err := strconv.ParseFloat(strings.TrimSpace(digits), 64)
	if !ok || err != nil || !(rate > -100) || math.IsInf(rate, 0) {
		return 0, usagef("--risk-free: found %q, expected a percentage a year above −100%%, such as 4%%", text)
	}
	return rate / 100, nil
}

// splitColumn parts FILE:COLUMN; the name of a file that is there may hold a colon.
func splitColumn(text string) (file, column string) {
	if _, err := os.Stat(text); err == nil {
		return text, ""
	}
	at := strings.LastIndexByte(text, ':')
	if at < 0 || strings.ContainsAny(text[at:], `/\`) {
		return text, ""
	}
	return text[:at], text[at+1:]
}

// measured is a series with what was computed from it.
type measured struct {
	tearsheet
	path      *pathRead
	benchmark *pathRead // nil without
	joined    joined
	asked     statsAsked
}

// tearsheet is stats.json.
type tearsheet struct {
	Series    sourceJSON            `json:"series"`
	Summary   stats.Summary         `json:"summary"`
	Benchmark *benchmarkJSON        `json:"benchmark,omitempty"`
	Drawdowns []stats.DatedDrawdown `json:"worst_drawdowns"`
	Months    []stats.Month         `json:"months"`
	Notes     []string              `json:"notes,omitempty"`
}

// benchmarkJSON is what was taken from the dates that both have. The statistics of the
// summary that need a benchmark are of these dates too; the others are not.
type benchmarkJSON struct {
	Series  sourceJSON    `json:"series"`
	Dates   int           `json:"common_dates"`
	Dropped int           `json:"dates_without_benchmark"`
	Summary stats.Summary `json:"summary"`
}

type sourceJSON struct {
	File   string `json:"file"`
	SHA256 string `json:"sha256"`
	Column string `json:"column"`
	Kind   string `json:"kind"`
	Unit   string `json:"unit"`
	Rows   int    `json:"rows"`
	First  string `json:"first"`
	Last   string `json:"last"`
	Source string `json:"source,omitempty"`
	Status string `json:"status,omitempty"`
}

// worstShown is how many drawdowns are listed.
const worstShown = 5

// measure reads a series and computes everything that can be computed from it.
func measure(name string, asked statsAsked) (*measured, error) {
	path, err := readPath(name, asked.column, asked.inside)
	if err != nil {
		return nil, err
	}
	m := &measured{path: path, asked: asked}
	m.Series, m.Notes = path.source(), path.notes
	m.Summary = asked.profile.Describe(m.sample(path.times, path.prices))
	if asked.benchmark != nil {
		if err := m.compare(); err != nil {
			return nil, err
		}
	}
	m.addMonths()
	return m, m.addDrawdowns()
}

// sample gives a path what the command line says of it. Where nobody says how many periods
// a year has and the dates do not tell it either, it stays 0 and what needs it is absent.
func (m *measured) sample(times []time.Time, prices []float64) stats.Sample {
	periods := m.asked.periods
	if periods == 0 {
		if perYear, err := m.asked.profile.PeriodsPerYear(times); err == nil {
			periods = perYear
		}
	}
	return stats.Sample{Prices: prices, Times: times, PeriodsPerYear: periods, RiskFree: m.asked.riskFree}
}

// compare adds what needs a benchmark, from the returns between common dates. Nothing else
// changes with it.
func (m *measured) compare() error {
	asked := *m.asked.benchmark
	other, err := readPath(m.asked.benchmarkFile, asked, m.asked.inside)
	if err != nil {
		return err
	}
	m.benchmark, m.joined = other, join(m.path, other)
	j := m.joined
	if len(j.times) < 2 {
		return data.Faults{{File: m.asked.benchmarkFile, Text: "no comparison with " + m.path.series.Provenance().File,
			Found: counted(len(j.times), "common date"), Expected: "at least 2"}}
	}
	both := m.sample(j.times, j.own)
	both.Benchmark = j.benchmark
	for i, r := range m.asked.profile.Describe(both).Statistics {
		if strings.Contains(m.Summary.Statistics[i].Reason, stats.ErrBenchmark.Error()) {
			m.Summary.Statistics[i] = r
		}
	}
	m.Benchmark = &benchmarkJSON{Series: other.source(), Dates: len(j.times), Dropped: j.dropped,
		Summary: m.asked.profile.Describe(m.sample(j.times, j.benchmark))}
	m.Notes = append(m.Notes, m.joinNotes()...)
	return nil
}

func (m *measured) joinNotes() []string {
	j, own := m.joined, m.path.label()
	text := fmt.Sprintf("statistics with the benchmark are of the returns between %s, %s to %s, %.6g periods a year",
		counted(len(j.times), "common date"), m.path.date(j.times[0]), m.path.date(j.times[len(j.times)-1]), m.Benchmark.Summary.PeriodsPerYear)
	if j.dropped > 0 {
		text += fmt.Sprintf("; %s of %s between them have no price of the benchmark: the return over them is joined to that of the next common date",
			counted(j.dropped, "date"), own)
	}
	notes := []string{text}
	if j.outside > 0 {
		notes = append(notes, fmt.Sprintf("%s of %s before the first or after the last common date are not in them", counted(j.outside, "date"), own))
	}
	for _, note := range m.benchmark.notes {
		notes = append(notes, "benchmark: "+note)
	}
	return notes
}

// addMonths leaves them out, with a note, where no return can be taken.
func (m *measured) addMonths() {
	months, err := stats.MonthlyReturns(m.path.times, m.path.prices, m.path.next)
	if m.Months = months; err != nil {
		m.Months = []stats.Month{}
		m.Notes = append(m.Notes, "no monthly returns: "+err.Error())
	}
}

func (m *measured) addDrawdowns() error {
	m.Drawdowns = []stats.DatedDrawdown{}
	worst, err := stats.WorstDrawdowns(m.path.prices, worstShown)
	if err != nil {
		m.Notes = append(m.Notes, "no drawdowns: "+err.Error())
	}
	for _, w := range worst {
		dated, err := w.Dated(m.path.times)
		if err != nil {
			return err
		}
		m.Drawdowns = append(m.Drawdowns, dated)
	}
	return nil
}

// rollingWindow is how many returns a rolling window has: half a year, but at most a
// quarter of the returns and at least 20.
func (m *measured) rollingWindow() int {
	returns := len(m.path.prices) - 1
	half := math.Round(m.Summary.PeriodsPerYear / 2)
	return cmp.Or(m.asked.window, max(20, int(min(half, float64(returns/4)))))
}
