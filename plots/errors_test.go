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
		}, []string{"plots: drawdown: too few values: 1 of at least 2"}},
		{"infinite health", func() (Figure, error) {
			return Treasuries(TreasuriesData{Timeline: three, Price: ok, Holders: []Holder{{Name: "A", HealthFactor: []float64{1, 2, inf}}}})
		}, []string{"plots: treasuries: A health factor[2] is +Inf: not a finite number that can be drawn"}},
		{"no waves", func() (Figure, error) { return Waves(WavesData{}) }, []string{"plots: waves: the timeline has no points"}},
		{"no outcomes", func() (Figure, error) { return Distribution(DistributionData{Outcomes: nan(4)}) },
			[]string{"plots: distribution: outcomes has no value"}},
		{"no response", func() (Figure, error) { return Response(ResponseData{Timeline: three}) },
			[]string{"plots: response: with has 0 values, the timeline has 3 points"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := c.build()
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error\n%v\nlacks\n%s", err, want)
				}
			}
		})
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
