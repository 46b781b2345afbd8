package main

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ebb-sim/ebb/plots"
	"github.com/ebb-sim/ebb/sim/stats"
)

// statsManifest is manifest.json of `ebb stats`.
type statsManifest struct {
	Ebb       string         `json:"ebb"` // version
	Command   string         `json:"command"`
	Profile   stats.Profile  `json:"profile"`
	Series    sourceJSON     `json:"series"`
	Benchmark *sourceJSON    `json:"benchmark,omitempty"`
	Periods   *float64       `json:"periods_per_year"`
	RiskFree  float64        `json:"risk_free"`
	Window    int            `json:"rolling_window"`
	Files     []manifestFile `json:"files"`
}

// files are all the files of a result, the manifest last.
func (m *measured) files(as []format) ([]file, error) {
	charts, err := m.charts(as)
	if err != nil {
		return nil, err
	}
	text, err := encode(m.tearsheet)
	if err != nil {
		return nil, err
	}
	files := append([]file{{"stats.json", text}, m.markdown(charts), m.pathFile(), m.drawdownFile(), m.monthFile()}, charts...)
	manifest := statsManifest{Ebb: version(), Command: "stats", Profile: m.Summary.Profile, Series: m.Series, RiskFree: m.asked.riskFree, Window: m.rollingWindow()}
	if p := m.Summary.PeriodsPerYear; p > 0 {
		manifest.Periods = &p
	}
	if m.Benchmark != nil {
		manifest.Benchmark = &m.Benchmark.Series
	}
	for _, f := range files {
		manifest.Files = append(manifest.Files, manifestFile{f.Name, f.sha256(), len(f.Content)})
	}
	text, err = encode(manifest)
	return append(files, file{manifestName, text}), err
}

// markdown is tearsheet.md: what is printed, with the charts.
func (m *measured) markdown(charts []file) file {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n\n%s\n", m.name(), m.head("  \n"), m.statisticTable().RenderMarkdown())
	if len(m.Drawdowns) > 0 {
		fmt.Fprintf(&b, "\n%s\n", m.drawdownTable().RenderMarkdown())
	}
	if len(m.Months) > 0 {
		fmt.Fprintf(&b, "\n%s\n", m.monthTable().RenderMarkdown())
	}
	for _, note := range m.Notes {
		fmt.Fprintf(&b, "\n- %s", note)
	}
	shown := map[string]bool{}
	for _, c := range charts {
		ending := filepath.Ext(c.Name)
		name := strings.TrimSuffix(filepath.Base(c.Name), ending)
		if shown[name] {
			continue // in another format already
		}
		shown[name] = true
		mark := "!"
		if ending == ".pdf" {
			mark = "" // no picture to a reader of Markdown: a link
		}
		fmt.Fprintf(&b, "\n\n%s[%s](%s)", mark, name, c.Name)
	}
	b.WriteByte('\n')
	return file{"tearsheet.md", []byte(b.String())}
}

// name is the file without its folder and ending, and the column.
func (m *measured) name() string {
	base := filepath.Base(m.Series.File)
	return strings.TrimSuffix(base, filepath.Ext(base)) + ", " + m.Series.Column
}

// pathFile is the price path with its returns and the distance from its highest.
func (m *measured) pathFile() file {
	t := newTableFile(m.Series.Status, "time", "price", "return", "drawdown")
	under, err := stats.Underwater(m.path.prices)
	if err != nil {
		under = missing(len(m.path.prices))
	}
	returns := append([]float64{math.NaN()}, m.returns()...)
	for i, at := range m.path.times {
		t.text(m.path.date(at))
		t.numbers(m.path.prices[i], returns[i], under[i])
		t.end()
	}
	return t.file("path.csv")
}

// returns are the simple returns, absent where none can be taken.
func (m *measured) returns() []float64 {
	returns, err := stats.SimpleReturns(m.path.prices)
	if err != nil {
		return missing(len(m.path.prices) - 1)
	}
	return returns
}

func missing(n int) []float64 {
	values := make([]float64, n)
	for i := range values {
		values[i] = math.NaN()
	}
	return values
}

func empty(values []float64) bool {
	return !slices.ContainsFunc(values, func(v float64) bool { return !math.IsNaN(v) })
}

