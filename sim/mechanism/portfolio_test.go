package mechanism_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/mechanism/mechanismtest"
	"pgregory.net/rapid"
)

func portfolios(h ...mechanism.LeveragedPortfolio) *mechanism.Portfolio {
	c := defaults[*mechanism.Portfolio]("portfolio")
	c.Holders = h
	return c
}

// half holds $100, half of it in each of two assets, with $50 borrowed.
func half() mechanism.LeveragedPortfolio {
	return mechanism.LeveragedPortfolio{Name: "half", Assets: 100, DebtToEquity: 1, Weights: map[string]float64{"btc": .5, "eth": .5}}
}

// pair is two assets that orders do not move.
func pair() []sim.Asset { return []sim.Asset{asset("btc", 10, deep), asset("eth", 5, deep)} }

func TestPortfolioSuite(t *testing.T) {
	mixed := func(assets float64) mechanism.Config {
		return portfolios(
			mechanism.LeveragedPortfolio{Name: "a bank", Assets: 20 * assets, DebtToEquity: 1.5, Weights: map[string]float64{"btc": .5, "eth": .3, "sol": .2}},
			mechanism.LeveragedPortfolio{Name: "a fund", Assets: 5 * assets, DebtToEquity: .5, Weights: map[string]float64{"btc": .2, "sol": .8},
				Exit: &mechanism.Exit{Threshold: .95, Liquidated: .3, Curvature: 2, ValueRatio: 1}})
	}
	for name, buys := range map[string]bool{"both ways": true, "one way": false} {
		t.Run(name, func(t *testing.T) {
			mechanismtest.Check(t, mechanismtest.Subject{Assets: []string{"btc", "eth", "sol"}, Prices: []float64{90e3, 3e3, 150},
				Config: func() mechanism.Config {
					c := mixed(1e9).(*mechanism.Portfolio)
					c.Buys = buys
					return c
				},
				Nothing: func() mechanism.Config { return mixed(0) }, Drift: 0})
		})
	}
}

// A fall of a fifth in one asset, answered in both: $90 of assets, $50 of debt,
// $40 of equity carry $80 of assets. The $10 come in proportion to holdings.
func TestDeleveraging(t *testing.T) {
	path := perform(t, stage(t, portfolios(half()), 2, pair()), scripts{{math.Log(.8), 0}, {math.Log(1.25), 0}})
	orders := path.Ledger.Orders[0]
	near(t, "btc sold", orders[0][0], -10*40/90., 1e-12)
	near(t, "eth sold", orders[1][0], -10*50/90., 1e-12)
	near(t, "net sales", report(t, path, "half.sold")[0], 10, 1e-12)
	near(t, "assets", report(t, path, "half.assets")[0], 80, 1e-12)
	near(t, "equity", report(t, path, "half.equity")[0], 40, 1e-12)
	near(t, "leverage", report(t, path, "half.leverage")[0], 2, 1e-12)

	// back up: 4/9 of the portfolio gains a quarter, $80 become $88.89; as much again is bought
	near(t, "bought after the gain", report(t, path, "half.sold")[1], -80./9, 1e-12)
	near(t, "equity after the gain", report(t, path, "half.equity")[1], 40+80./9, 1e-12)
	near(t, "leverage after the gain", report(t, path, "half.leverage")[1], 2, 1e-12)
}

// Where sales move the prices that the leverage is measured by, the step ends at
// that leverage all the same.
func TestLeverageAfterFeedback(t *testing.T) {
	for _, news := range []float64{-.05, .05} {
		h := half()
		h.DebtToEquity = 3
		path := perform(t, stage(t, portfolios(h), 1, []sim.Asset{asset("btc", 10, 300), asset("eth", 5, 250)}), scripts{{news, 0}})
		near(t, "leverage", report(t, path, "half.leverage")[0], 4, 1e-9)
		if moved := path.LogPrice[1][1] - path.LogPrice[1][0]; moved*news < 1e-3 {
			t.Errorf("news of %v in btc moves eth by %v: the subject is too tame", news, moved)
		}
	}
}

