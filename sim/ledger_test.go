package sim_test

import (
	"math"
	"testing"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/impact"
)

// Several assets, several laws, parts, scales and shares of their own, decaying
// impact, capped waves: news + Σ mechanisms = return, and the names under which
// the engine sorts the mechanisms change no more than rounding.
func TestLedgerOfManyAssets(t *testing.T) {
	const steps = 60
	share := func(x float64) *float64 { return &x }
	play := func(names [3]string) *sim.Path {
		p := onePlan(steps, impact.SquareRoot{Y: 1, Volatility: .025, Volume: 1})
		second := p.Assets[0]
		second.Name, second.Law, second.Permanent, second.Kernel = "eth", impact.Exponential{Depth: 2, Floor: .1}, .2, sim.Kernel{Power: .7}
		third := p.Assets[0]
		third.Name, third.Law, third.DepthExponent = "sol", impact.Linear{Depth1Pct: .02}, 1.5
		p.Assets[0].Permanent, p.Assets[0].Kernel = .5, sim.Kernel{Decay: .8}
		p.Assets = append(p.Assets, second, third)
		p.MaxWaves = 12
		p.Entries = []sim.Entry{
			{Mechanism: spread{names[0], []float64{.3, -.2, .1, .05, .1, -.1}}, ImpactScale: 3},
			{Mechanism: spread{names[1], []float64{-.1, .4, .2, .1, -.3, .2}}, Permanent: share(.1)},
			{Mechanism: spread{names[2], []float64{.2, .1, -.3, -.1, .1, .3}}, Permanent: share(1), ImpactScale: .5},
		}
		plan := compile(t, p)
		path := plan.NewPath(true)
		if err := sim.NewRunner(plan).Run(waving{}, path); err != nil {
			t.Fatal(err)
		}
		return path
	}
	path := play([3]string{"a", "b", "c"})
	if path.Capped == 0 || path.Capped == steps {
		t.Fatalf("%d of %d steps are capped: the subject is too tame, or too wild", path.Capped, steps)
	}
	for a := range path.LogPrice {
		for k := range steps {
			sum, most := path.Ledger.News[a][k], 0.0
			for row := range path.Ledger.Rows {
				sum += path.Ledger.Return[row][a][k]
				most = max(most, math.Abs(path.Ledger.Return[row][a][k]))
			}
			near(t, "news + Σ mechanisms", sum, path.LogPrice[a][k+1]-path.LogPrice[a][k], 1e-12)
			if most == 0 {
				t.Fatalf("nobody moved asset %d in step %d", a, k)
			}
		}
	}
	renamed := play([3]string{"c", "a", "b"})
	for a := range path.LogPrice {
		for k := range steps + 1 {
			near(t, "log price under other names", renamed.LogPrice[a][k], path.LogPrice[a][k], 1e-9)
		}
	}
}

// spread trades all assets in two parts: each part wants its own multiple of
// the step's return of each asset.
type spread struct {
	name string
	usd  []float64 // part × asset
}

type spreader struct {
	spread
	traded []float64
}

func (s spread) Name() string    { return s.name }
func (s spread) Parts() []string { return []string{"one", "two"} }
func (s spread) Start(*sim.Market) sim.Trader {
	return &spreader{spread: s, traded: make([]float64, len(s.usd))}
}
func (s *spreader) Begin(*sim.Market)  { clear(s.traded) }
func (s *spreader) Settle(*sim.Market) {}
func (s *spreader) Trade(m *sim.Market, o []float64) {
	for i, usd := range s.usd {
		want := usd * (m.LogPrice(i%m.Assets()) - m.Open(i%m.Assets()))
		o[i] += want - s.traded[i]
		s.traded[i] = want
	}
}

// waving is news without chance.
type waving struct{}

func (waving) Next(step int, news, _ []float64) {
	for a := range news {
		news[a] = .03 * math.Sin(float64(7*step+3*a+1))
	}
}
