package derive

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/data"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func at(s string) time.Time {
	for _, layout := range []string{time.DateOnly, "2006-01-02 15:04"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t
		}
	}
	panic(s)
}

// prices has rows from a time on, one a step.
func prices(t testing.TB, file, from string, step time.Duration, values ...float64) data.Series {
	t.Helper()
	times := make([]time.Time, len(values))
	for i := range times {
		times[i] = at(from).Add(time.Duration(i) * step)
	}
	return dated(t, file, times, values)
}

func dated(t testing.TB, file string, times []time.Time, values []float64) data.Series {
	t.Helper()
	s, err := data.NewSeries(data.Meta{
		Name: "close", Kind: data.Price, Unit: data.USD,
		Provenance: data.Provenance{File: file, Column: "close", SHA256: "ab"},
	}, times, values)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const days = 24 * time.Hour

func near(t *testing.T, r Result, want map[string]float64) {
	t.Helper()
	got := map[string]float64{}
	for i, at := range r.Times {
		got[at.Format("2006-01-02")] = r.Values[i]
	}
	if len(got) != len(want) {
		t.Errorf("found %v, expected %v", got, want)
	}
	for day, w := range want {
		if v, ok := got[day]; !ok || math.Abs(v-w) > 1e-12*math.Max(1, math.Abs(w)) {
			t.Errorf("%s: found %v, expected %v", day, v, w)
		}
	}
}

func TestPremium(t *testing.T) {
	a := prices(t, "a.csv", "2026-02-03", days, 101, 99, 100, 80)
	b := prices(t, "b.csv", "2026-02-03", days, 100, 100, 100)
	r, err := Premium(a, b, PremiumOptions{})
	if err != nil {
		t.Fatal(err)
	}
	near(t, r, map[string]float64{"2026-02-03": .01, "2026-02-04": -.01, "2026-02-05": 0})
	want := `# ebb history 1
# source: premium of a.csv column close (sha256 ab) over b.csv column close (sha256 ab)
# note: the second price is taken for one in USD: if it is in USDT or USDC, the premium holds the discount of that coin too, at times as much as one percent
# note: left out, no close of the second price at that instant: 1 (2026-02-06)
# column premium: rate fraction
date,premium
2026-02-03,0.01000000
2026-02-04,-0.01000000
2026-02-05,0.00000000
`
	if diff := cmp.Diff(want, string(r.CSV())); diff != "" {
		t.Error(diff)
	}
}

// With the coin at 0.98 USD, 100 of it are 98 USD.
func TestPremiumQuote(t *testing.T) {
	a := prices(t, "a.csv", "2026-02-03", days, 98, 98, 98)
	b := prices(t, "b.csv", "2026-02-03", days, 100, 100, 100)
	quote := prices(t, "usdt.csv", "2026-02-03", days, .98, 1)
	r, err := Premium(a, b, PremiumOptions{Quote: &quote})
	if err != nil {
		t.Fatal(err)
	}
	near(t, r, map[string]float64{"2026-02-03": 0, "2026-02-04": -.02})
	if all := string(r.CSV()); !strings.Contains(all, "no quote rate at that instant: 1 (2026-02-05)") || strings.Contains(all, "taken for one in USD") {
		t.Error(all)
	}
}

// The table that is written is read as what it is.
func TestCSVIsRead(t *testing.T) {
	a := prices(t, "a.csv", "2026-02-03 08:00", 4*time.Hour, 101, 99, 100)
	b := prices(t, "b.csv", "2026-02-03 08:00", 4*time.Hour, 100, 100, 100)
	r, err := Premium(a, b, PremiumOptions{})
	if err != nil {
		t.Fatal(err)
	}
	table, err := data.Parse("premium.csv", r.CSV(), data.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := table.Series(data.Request{})
	if err != nil {
		t.Fatal(err)
	}
	first, v := s.At(1)
	if s.Kind() != data.Rate || s.Unit() != data.Fraction || s.Name() != "premium" || s.Len() != 3 || !first.Equal(at("2026-02-03 12:00")) || v != -.01 {
		t.Errorf("%s %s %s, %d rows, %v %v", s.Name(), s.Kind(), s.Unit(), s.Len(), first, v)
	}
}

func TestPremiumRefuses(t *testing.T) {
	a := prices(t, "a.csv", "2026-02-03", days, 101, 99, 100)
	walk := make([]float64, 60)
	for i := range walk {
		walk[i] = 100 + 10*math.Sin(float64(i*i))
	}
	level, err := data.NewSeries(data.Meta{Name: "l", Kind: data.Level, Unit: data.Coins, Provenance: data.Provenance{File: "l.csv", Column: "l"}}, []time.Time{at("2026-02-03")}, []float64{1})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		a, b data.Series
		want string
	}{
		{a, prices(t, "b.csv", "2026-02-03", 4*time.Hour, 1, 2, 3), "found rows of 24h0m0s in a.csv and of 4h0m0s in b.csv, expected the same length, or that the mismatch is accepted"},
		{a, prices(t, "b.csv", "2026-02-03 05:00", days, 1, 2, 3), "a.csv and b.csv have no close at the same instant; a.csv closes from 2026-02-04 00:00:00 UTC to 2026-02-06 00:00:00 UTC every 24h0m0s, b.csv closes from 2026-02-04 05:00:00 UTC to 2026-02-06 05:00:00 UTC every 24h0m0s"},
		{prices(t, "a.csv", "2026-02-03", days, walk...), prices(t, "b.csv", "2026-02-04", days, walk...), "b.csv looks a row late beside a.csv, as files are that stamp the close of a day with 00:00 UTC of the next; expected closes of the same instant, or that the mismatch is accepted"},
		{a, level, "l.csv: found a level in column l, expected a price"},
	}
	for _, tt := range tests {
		if _, err := Premium(tt.a, tt.b, PremiumOptions{}); err == nil || err.Error() != tt.want {
			t.Errorf("found %v, expected %s", err, tt.want)
		}
	}
	r, err := Premium(a, prices(t, "b.csv", "2026-02-02 05:00", days, 100, 50, 100), PremiumOptions{AcceptMismatch: true})
	if err != nil {
		t.Fatal(err)
	}
	near(t, r, map[string]float64{"2026-02-03": .01, "2026-02-04": .98, "2026-02-05": 0})
}

// By hand: 100 days before expiry a future at 102 over spot at 100 has a basis of 2 %
// · 365/100 = 7.3 % a year.
func TestBasisMethods(t *testing.T) {
	futures := prices(t, "f.csv", "2026-01-01", days, 102)
	spot := prices(t, "s.csv", "2026-01-01", days, 100)
	expiry := Fixed(at("2026-01-02").Add(100 * days))
	for method, want := range map[Method]float64{
		Simple: .073, Log: math.Log(1.02) * 3.65, Compound: math.Pow(1.02, 3.65) - 1,
	} {
		r, err := Basis(futures, spot, BasisOptions{Expiry: expiry, MinDays: 7, Method: method})
		if err != nil {
			t.Fatal(err)
		}
		near(t, r, map[string]float64{"2026-01-01": want})
		if all := string(r.CSV()); r.Name != "basis" || !strings.Contains(all, "# note: "+method.formula()+"; expiry 2026-04-12 00:00 UTC") {
			t.Error(all)
		}
	}
}

// A fair future has the basis of its rate whatever the day.
func TestBasisIsTheRate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rate := rapid.Float64Range(-.3, .3).Draw(t, "rate")
		n := rapid.IntRange(1, 60).Draw(t, "rows")
		expiry := at("2026-03-27")
		var times []time.Time
		var f, s []float64
		for i := range n {
			label := at("2026-01-01").Add(time.Duration(i) * days)
			left := expiry.Sub(label.Add(days)).Hours() / 24
			times, s = append(times, label), append(s, 100+float64(i))
			f = append(f, (100+float64(i))*math.Exp(rate*left/365))
		}
		futures, err := data.NewSeries(data.Meta{Name: "f", Kind: data.Price, Unit: data.USD}, times, f)
		if err != nil {
			t.Fatal(err)
		}
		spot, err := data.NewSeries(data.Meta{Name: "s", Kind: data.Price, Unit: data.USD}, times, s)
		if err != nil {
			t.Fatal(err)
		}
		r, err := Basis(futures, spot, BasisOptions{Expiry: Fixed(expiry), MinDays: 7, Method: Log})
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range r.Values {
			if math.Abs(v-rate) > 1e-9 {
				t.Fatalf("row %d: %v, expected %v", i, v, rate)
			}
		}
		if len(r.Values) != n {
			t.Fatalf("%d rows, expected %d", len(r.Values), n)
		}
	})
}