// Beyond a gain of 1 a fall ends when everything is sold, a rise never: that is an
// error, not a price.
func TestPortfolioWithoutLimit(t *testing.T) {
	h := half()
	h.DebtToEquity = 9
	plan := stage(t, portfolios(h), 1, []sim.Asset{asset("btc", 10, 100), asset("eth", 5, 100)})
	path := perform(t, plan, scripts{{-.01, -.01}})
	near(t, "assets after a fall", report(t, path, "half.assets")[0], 0, 0)
	if x := path.LogPrice[0][1] - path.LogPrice[0][0]; x < -.01-.5 || x > -.1 {
		t.Errorf("a return of %v, expected no more than what $50 move", x)
	}
	err := sim.NewRunner(plan).Run(scripts{{.01, .01}}, plan.NewPath(false))
	if err == nil || !strings.Contains(err.Error(), "has left the numbers") || !strings.Contains(err.Error(), "orders of subject") {
		t.Errorf("a rise gives %v", err)
	}
}

// Who only sells keeps the lower leverage after a gain.
func TestOneWay(t *testing.T) {
	c := portfolios(half())
	c.Buys = false
	path := perform(t, stage(t, c, 2, pair()), scripts{{math.Log(.8), 0}, {math.Log(1.25), 0}})
	near(t, "sold after the fall", report(t, path, "half.sold")[0], 10, 1e-12)
	near(t, "sold after the gain", report(t, path, "half.sold")[1], 0, 0)
	near(t, "leverage after the gain", report(t, path, "half.leverage")[1], (80+80./9)/(40+80./9), 1e-12)
}

// A loss of all the equity: everything is sold, bad debt stays, and no recovery
// of the price brings the holder back.
func TestWipedOut(t *testing.T) {
	path := perform(t, stage(t, portfolios(half()), 3, pair()), scripts{{math.Log(.4), math.Log(.4)}, {1, 1}, {-1, -1}})
	near(t, "sold", report(t, path, "half.sold")[0], 40, 1e-12)
	for k := range 3 {
		near(t, "assets", report(t, path, "half.assets")[k], 0, 0)
		near(t, "equity", report(t, path, "half.equity")[k], -10, 1e-12)
		if v := report(t, path, "half.leverage")[k]; !math.IsNaN(v) {
			t.Errorf("leverage is %v without equity", v)
		}
	}
	near(t, "sold later", report(t, path, "half.sold")[1], 0, 0)
}

// With Cont and Wagalath's curve: threshold .9, nothing left at .5, a parabola.
func TestExit(t *testing.T) {
	curve := mechanism.Exit{Threshold: .9, Liquidated: .5, Curvature: 2, ValueRatio: 1}
	for v, want := range map[float64]float64{1.2: 1, .9: 1, .8: 1 - 1./16, .7: .75, .5: 0, .1: 0} {
		near(t, fmt.Sprintf("f(%v)", v), curve.Held(v), want, 1e-12)
	}
	h := half()
	h.Exit, h.DebtToEquity = &curve, 0
	all := func(v float64) []float64 { return []float64{math.Log(v), math.Log(v)} }
	path := perform(t, stage(t, portfolios(h), 5, pair()), scripts{all(.95), all(.7 / .95), all(.8 / .7), all(.4 / .8), all(2)})
	for k, want := range []float64{0, 70 * .25, -80 * (.25 - 1./16), 40 * (1 - 1./16), 0} {
		near(t, "sold", report(t, path, "half.sold")[k], want, 1e-12)
	}
	near(t, "cash", report(t, path, "half.equity")[4], 17.5-15+37.5, 1e-12)
	near(t, "leverage", report(t, path, "half.leverage")[4], 0, 0)
}