func (m *measured) drawdownFile() file {
	t := newTableFile(m.Series.Status, "depth", "peak", "trough", "recovery", "steps")
	for _, d := range m.Drawdowns {
		back := ""
		if d.Recovery != nil {
			back = m.path.date(*d.Recovery)
		}
		t.numbers(d.Depth)
		t.text(m.path.date(d.Peak), m.path.date(d.Trough), back)
		t.numbers(float64(d.Length))
		t.end()
	}
	return t.file("drawdowns.csv")
}

func (m *measured) monthFile() file {
	t := newTableFile(m.Series.Status, "month", "return", "whole")
	for _, month := range m.Months {
		t.text(fmt.Sprintf("%04d-%02d", month.Year, month.Month))
		t.numbers(month.Return)
		t.text(fmt.Sprint(month.Whole))
		t.end()
	}
	return t.file("months.csv")
}

// charts draws what the series has data for; what it has not is a note.
func (m *measured) charts(as []format) ([]file, error) {
	var pictures []picture
	for _, c := range []struct {
		name string
		why  string // what is lacking where it cannot be drawn; empty where it can
		draw func() (plots.Figure, error)
	}{
		{"monthly", m.monthless(), m.monthlyChart},
		{"drawdown_periods", m.pathless(), m.periodsChart},
		{"underwater", m.pathless(), m.underwaterChart},
		{"distribution", m.returnless(), m.distributionChart},
		{"rolling", m.windowless(len(m.path.prices) - 1), m.rollingChart},
		{"rolling_beta", m.betaless(), m.betaChart},
	} {
		if c.why == noChart {
			continue
		}
		if c.why != "" {
			m.Notes = append(m.Notes, "no chart "+c.name+": "+c.why)
			continue
		}
		figure, err := c.draw()
		if errors.Is(err, errNothing) {
			m.Notes = append(m.Notes, "no chart "+c.name+": "+err.Error())
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("chart %s: %w", c.name, err)
		}
		pictures = append(pictures, picture{c.name, figure})
	}
	return paint(pictures, as)
}

// errNothing is a chart whose every value is absent.
var errNothing = errors.New("no window has a value")

// noChart is a chart that nobody asked for.
const noChart = "not asked for"

func lacking(is bool, why string) string {
	if is {
		return why
	}
	return ""
}

// mostYears is how many rows the table of months has room for in a chart.
const mostYears = 60

func (m *measured) monthless() string {
	n := len(m.Months)
	if n == 0 {
		return "no month has a return"
	}
	years := m.Months[n-1].Year - m.Months[0].Year + 1
	return lacking(years > mostYears, fmt.Sprintf("%s, more than the %d a chart has room for", counted(years, "year"), mostYears))
}

func (m *measured) pathless() string {
	if _, err := stats.Underwater(m.path.prices); err != nil {
		return err.Error()
	}
	return ""
}

// returnless says why there are not two returns.
func (m *measured) returnless() string {
	returns, err := stats.SimpleReturns(m.path.prices)
	if err != nil {
		return err.Error()
	}
	return lacking(len(returns) < 2, "fewer than two returns")
}

func (m *measured) windowless(returns int) string {
	if text := m.returnless(); text != "" {
		return text
	}
	return lacking(returns < m.rollingWindow(), fmt.Sprintf("%s, fewer than a window of %d", counted(returns, "return"), m.rollingWindow()))
}

func (m *measured) betaless() string {
	if m.Benchmark == nil {
		return noChart
	}
	return m.windowless(len(m.joined.times) - 1)
}

func (m *measured) frame(title, subtitle string) plots.Frame {
	return plots.Frame{Title: m.name() + ": " + title, Subtitle: subtitle, Source: filepath.Base(m.Series.File), Status: m.Series.Status}
}

func (m *measured) timeline() plots.Timeline { return plots.Timeline{Times: m.path.times} }

// unit is that of the path: the wealth of 1 has none.
func (m *measured) unit() plots.Unit {
	if m.path.kind == kindPrice && m.path.series.Kind() == "price" {
		return plots.USD
	}
	return plots.Number
}

func (m *measured) monthlyChart() (plots.Figure, error) {
	return plots.Monthly(plots.MonthlyData{Frame: m.frame("returns by month", ""), Months: m.Months})
}