// Rows near and after expiry are left out, and counted.
func TestBasisNearExpiry(t *testing.T) {
	v := []float64{101, 101, 101, 101, 101, 101, 101, 101, 101, 101}
	futures := prices(t, "f.csv", "2026-01-01", days, v...)
	spot := prices(t, "s.csv", "2026-01-01", days, v...)
	r, err := Basis(futures, spot, BasisOptions{Expiry: Fixed(at("2026-01-09")), MinDays: 5, Method: Simple})
	if err != nil {
		t.Fatal(err)
	}
	near(t, r, map[string]float64{"2026-01-01": 0, "2026-01-02": 0, "2026-01-03": 0})
	all := string(r.CSV())
	for _, want := range []string{"left out, less than 5 days to expiry, where an error of the price would be multiplied by more than 73: 5", "left out, after the expiry or without one: 2"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not in\n%s", want, all)
		}
	}
}

// CME settles at 16:00 in New York: 21:00 UTC in winter, 20:00 in summer. Of hourly
// spot the bar from an hour before is taken; a daily one is refused.
func TestBasisAtTheClose(t *testing.T) {
	at16, err := ParseClock("16:00 America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	o := BasisOptions{Expiry: Fixed(at("2026-06-26")), MinDays: 7, Method: Simple, At: &at16}
	for day, hour := range map[string]int{"2026-01-05": 21, "2026-05-04": 20} {
		v := make([]float64, 24)
		for h := range v {
			v[h] = 100 + float64(h) // the bar from h to h+1
		}
		spot := prices(t, "s.csv", day, time.Hour, v...)
		futures := prices(t, "f.csv", day, days, 200)
		r, err := Basis(futures, spot, o)
		if err != nil {
			t.Fatal(err)
		}
		left := at("2026-06-26").Sub(at(day).Add(time.Duration(hour)*time.Hour)).Hours() / 24
		near(t, r, map[string]float64{day: (200/(100+float64(hour-1)) - 1) * 365 / left})
	}

	spot := prices(t, "s.csv", "2026-01-04", days, 99, 100, 101)
	futures := prices(t, "f.csv", "2026-01-05", days, 102)
	_, err = Basis(futures, spot, o)
	if want := "no spot price at the close of the future: found spot closes at 2026-01-05 00:00 UTC and futures at 2026-01-05 21:00 UTC; take a spot file of finer bars, say with the time of day when the future closes, or accept the mismatch"; err == nil || err.Error() != want {
		t.Errorf("found %v, expected %s", err, want)
	}
	o.AcceptMismatch = true
	r, err := Basis(futures, spot, o)
	if err != nil {
		t.Fatal(err)
	}
	left := at("2026-06-26").Sub(at("2026-01-05 21:00")).Hours() / 24
	near(t, r, map[string]float64{"2026-01-05": (102./100 - 1) * 365 / left}) // the close three hours later
	// Spot moves by 1 % a day, and by √(3/24) of that in three hours.
	if all := string(r.CSV()); !strings.Contains(all, "on 1 of 1 rows spot is not of the instant of the future's close, typically by 3h0m0s, at most by 3h0m0s; spot typically moves by 0.35 % in that time, an error of the basis of 0.8 percentage points a year at the usual 171 days to expiry") {
		t.Error(all)
	}
}

// Daily futures of an exchange with sessions do not close with the UTC day.
func TestBasisOfSessions(t *testing.T) {
	var times []time.Time
	var v []float64
	for d := at("2026-01-02"); len(times) < 15; d = d.Add(days) {
		if data.NYSE.Open(d) {
			times, v = append(times, d), append(v, 100)
		}
	}
	futures := dated(t, "f.csv", times, v)
	_, err := Basis(futures, prices(t, "s.csv", "2026-01-02", days, v...), BasisOptions{Expiry: Fixed(at("2026-06-26")), MinDays: 7, Method: Simple})
	if want := "f.csv has rows on sessions of the NYSE only, so its days do not end at 00:00 UTC; say with the time of day when the future closes (CME: 16:00 America/New_York), or accept the mismatch"; err == nil || err.Error() != want {
		t.Errorf("found %v, expected %s", err, want)
	}
}

// A perpetual a day late beside spot would have the return of a day for its premium.
func TestBasisRefusesALateRow(t *testing.T) {
	v := make([]float64, 60)
	for i := range v {
		v[i] = 100 + 10*math.Sin(float64(i*i))
	}
	late, spot := prices(t, "f.csv", "2026-02-04", days, v...), prices(t, "s.csv", "2026-02-03", days, v...)
	if _, err := Basis(late, spot, BasisOptions{}); err == nil || !strings.HasPrefix(err.Error(), "f.csv looks a row late beside s.csv") {
		t.Errorf("found %v", err)
	}
	if _, err := Basis(late, spot, BasisOptions{AcceptMismatch: true}); err != nil {
		t.Error(err)
	}
}

// What compounds beyond any number is left out.
func TestBasisBoundless(t *testing.T) {
	futures := prices(t, "f.csv", "2026-02-05", days, 1e12, 101)
	spot := prices(t, "s.csv", "2026-02-05", days, 1e-12, 100)
	r, err := Basis(futures, spot, BasisOptions{Expiry: Fixed(at("2026-02-20")), MinDays: 7, Method: Compound})
	if err != nil {
		t.Fatal(err)
	}
	near(t, r, map[string]float64{"2026-02-06": math.Pow(1.01, 365./13) - 1})
	if all := string(r.CSV()); !strings.Contains(all, "left out, too large for a number: 1 (2026-02-05)") {
		t.Error(all)
	}
}

func TestPerpetual(t *testing.T) {
	futures := prices(t, "f.csv", "2026-02-05", days, 99.5)
	r, err := Basis(futures, prices(t, "s.csv", "2026-02-05", days, 100), BasisOptions{})
	if err != nil {
		t.Fatal(err)
	}
	near(t, r, map[string]float64{"2026-02-05": -.005})
	if r.Name != "premium" || !strings.Contains(string(r.CSV()), "F/S - 1, not annualised") {
		t.Errorf("%s", r.CSV())
	}
}

// CME's expiries: the last Friday, or the day before if it is a holiday.
func TestRolling(t *testing.T) {
	london, err := ParseClock("16:00 Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		months    int
		end, want string
	}{
		{1, "2026-02-05 21:00", "2026-02-27 16:00"},
		{1, "2026-02-27 16:00", "2026-02-27 16:00"},
		{1, "2026-02-27 16:01", "2026-03-27 16:00"}, // still winter in London
		{1, "2025-12-27 00:00", "2026-01-30 16:00"},
		{3, "2026-02-05 21:00", "2026-03-27 16:00"},
		{3, "2026-03-28 00:00", "2026-06-26 15:00"}, // summer in London
		{1, "2018-03-01 00:00", "2018-03-29 15:00"}, // Good Friday was the 30th
	} {
		got, ok := Rolling{tt.months, london}.of(0, at(tt.end))
		if !ok || !got.Equal(at(tt.want)) {
			t.Errorf("%d months from %s: %v, expected %s", tt.months, tt.end, got, tt.want)
		}
	}
}

func TestParseClock(t *testing.T) {
	for text, want := range map[string]string{"08:00": "08:00 UTC", "16:00 America/New_York": "16:00 America/New_York"} {
		if c, err := ParseClock(text); err != nil || c.String() != want {
			t.Errorf("%q: %v, %v, expected %s", text, c, err, want)
		}
	}
	for _, text := range []string{"", "4pm", "25:00", "16:00 Nowhere/Town", "16:00 Local", "16:00 UTC now"} {
		if c, err := ParseClock(text); err == nil {
			t.Errorf("%q: %v, expected an error", text, c)
		}
	}
}
