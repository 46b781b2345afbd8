package plots

import (
	"bytes"
	"errors"
	"fmt"
	"image/color"
	"math"
	"strings"
	"testing"
)

func hex(c color.NRGBA) string { return fmt.Sprintf("%02x%02x%02x", c.R, c.G, c.B) }

func contrast(c color.NRGBA) float64 {
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= .04045 {
			return s / 12.92
		}
		return math.Pow((s+.055)/1.055, 2.4)
	}
	return 1.05 / (.2126*linear(c.R) + .7152*linear(c.G) + .0722*linear(c.B) + .05)
}

// wantFaults looks for all the faults of a chart's data in its error.
func wantFaults(t *testing.T, build func() (Figure, error), want []string) {
	t.Helper()
	_, err := build()
	if err == nil {
		t.Fatal("no error")
	}
	for _, text := range want {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("error\n%v\nlacks\n%s", err, text)
		}
	}
}

func TestErrors(t *testing.T) {
	inf, three := math.Inf(1), Timeline{Steps: 3}
	ok := []float64{1, 2, 3}
	backwards := dates(3)
	backwards[1] = backwards[0]
	for _, c := range []struct {
		name  string
		build func() (Figure, error)
		want  []string
	}{
		{"no points", func() (Figure, error) { return Price(PriceData{}) },
			[]string{"plots: price: the timeline has no points"}},
		{"negative steps", func() (Figure, error) { return Price(PriceData{Timeline: Timeline{Steps: -3}}) },
			[]string{"plots: price: the timeline has no points"}},
		{"all faults at once", func() (Figure, error) {
			return Price(PriceData{Timeline: Timeline{Times: backwards, Start: 7}, Price: []float64{1, inf, 3}, Counterfactual: []float64{1, 2}, Events: []Event{{At: 3, Label: "late"}, {At: 1, Label: "long", Until: 3}, {At: 2, Label: "backwards", Until: 1}}})
		}, []string{
			"plots: price: times[1] is 2025-08-01 00:00:00 +0000 UTC, not after times[0], 2025-08-01 00:00:00 +0000 UTC",
			"plots: price: start is 7, expected 0 to 2",
			"plots: price: price[1] is +Inf: not a finite number that can be drawn",
			"plots: price: counterfactual has 2 values, the timeline has 3 points",
			`plots: price: event "late" is at 3, expected 0 to 2`,
			`plots: price: event "long" lasts until 3, expected 0 for none or 1 to 2`,
			`plots: price: event "backwards" lasts until 1, expected 0 for none or 2 to 2`,
		}},
		{"no price", func() (Figure, error) { return Price(PriceData{Timeline: three, Price: nan(3)}) },
			[]string{"plots: price: price has no value"}},
		{"negative price", func() (Figure, error) { return Price(PriceData{Timeline: three, Price: []float64{1, -2, 3}}) },
			[]string{"plots: price: price[1] is -2, a price must be more than 0"}},
		{"too large", func() (Figure, error) { return Flows(FlowsData{Timeline: three, Flow: []float64{1, 1e300, 3}}) },
			[]string{"plots: flows: flow[1] is 1e+300: not a finite number that can be drawn"}},
		{"empty ledger", func() (Figure, error) { return Ledger(LedgerData{Timeline: three}) },
			[]string{"plots: ledger: no contribution has a value"}},
		{"gap in the ledger", func() (Figure, error) {
			return Ledger(LedgerData{Timeline: three, News: []float64{1, math.NaN(), 3}})
		}, []string{"plots: ledger: news has a gap before index 2: contributions can only be summed without gaps"}},
		{"no bands", func() (Figure, error) { return Fan(FanData{Timeline: three, Median: ok}) },
			[]string{"plots: fan: 0 bands, expected 1 to 4"}},
		{"crossed band", func() (Figure, error) {
			return Fan(FanData{Timeline: three, Median: ok, Bands: []Band{{"5–95 %", ok, []float64{2, 1, 4}}}})
		}, []string{"plots: fan: 5–95 %: low 2 is above high 1 at index 1"}},
		{"log of nothing", func() (Figure, error) {
			return Fan(FanData{Timeline: three, Median: []float64{1, 0, 2}, Bands: []Band{{"", ok, ok}}, Log: true})
		}, []string{"plots: fan: a value of 0 cannot stand on a log axis"}},
		{"drawdown of one price", func() (Figure, error) {
			return Drawdown(DrawdownData{Timeline: three, Price: []float64{math.NaN(), 5, math.NaN()}})
		}, []string{"plots: drawdown: price: too few values: 1 of at least 2"}},
		{"infinite health", func() (Figure, error) {
			return Treasuries(TreasuriesData{Timeline: three, Price: ok, Holders: []Holder{{Name: "A", HealthFactor: []float64{1, 2, inf}}}})
		}, []string{"plots: treasuries: A health factor[2] is +Inf: not a finite number that can be drawn"}},
		{"no waves", func() (Figure, error) { return Waves(WavesData{}) }, []string{"plots: waves: the timeline has no points"}},
		{"no outcomes", func() (Figure, error) { return Distribution(DistributionData{Outcomes: nan(4)}) },
			[]string{"plots: distribution: outcomes has no value"}},
		{"no response", func() (Figure, error) { return Response(ResponseData{Timeline: three}) },
			[]string{"plots: response: with has 0 values, the timeline has 3 points"}},
		{"all faults of a ladder", func() (Figure, error) {
			return Liquidations(LiquidationsData{Timeline: three, Price: ok, Edges: []float64{1, 1, 2}, LongLadder: [][]float64{{1, 2}, nil, {1, -2}}, ShortLadder: [][]float64{{1}, nil, nil},
				Longs: []float64{0, 1, -1}, ObservedShorts: []float64{0, 1}})
		}, []string{
			"plots: liquidations: edges[1] is 1, not clearly above edges[0], 1",
			"plots: liquidations: longs ladder[2][1] is -2, expected 0 or more",
			"plots: liquidations: shorts ladder[0] has 1 values, expected one for each of 2 buckets",
			"plots: liquidations: longs[2] is -1, expected 0 or more",
			"plots: liquidations: observed shorts has 2 values, the timeline has 3 points",
		}},
		{"no ladder", func() (Figure, error) {
			return Liquidations(LiquidationsData{Timeline: three, Price: ok, Edges: []float64{0, 5}, LongLadder: [][]float64{{1}}, ShortLadder: make([][]float64, 3)})
		}, []string{
			"plots: liquidations: edges[0] is 0, expected a price of more than 0",
			"plots: liquidations: longs ladder has 1 rows, the timeline has 3 points",
			"plots: liquidations: neither the ladder of longs nor that of shorts has a row",
		}},
		{"one edge", func() (Figure, error) {
			return Liquidations(LiquidationsData{Timeline: three, Price: ok, Edges: []float64{5}, LongLadder: [][]float64{{}, nil, {inf}}})
		}, []string{"plots: liquidations: 1 edges of buckets, expected at least 2", "plots: liquidations: longs ladder[2] has 1 values, expected one for each of 0 buckets"}},
		{"no lights", func() (Figure, error) { return Lights(LightsData{Timeline: three}) },
			[]string{"plots: lights: no lights, expected at least 1"}},
		{"half a light", func() (Figure, error) {
			return Lights(LightsData{Timeline: three, Lights: []Light{{Name: "premium", On: []float64{1, .5, 0}, Threshold: inf}, {On: ok[:1]}},
				Recovery: []ProbabilityRun{{Values: []float64{0, 1, 1.1}, Low: []float64{.2, .3, 0}, High: []float64{.3, .2, 0}}}})
		}, []string{
			"plots: lights: premium[1] is 0.5, expected 1 for on, 0 for off or NaN for not known",
			"plots: lights: premium threshold", "is +Inf: not a finite number that can be drawn",
			"plots: lights: lights[1] has 1 values, the timeline has 3 points",
			"plots: lights: recovery[0][2] is 1.1, expected 0 to 1",
			"plots: lights: recovery[0]: low 0.3 is above high 0.2 at index 1",
		}},
		{"no parts of a flow", func() (Figure, error) { return Split(SplitData{Timeline: three, Discretionary: nan(3), Basis: ok}) },
			[]string{"plots: split: neither discretionary nor arbitrage has a value"}},
		{"too many paths", func() (Figure, error) {
			return Reclaim(ReclaimData{Timeline: three, Reclaimed: PathGroup{Share: .6, Median: ok, Bands: []Band{{"5–95 %", ok, []float64{2, 1, 4}}}},
				Not: PathGroup{Share: .5, Median: []float64{1, 0, 1}, Bands: make([]Band, 3)}})
		}, []string{
			"plots: reclaim: level is 0, expected a price of more than 0",
			"plots: reclaim: reclaimed 5–95 %: low 2 is above high 1 at index 1",
			"plots: reclaim: not reclaimed has 3 bands, expected at most 2",
			"plots: reclaim: not reclaimed median[1] is 0, a price must be more than 0",
			"plots: reclaim: the shares of both groups add up to 1.1, expected at most 1",
		}},
		{"no groups", func() (Figure, error) {
			return Reclaim(ReclaimData{Timeline: three, Level: 1, Reclaimed: PathGroup{Share: math.NaN()}})
		},
			[]string{"plots: reclaim: the share of reclaimed is NaN, expected 0 to 1", "plots: reclaim: neither group has a median"}},
		{"no probability", func() (Figure, error) {
			return Probability(ProbabilityData{Timeline: three, Runs: []ProbabilityRun{{Values: nan(3)}}})
		}, []string{"plots: probability: no run has a value"}},
		{"no level", func() (Figure, error) {
			return Levels(LevelsData{Timeline: three, Panels: []LevelPanel{{Heading: "Basis", Series: []LevelSeries{{Values: nan(3)}, {Name: "b", Values: ok[:2]}}, Thresholds: []Threshold{{"hurdle", inf}}}}})
		}, []string{
			"plots: levels: no series has a value",
			"plots: levels: Basis: b has 2 values, the timeline has 3 points",
			"plots: levels: Basis: hurdle", "is +Inf: not a finite number that can be drawn",
		}},
	} {
		t.Run(c.name, func(t *testing.T) { wantFaults(t, c.build, c.want) })
	}
}

type fullDisk struct{}

var errFull = errors.New("no space left on device")

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }

func TestPNGErrors(t *testing.T) {
	if err := (Figure{}).PNG(new(bytes.Buffer)); err == nil {
		t.Error("an empty figure was drawn")
	}
	fig, err := Waves(wavesData())
	if err != nil {
		t.Fatal(err)
	}
	if err := fig.PNG(fullDisk{}); !errors.Is(err, errFull) {
		t.Errorf("error %v, want %v", err, errFull)
	}
}