// Losses that came before the start: what is held is what the curve has left.
func TestExitHalfWayDown(t *testing.T) {
	h := half()
	h.Exit = &mechanism.Exit{Threshold: .9, Liquidated: .5, Curvature: 2, ValueRatio: .7}
	path := perform(t, stage(t, portfolios(h), 2, pair()), scripts{{0, 0}, {math.Log(8. / 7), math.Log(8. / 7)}})
	near(t, "sold at rest", report(t, path, "half.sold")[0], 0, 0)
	near(t, "assets", report(t, path, "half.assets")[0], 100, 1e-12)
	near(t, "assets after a gain", report(t, path, "half.assets")[1], 100*8/7.*(15./16)/.75, 1e-12)
}

// The published correlation, by hand: two returns of each asset and a past of
// one, with half the weight of yesterday.
func TestCorrelation(t *testing.T) {
	h := half()
	h.DebtToEquity = 0
	c := portfolios(h)
	c.CorrelationDecay = .5
	series := mechanism.CorrelationSeries("btc", "eth")
	news := scripts{{.02, -.01}, {.01, .03}}
	path := perform(t, stage(t, c, 2, pair()), news)
	if v := report(t, path, series)[0]; !math.IsNaN(v) {
		t.Errorf("correlation is %v after one return", v)
	}
	xy, xx, yy := .5*.02*-.01+.01*.03, .5*.02*.02+.01*.01, .5*.01*.01+.03*.03
	near(t, "correlation", report(t, path, series)[1], xy/math.Sqrt(xx*yy), 1e-9)

	// with a past, at once
	past := func(p *sim.Plan) {
		p.Past.LogPrice = [][]float64{{math.Log(10) - .04}, {math.Log(5) - .02}}
	}
	path = perform(t, stage(t, c, 2, pair(), past), news)
	xy, xx, yy = .5*.04*.02+.02*-.01, .5*.04*.04+.02*.02, .5*.02*.02+.01*.01
	near(t, "correlation after a past", report(t, path, series)[0], xy/math.Sqrt(xx*yy), 1e-9)
}

// An asset that stands still has no correlation.
func TestNoCorrelation(t *testing.T) {
	path := perform(t, stage(t, portfolios(half()), 40, pair()), scripts{{.01, 0}})
	if v := report(t, path, "btc_eth.correlation")[39]; !math.IsNaN(v) {
		t.Errorf("correlation is %v with an asset that stands still", v)
	}
}

// The contagion channel: news that has nothing in common, and holdings that
// have. Leverage correlates the assets at all times, an exit only in a fall.
func TestOverlapCorrelates(t *testing.T) {
	const calm, falling = 60, 40
	rng := rand.New(rand.NewPCG(1, 2))
	news := make(scripts, calm+falling)
	for k := range news {
		trend := 0.
		if k >= calm {
			trend = -.01
		}
		news[k] = []float64{trend + .02*rng.NormFloat64(), trend + .02*rng.NormFloat64()}
	}
	correlation := func(adjust func(h *mechanism.LeveragedPortfolio)) []float64 {
		h := half()
		h.Assets, h.DebtToEquity = 60e9, 0
		adjust(&h)
		path := perform(t, stage(t, portfolios(h), len(news), []sim.Asset{asset("btc", 90e3, 3e11), asset("eth", 3e3, 3e11)}), news)
		return report(t, path, "btc_eth.correlation")
	}
	alone := correlation(func(*mechanism.LeveragedPortfolio) {})
	leverage := correlation(func(h *mechanism.LeveragedPortfolio) { h.DebtToEquity = 2 })
	exit := correlation(func(h *mechanism.LeveragedPortfolio) {
		h.Assets = 180e9
		h.Exit = &mechanism.Exit{Threshold: .8, Liquidated: .1, Curvature: 1.5, ValueRatio: 1}
	})
	for k := range news {
		switch {
		case math.IsNaN(alone[k]):
		case k < calm:
			near(t, "correlation of an exit in calm", exit[k], alone[k], 1e-9)
		case k >= calm+3*falling/4 && exit[k] < alone[k]+.05:
			t.Errorf("day %d: correlation %v in the exit, %v without", k, exit[k], alone[k])
		}
		if k > 20 && leverage[k] < alone[k]+.05 {
			t.Errorf("day %d: correlation %v with leverage, %v without", k, leverage[k], alone[k])
		}
	}
}

