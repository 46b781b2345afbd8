package plots

import (
	"bytes"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPanelsOfSystems: a panel without data is left out.
func TestPanelsOfSystems(t *testing.T) {
	headings := func(f Figure, err error) []string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		var found []string
		for _, p := range f.panels {
			found = append(found, p.heading)
		}
		return found
	}
	interest, liquidated, open := "Open interest by liquidation price, USD per 1\u00a0% of price", "Liquidated per day, USD", "Open interest, USD"
	d := liquidationsData()
	whole := headings(Liquidations(d))
	d.Longs, d.Shorts, d.OpenInterest = nil, nan(len(d.Price)), nil
	seen := headings(Liquidations(d))
	d.ObservedLongs, d.ObservedShorts, d.ObservedOpenInterest, d.LongLadder = nil, nil, nil, nil
	half := headings(Liquidations(d))

	lights := lightsData()
	lights.Lights[0].Value, lights.Lights[2].Value, lights.Recovery = nil, nan(days), nil
	rows := headings(Lights(lights))

	split := splitData()
	split.Basis, split.Hurdle = nil, nil
	flows := headings(Split(split))

	levels := levelsData()
	levels.Panels[1].Series[0].Values = nan(days)
	lines := headings(Levels(levels))
	for _, c := range []struct{ got, want []string }{
		{whole, []string{interest, liquidated, open}},
		{seen, []string{interest, liquidated, open}},
		{half, []string{interest}},
		{rows, []string{"Price, USD", "", "ETF flows over four weeks, USD: on above 0"}},
		{flows, []string{"Net flow per day, USD", "Running sum from 4\u00a0Aug\u00a02025, USD"}},
		{lines, []string{"Futures basis, % a year", "mNAV, market value over coins held"}},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Error(diff)
		}
	}
}

// TestStackedFlows: parts of one sign stand on each other, those of two signs on
// either side of zero.
func TestStackedFlows(t *testing.T) {
	none := math.NaN()
	b := bins{of: []int{0, 1, 2, 3}, x: []float64{0, 1, 2, 3}, width: 1}
	p := stackedFlows("", b, []flowPart{{flow: []float64{2, -1, 3, none}}, {flow: []float64{1, -4, -2, -5}}})
	first, second := p.fills[0].(bars), p.fills[1].(bars)
	for _, c := range []struct{ got, want []float64 }{
		{first.from, []float64{0, 0, 0, none}}, {first.to, []float64{2, -1, 3, none}},
		{second.from, []float64{2, -1, 0, 0}}, {second.to, []float64{3, -5, -2, -5}},
	} {
		if diff := cmp.Diff(c.want, c.got, close9); diff != "" {
			t.Error(diff)
		}
	}
}

// TestSplitSums: the sum of both parts is the sum of their sums, also where only
// one was published.
func TestSplitSums(t *testing.T) {
	none := math.NaN()
	f, err := Split(SplitData{Timeline: Timeline{Steps: 4}, Discretionary: []float64{none, 10, none, 5}, Arbitrage: []float64{none, -3, -4, none}})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range f.panels[1].ends {
		got = append(got, e.text)
	}
	if want := []string{"discretionary $15", "arbitrage −$7", "both $8"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := f.panels[1].heading, "Running sum from step\u00a01, USD"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestReclaimLabels: both groups say their share; one without paths says so in the
// note.
func TestReclaimLabels(t *testing.T) {
	d := reclaimData()
	f, err := Reclaim(d)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range f.panels[0].ends {
		got = append(got, e.text)
	}
	if want := []string{"level $93k", "do not: 62\u00a0% of paths, median $76.5k", "reclaim $93k: 38\u00a0% of paths, median $101k"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	d.Reclaimed, d.Not.Share = PathGroup{}, 1
	if f, err = Reclaim(d); err != nil {
		t.Fatal(err)
	}
	if got, want := f.panels[0].note, "shaded: 5–95 % and 25–75 % of each group; reclaim $93k: 0\u00a0% of paths"; got != want {
		t.Errorf("note %q, want %q", got, want)
	}
}

// TestSystemsAreImmutable: figures do not change with the data they were made
// from.
func TestSystemsAreImmutable(t *testing.T) {
	ladder, lights := liquidationsData(), lightsData()
	for name, c := range map[string]struct {
		build  func() (Figure, error)
		series [][]float64
	}{
		"liquidations": {func() (Figure, error) { return Liquidations(ladder) }, append(slices.Concat(ladder.LongLadder, ladder.ShortLadder), ladder.Edges, ladder.Longs)},
		"lights":       {func() (Figure, error) { return Lights(lights) }, [][]float64{lights.Lights[0].On, lights.Lights[1].Value, lights.Recovery[0].Low}},
	} {
		f, err := c.build()
		if err != nil {
			t.Fatal(err)
		}
		picture := func() (Figure, error) { return f, nil }
		before := render(t, picture)
		for _, s := range c.series {
			for i := range s {
				s[i] = 1
			}
		}
		if !bytes.Equal(before, render(t, picture)) {
			t.Errorf("%s: the picture changed with the data", name)
		}
	}
}

// TestGroupNoteNamesEveryBand: also one whose label ends another.
func TestGroupNoteNamesEveryBand(t *testing.T) {
	g := PathGroup{Median: []float64{1}, Bands: []Band{{Label: "5–95 %"}, {Label: "95 %"}}}
	if got, want := groupNote("$93k", g, g), "shaded: 5–95 % and 95 % of each group"; got != want {
		t.Errorf("the note is %q, want %q", got, want)
	}
}