func (m *measured) periodsChart() (plots.Figure, error) {
	subtitle := "USD"
	if m.unit() != plots.USD {
		subtitle = "Index"
	}
	if m.path.kind == kindReturn {
		subtitle = "Wealth of 1 invested before the first return"
	}
	return plots.DrawdownPeriods(plots.DrawdownPeriodsData{Frame: m.frame("worst drawdowns", subtitle), Timeline: m.timeline(), Unit: m.unit(), Price: m.path.prices, Worst: worstShown})
}

func (m *measured) underwaterChart() (plots.Figure, error) {
	return plots.Drawdown(plots.DrawdownData{Frame: m.frame("distance from the highest so far", ""), Timeline: m.timeline(), Price: m.path.prices})
}

func (m *measured) distributionChart() (plots.Figure, error) {
	d := plots.DistributionData{Frame: m.frame("distribution of returns", fmt.Sprintf("Simple returns of %s", counted(len(m.path.prices)-1, "step"))),
		Unit: plots.Percent, Outcomes: m.returns(), Of: "returns", Name: "returns"}
	for _, name := range []string{"var_5", "cvar_5"} {
		for _, r := range m.Summary.Statistics {
			if r.Name == name && !math.IsInf(r.Value, 0) {
				d.Marks = append(d.Marks, plots.Statistic{Name: m.title(name), Value: r.Value})
			}
		}
	}
	return plots.Distribution(d)
}

// rollingChart shows statistics of the profile over a window that moves along the path,
// and those of the whole of it as levels.
func (m *measured) rollingChart() (plots.Figure, error) {
	d := plots.RollingData{Frame: m.frame("rolling performance", ""), Timeline: m.timeline(), Window: m.windowText()}
	d.Sharpe, d.Volatility = m.rolled("sharpe"), m.rolled("volatility")
	if empty(d.Sharpe.Value) && empty(d.Volatility.Value) {
		return plots.Figure{}, errNothing
	}
	return plots.Rolling(d)
}

func (m *measured) windowText() string { return fmt.Sprintf("%d returns", m.rollingWindow()) }

func (m *measured) rolled(name string) plots.Rolled {
	s, ok := m.asked.profile.Lookup(name)
	if !ok {
		return plots.Rolled{}
	}
	sample := m.sample(m.path.times, m.path.prices) // every window has the periods of the whole
	value := func(from, to int) float64 {
		sample.Prices, sample.Times = m.path.prices[from:to], m.path.times[from:to]
		v, err := s.Compute(sample)
		if err != nil || math.IsInf(v, 0) {
			return math.NaN()
		}
		return v
	}
	n, window := len(m.path.prices), m.rollingWindow()
	r := plots.Rolled{Value: missing(n)}
	for end := window; end < n; end++ {
		r.Value[end] = value(end-window, end+1)
	}
	r.Levels = []plots.Threshold{{Name: "whole sample", Value: value(0, n)}}
	return r
}

// betaChart shows the beta over the common dates, on which a window has fewer days than
// one of the whole path.
func (m *measured) betaChart() (plots.Figure, error) {
	own, err := stats.SimpleReturns(m.joined.own)
	if err != nil {
		return plots.Figure{}, fmt.Errorf("%w: %w", errNothing, err)
	}
	other, err := stats.SimpleReturns(m.joined.benchmark)
	if err != nil {
		return plots.Figure{}, fmt.Errorf("%w: %w", errNothing, err)
	}
	rolling, err := stats.RollingBeta(own, other, m.rollingWindow())
	if err != nil {
		return plots.Figure{}, err
	}
	if empty(rolling.Values) {
		return plots.Figure{}, errNothing
	}
	whole, err := stats.Beta(own, other)
	if err != nil {
		whole = math.NaN()
	}
	window := m.windowText() + " between common dates"
	return plots.Rolling(plots.RollingData{Frame: m.frame("rolling beta", "On "+filepath.Base(m.Benchmark.Series.File)+", "+m.Benchmark.Series.Column),
		Timeline: plots.Timeline{Times: m.joined.times[1:]}, Window: window,
		Beta: plots.Rolled{Value: rolling.Values, Levels: []plots.Threshold{{Name: "whole sample", Value: whole}}}})
}
