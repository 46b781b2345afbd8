package plots

import (
	"bytes"
	"flag"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"gonum.org/v1/plot/cmpimg"
)

var update = flag.Bool("update", false, "rewrite the golden pictures in testdata")

func half(f Figure, err error) (Figure, error) { f.frame.Size = HalfPage; return f, err }

// partOf shows some months of a figure, and not all of its values.
func partOf(f Figure, err error) (Figure, error) {
	if err == nil {
		f, err = f.Between(day("2025-11-01"), day("2026-01-31"))
	}
	if err == nil {
		f, err = f.Range(85e3, 100e3)
	}
	return f.Titled("Three months, cut at the edges", ""), err
}

var golden = []struct {
	name string
	make func() (Figure, error)
}{
	{"price", func() (Figure, error) { return Price(priceData()) }},
	{"price_half", func() (Figure, error) { return half(Price(priceData())) }},
	{"price_part", func() (Figure, error) { return partOf(Price(priceData())) }},
	{"flows", func() (Figure, error) { return Flows(flowsData()) }},
	{"ledger", func() (Figure, error) { return Ledger(ledgerData()) }},
	{"fan", func() (Figure, error) { return Fan(fanData()) }},
	{"drawdown", func() (Figure, error) { return Drawdown(drawdownData()) }},
	{"treasuries", func() (Figure, error) { return Treasuries(treasuriesData()) }},
	{"treasuries_gone", func() (Figure, error) { return Treasuries(goneData()) }},
	{"waves", func() (Figure, error) { return Waves(wavesData()) }},
	{"distribution", func() (Figure, error) { return Distribution(distributionData()) }},
	{"reverse", func() (Figure, error) { return Price(reverseData()) }},
	{"attribution", func() (Figure, error) { return Waterfall(attributionData()) }},
	{"fragility", func() (Figure, error) { return Levels(fragilityData()) }},
	{"response", func() (Figure, error) { return Response(responseData()) }},
	{"breakdown", func() (Figure, error) { return Breakdown(breakdownData()) }},
	{"breakdown_half", func() (Figure, error) { return half(Breakdown(breakdownData())) }},
	{"aum_bridge", func() (Figure, error) { return AUMBridge(bridgeData()) }},
	{"waterfall", func() (Figure, error) { return Waterfall(waterfallData()) }},
	{"skew", func() (Figure, error) { return Skew(skewData()) }},
	{"sensitivity", func() (Figure, error) { return Sensitivity(sensitivityData()) }},
	{"exposure", func() (Figure, error) { return Exposure(exposureData()) }},
	{"relative", func() (Figure, error) { return Relative(relativeData()) }},
	{"comovement", func() (Figure, error) { return CoMovement(coMovementData()) }},
	{"rolling", func() (Figure, error) { return Rolling(rollingData()) }},
	{"liquidations", func() (Figure, error) { return Liquidations(liquidationsData()) }},
	{"liquidations_hourly", func() (Figure, error) { return Liquidations(hourlyData()) }},
	{"lights", func() (Figure, error) { return Lights(lightsData()) }},
	{"lights_rows", func() (Figure, error) { return Lights(rowsData()) }},
	{"split", func() (Figure, error) { return Split(splitData()) }},
	{"reclaim", func() (Figure, error) { return Reclaim(reclaimData()) }},
	{"probability", func() (Figure, error) { return Probability(probabilityData()) }},
	{"levels", func() (Figure, error) { return Levels(levelsData()) }},
	{"pit", func() (Figure, error) { return PITHistograms(pitData()) }},
	{"coverage", func() (Figure, error) { return Coverage(coverageData()) }},
	{"coverage_half", func() (Figure, error) { return half(Coverage(coverageData())) }},
	{"equity", func() (Figure, error) { return Equity(equityData()) }},
	{"monthly", func() (Figure, error) { return Monthly(monthlyData()) }},
	{"drawdown_periods", func() (Figure, error) { return DrawdownPeriods(periodsData()) }},
	{"rolling_performance", func() (Figure, error) { return Rolling(performanceData()) }},
	{"own_impact", func() (Figure, error) { return OwnImpact(ownImpactData()) }},
	{"walk_forward", func() (Figure, error) { return WalkForward(walkForwardData()) }},
	{"sobol_bars", func() (Figure, error) { return SobolBars(sobolBarsData()) }},
	{"tornado", func() (Figure, error) { return Tornado(tornadoData()) }},
	{"tornado_half", func() (Figure, error) { return half(Tornado(tornadoData())) }},
	{"morris_plane", func() (Figure, error) { return MorrisPlane(morrisPlaneData()) }},
	{"sweep_map", func() (Figure, error) { return SweepMap(sweepMapData(.4)) }},
	{"sweep_map_multiples", func() (Figure, error) { return SweepMap(sweepMapData(.2, .4, .6, .8)) }},
	{"sweep_map_signed", func() (Figure, error) { return SweepMap(signedMapData()) }},
}

// TestGolden compares every chart with the picture in testdata. After a change
// that is meant, run `go test ./plots -update` and look at the pictures.
func TestGolden(t *testing.T) {
	for _, g := range golden {
		t.Run(g.name, func(t *testing.T) {
			t.Parallel()
			got := render(t, g.make)
			path := filepath.Join("testdata", g.name+".png")
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			// The tolerance is a sixteenth of a channel, for the rounding of
			// another processor.
			same, err := cmpimg.EqualApprox("png", got, want, 1./16)
			if err != nil {
				t.Fatal(err)
			}
			if !same {
				t.Errorf("the chart differs from %s", path)
			}
		})
	}
}

// TestSameBytes draws one figure many times at once.
func TestSameBytes(t *testing.T) {
	d := treasuriesData()
	for range 3 { // so many that labels become a legend
		d.Holders = append(d.Holders, d.Holders...)
	}
	fig, err := Treasuries(d)
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	pictures := make([][]byte, 4)
	for i := range pictures {
		wait.Go(func() {
			var b bytes.Buffer
			if err := fig.PNG(&b); err != nil {
				t.Error(err)
			}
			pictures[i] = b.Bytes()
		})
	}
	wait.Wait()
	for i, p := range pictures {
		if !bytes.Equal(p, pictures[0]) {
			t.Errorf("picture %d has other bytes than picture 0", i)
		}
	}
}

func render(t *testing.T, build func() (Figure, error)) []byte {
	t.Helper()
	fig, err := build()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := fig.PNG(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func decode(t *testing.T, raw []byte) image.Image {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return img
}
