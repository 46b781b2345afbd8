package inspect

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/data"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// walk is a price of 300 days from Wednesday 2025-01-01 on, with daily changes of 2 %
// and cents.
func walk(n int, seed uint64) []float64 {
	r := rand.New(rand.NewPCG(seed, 7))
	v, price := make([]float64, n), 50000.0
	for i := range v {
		price *= math.Exp(.02 * r.NormFloat64())
		v[i] = math.Round(100*price) / 100
	}
	return v
}

// flows are normal, in tenths and never 0.
func flows(n int, seed uint64) []float64 {
	r := rand.New(rand.NewPCG(seed, 11))
	v := make([]float64, n)
	for i := range v {
		v[i] = math.Round(1000*r.NormFloat64())/10 + .05
	}
	return v
}

func day(i int) time.Time { return time.Date(2025, 1, 1+i, 0, 0, 0, 0, time.UTC) }

// file writes columns of one length as a CSV file in ebb's own format. A NaN is a blank cell. Days that
// leave refuses have no row.
func file(heads []string, leave func(time.Time) bool, columns ...[]float64) string {
	var b strings.Builder
	b.WriteString("# ebb history 1\n")
	var names []string
	for _, h := range heads {
		b.WriteString("# column " + h + "\n")
		name, _, _ := strings.Cut(h, ":")
		names = append(names, name)
	}
	b.WriteString("date," + strings.Join(names, ",") + "\n")
	for i := range columns[0] {
		if leave != nil && leave(day(i)) {
			continue
		}
		b.WriteString(day(i).Format(time.DateOnly))
		for _, c := range columns {
			b.WriteByte(',')
			if !math.IsNaN(c[i]) {
				fmt.Fprintf(&b, "%v", c[i])
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func parse(t testing.TB, text string) *data.Table {
	t.Helper()
	table, err := data.Parse("f.csv", []byte(text), data.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// inspected says what is found in all columns of a table.
func inspected(t testing.TB, table *data.Table) []Finding {
	t.Helper()
	var columns []Column
	for _, c := range table.Columns() {
		request := data.Request{Column: c.Name, Kind: c.Kind, Unit: c.Unit}
		if c.Kind == "" {
			request.Kind, request.Unit = data.Level, data.Points
		}
		if c.Kind == data.Flow && c.Unit == "" {
			request.Unit = data.Coins
		}
		s, err := table.Series(request)
		if err != nil {
			t.Fatal(err)
		}
		columns = append(columns, Column{s, c.Kind})
	}
	return Table(table, columns, Options{})
}

func said(findings []Finding) []string {
	out := []string{}
	for _, f := range findings {
		out = append(out, string(f.Severity)+" "+f.Check+": "+f.String())
	}
	return out
}

// weekends and holidays are the days without a session.
func closed(t time.Time) bool { return !data.NYSE.Open(t) }

// Each planted mistake is found, and nothing else.
func TestPlanted(t *testing.T) {
	const price, flow, rate, level = "p: price usd", "f: flow usd_m", "r: rate fraction", "l: level coins"
	with := func(v []float64, i int, x float64) []float64 {
		v = append([]float64(nil), v...)
		v[i] = x
		return v
	}
	scaled := func(v []float64, from int, by float64) []float64 {
		v = append([]float64(nil), v...)
		for i := from; i < len(v); i++ {
			v[i] *= by
		}
		return v
	}
	held := func(v []float64, from, to int) []float64 {
		v = append([]float64(nil), v...)
		for i := from; i <= to; i++ {
			v[i] = v[from]
		}
		return v
	}
	p, f := walk(300, 1), flows(300, 1)
	other := flows(300, 2)
	total := make([]float64, len(f))
	for i := range f {
		total[i] = math.Round(100*(f[i]+other[i])) / 100
	}
	funds := []string{"A: flow usd_m", "B: flow usd_m", "Total: flow usd_m"}
	sums := func(i int, change float64) []float64 { return with(total, i, math.Round(100*(total[i]+change))/100) }
	weekendZeros := append([]float64(nil), f...)
	fridays := append([]float64(nil), p...)
	for i := range f {
		if wd := day(i).Weekday(); wd == time.Saturday || wd == time.Sunday {
			weekendZeros[i] = 0
			fridays[i] = fridays[i-1]
		}
	}
	copied := func(v []float64) []float64 { return with(v, 41, v[40]) }
	last := len(p) - 1

	tests := []struct {
		name string
		text string
		want []string
	}{
		{"clean price", file([]string{price}, nil, p), nil},
		{"clean flow", file([]string{flow}, closed, f), nil},
		{"clean funds", file(funds, closed, f, other, total), nil},
		{"a spike", file([]string{price}, nil, with(p, 100, 70000)),
			[]string{"warning spike: p: jumps and returns in the next row: 1 (line 104, 2025-04-11: 70000 between 36203.13 and 36555.43)"}},
		{"a spike of three rows", file([]string{price}, nil, with(with(with(p, 100, 70000), 101, 71000), 102, 70500)),
			[]string{"warning spike: p: jumps and returns after two or three rows: 1 (line 104, 2025-04-11..2025-04-13: 70000 between 36203.13 and 35745.1)"}},
		{"a slip of the unit of one row", file([]string{price}, nil, with(p, 100, p[100]/1000)),
			[]string{"warning spike: p: jumps and returns in the next row: 1 (line 104, 2025-04-11: 36.52041 between 36203.13 and 36555.43, about 1/1000 of them: a slip of the unit?)"}},
		{"a slip of the unit that stays", file([]string{price}, nil, scaled(p, 100, 1000)),
			[]string{"warning unit: p: changes by a power of ten and stays; another unit?: 1 (line 104, 2025-04-11: 36520410 after 36203.13, about 1000 times it)"}},
		{"a split", file([]string{price}, nil, scaled(p, 100, .1)),
			[]string{"note split: p: changes by about a whole factor and stays; a split that is not adjusted, or news?: 1 (line 104, 2025-04-11: 3652.041 after 36203.13)"}},
		{"a crash of 40 % is no mistake", file([]string{price}, nil, scaled(p, 100, .6)), nil},
		{"a level that is 0", file([]string{level}, nil, with(p, 100, 0)),
			[]string{"warning zero: l: 0 in a column that is otherwise greater; no data?: 1 (line 104, 2025-04-11)"}},
		{"an outlier of a flow", file([]string{flow}, closed, with(f, 99, 5000)),
			[]string{"note outlier: f: far outside the history of the column; news, or a mistake?: 1 (line 71, 2025-04-10: 5000, 57 robust standard deviations from the median)"}},
		{"a slip of the unit of a flow", file([]string{flow}, closed, with(f, 99, 123456)),
			[]string{"warning outlier: f: so far outside the history of the column that a slip of the unit is likely: 1 (line 71, 2025-04-10: 123456, 2101 times the usual size)"}},
		{"another unit of a flow from a day on", file([]string{flow}, closed, scaled(f, 150, 1e6)),
			[]string{"warning unit: f: is of another size from here; another unit?: 1 (line 106, 2025-06-02: the 20 rows from here are about 1797037 times the 20 before)"}},
		{"an outlier of a rate", file([]string{rate}, nil, with(scaled(f, 0, 1e-6), 99, .004)),
			[]string{"note outlier: r: far outside the history of the column; news, or a mistake?: 1 (line 103, 2025-04-10: 0.004, 45 robust standard deviations from the median)"}},
		{"a price that stands still", file([]string{price}, nil, held(p, 100, 104)),
			[]string{"warning stale: p: the same value in row after row: 1 (line 104, 2025-04-11..2025-04-15: 36520.41 in 5 rows, by chance once in 3e+07 such columns)"}},
		{"a gap", file([]string{price}, func(at time.Time) bool { return at.Equal(day(100)) || at.Equal(day(101)) }, p),
			[]string{"warning gap: p: no row though open (every day): 2 (2025-04-11..2025-04-12)"}},
		{"a blank cell", file([]string{price}, nil, with(p, 100, math.NaN())),
			[]string{"note blank: p: blank cell though open (every day): 1 (2025-04-11)"}},
		{"a flow of 0 on a holiday", file([]string{flow}, func(at time.Time) bool { return closed(at) && !at.Equal(day(19)) }, with(f, 19, 0)),
			[]string{"warning holiday: f: 0 on a holiday of the NYSE: closed, which is not a flow of 0: 1 (line 15, 2025-01-20)"}},
		{"a flow on a holiday", file([]string{flow}, func(at time.Time) bool { return closed(at) && !at.Equal(day(19)) }, with(f, 19, -40.2)),
			[]string{"warning holiday: f: a flow on a day without a session of the NYSE; another day's?: 1 (line 15, 2025-01-20: -40.2)"}},
		{"weekends filled with 0", file([]string{flow}, nil, weekendZeros),
			[]string{"warning weekend: f: every weekend is filled with 0: closed, which is not a flow of 0: 86 (line 7, 2025-01-04..2025-10-27)"}},
		{"weekends filled with Friday", file([]string{price}, nil, fridays),
			[]string{"note weekend: p: every weekend repeats the Friday before: 86 (line 7, 2025-01-04..2025-10-27)"}},
		{"a total that is not the sum", file(funds, closed, f, other, sums(99, 10)),
			[]string{"error total: Total: is not the sum of its parts: 1 (line 73, 2025-04-10: 8.5, the parts add up to -1.5, difference 10)"}},
		{"a fund of the wrong sign", file(funds, closed, with(f, 99, -f[99]), other, total),
			[]string{"error total: Total: is not the sum of its parts: 1 (line 73, 2025-04-10: -1.5, the parts add up to -124.4, difference 122.9: as if A had the wrong sign)"}},
		{"a fund in another unit", file(funds, closed, with(f, 99, 1000*f[99]), other, total),
			[]string{
				"error total: Total: is not the sum of its parts: 1 (line 73, 2025-04-10: -1.5, the parts add up to 61387.05, difference -61388.55: as if A were given 1000 times its size)",
				"warning outlier: A: so far outside the history of the column that a slip of the unit is likely: 1 (line 73, 2025-04-10: 61450, 1046 times the usual size)",
			}},
		{"the row of the day before", file(funds, closed, copied(f), copied(other), copied(total)),
			[]string{"warning copy: the whole row is that of the row before: 1 (line 32, 2025-02-11)"}},
		{"a last volume in progress", file([]string{"v: flow coins"}, nil, with(scaled(p, 0, .01), last, 30)),
			[]string{"warning last: v: the last row looks as if its period were not over: 1 (line 303, 2025-10-27: 30, 5.8 % of the usual 517.20215 and less than any of the 60 rows before)"}},
		{"a last flow that was not reported", file([]string{flow}, nil, with(f, last, 0)),
			[]string{"warning last: f: the last row looks as if it had not been reported yet: 1 (line 303, 2025-10-27: 0, which none of the 60 rows before is)"}},
		{"a fund that has not reported yet", file(funds, closed, with(f, last, math.NaN()), other, with(total, last, other[last])),
			[]string{
				"warning last: A: no value in the last row, which may be partial, after one in each of the five before: 1 (line 210, 2025-10-27)",
				"note blank: A: blank cell though open (NYSE): 1 (2025-10-27)",
			}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.want == nil {
				tt.want = []string{}
			}
			found := inspected(t, parse(t, tt.text))
			if diff := cmp.Diff(tt.want, said(found)); diff != "" {
				t.Error(diff)
			}
			lines := strings.Split(tt.text, "\n")
			for _, f := range found {
				for _, p := range f.Places {
					if want := p.From.Format(time.DateOnly); p.Line > 0 && !strings.HasPrefix(lines[p.Line-1], want) {
						t.Errorf("line %d is %q, expected that of %s", p.Line, lines[p.Line-1], want)
					}
				}
			}
		})
	}
}

// Clean random walks of 2,000 rows, with changes as heavy in the tails as Student's t
// with three degrees of freedom, never have an error and hardly ever a warning.
func TestCleanWalk(t *testing.T) {
	walks, warned := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 3))
		scale := rapid.Float64Range(.001, .05).Draw(t, "scale")
		v, y := make([]float64, 2000), 10.0
		for i := range v {
			chi := 0.0
			for range 3 {
				n := r.NormFloat64()
				chi += n * n
			}
			y += scale * r.NormFloat64() / math.Sqrt(chi/3)
			v[i] = math.Exp(y)
		}
		s, err := data.NewSeries(data.Meta{Name: "p", Kind: data.Price, Unit: data.USD}, days(len(v)), v)
		if err != nil {
			t.Skip("a walk out of the bounds of a price")
		}
		c := &column{series: s, name: "p", kind: data.Price, moves: true, v: v, at: days(len(v)), rows: make([]int, len(v))}
		walks++
		for _, l := range looks {
			for _, f := range l(c, Defaults) {
				if f.Severity == Error {
					t.Fatalf("an error in a clean walk: %v", f)
				}
				if f.Severity == Warning {
					warned++
				}
			}
		}
	})
	if 20*warned > walks {
		t.Errorf("%d warnings in %d clean walks, expected one in 20 at most", warned, walks)
	}
	t.Logf("%d warnings in %d clean walks", warned, walks)
}

func days(n int) []time.Time {
	out := make([]time.Time, n)
	for i := range out {
		out[i] = day(i)
	}
	return out
}

// Whatever numbers a file holds, it is looked at without a panic, its places are those
// of its lines, and a file differs from itself in nothing.
func TestAnyNumbers(t *testing.T) {
	kinds := []string{"price usd", "flow usd_m", "flow coins", "rate fraction", "level points"}
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.IntRange(1, 120).Draw(r, "rows")
		kind := rapid.SampledFrom(kinds).Draw(r, "kind")
		value := rapid.OneOf(rapid.SampledFrom([]float64{0, 1, -1, 1e-3, 1e300, -1e300, 5e-324, math.NaN()}), rapid.Float64Range(-1e6, 1e6))
		var columns [][]float64
		var heads []string
		for _, name := range []string{"a", "b", "total"} {
			v := make([]float64, n)
			for i := range v {
				if v[i] = value.Draw(r, name); strings.HasPrefix(kind, "price") {
					v[i] = math.Min(math.Abs(v[i])+1e-9, 1e9)
				}
			}
			columns, heads = append(columns, v), append(heads, name+": "+kind)
		}
		columns[0][0] = 1
		var leave func(time.Time) bool
		if rapid.Bool().Draw(r, "sessions") && n > 1 {
			columns[0][1] = 1 // 2 January, a session
			leave = closed
		}
		text := file(heads, leave, columns...)
		table := parse(t, text)
		lines := strings.Count(text, "\n")
		s, err := table.Series(data.Request{Column: "a"})
		if err != nil {
			r.Fatal(err)
		}
		looked := []Column{{s, s.Kind()}}
		for _, name := range []string{"b", "total"} {
			if other, err := table.Series(data.Request{Column: name}); err == nil { // else all cells are blank
				looked = append(looked, Column{other, other.Kind()})
			}
		}
		for _, f := range Table(table, looked, Options{}) {
			for _, p := range f.Places {
				if p.Line > lines || p.From.Before(day(0)) || p.To.After(day(n)) || p.To.Before(p.From) {
					r.Fatalf("%v of %d lines", p, lines)
				}
			}
		}
		if c, err := Compare(table, table, s, s); err == nil && len(c.Findings) > 0 {
			r.Fatalf("beside itself: %v", c.Findings)
		}
	})
}

// The median absolute deviation of Rousseeuw and Croux's example (1, 2, …, 9 and an
// outlier) is 2.5; of many equal values the mean absolute deviation stands in.
func TestRobust(t *testing.T) {
	centre, scale := robust([]float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 1000})
	if centre != 5.5 || math.Abs(scale-consistency*2.5) > 1e-12 {
		t.Errorf("%v and %v, expected 5.5 and 1.4826·2.5", centre, scale)
	}
	if centre, scale = robust([]float64{1, 1, 1, 1, 6}); centre != 1 || scale != 1.2533 {
		t.Errorf("%v and %v, expected 1 and 1.2533", centre, scale)
	}
}

// By hand: among 100 rows, with 2 repeats elsewhere, a run of 4 has q = 3/98 and the
// chance 1 − exp(−100·(1−q)·q³).
func TestRunChance(t *testing.T) {
	q := 3. / 98
	want := 1 - math.Exp(-100*(1-q)*q*q*q)
	if got := runChance(100, 4, 5, tally{rows: 1000, repeats: 3}); math.Abs(got-want) > 1e-15 {
		t.Errorf("%v, expected %v", got, want)
	}
}
