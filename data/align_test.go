package data

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// rows makes a series out of "2025-08-04 1, 2025-08-05 2"; a time of day may
// follow the date.
func rows(t *testing.T, name string, kind Kind, text string) Series {
	t.Helper()
	unit := USD
	if kind == Rate {
		unit = Fraction
	}
	var times []time.Time
	var values []float64
	for _, row := range strings.Split(text, ", ") {
		i := strings.LastIndex(row, " ")
		at, ok := parseTime(strings.Replace(row[:i], "h", ":00:00", 1))
		v, err := parseNumber(row[i+1:])
		if !ok || !err {
			t.Fatalf("row %q", row)
		}
		times, values = append(times, at), append(values, v)
	}
	s, err := NewSeries(Meta{Name: name, Kind: kind, Unit: unit}, times, values)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// shown is a column of a panel as text: carried values in parentheses.
func shown(p *Panel, name string) string {
	var out []string
	for i := range p.Len() {
		v, ok := p.Value(name, i)
		switch {
		case !ok:
			out = append(out, "-")
		case p.Carried(name, i):
			out = append(out, "("+show(v)+")")
		default:
			out = append(out, show(v))
		}
	}
	return strings.Join(out, " ")
}

func notes(p *Panel) []string {
	var out []string
	for _, n := range p.Notes() {
		out = append(out, n.String())
	}
	return out
}

func TestAlign(t *testing.T) {
	tests := []struct {
		name  string
		kind  Kind
		rows  string
		opt   AlignOptions
		want  string
		notes []string
	}{
		{
			name: "a price is carried over the weekend", kind: Price,
			rows: "2025-08-07 1, 2025-08-08 2, 2025-08-11 3",
			want: "1 2 (2) (2) 3", notes: []string{"x: carried forward: 2 (2025-08-09..2025-08-10)"},
		},
		{
			name: "a hole of three days is carried, and its dates are noted", kind: Price,
			rows: "2025-08-01 1, 2025-08-02 2, 2025-08-06 3",
			want: "1 2 (2) (2) (2) 3", notes: []string{"x: carried forward: 3 (2025-08-03..2025-08-05)"},
		},
		{
			name: "two holes, the second beyond an age of two days", kind: Price, opt: AlignOptions{MaxAge: 2 * day},
			rows: "2025-08-01 1, 2025-08-02 2, 2025-08-04 3, 2025-08-08 4",
			want: "1 2 (2) 3 (3) (3) - 4", notes: []string{
				"x: carried forward: 3 (2025-08-03, 2025-08-05..2025-08-06)",
				"x: absent, the last row is older than 2d: 1 (2025-08-07)",
			},
		},
		{
			name: "and no further than its age", kind: Price,
			rows: "2025-08-01 1, 2025-08-02 2, 2025-08-08 3",
			want: "1 2 (2) (2) (2) (2) - 3",
			notes: []string{
				"x: carried forward: 4 (2025-08-03..2025-08-06)",
				"x: absent, the last row is older than 4d: 1 (2025-08-07)",
			},
		},
		{
			name: "an age of one's own", kind: Rate, opt: AlignOptions{MaxAge: day},
			rows: "2025-08-01 1, 2025-08-02 2, 2025-08-05 3",
			want: "1 2 (2) - 3", notes: []string{
				"x: carried forward: 1 (2025-08-03)",
				"x: absent, the last row is older than 1d: 1 (2025-08-04)",
			},
		},
		{
			name: "a flow is never carried", kind: Flow,
			rows: "2025-08-07 1, 2025-08-08 -2, 2025-08-11 3",
			want: "1 -2 - - 3", notes: []string{"x: no flow, absent: 2 (2025-08-09..2025-08-10)"},
		},
		{
			name: "the price before the window is carried into it", kind: Level,
			opt:  AlignOptions{From: date("2025-08-03"), To: date("2025-08-05")},
			rows: "2025-08-01 1, 2025-08-02 2, 2025-08-05 3, 2025-08-06 4, 2025-08-07 5",
			want: "(2) (2) 3", notes: []string{
				"x: carried forward: 2 (2025-08-03..2025-08-04)",
				"x: outside the window, dropped: 4 (2025-08-01..2025-08-02, 2025-08-06..2025-08-07)",
			},
		},
		{
			name: "before the first row", kind: Price, opt: AlignOptions{From: date("2025-07-31")},
			rows: "2025-08-01 1, 2025-08-02 2",
			want: "- 1 2", notes: []string{"x: absent, before the first row: 1 (2025-07-31)"},
		},
		{
			name: "finer prices: the last", kind: Price,
			rows: "2025-08-01 00h 1, 2025-08-01 12h 2, 2025-08-02 00h 3, 2025-08-02 12h 4",
			want: "2 4",
		},
		{
			name: "finer flows: the sum, and a note on the day in progress", kind: Flow,
			rows: "2025-08-01 00h 1, 2025-08-01 12h 2, 2025-08-02 00h 3, 2025-08-02 12h 4, 2025-08-03 00h 5",
			want: "3 7 5", notes: []string{"x: last day incomplete: 1 of 2 rows (2025-08-03)"},
		},
		{
			name: "a day in the middle that lacks rows is told apart", kind: Price,
			rows: "2025-08-01 00h 1, 2025-08-01 06h 2, 2025-08-01 12h 3, 2025-08-01 18h 4, 2025-08-02 00h 5, 2025-08-02 06h 6, " +
				"2025-08-02 12h 7, 2025-08-03 00h 8, 2025-08-03 06h 9, 2025-08-03 12h 10, 2025-08-03 18h 11, 2025-08-04 00h 12, 2025-08-04 06h 13",
			want: "4 7 11 13", notes: []string{
				"x: made of fewer than 4 rows: 1 (2025-08-02)",
				"x: last day incomplete: 2 of 4 rows (2025-08-04)",
			},
		},
		{
			name: "an incomplete day alone", kind: Price, opt: AlignOptions{To: date("2025-08-01")},
			rows: "2025-08-01 00h 1, 2025-08-01 04h 2, 2025-08-01 08h 3",
			want: "3", notes: []string{"x: last day incomplete: 3 of 6 rows (2025-08-01)"},
		},
		{
			name: "a last day as long as the other sessions is complete", kind: Price,
			rows: "2025-08-07 14h 1, 2025-08-07 15h 2, 2025-08-08 14h 3, 2025-08-08 15h 4",
			want: "2 4", notes: []string{"x: made of fewer than 24 rows: 2 (2025-08-07..2025-08-08)"},
		},
		{
			name: "an incomplete last day outside the window is not noted", kind: Price, opt: AlignOptions{To: date("2025-08-02")},
			rows: "2025-08-01 00h 1, 2025-08-01 12h 2, 2025-08-02 00h 3, 2025-08-02 12h 4, 2025-08-03 00h 5",
			want: "2 4", notes: []string{"x: outside the window, dropped: 1 (2025-08-03)"},
		},
		{
			name: "weeks with a last one in progress", kind: Flow, opt: AlignOptions{Step: 7 * day},
			rows: "2025-08-08 1, 2025-08-09 2, 2025-08-10 2, 2025-08-11 4, 2025-08-12 8",
			want: "5 12", notes: []string{
				"x: made of fewer than 7 rows: 1 (2025-08-04)",
				"x: last step of 7d incomplete: 2 of 3 rows (2025-08-11)",
			},
		},
		{
			name: "a daily close on a finer grid stands at the end of its day", kind: Price,
			opt:  AlignOptions{Step: 6 * time.Hour, From: date("2025-08-01")},
			rows: "2025-08-01 1, 2025-08-02 2",
			want: "- - - 1 (1) (1) (1) 2", notes: []string{
				"x: absent, before the first row: 3 (2025-08-01..2025-08-01 12:00)",
				"x: carried forward: 3 (2025-08-02..2025-08-02 12:00)",
			},
		},
		{
			name: "weeks start on Monday", kind: Flow, opt: AlignOptions{Step: 7 * day},
			rows: "2025-08-08 1, 2025-08-10 2, 2025-08-11 4, 2025-08-12 8",
			want: "3 12", notes: []string{"x: made of fewer than 7 rows: 2 (2025-08-04..2025-08-11)"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := Align([]Series{rows(t, "x", tt.kind, tt.rows)}, tt.opt)
			if err != nil {
				t.Fatal(err)
			}
			if got := shown(p, "x"); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			if diff := cmp.Diff(tt.notes, notes(p)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAlignWindow(t *testing.T) {
	a := rows(t, "a", Price, "2025-08-01 1, 2025-08-02 1, 2025-08-03 1, 2025-08-04 1")
	b := rows(t, "b", Price, "2025-08-02 1, 2025-08-03 1, 2025-08-04 1, 2025-08-05 1")
	flow := rows(t, "f", Flow, "2025-08-03 1, 2025-08-09 1")
	p, err := Align([]Series{a, b, flow}, AlignOptions{})
	if err != nil {
		t.Fatal(err)
	}
	want := []time.Time{date("2025-08-02"), date("2025-08-03"), date("2025-08-04")}
	if diff := cmp.Diff(want, p.Times()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"a", "b", "f"}, p.Names()); diff != "" {
		t.Error(diff)
	}
	values, present := p.Column("f")
	if diff := cmp.Diff([]bool{false, true, false}, present); diff != "" || values[1] != 1 {
		t.Error(diff, values)
	}
	values[1] = 9
	if v, _ := p.Value("f", 1); v != 1 {
		t.Error("the panel can be changed through a column")
	}
	if v, present := p.Column("g"); v != nil || present != nil || p.Has("g") {
		t.Error("a series that is not there has a column")
	}
	for _, i := range []int{-1, 3} {
		if _, ok := p.Value("a", i); ok {
			t.Errorf("row %d has a value", i)
		}
	}
}

func TestAlignRefuses(t *testing.T) {
	a := rows(t, "a", Price, "2025-08-01 1, 2025-08-02 1")
	late := rows(t, "b", Price, "2025-09-01 1, 2025-09-02 1")
	tests := []struct {
		name   string
		series []Series
		opt    AlignOptions
		want   string
	}{
		{"nothing", nil, AlignOptions{}, "no series to align"},
		{"zero series", []Series{{}}, AlignOptions{}, `series nothing has no rows`},
		{"one name twice", []Series{a, a}, AlignOptions{}, `two series are called "a"`},
		{"no overlap", []Series{a, late}, AlignOptions{}, "found a window from 2025-09-01 to 2025-08-02, expected one that is not empty"},
		{"nothing in the window", []Series{a, late}, AlignOptions{From: date("2025-08-01"), To: date("2025-08-20")},
			"series b: found rows from 2025-09-01 to 2025-09-02, expected at least one from 2025-08-01 to 2025-08-20"},
		{"backwards", []Series{a}, AlignOptions{From: date("2025-08-02"), To: date("2025-08-01")}, "found a window from 2025-08-02 to 2025-08-01, expected one that is not empty"},
		{"odd step", []Series{a}, AlignOptions{Step: 7 * time.Hour}, "found step 7h0m0s, expected a part of a day or whole days"},
		{"negative step", []Series{a}, AlignOptions{Step: -day}, "found step -24h0m0s, expected a part of a day or whole days"},
		{"negative age", []Series{a}, AlignOptions{MaxAge: -day}, "found greatest age -24h0m0s, expected 0 or more"},
		{"too long", []Series{a}, AlignOptions{From: date("1990-01-01"), Step: time.Second}, "found 1123027200 rows of 1s from 1990-01-01 to 2025-08-02 23:59:59, expected at most 10000000"},
		{"far too long", []Series{a}, AlignOptions{From: date("0100-01-01")}, "found a window from 0100-01-01 to 2025-08-02, expected at most 200 years"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Align(tt.series, tt.opt)
			if err == nil || err.Error() != tt.want {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
}

// Two columns of one file bring its notes once.
func TestAlignNotesOnce(t *testing.T) {
	table := parse(t, "Date,A,B,Total\nSeed,1,2,3\n12 Jan 2024,1.0,2.0,3.0\n")
	a, b := seriesOf(t, table, Request{Column: "A"}), seriesOf(t, table, Request{Column: "B"})
	p, err := Align([]Series{a, b}, AlignOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"f.csv: row Seed is not a day and left out"}, notes(p)); diff != "" {
		t.Error(diff)
	}
	if s, ok := p.Series("B"); !ok || s.Provenance().Column != "B" {
		t.Errorf("series B is %v, %v", s.Provenance(), ok)
	}
	if _, ok := p.Series("C"); ok {
		t.Error("a series that is not there is given")
	}
}

func TestVisible(t *testing.T) {
	price := rows(t, "price", Price, "2025-08-07 1, 2025-08-08 2, 2025-08-09 3, 2025-08-10 4, 2025-08-11 5, 2025-08-12 6")
	flow := rows(t, "flow", Flow, "2025-08-06 10, 2025-08-07 20, 2025-08-08 30, 2025-08-11 40, 2025-08-12 50")
	flow.meta.Lag = day
	p, err := Align([]Series{price, flow}, AlignOptions{From: date("2025-08-08")})
	if err != nil {
		t.Fatal(err)
	}
	// The close of a day is known the next day, Monday's flow on Wednesday;
	// what was published before the window is known inside.
	want := []string{"1 10", "2 20", "3 30", "4 30", "5 30"}
	for i, w := range want {
		a, _, _ := p.Visible("price", i)
		b, of, _ := p.Visible("flow", i)
		if got := show(a) + " " + show(b); got != w {
			t.Errorf("%s: visible %s, want %s (flow of %s)", showTime(p.Time(i)), got, w, showTime(of))
		}
	}
	if _, _, ok := p.Visible("flow", 99); ok {
		t.Error("a row that is not there sees something")
	}
}

func TestNotesAreMerged(t *testing.T) {
	var times []time.Time
	var values []float64
	for d := date("2024-01-01"); d.Before(date("2026-01-01")); d = d.AddDate(0, 0, 1) {
		if wd := d.Weekday(); wd != time.Saturday && wd != time.Sunday {
			times, values = append(times, d), append(values, 1)
		}
	}
	s, err := NewSeries(Meta{Name: "spy", Kind: Price, Unit: USD}, times, values)
	if err != nil {
		t.Fatal(err)
	}
	p, err := Align([]Series{s}, AlignOptions{})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"spy: carried forward: 208 (2024-01-06..2024-01-07, 2024-01-13..2024-01-14, 101 more, 2025-12-27..2025-12-28)"}
	if diff := cmp.Diff(want, notes(p)); diff != "" {
		t.Error(diff)
	}
}

// drawSeries draws a series of hourly to daily rows, some missing, stamped
// off the grid by up to half a step.
func drawSeries(t *rapid.T, name string) Series {
	kind := rapid.SampledFrom([]Kind{Price, Flow, Level}).Draw(t, name+" kind")
	step := rapid.SampledFrom([]time.Duration{time.Hour, 4 * time.Hour, day}).Draw(t, name+" step")
	n := rapid.IntRange(1, 60).Draw(t, name+" rows")
	var times []time.Time
	var values []float64
	at := date("2025-08-01").Add(time.Duration(rapid.IntRange(0, 23).Draw(t, "start")) * time.Hour)
	for range n {
		times = append(times, at.Add(time.Duration(rapid.Int64Range(0, int64(step/2)).Draw(t, "jitter"))))
		values = append(values, float64(rapid.IntRange(1, 1000).Draw(t, "value")))
		at = at.Add(step * time.Duration(rapid.IntRange(1, 4).Draw(t, "skip")))
	}
	lag := time.Duration(rapid.IntRange(0, 50).Draw(t, "lag")) * time.Hour
	s, err := NewSeries(Meta{Name: name, Kind: kind, Unit: USD, Lag: lag}, times, values)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAlignProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSeries(t, "s")
		step := rapid.SampledFrom([]time.Duration{time.Hour, 4 * time.Hour, day, 7 * day}).Draw(t, "grid")
		p, err := Align([]Series{s}, AlignOptions{Step: step})
		if err != nil {
			t.Fatal(err)
		}
		sum, total := 0.0, 0.0
		for i := range p.Len() {
			v, ok := p.Value("s", i)
			if ok {
				sum += v
			}
			if s.Kind() == Flow && p.Carried("s", i) {
				t.Fatal("a flow was carried")
			}
			if !ok && v != 0 {
				t.Fatal("an absent value is not the zero of Go")
			}
		}
		for i := range s.Len() {
			_, v := s.At(i)
			total += v
		}
		if s.Kind() == Flow && sum != total { // whole numbers: exact
			t.Fatalf("flows sum to %v on the grid and to %v in the series", sum, total)
		}
	})
}

// What is visible does not depend on what comes later: cutting the future off
// the series changes nothing, and nothing is seen before it is published.
func TestVisibleHasNoFuture(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSeries(t, "s")
		opt := AlignOptions{Step: rapid.SampledFrom([]time.Duration{time.Hour, day}).Draw(t, "grid")}
		p, err := Align([]Series{s}, opt)
		if err != nil {
			t.Fatal(err)
		}
		for i := range p.Len() {
			v, of, ok := p.Visible("s", i)
			if !ok {
				continue
			}
			if of.Add(p.Step() + s.Lag()).After(p.Time(i)) {
				t.Fatalf("row %v sees the step of %v", p.Time(i), of)
			}
			if want, ok := lastKnown(s, p, p.Time(i)); !ok || want != v {
				t.Fatalf("row %v sees %v, want %v", p.Time(i), v, want)
			}
		}
	})
}

// lastKnown computes what Visible should say by going through the rows of s:
// each belongs to the step of p in which it ends.
func lastKnown(s Series, p *Panel, now time.Time) (value float64, ok bool) {
	covers := time.Duration(1)
	if s.Step() > p.Step() {
		covers = s.Step()
	}
	var current time.Time
	for i := range s.Len() {
		at, v := s.At(i)
		in := at.Add(covers - 1).Truncate(p.Step())
		if in.Add(p.Step() + s.Lag()).After(now) {
			break
		}
		if ok && in.Equal(current) && s.Kind() == Flow {
			v += value
		}
		value, current, ok = v, in, true
	}
	return value, ok
}

func ExampleAlign() {
	price, _ := Parse("btc.csv", []byte("date,close\n2025-08-08,116675\n2025-08-09,116500\n2025-08-10,119300\n2025-08-11,118700\n"), ReadOptions{})
	flow, _ := Parse("etf.csv", []byte("Date,Total\n8 Aug 2025,404.1\n11 Aug 2025,178.0\n"), ReadOptions{})
	p, _ := price.Series(Request{Name: "btc.price", Kind: Price})
	f, _ := flow.Series(Request{Name: "btc.etf_flow"})
	panel, err := Align([]Series{p, f}, AlignOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for i := range panel.Len() {
		close, _ := panel.Value("btc.price", i)
		if flow, ok := panel.Value("btc.etf_flow", i); ok {
			fmt.Println(showTime(panel.Time(i)), close, flow/1e6)
		} else {
			fmt.Println(showTime(panel.Time(i)), close, "no flow")
		}
	}
	for _, n := range panel.Notes() {
		fmt.Println(n)
	}
	// Output:
	// 2025-08-08 116675 404.1
	// 2025-08-09 116500 no flow
	// 2025-08-10 119300 no flow
	// 2025-08-11 118700 178
	// btc.etf_flow: no flow, absent: 2 (2025-08-09..2025-08-10)
}
