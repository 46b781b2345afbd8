package mechanism_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/mechanism"
)

// vulnerable is the published example of Greenwood, Landier and Thesmar's rounds.
func vulnerable() mechanism.FireSale {
	return mechanism.FireSale{Weights: [][]float64{{.6, .4}, {.2, .8}}, Assets: []float64{100, 50}, Leverage: []float64{9, 4},
		Impact: []float64{.001, .002}}
}

func nearAll(t *testing.T, what string, got, want []float64, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d values, want %d", what, len(got), len(want))
	}
	for i := range want {
		near(t, what, got[i], want[i], tolerance)
	}
}

func TestFireSaleRounds(t *testing.T) {
	shock := []float64{-.05, 0}
	for _, want := range []mechanism.FireSaleRound{
		{Returns: []float64{-.03, -.01}, Orders: []float64{-16.6, -12.4}, Shock: []float64{-.0166, -.0248}},
		{Returns: []float64{-.01988, -.02316}, Orders: []float64{-11.6616, -10.8624}, Shock: []float64{-.0116616, -.0217248}},
	} {
		round, err := vulnerable().Round(shock)
		if err != nil {
			t.Fatal(err)
		}
		nearAll(t, "returns", round.Returns, want.Returns, 1e-15)
		nearAll(t, "orders", round.Orders, want.Orders, 1e-13)
		nearAll(t, "next returns", round.Shock, want.Shock, 1e-15)
		shock = round.Shock
	}
}

func TestShapesThatDoNotFit(t *testing.T) {
	for name, change := range map[string]func(*mechanism.FireSale){
		"assets":   func(f *mechanism.FireSale) { f.Assets = f.Assets[:1] },
		"leverage": func(f *mechanism.FireSale) { f.Leverage = nil },
		"impact":   func(f *mechanism.FireSale) { f.Impact = f.Impact[:1] },
		"weights":  func(f *mechanism.FireSale) { f.Weights[1] = f.Weights[1][:1] },
	} {
		f := vulnerable()
		change(&f)
		if _, err := f.Round([]float64{-.05, 0}); err == nil {
			t.Errorf("%s of another shape gave no error", name)
		}
	}
	for name, covariance := range map[string][][]float64{"rows": {{1, 0}}, "columns": {{1, 0}, {0}}} {
		if _, err := mechanism.DistressedCovariance(covariance, []float64{1, 1}, []float64{1, 1}, 1); err == nil {
			t.Errorf("%s of another shape gave no error", name)
		}
	}
	if _, err := mechanism.DistressedCovariance([][]float64{{1}}, []float64{1}, nil, 1); err == nil {
		t.Error("no depth gave no error")
	}
}

// banks is the same economy as a mechanism.
func banks() *mechanism.Portfolio {
	c := defaults[*mechanism.Portfolio]("portfolio")
	c.Holders = []mechanism.LeveragedPortfolio{
		{Name: "large", Assets: 100, DebtToEquity: 9, Weights: map[string]float64{"btc": .6, "eth": .4}},
		{Name: "small", Assets: 50, DebtToEquity: 4, Weights: map[string]float64{"btc": .2, "eth": .8}},
	}
	return c
}

func exact(p *sim.Plan) { p.Tolerance = 1e-12 }

// Each wave is a round. The mechanism carries assets and weights on from wave to
// wave and returns are logs, so it is the published example in the limit of small
// returns: what differs shrinks with the shock.
func TestWavesAreRounds(t *testing.T) {
	plan := stage(t, banks(), 1, []sim.Asset{asset("btc", 1, 1000), asset("eth", 1, 500)}, exact)
	published := [][]float64{{-16.6, -12.4}, {-11.6616, -10.8624}}
	var apart [2]float64
	for i, size := range []float64{1e-2, 1e-4} {
		waves := record(t, plan, []float64{-.05 * size, 0})
		for k, want := range published {
			for a := range want {
				apart[i] = max(apart[i], math.Abs(waves[k][a]/size/want[a]-1))
			}
		}
	}
	if apart[0] > 1e-2 || apart[1] > apart[0]/50 || apart[1] == 0 {
		t.Errorf("a shock of .05 %% differs from the rounds by %v of them, one of .0005 %% by %v", apart[0], apart[1])
	}

	// all rounds together: F = (1 − L·Mᵀ·A·B·M)⁻¹·F₁
	g11, g12 := .001*(900*.6*.6+200*.2*.2), .001*(900*.6*.4+200*.2*.8)
	g21, g22 := .002*(900*.4*.6+200*.8*.2), .002*(900*.4*.4+200*.8*.8)
	det := (1-g11)*(1-g22) - g12*g21
	const size = 1e-6
	path := perform(t, plan, scripts{{-.05 * size, 0}})
	near(t, "first asset after all rounds", path.LogPrice[0][1]/size, -.05*(1-g22)/det, 1e-5)
	near(t, "second asset after all rounds", path.LogPrice[1][1]/size, -.05*g21/det, 1e-5)
}

