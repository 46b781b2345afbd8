package plots

import (
	"fmt"
	"math"

	"github.com/ebb-sim/ebb/sim/stats"
)

func about(v, half float64) stats.Estimate {
	return stats.Estimate{Value: v, Low: v - half, High: v + half}
}

// sobolBarsData has an index that is negative and one that is absent.
func sobolBarsData() SobolBarsData {
	none := math.NaN()
	return SobolBarsData{Frame: frame("Depth decides how far a redemption shock falls", "Sobol indices of the largest fall; 1,024 blocks of 7 runs"), Interval: "95 % interval",
		Note: "12 of 7,168 runs failed: 9 of 1,024 blocks are left out",
		Indices: []SobolIndex{
			{"market depth", about(.41, .05), about(.58, .06)},
			{"share of algorithmic money", about(.22, .04), about(.37, .05)},
			{"redemption response", about(.12, .03), about(.14, .02)},
			{"margin of treasuries", about(-.004, .01), about(.02, .006)},
			{"fee", stats.Estimate{Value: 0, Low: 0, High: 0}, stats.Estimate{Value: none, Low: none, High: none}},
		}}
}

// tornadoData has a parameter whose ends lie on one side, and one whose run failed.
func tornadoData() TornadoData {
	return TornadoData{Frame: frame("Halving depth costs more than doubling the share of algorithmic money", "Each parameter from the low to the high end of its range"),
		Outcome: "Largest fall, mean of 1,000 paths", Unit: Percent, Base: -.31,
		Bars: []TornadoBar{
			{"share of algorithmic money", TornadoEnd{"0 %", -.24}, TornadoEnd{"25 %", -.41}},
			{"market depth", TornadoEnd{"$0.5bn", -.52}, TornadoEnd{"$2bn", -.2}},
			{"speed of redemptions", TornadoEnd{"1 day", -.34}, TornadoEnd{"20 days", -.36}},
			{"margin of treasuries", TornadoEnd{"40 %", math.NaN()}, TornadoEnd{"80 %", -.29}},
			{"fee", TornadoEnd{"0 bp", -.31}, TornadoEnd{"25 bp", -.31}},
		}}
}

func morrisPlaneData() MorrisPlaneData {
	d := MorrisPlaneData{Frame: frame("Three of nine parameters matter", "Elementary effects on the largest fall; 20 trajectories"), Unit: Percent, Interval: "95 % interval"}
	for i, e := range []struct {
		name      string
		mu, sigma float64
	}{{"market depth", .31, .21}, {"share of algorithmic money", .24, .27}, {"redemption response", .17, .03}, {"margin", .04, .05}, {"fee", 0, 0},
		{"speed", .035, .012}, {"half-life", .02, .018}, {"leverage", .06, .02}, {"buyers", .055, .061}} {
		share := .1 + .02*float64(i)
		d.Effects = append(d.Effects, MorrisEffect{e.name, about(e.mu, share*e.mu), about(e.sigma, 1.5*share*e.sigma)})
	}
	return d
}

// sweepMapData is a loop whose gain rises with both parameters; runs beyond 2 fail.
func sweepMapData(margins ...float64) SweepMapData {
	d := SweepMapData{Frame: frame("Thin markets tip at a tenth of algorithmic money", "Largest fall, mean of 1,000 paths"),
		X:       SweepAxis{"share of algorithmic money", nil, Percent},
		Y:       SweepAxis{"market depth", []float64{2e8, 4e8, 6e8, 8e8, 1e9, 1.5e9, 2e9, 4e9}, USD},
		Outcome: "Largest fall", Unit: Percent, Threshold: -.3, ThresholdName: "margin calls begin at"}
	for k := range 13 {
		d.X.Values = append(d.X.Values, float64(k)*.025)
	}
	for _, margin := range margins {
		p := SweepPanel{Name: fmt.Sprintf("margin %.0f %%", 100*margin)}
		for _, depth := range d.Y.Values {
			var row []float64
			for _, share := range d.X.Values {
				gain := share * 1.2e9 / depth * (.5 + margin)
				fall := -.12 / max(.15, 1-gain)
				if gain > 1.4 {
					fall = math.NaN()
				}
				row = append(row, fall)
			}
			p.Outcome = append(p.Outcome, row)
		}
		d.Panels = append(d.Panels, p)
	}
	return d
}

// signedMapData has outcomes of both signs.
func signedMapData() SweepMapData {
	d := SweepMapData{Frame: frame("Who gains from buying the dip", "Return to the end of the run, mean"), X: SweepAxis{"threshold of buyers", nil, Percent}, Y: SweepAxis{"size of buyers", nil, USD},
		Outcome: "Return", Unit: Percent, Threshold: 0, ThresholdName: "break even:"}
	for k := range 9 {
		d.X.Values, d.Y.Values = append(d.X.Values, .05+.05*float64(k)), append(d.Y.Values, 1e8*float64(k+1))
	}
	p := SweepPanel{}
	for k := range d.Y.Values {
		var row []float64
		for i := range d.X.Values {
			row = append(row, .04*float64(i-4)-.02*float64(k-4)+.01*float64((i-4)*(k-4)))
		}
		p.Outcome = append(p.Outcome, row)
	}
	d.Panels = []SweepPanel{p}
	return d
}