// The order of the assets and of the holders does not matter.
func TestPortfolioOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		names := []string{"btc", "eth", "sol"}
		var list []mechanism.LeveragedPortfolio
		for i := range rapid.IntRange(1, 3).Draw(rt, "holders") {
			w := rapid.SliceOfN(rapid.Float64Range(.05, 1), 3, 3).Draw(rt, "weights")
			sum := w[0] + w[1] + w[2]
			h := mechanism.LeveragedPortfolio{Name: fmt.Sprint("holder ", i), Assets: rapid.Float64Range(1e8, 5e9).Draw(rt, "assets"),
				DebtToEquity: rapid.Float64Range(0, 3).Draw(rt, "B"), Weights: map[string]float64{"btc": w[0] / sum, "eth": w[1] / sum, "sol": w[2] / sum}}
			if rapid.Bool().Draw(rt, "exit") {
				h.Exit = &mechanism.Exit{Threshold: .98, Liquidated: .4, Curvature: 2, ValueRatio: 1}
			}
			list = append(list, h)
		}
		steps := rapid.SliceOfN(rapid.SliceOfN(rapid.Float64Range(-.1, .1), 3, 3), 8, 8).Draw(rt, "news")
		order := rapid.Permutation([]int{0, 1, 2}).Draw(rt, "order")
		run := func(order []int, holders []mechanism.LeveragedPortfolio) *sim.Path {
			var assets []sim.Asset
			news := make(scripts, len(steps))
			for _, a := range order {
				assets = append(assets, asset(names[a], float64(100*(a+1)), 3e11))
				for k := range steps {
					news[k] = append(news[k], steps[k][a])
				}
			}
			return perform(t, stage(t, portfolios(holders...), len(steps), assets), news)
		}
		straight := run([]int{0, 1, 2}, list)
		reversed := slices.Clone(list)
		slices.Reverse(reversed)
		turned := run(order, reversed)
		for i, a := range order {
			for k, want := range straight.LogPrice[a] {
				if got := turned.LogPrice[i][k]; math.Abs(got-want) > 1e-9 {
					rt.Fatalf("%s, step %d: log price %v in another order, %v before", names[a], k, got, want)
				}
			}
		}
	})
}

// Whatever the parameters within their bounds, nothing panics or becomes
// infinite, and nothing is sold short.
func TestOddPortfolios(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		pick := func(name string, least, most float64) float64 {
			return rapid.OneOf(rapid.Just(least), rapid.Just(most), rapid.Float64Range(least, most)).Draw(rt, name)
		}
		w := pick("weight", 0, 1)
		bank := mechanism.LeveragedPortfolio{Name: "bank", Assets: pick("assets", 0, 1e12), DebtToEquity: pick("B", 0, 30),
			Weights: map[string]float64{"btc": w, "eth": 1 - w}}
		fund := bank
		fund.Name, fund.Assets = "fund", pick("fund's assets", 0, 1e12)
		threshold := pick("threshold", .01, 2)
		liquidated := threshold * pick("liquidated", 0, .99)
		fund.Exit = &mechanism.Exit{Threshold: threshold, Liquidated: liquidated, Curvature: pick("curvature", 1, 50), ValueRatio: liquidated + pick("ratio", .01, 2)}
		c := portfolios(bank, fund)
		c.Buys, c.CorrelationDecay = rapid.Bool().Draw(rt, "buys"), pick("decay", .01, .999)
		const steps = 20
		step := rapid.SampledFrom([]time.Duration{5 * time.Minute, 24 * time.Hour, 7 * 24 * time.Hour}).Draw(rt, "step")
		plan := stage(t, c, steps, []sim.Asset{asset("btc", pick("price", 1e-3, 1e6), 3e11), asset("eth", pick("price", 1e-3, 1e6), pick("depth", 1e9, 1e13))},
			func(p *sim.Plan) { p.Step, p.MaxWaves, p.Tolerance = step, 30, 1 })
		news := scripts(rapid.SliceOfN(rapid.SliceOfN(rapid.Float64Range(-1, 1), 2, 2), steps, steps).Draw(rt, "news"))
		path := plan.NewPath(true)
		if err := sim.NewRunner(plan).Run(news, path); err != nil {
			if !strings.Contains(err.Error(), "has left the numbers") {
				rt.Fatal(err)
			}
			return
		}
		for i, r := range plan.Reports() {
			for k, v := range path.Reports[i] {
				if math.IsInf(v, 0) || v < 0 && strings.HasSuffix(r.Name, ".assets") || math.Abs(v) > 1+1e-9 && strings.HasSuffix(r.Name, ".correlation") {
					rt.Fatalf("step %d: %s is %v", k+1, r.Name, v)
				}
			}
		}
	})
}