// distressed is the published example of Cont and Wagalath: V = 30 of which 68 %
// are still held, on a straight stretch of f with f′/V₀ = 1.6/40 = 1.2/30.
func distressed() *mechanism.Portfolio {
	c := defaults[*mechanism.Portfolio]("portfolio")
	c.Holders = []mechanism.LeveragedPortfolio{{Name: "fund", Assets: .68 * 30, Weights: map[string]float64{"btc": 1. / 3, "eth": 2. / 3},
		Exit: &mechanism.Exit{Threshold: .95, Liquidated: .325, Curvature: 1, ValueRatio: .75}}}
	return c
}

var (
	fundamental = [][]float64{{.02 * .02, 0}, {0, .03 * .03}}
	distress    = [][]float64{{.0004384, .000128}, {.000128, .0013}}
)

func TestDistressedCovariance(t *testing.T) {
	got, err := mechanism.DistressedCovariance(fundamental, []float64{10, 20}, []float64{100, 80}, 1.2/30)
	if err != nil {
		t.Fatal(err)
	}
	for i := range got {
		nearAll(t, "covariance", got[i], distress[i], 1e-17)
	}
	calm, err := mechanism.DistressedCovariance(fundamental, []float64{10, 20}, []float64{100, 80}, 0)
	if err != nil {
		t.Fatal(err)
	}
	for i := range calm {
		nearAll(t, "covariance without sales", calm[i], fundamental[i], 0)
	}
}

// One wave after the news is Cont and Wagalath's step. News of ±σ√dt in every
// combination has exactly the fundamental covariance, so what is realised tends
// to theirs as dt does to 0, without sampling error.
func TestDistressInSmallSteps(t *testing.T) {
	assets := []sim.Asset{asset("btc", 1, 100), asset("eth", 1, 80)}
	runner := sim.NewRunner(stage(t, distressed(), 1, assets, exact, func(p *sim.Plan) { p.MaxWaves = 1 }))
	runner.Start()
	const root = 1e-4 // √dt
	var realised [2][2]float64
	for _, sign := range [][]float64{{1, 1}, {1, -1}, {-1, 1}, {-1, -1}} {
		runner.Try([]float64{sign[0] * .02 * root, sign[1] * .03 * root}, nil)
		r := [2]float64{runner.Market().LogPrice(0), runner.Market().LogPrice(1)}
		for i := range r {
			for j := range r {
				realised[i][j] += r[i] * r[j] / 4 / (root * root)
			}
		}
	}
	for i := range realised {
		nearAll(t, "realised covariance", realised[i][:], distress[i], 1e-8)
	}
}

// A path in small steps, wave after wave until nobody sells: the realised
// covariance is that of the slope s/(1−s·πᵀΛ), and at the slope s/(1+s·πᵀΛ) the
// published one.
func TestRealisedCovariance(t *testing.T) {
	const steps, span = 20000, 1e-4 // one run is a ten-thousandth of the time unit: the state hardly changes
	const slope, loop = 1.2 / 30, 1.2 / 30 * (10*10/100. + 20*20/80.)
	all, err := mechanism.DistressedCovariance(fundamental, []float64{10, 20}, []float64{100, 80}, slope/(1-loop))
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		fallen float64 // of the curve, threshold − V/V₀
		width  float64 // of the curve, 1/f′
		want   [][]float64
	}{
		"the published curve":         {.2, 1 / 1.6, all},
		"a curve flatter by its loop": {.2, (1 + loop) / 1.6, distress},
		"above the threshold":         {-.2, .1, fundamental},
	} {
		t.Run(name, func(t *testing.T) {
			c := distressed()
			curve := c.Holders[0].Exit
			curve.Threshold = curve.ValueRatio + tt.fallen
			curve.Liquidated = curve.Threshold - tt.width
			c.Holders[0].Assets = curve.Held(curve.ValueRatio) * 30
			rng := rand.New(rand.NewPCG(3, 14))
			news := make(scripts, steps)
			for k := range news {
				news[k] = []float64{.02 * math.Sqrt(span/steps) * rng.NormFloat64(), .03 * math.Sqrt(span/steps) * rng.NormFloat64()}
			}
			path := perform(t, stage(t, c, steps, []sim.Asset{asset("btc", 1, 100), asset("eth", 1, 80)}, exact), news)
			for i := range 2 {
				for j := range 2 {
					realised := 0.
					for k := range steps {
						realised += (path.LogPrice[i][k+1] - path.LogPrice[i][k]) * (path.LogPrice[j][k+1] - path.LogPrice[j][k]) / span
					}
					sampling := math.Sqrt((tt.want[i][i]*tt.want[j][j] + tt.want[i][j]*tt.want[i][j]) / steps)
					near(t, "realised covariance", realised, tt.want[i][j], 3*sampling)
				}
			}
		})
	}
}
