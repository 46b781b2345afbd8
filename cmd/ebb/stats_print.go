package main

import (
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/ebb-sim/ebb/sim/stats"
	"github.com/jedib0t/go-pretty/v6/table"
)

// print prints the tearsheet for a person.
func (m *measured) print(w io.Writer, dir string, files []file) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n%s\n", m.head("\n"), m.statisticTable().Render())
	if len(m.Drawdowns) > 0 {
		fmt.Fprintf(&b, "\n%s\n", m.drawdownTable().Render())
	}
	if len(m.Months) > 0 {
		fmt.Fprintf(&b, "\n%s\n", m.monthTable().Render())
	}
	for i, note := range m.Notes {
		if i == 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "note: %s\n", note)
	}
	if dir != "" {
		pictures, others := picturesAmong(files)
		fmt.Fprintf(&b, "\n%s and %s in %s\n", counted(pictures, "chart"), counted(others, "table"), filepath.ToSlash(dir))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// head says what the numbers are of and what they depend on.
func (m *measured) head(newline string) string {
	lines := []string{m.Series.describe()}
	if m.Series.Status != "" {
		lines = append(lines, m.Series.Status)
	}
	if m.Benchmark != nil {
		text := "benchmark " + m.Benchmark.Series.describe()
		if status := m.Benchmark.Series.Status; status != "" && status != m.Series.Status {
			text += "; " + status
		}
		lines = append(lines, text)
	}
	periods := "unknown periods a year (give --periods)"
	if m.Summary.PeriodsPerYear > 0 {
		periods = fmt.Sprintf("%.6g periods a year", m.Summary.PeriodsPerYear)
	}
	lines = append(lines, fmt.Sprintf("profile %s, %s, %s, risk-free rate %s", m.Summary.Profile, counted(m.Summary.Returns, "return"), periods, percent(m.Summary.RiskFree)))
	return strings.Join(lines, newline)
}

func (s sourceJSON) describe() string {
	what := "prices"
	if s.Kind == kindReturn {
		what = "simple returns in " + s.Unit
	}
	return fmt.Sprintf("%s, %s: %s of %s, %s to %s", s.File, s.Column, what, counted(s.Rows, "row"), s.First, s.Last)
}

// statisticTable has the benchmark's own beside those of the series, and the reasons of
// what is absent.
func (m *measured) statisticTable() table.Writer {
	t := newTable()
	header := table.Row{"statistic", "value"}
	if m.Benchmark != nil {
		header = append(header, "benchmark")
	}
	t.AppendHeader(append(header, "")) // reasons
	for i, r := range m.Summary.Statistics {
		row := table.Row{m.title(r.Name), statValue(r)}
		if m.Benchmark != nil {
			row = append(row, statValue(m.Benchmark.Summary.Statistics[i]))
		}
		reason := ""
		if r.Reason != "" {
			reason = "absent: " + r.Reason
		}
		t.AppendRow(append(row, reason))
	}
	return t
}

func (m *measured) title(name string) string {
	s, _ := m.asked.profile.Lookup(name)
	return s.Title
}

// statValue writes a statistic in its unit.
func statValue(r stats.Result) string {
	switch {
	case math.IsNaN(r.Value):
		return "–"
	case math.IsInf(r.Value, 0):
		return strings.ReplaceAll(fmt.Sprint(r.Value), "-", minus)
	case strings.HasPrefix(r.Unit, "fraction"):
		if math.Abs(r.Value) >= 1e6 {
			return figure(100*r.Value) + " %"
		}
		return percent(r.Value)
	case r.Unit == "steps" || r.Unit == "days":
		text := strconv.FormatFloat(r.Value, 'f', -1, 64)
		if r.Value != math.Trunc(r.Value) {
			text = signed(r.Value, 1)
		}
		return text + " " + r.Unit
	}
	if size := math.Abs(r.Value); size >= 1e6 || size != 0 && size < 5e-4 {
		return strings.ReplaceAll(fmt.Sprintf("%.3g", r.Value), "-", minus)
	}
	return signed(r.Value, 3)
}

func (m *measured) drawdownTable() table.Writer {
	t := newTable()
	t.AppendHeader(table.Row{"worst drawdowns", "from the high", "lowest", "back at the high", "steps under water"})
	for _, d := range m.Drawdowns {
		back := "not yet"
		if d.Recovery != nil {
			back = m.path.date(*d.Recovery)
		}
		t.AppendRow(table.Row{percent(d.Depth), m.path.date(d.Peak), m.path.date(d.Trough), back, grouped(d.Length)})
	}
	return t
}

// monthTable has a row for each year; a month or year of which only a part is covered has
// an asterisk.
func (m *measured) monthTable() table.Writer {
	t := newTable()
	header := table.Row{"%"}
	for k := time.January; k <= time.December; k++ {
		header = append(header, k.String()[:3])
	}
	t.AppendHeader(append(header, "year"))
	for _, y := range yearsOf(m.Months) {
		row := table.Row{strconv.Itoa(y.year)}
		for _, month := range y.months {
			text := ""
			if month != nil {
				text = starred(month.Return, month.Whole)
			}
			row = append(row, text)
		}
		t.AppendRow(append(row, starred(y.total, y.whole)))
	}
	if len(m.Months) > 0 {
		t.SetCaption("* covers only a part of the month or of the year")
	}
	return t
}

func starred(r float64, whole bool) string {
	text := signed(100*r, 1)
	if math.Abs(r) >= 1e6 {
		text = figure(100 * r)
	}
	if !whole {
		text += "*"
	}
	return text
}

// yearOf is a year with its months, nil where there is none, and what they compound to.
type yearOf struct {
	year   int
	months [12]*stats.Month
	total  float64
	whole  bool
}

func yearsOf(months []stats.Month) []yearOf {
	var years []yearOf
	for i, m := range months {
		if n := len(years); n == 0 || years[n-1].year != m.Year {
			years = append(years, yearOf{year: m.Year})
		}
		y := &years[len(years)-1]
		y.months[m.Month-1] = &months[i]
		y.total = (1+y.total)*(1+m.Return) - 1
	}
	for i := range years {
		years[i].whole = true
		for _, m := range years[i].months {
			years[i].whole = years[i].whole && m != nil && m.Whole
		}
	}
	return years
}
