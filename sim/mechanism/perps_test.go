package mechanism_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/impact"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/mechanism/mechanismtest"
	"pgregory.net/rapid"
)

func leveraged() *mechanism.Perps {
	c := defaults[*mechanism.Perps]("perps")
	c.Asset, c.OpenInterest = "btc", 15e9
	return c
}

// single are positions of one leverage, which nobody opens or closes.
func single(leverage, width float64) *mechanism.Perps {
	c := leveraged()
	c.Leverage, c.Shares = []float64{leverage}, []float64{1}
	c.Turnover, c.Rebuild, c.EntryWidth = 0, 0, width
	return c
}

func TestPerpsSuite(t *testing.T) {
	mechanismtest.Check(t, mechanismtest.Subject{Assets: []string{"btc", "eth"}, Prices: []float64{110e3, 4000},
		Config:  func() mechanism.Config { return leveraged() },
		Nothing: func() mechanism.Config { c := leveraged(); c.OpenInterest = 0; return c },
		Drift:   1e-9})
}

func TestLiquidationPrices(t *testing.T) {
	for leverage, want := range map[float64]float64{5: 80402.01, 10: 90452.26, 20: 95477.39, 50: 98492.46, 100: 99497.49} {
		near(t, "long", mechanism.LongLiquidation(100e3, leverage, .005), want, .005)
	}
	near(t, "short", mechanism.ShortLiquidation(100e3, 20, .005), 104477.61, .005)
	near(t, "inverse long", mechanism.InverseLongLiquidation(100e3, 20, .005), 95714.29, .005)
}

// An even ladder multiplies a shock by 1/(1−gain): impact .001 per unit, density
// 600 and a shock of 2 make a fall of 5. A unit of price is 1e-8 of a log price
// here, so that a coin is worth the same on the whole way.
func TestEvenLadder(t *testing.T) {
	const unit, price = 1e-8, 100e3
	for _, sign := range []float64{1, -1} {
		for _, tt := range []struct{ impact, density, shock, want float64 }{
			{.001, 600, 2, 5}, {.001, 0, 2, 2}, {.001, 900, 2, 20}, {.002, 250, -3, -6},
		} {
			c := single(100, .05)
			drop := math.Log(price / mechanism.LongLiquidation(price, 100, c.MaintenanceMargin))
			if sign*tt.shock < 0 {
				drop = math.Log(mechanism.ShortLiquidation(price, 100, c.MaintenanceMargin) / price)
			}
			c.OpenInterest = tt.density * (.05 + drop) / unit // from the price to the farthest entry's liquidation
			path := play(t, c, price, .01/(tt.impact*unit), 1, script{news: []float64{-sign * tt.shock * unit}})
			near(t, "fall", (path.LogPrice[0][0]-path.LogPrice[0][1])/unit, sign*tt.want, 3e-5)
		}
	}
}

// While the gain is below 1, what is liquidated is continuous in the news: on a
// grid a quarter as wide the largest increment is about a quarter.
func TestLiquidationIsContinuousInTheNews(t *testing.T) {
	c := leveraged()
	c.Insurance = 1e12 // what is closed against the other side is not sold
	env := &mechanism.Env{Assets: []string{"btc"}, Step: 24 * time.Hour}
	r := sim.NewRunner(planOf(t, c, env, 3e9, 40))
	rng := rand.New(rand.NewPCG(3, 3))
	r.Start()
	for range 30 { // a ladder with a past
		r.Try([]float64{.025 * rng.NormFloat64()}, nil)
		if err := r.Settle(); err != nil {
			t.Fatal(err)
		}
	}
	largest := func(grid float64) float64 {
		last, most := math.NaN(), 0.0
		for e := -.25; e <= .25; e += grid {
			r.Try([]float64{e}, nil)
			x := r.Market().LogPrice(0)
			if x-last > most {
				most = x - last
			} else if x < last {
				t.Fatalf("news of %.6f moves the price to %.9f, less news to %.9f", e, x, last)
			}
			last = x
		}
		return most
	}
	coarse, fine := largest(4e-5), largest(1e-5)
	if fine > .3*coarse || coarse > 4e-5*3 {
		t.Errorf("largest increment of the log price %g on a grid of 4e-5, %g on one of 1e-5", coarse, fine)
	}
}