func TestPortfolioFaults(t *testing.T) {
	c := portfolios(
		mechanism.LeveragedPortfolio{Name: "A b", Weights: map[string]float64{"btc": .5, "doge": .5}},
		mechanism.LeveragedPortfolio{Name: "a B", Weights: map[string]float64{"btc": 1.5, "eth": -.5},
			Exit: &mechanism.Exit{Threshold: .5, Liquidated: .6}},
		mechanism.LeveragedPortfolio{Name: "c", Weights: map[string]float64{"btc": 1}, Exit: &mechanism.Exit{Threshold: .9, Liquidated: .6, ValueRatio: .6}},
		mechanism.LeveragedPortfolio{Name: "d"})
	faults(t, c, `holders[0].weights.doge: found "doge", expected one of btc, eth`, "holders[0].weights: found a sum of 0.5, expected a sum of 1",
		"holders[1].weights.btc: found 1.5", "holders[1].weights.eth: found -0.5", "holders[1].exit.liquidated: found 0.6, expected less than threshold, 0.5",
		"holders[1].name", "holders[2].exit.value_ratio: found 0.6, expected more than liquidated, 0.6", "holders[3].weights: found a sum of 0")

	// so near the end of the curve that rounding leaves nothing to hold
	h := half()
	h.Exit = &mechanism.Exit{Threshold: 2, Liquidated: .1, Curvature: 1, ValueRatio: math.Nextafter(.1, 1)}
	faults(t, portfolios(h), "holders[0].exit.value_ratio: found 0.10000000000000002, expected more than liquidated, 0.1")
	faults(t, portfolios(), "holders: found an empty list")
}

// faults builds what must fail on btc and eth, with all of the messages.
func faults(t *testing.T, c mechanism.Config, messages ...string) {
	t.Helper()
	_, err := c.Build("x", &mechanism.Env{Assets: []string{"btc", "eth"}, Step: 24 * time.Hour})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range messages {
		if !strings.Contains("\n"+err.Error(), "\n"+want) {
			t.Errorf("error lacks %q:\n%v", want, err)
		}
	}
	if lines := strings.Count(err.Error(), "\n") + 1; lines != len(messages) {
		t.Errorf("%d faults, want %d:\n%v", lines, len(messages), err)
	}
}

// A mechanism is what its parameters were when it was built.
func TestBuiltPortfoliosDoNotChange(t *testing.T) {
	h := half()
	h.Exit = &mechanism.Exit{Threshold: .9, Liquidated: .5, Curvature: 2, ValueRatio: 1}
	c := portfolios(h)
	news := scripts{{-.2, -.2}}
	want := report(t, perform(t, stage(t, c, 1, pair()), news), "half.sold")[0]
	plan := stage(t, c, 1, pair())
	h.Exit.Threshold, h.Weights["btc"], c.Buys, c.Holders[0].Assets = .6, 1, false, 1
	near(t, "sold after the parameters were changed", report(t, perform(t, plan, news), "half.sold")[0], want, 0)
	if want == 0 {
		t.Error("nothing was sold")
	}
}

func TestPortfolioAllocatesNothing(t *testing.T) {
	h := half()
	h.Assets = 10e9
	unallocated(t, portfolios(h), []sim.Asset{asset("btc", 90e3, 3e11), asset("eth", 3e3, 1e11)})
}
