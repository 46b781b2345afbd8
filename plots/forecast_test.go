package plots

import (
	"bytes"
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// pitData is a model that is right, one that is too narrow, and one without forecasts
// over the longer horizon.
func pitData() PITData {
	return PITData{Frame: frame("Where Bitcoin's returns lay in the forecasts", "Share of forecasts; dashed: a right model; shaded: 95 % of its bars"),
		Rows: []PITRow{
			{"1 day ahead", []PIT{{"with feedback", "with feedback", []int{11, 14, 10, 13, 12, 9, 15, 12, 13, 11}, 6, 19},
				{"no feedback", "no feedback", []int{25, 13, 9, 7, 6, 8, 7, 10, 12, 23}, 6, 19}, {"garch", "garch", []int{12, 16, 11, 9, 15, 10, 12, 11, 15, 9}, 6, 19}}},
			{"20 days ahead", []PIT{{"with feedback", "with feedback", []int{22, 10, 5, 16, 17, 10, 9, 8, 8, 0}, 0, 35},
				{"no feedback", "no feedback", []int{40, 8, 4, 6, 9, 8, 5, 6, 7, 12}, 0, 35}, {"garch", "garch", nil, 0, 0}}},
		}}
}

func coverageData() CoverageData {
	none := math.NaN()
	model := func(name string, by float64) CoverageModel {
		m := CoverageModel{Name: name, Kind: name}
		for _, p := range []float64{.1, .2, .3, .4, .5, .6, .7, .8, .9} {
			c := Covered{p, p + by*p*(1-p), none, none}
			if p == .5 || p == .9 {
				c.Low, c.High = c.Share-.09, min(c.Share+.09, 1)
			}
			m.Points = append(m.Points, c)
		}
		return m
	}
	models := []CoverageModel{model("with feedback", .05), model("no feedback", -.5), model("gbm", .35), model("garch", .1), {Name: "none"}}
	return CoverageData{Frame: frame("How often Bitcoin's forecasts held what came", "Share inside a central interval; dashed: as claimed; bars: 95 %"),
		Panels: []CoveragePanel{{"1 day ahead", models}, {"5 days ahead", models}}}
}

func TestForecastChartFaults(t *testing.T) {
	inf, none := math.Inf(1), math.NaN()
	pit := func(m ...PIT) func() (Figure, error) {
		return func() (Figure, error) { return PITHistograms(PITData{Rows: []PITRow{{"a", m}}}) }
	}
	covered := func(points ...Covered) func() (Figure, error) {
		return func() (Figure, error) {
			return Coverage(CoverageData{Panels: []CoveragePanel{{"a", []CoverageModel{{"m", "", points}}}}})
		}
	}
	for _, c := range []struct {
		name  string
		build func() (Figure, error)
		want  []string
	}{
		{"no rows", func() (Figure, error) { return PITHistograms(PITData{}) }, []string{"plots: PIT: there are no rows"}},
		{"no forecasts at all", pit(PIT{Model: "m"}), []string{"plots: PIT: no model has forecasts"}},
		{"no models", pit(), []string{"plots: PIT: a: 0 models, expected 1 to 5"}},
		{"uneven rows", func() (Figure, error) {
			return PITHistograms(PITData{Rows: []PITRow{{"", make([]PIT, 2)}, {"b", make([]PIT, 3)}}})
		}, []string{"plots: PIT: rows[0] has no name", "plots: PIT: b: 3 models, expected 1 to 5, and as many in every row"}},
		{"counts", pit(PIT{"m", "", []int{3, -1}, 0, 2}, PIT{"n", "", []int{0, 0}, 2, 1}, PIT{"o", "", []int{7}, 0, inf}), []string{
			"plots: PIT: a, m: counts[1] is -1, expected 0 or more", "plots: PIT: a, n: 0 forecasts in 2 parts", "plots: PIT: a, n: a band from 2 to 1",
			"plots: PIT: a, o: 7 forecasts in 1 parts", "plots: PIT: a, o: a band from 0 to +Inf"}},
		{"no panels", func() (Figure, error) { return Coverage(CoverageData{}) }, []string{"plots: coverage: 0 panels, expected 1 to 4"}},
		{"no shares", covered(Covered{.5, none, none, none}), []string{"plots: coverage: no model has forecasts"}},
		{"shares", covered(Covered{.5, 1.2, none, none}, Covered{.4, .5, .6, .7}, Covered{.9, .5, -inf, inf}), []string{
			"plots: coverage: a, m: 1.2 at 0.5, expected 0 to 1", "plots: coverage: a, m: nominal[1] is 0.4, expected more than 0.5",
			"the interval from 0.6 to 0.7 at 0.4 does not hold 0.5", "+Inf at 0.9, expected 0 to 1"}},
		{"too many models", func() (Figure, error) {
			return Coverage(CoverageData{Panels: []CoveragePanel{{"a", make([]CoverageModel, 6)}}})
		}, []string{"plots: coverage: a: 6 models, expected 1 to 5"}},
	} {
		t.Run(c.name, func(t *testing.T) { wantFaults(t, c.build, c.want) })
	}
}

// Odd data are drawn: one forecast, millions, two parts and two hundred, long names, five
// models, six horizons, both sizes.
func TestForecastChartsOfOddData(t *testing.T) {
	long := "a model with a name that goes on and on"
	many := make([]int, 200)
	for i := range many {
		many[i] = 1e6 * (i % 3)
	}
	for name, counts := range map[string][]int{"one": {0, 1}, "many": many, "all in one part": {9, 0, 0, 0}} {
		for _, size := range []Size{FullWidth, HalfPage} {
			d := PITData{Frame: Frame{Title: long, Size: size}}
			for i := range 6 {
				row := PITRow{Name: fmt.Sprintf("%d days ahead", i+1)}
				for range mostPITs {
					row.Models = append(row.Models, PIT{long, "", counts, 0, 1e7})
				}
				d.Rows = append(d.Rows, row)
			}
			drawn(t, name, func() (Figure, error) { return PITHistograms(d) })
		}
	}
	none := math.NaN()
	for name, points := range map[string][]Covered{"none": nil, "one": {{.5, 0, 0, 0}}, "all": {{.5, 1, 1, 1}, {.99, 1, .2, 1}}, "absent": {{.1, none, none, none}, {.2, .3, none, .4}}} {
		for _, size := range []Size{FullWidth, HalfPage} {
			p := CoveragePanel{Name: long, Models: []CoverageModel{{long, "", points}, {"b", "", []Covered{{.5, .5, .4, .6}}}, {"", "", points}}}
			drawn(t, name, func() (Figure, error) {
				return Coverage(CoverageData{Frame: Frame{Size: size}, Panels: []CoveragePanel{p, p, p, p}})
			})
		}
	}
}

func drawn(t *testing.T, name string, build func() (Figure, error)) {
	t.Helper()
	figure, err := build()
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	var b bytes.Buffer
	if err := figure.PNG(&b); err != nil || b.Len() < 1000 {
		t.Errorf("%s: %d bytes, %v", name, b.Len(), err)
	}
}

// Whatever the data, a chart is drawn or an error is returned.
func TestForecastChartsNeverPanic(t *testing.T) {
	values := []float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, -1, 1, .5, .9, 1e300, 5e-324}
	rapid.Check(t, func(t *rapid.T) {
		one := func() float64 { return rapid.SampledFrom(values).Draw(t, "value") }
		counts := rapid.SliceOfN(rapid.IntRange(-1, 9), 0, 4).Draw(t, "counts")
		models := []PIT{{"m", "gbm", counts, one(), one()}, {"n", "", nil, 0, 0}}
		point := Covered{one(), one(), one(), one()}
		for _, build := range []func() (Figure, error){
			func() (Figure, error) { return PITHistograms(PITData{Rows: []PITRow{{"a", models}}}) },
			func() (Figure, error) {
				return Coverage(CoverageData{Panels: []CoveragePanel{{"a", []CoverageModel{{"m", "", []Covered{point}}}}}})
			},
		} {
			if figure, err := build(); err == nil {
				figure.layOut()
			}
		}
	})
}