// planOf is a plan of one mechanism under a linear permanent law.
func planOf(t testing.TB, c mechanism.Config, env *mechanism.Env, depth1pct float64, steps int) *sim.Plan {
	t.Helper()
	m, err := c.Build("perps", env)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := sim.Compile(sim.Plan{Step: env.Step, Steps: steps, Entries: []sim.Entry{{Mechanism: m}}, Assets: []sim.Asset{
		{Name: "btc", Price: 100e3, Law: impact.Linear{Depth1Pct: depth1pct}, Permanent: 1, Volatility: .025, VolatilityDecay: .94}}})
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// extremes is geometric Brownian motion that visits, within each step, its least
// price: drawn from the law of a Brownian bridge's minimum, so that nothing is
// missed between the steps. Steps come in pairs: to the minimum, to the close.
type extremes struct {
	sd, drift float64 // of a pair
	uniform   func() (u, v float64)
	back      float64
}

func (e *extremes) Next(step int, news, _ []float64) {
	if step%2 == 1 {
		news[0] = e.back
		return
	}
	u, v := e.uniform()
	r := e.drift + e.sd*math.Sqrt2*math.Erfinv(2*u-1)
	low := (r - math.Sqrt(r*r-2*e.sd*e.sd*math.Log(v))) / 2
	news[0], e.back = low, r-low
}

// Longs liquidated within 7 days under geometric Brownian motion without drift
// of the price, σ = .6, against the closed form of continuous monitoring. In one
// step the ladder must hit it but for the quadrature of 20,000 points and a
// bucket's width; in hourly steps but for four standard errors of 3,000 paths and
// for a bucket's width, by which the ladder may be early on a path that comes back
// to a bucket it has been in.
func TestLiquidatedWithinAWeek(t *testing.T) {
	const σ, years = .6, 7. / 365
	const width = 1. / 1024
	sd := σ * math.Sqrt(years)
	for leverage, want := range map[float64]float64{10: .238735, 20: .590877, 50: .861362} {
		barrier := math.Log(mechanism.LongLiquidation(1, leverage, .005))
		closed := func(b float64) float64 {
			Φ := func(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }
			ν := -σ * σ / 2
			return Φ((b-ν*years)/sd) + math.Exp(2*ν*b/(σ*σ))*Φ((b+ν*years)/sd)
		}
		near(t, "closed form", closed(barrier), want, 5e-7)

		liquidated := func(pairs, paths int, uniform func() (u, v float64)) float64 {
			c := single(leverage, 0)
			c.Insurance = math.Inf(1)
			step := 7 * 24 * time.Hour / time.Duration(2*pairs)
			plan := planOf(t, c, &mechanism.Env{Assets: []string{"btc"}, Step: step}, deep, 2*pairs)
			left := 0.0
			source := &extremes{sd: sd / math.Sqrt(float64(pairs)), drift: -sd * sd / 2 / float64(pairs), uniform: uniform}
			r, path := sim.NewRunner(plan), plan.NewPath(false)
			for range paths {
				if err := r.Run(source, path); err != nil {
					t.Fatal(err)
				}
				longs := report(t, path, "btc.open_interest_long")
				left += longs[2*pairs-1] / path.Price(0, 2*pairs) / (c.OpenInterest / 100e3)
			}
			return 1 - left/float64(paths)
		}
		const points = 20_000
		k := 0
		lattice := func() (u, v float64) { // Fibonacci lattice
			u, v = (float64(k%points)+.5)/points, math.Mod(float64(k)*math.Phi+.5, 1)
			k++
			return u, v
		}
		near(t, "liquidated, one step", liquidated(1, points, lattice), want, 5e-4)

		const paths = 3000
		rng := rand.New(rand.NewPCG(7, uint64(leverage)))
		early := closed(barrier+width) - want
		got := liquidated(168, paths, func() (u, v float64) { return rng.Float64(), rng.Float64() })
		error4 := 4 * math.Sqrt(want*(1-want)/paths)
		if got < want-error4 || got > want+early+error4 {
			t.Errorf("leverage %v: %.4f liquidated in hourly steps, expected %.4f − %.4f to + %.4f", leverage, got, want, error4, early+error4)
		}
	}
}

// The same Brownian paths in steps of a day, an hour and a quarter of an hour, in a
// market that orders do not move: steps of an hour are short enough. Those of a day
// do not reach the extremes between the closes, and liquidate about two thirds.
func TestLiquidationInStepsOfAnyLength(t *testing.T) {
	const days, paths, quarters = 60, 40, 96
	quarter := .5 / math.Sqrt(365*quarters)
	run := func(perDay int) (liquidated, held float64) {
		c, step := leveraged(), dayLong/time.Duration(perDay)
		plan := planOf(t, c, &mechanism.Env{Assets: []string{"btc"}, Step: step}, deep, days*perDay)
		runner, path := sim.NewRunner(plan), plan.NewPath(false)
		for seed := range uint64(paths) {
			rng, news := rand.New(rand.NewPCG(seed, 1)), make([]float64, days*perDay)
			for k := range days * quarters {
				news[k*perDay/quarters] += quarter * rng.NormFloat64()
			}
			if err := runner.Run(script{news: news}, path); err != nil {
				t.Fatal(err)
			}
			for _, side := range []string{"longs", "shorts"} {
				for _, usd := range report(t, path, "btc.liquidated_"+side) {
					liquidated += usd / paths
				}
			}
			held += report(t, path, "btc.open_interest_long")[len(news)-1] / paths
		}
		return liquidated, held
	}
	daily, heldDaily := run(1)
	hourly, heldHourly := run(24)
	fine, heldFine := run(quarters)
	near(t, "liquidated in hours over that in quarters of an hour", hourly/fine, .96, .02)
	near(t, "liquidated in days over that in hours", daily/hourly, .67, .04)
	near(t, "held after hours over that after quarters of an hour", heldHourly/heldFine, 1.01, .01)
	near(t, "held after days over that after hours", heldDaily/heldHourly, 1.07, .03)
}

// Where positions are liquidated, turned over and rebuilt, what is held is what
// was held, with what was opened, without what was closed and liquidated; and
// the ladder by price holds as much as the books.
func TestPositionsAreConserved(t *testing.T) {
	c := leveraged()
	c.Rebuild, c.Insurance = .3, 1e12
	env := &mechanism.Env{Assets: []string{"btc"}, Prices: []float64{100e3}, Step: 24 * time.Hour}
	plan := planOf(t, c, env, deep, 200)
	profiles := plan.Entries[0].Mechanism.(sim.Profiler).Profiles()
	if len(profiles) != 2 {
		t.Fatalf("%d profiles, expected one of each side", len(profiles))
	}
	edges := profiles[0].Edges
	kept := &keeper{Mechanism: plan.Entries[0].Mechanism}
	watched := *plan
	watched.Entries = []sim.Entry{{Mechanism: kept}}
	again, err := sim.Compile(watched)
	if err != nil {
		t.Fatal(err)
	}
	r, rng := sim.NewRunner(again), rand.New(rand.NewPCG(5, 5))
	r.Start()
	out, was, order := make([]float64, 6), [2]float64{c.OpenInterest / 100e3, c.OpenInterest / 100e3}, [2]float64{}
	profile := [][]float64{make([]float64, len(edges)-1), make([]float64, len(edges)-1)}
	for k := range 200 {
		r.Try([]float64{.04 * rng.NormFloat64()}, nil)
		price := r.Market().Price(0)
		if err := r.Settle(); err != nil {
			t.Fatal(err)
		}
		kept.trader.Report(r.Market(), out)
		kept.trader.Profile(r.Market(), profile)
		for side := range 2 {
			held, liquidated := out[side]/price, out[2+side]/price
			near(t, "coins held", held, was[side]+order[side]-liquidated, 1e-9*held)
			was[side], order[side] = held, .3*(c.OpenInterest/price-held)
			sum := 0.0
			for b, usd := range profile[side] {
				if usd < -1e-3 {
					t.Fatalf("step %d: a bucket holds %v", k, usd)
				}
				if passed := side == 0 && edges[b] > price || side == 1 && edges[b+1] < price; passed && math.Abs(usd) > 1e-3 {
					t.Fatalf("step %d, price %.0f: %v is left between %.0f and %.0f", k, price, usd, edges[b], edges[b+1])
				}
				sum += usd
			}
			near(t, "profile", sum, out[side], 1e-9*out[side])
		}
		if t.Failed() {
			t.Fatalf("at step %d", k)
		}
	}
}

// keeper keeps the trader of the last path in reach.
type keeper struct {
	sim.Mechanism
	trader interface {
		sim.ReportingTrader
		sim.ProfilingTrader
	}
}

func (k *keeper) Parts() []string { return k.Mechanism.(sim.Parted).Parts() }

func (k *keeper) Start(m *sim.Market) sim.Trader {
	t := k.Mechanism.Start(m)
	k.trader = t.(interface {
		sim.ReportingTrader
		sim.ProfilingTrader
	})
	return t
}

// What a fall has flushed is bought back at the stated speed, a day late, and as
// fast in hours as in days.
func TestRebuildIsAnOrder(t *testing.T) {
	c := leveraged()
	c.Insurance = 1e12
	flat := make([]float64, 14)
	flat[0] = -.1
	daily, hourly := inSteps(t, c, 24*time.Hour, flat), inSteps(t, c, time.Hour, flat)
	gap := func(p *sim.Path, side string, k int) float64 {
		return c.OpenInterest - report(t, p, "btc.open_interest_"+side)[k]
	}
	for _, side := range []string{"long", "short"} {
		for d := range 14 {
			near(t, side+" missing in daily steps", gap(daily, side, d), gap(daily, side, 0)*math.Pow(.9, float64(d)), 1)
			near(t, side+" missing in hourly steps", gap(hourly, side, 24*d+23), gap(hourly, side, 0)*math.Pow(.9, float64(24*d+23)/24), 1)
		}
	}
	for d := 1; d < 14; d++ {
		want := .1 * (gap(daily, "long", d-1) - gap(daily, "short", d-1))
		near(t, "rebuild", daily.Ledger.Orders[2][0][d], want, 1)
		if want < 1e6 {
			t.Errorf("day %d: %v to buy, the subject is too tame", d, want)
		}
	}
	if bought := report(t, daily, "btc.liquidated_longs"); bought[1] != 0 {
		t.Errorf("%v liquidated in a flat market", bought[1])
	}
}

// A price that falls within a step and comes back does not raise the dead: the
// waves' extreme counts, not the close. A second mechanism buys what the
// liquidations sell, three times over.
func TestTheExtremeOfTheWavesCounts(t *testing.T) {
	c := leveraged()
	env := &mechanism.Env{Assets: []string{"btc"}, Step: 24 * time.Hour}
	m, err := c.Build("perps", env)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := sim.Compile(sim.Plan{Step: env.Step, Steps: 1, Entries: []sim.Entry{{Mechanism: m}, {Mechanism: rebound{3e10}}}, Assets: []sim.Asset{
		{Name: "btc", Price: 100e3, Law: impact.Linear{Depth1Pct: 3e9}, Permanent: 1, Volatility: .025, VolatilityDecay: .94}}})
	if err != nil {
		t.Fatal(err)
	}
	path := plan.NewPath(true)
	if err := sim.NewRunner(plan).Run(script{news: []float64{-.08}}, path); err != nil {
		t.Fatal(err)
	}
	deepFall := play(t, c, 100e3, deep, 1, script{news: []float64{-.08}})
	least := report(t, deepFall, "btc.liquidated_longs")[0]
	if got := report(t, path, "btc.liquidated_longs")[0]; math.Abs(got-least) > 1e-9*least || path.LogPrice[0][1] < path.LogPrice[0][0] {
		t.Errorf("%v liquidated and a return of %v, expected at least %v and a rise", got, path.LogPrice[0][1]-path.LogPrice[0][0], least)
	}
}

// rebound buys once, in the first wave.
type rebound struct{ usd float64 }

type rebounding struct {
	rebound
	done bool
}

func (rebound) Name() string                   { return "rebound" }
func (r rebound) Start(*sim.Market) sim.Trader { return &rebounding{rebound: r} }
func (r *rebounding) Begin(*sim.Market)        { r.done = false }
func (r *rebounding) Settle(*sim.Market)       {}
func (r *rebounding) Trade(_ *sim.Market, orders []float64) {
	if !r.done {
		orders[0] += r.usd
		r.done = true
	}
}

// Longs of leverage 10 entered at 100,000 are bankrupt at 90,000. At 86,071 each
// of their 10,000 coins lacks 3,929 USD. A fund of 10m pays for a quarter of
// them, which are sold; the rest is closed against shorts, outside the market.
func TestBankruptPositions(t *testing.T) {
	const fall = -.15
	price := 100e3 * math.Exp(fall)
	lacking := 1e4 * (90e3 - price)
	for _, fund := range []float64{0, 1e7, 1e9} {
		c := single(10, 0)
		c.OpenInterest, c.Insurance = 1e9, fund
		path := play(t, c, 100e3, deep, 1, script{news: []float64{fall}})
		covered := min(fund/lacking, 1)
		const tolerance = 2e-5 // a bucket's width in entries
		near(t, "liquidated", report(t, path, "btc.liquidated_longs")[0], 1e4*price, 1e-3)
		near(t, "sold", path.Ledger.Orders[0][0][0], -covered*1e4*price, 1e9*tolerance)
		near(t, "auto-deleveraged", report(t, path, "btc.auto_deleveraged")[0], (1-covered)*1e4*price, 1e9*tolerance)
		near(t, "shorts", report(t, path, "btc.open_interest_short")[0], covered*1e4*price, 1e9*tolerance)
		near(t, "fund", report(t, path, "btc.insurance_fund")[0], max(fund-lacking, 0), lacking*tolerance)
		near(t, "longs", report(t, path, "btc.open_interest_long")[0], 0, 1e-3)
	}
	c := single(10, 0) // liquidated at 90,452 and filled at 90,252: 252 USD a coin are left
	path := play(t, c, 100e3, deep, 1, script{news: []float64{math.Log(.90252)}})
	near(t, "fund", report(t, path, "btc.insurance_fund")[0]-c.Insurance, 15e9/100e3*252, 15e9/100e3*2)
}

// The ladder at the start bears the marks of the past: after a fall the longs of
// high leverage are gone, the size is as stated.
func TestPastShapesTheLadder(t *testing.T) {
	c := leveraged()
	liquidated := func(past ...float64) float64 {
		path := play(t, c, 100e3, deep, 1, script{news: []float64{-.08}}, func(p *sim.Plan) { p.Past.LogPrice = [][]float64{past} })
		return report(t, path, "btc.liquidated_longs")[0]
	}
	x := math.Log(100e3)
	fresh, flat := liquidated(), liquidated(x, x, x, x)
	near(t, "after a flat past", flat, fresh, 1e-9*fresh)
	fallen, risen := liquidated(x+.1, x+.1, x-.08), liquidated(x-.1, x-.1, x)
	if !(fallen < .95*fresh) || !(risen < fresh) {
		t.Errorf("a fall liquidates %.4g after a fall, %.4g after a rise, %.4g where nothing is known", fallen, risen, fresh)
	}
}

func TestPerpsFaults(t *testing.T) {
	c := leveraged()
	c.Asset, c.Leverage, c.Shares = "doge", []float64{1, 10, 250}, []float64{.5, .3}
	_, err := c.Build("x", &mechanism.Env{Assets: []string{"btc"}, Step: time.Hour})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{`asset: found "doge", expected one of btc`, "leverage[0]: found 1,", "leverage[2]: found 250,", "shares: found 2 shares, expected one for each of 3"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error lacks %q:\n%v", want, err)
		}
	}
	c = leveraged()
	c.Shares = []float64{.5, .2, .1, .1, .05}
	if _, err := c.Build("x", &mechanism.Env{Assets: []string{"btc"}, Step: time.Hour}); err == nil || !strings.Contains(err.Error(), "shares: found a sum of 95%") {
		t.Errorf("shares of 95 %% give the error %v", err)
	}
	c.Leverage, c.Shares = nil, nil
	if _, err := c.Build("x", &mechanism.Env{Assets: []string{"btc"}, Step: time.Hour}); err == nil || !strings.Contains(err.Error(), "leverage: found an empty list") {
		t.Errorf("no tiers give the error %v", err)
	}
}

// Property: whatever the parameters and the news, nothing panics, no holding is
// negative or infinite, and a flush never sells more than is held.
func TestOddPerps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pick := func(name string, least, most float64) float64 {
			return rapid.OneOf(rapid.Just(least), rapid.Just(most), rapid.Float64Range(least, most)).Draw(t, name)
		}
		c := leveraged()
		c.OpenInterest, c.MaintenanceMargin = pick("OI", 0, 1e11), pick("mmr", 0, .009)
		c.Turnover, c.Rebuild, c.EntryWidth = pick("turnover", 0, 1), pick("rebuild", 0, 1), pick("width", 0, 1)
		c.Insurance = pick("insurance", 0, 1e10)
		env := &mechanism.Env{Assets: []string{"btc"}, Step: rapid.SampledFrom([]time.Duration{5 * time.Minute, time.Hour, 24 * time.Hour, 7 * 24 * time.Hour}).Draw(t, "step")}
		m, err := c.Build("perps", env)
		if err != nil {
			t.Fatal(err)
		}
		law := rapid.SampledFrom([]sim.Law{impact.Linear{Depth1Pct: 3e9}, impact.Linear{Depth1Pct: 1e8}, impact.SquareRoot{Y: 1, Volatility: .03, Volume: 3e10},
			impact.Exponential{Depth: 1e11, Floor: .2}}).Draw(t, "law")
		past := rapid.SliceOf(rapid.Float64Range(-20, 20)).Draw(t, "past")
		plan, err := sim.Compile(sim.Plan{Step: env.Step, Steps: 30, MaxWaves: 30, Entries: []sim.Entry{{Mechanism: m}}, Past: sim.Past{LogPrice: [][]float64{past}},
			Assets: []sim.Asset{{Name: "btc", Price: pick("price", 1e-3, 1e6), Law: law, Permanent: pick("permanent", 0, 1), Volatility: .03, VolatilityDecay: .94}}})
		if err != nil {
			t.Fatal(err)
		}
		path := plan.NewPath(true)
		news := rapid.SliceOfN(rapid.OneOf(rapid.Float64Range(-.1, .1), rapid.Float64Range(-5, 5)), 30, 30).Draw(t, "news")
		if err := sim.NewRunner(plan).Run(script{news: news}, path); err != nil {
			if !strings.Contains(err.Error(), "has left the numbers") {
				t.Fatal(err)
			}
			return
		}
		for i, r := range plan.Reports() {
			for k, v := range path.Reports[i] {
				if !(v >= 0) || math.IsInf(v, 0) {
					t.Fatalf("step %d: %s is %v", k+1, r.Name, v)
				}
			}
		}
	})
}

type gaussian struct {
	rng *rand.Rand
	sd  float64
}

func (g gaussian) Next(_ int, news, _ []float64) { news[0] = g.sd * g.rng.NormFloat64() }

// In a deep market a step has two waves, in the mechanical one seven.
func BenchmarkPerps(b *testing.B) {
	const steps = 252
	for _, market := range []struct {
		name  string
		depth float64
	}{{"deep", deep}, {"mechanical", 3e9}} {
		plan := planOf(b, leveraged(), &mechanism.Env{Assets: []string{"btc"}, Step: 24 * time.Hour}, market.depth, steps)
		runner, path, news := sim.NewRunner(plan), plan.NewPath(false), gaussian{rand.New(rand.NewPCG(1, 1)), .025}
		b.Run(market.name, func(b *testing.B) {
			b.ReportAllocs()
			waves := 0
			for b.Loop() {
				if err := runner.Run(news, path); err != nil {
					b.Fatal(err)
				}
				for _, w := range path.Waves {
					waves += w
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/steps, "ns/path-step")
			b.ReportMetric(float64(waves)/float64(b.N)/steps, "waves/step")
		})
	}
}
