package calibrate_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/calibrate"
	"github.com/ebb-sim/ebb/sim/driver"
	"github.com/ebb-sim/ebb/sim/impact"
	"github.com/ebb-sim/ebb/sim/mechanism"
)

const runs = 200

// coverage counts how many of the runs' intervals cover what is true.
type coverage map[string]int

// see looks at one run. truth is by part and name.
func (c coverage) see(t *testing.T, r *calibrate.Report, truth map[[2]string]float64) {
	t.Helper()
	for key, want := range truth {
		m := find(t, r, key[0], key[1]).Measured
		name := key[0] + " " + key[1]
		if c[name] += 0; m.Low <= want && want <= m.High {
			c[name]++
		}
	}
}

// judge wants a 95 % interval to cover in 90 to 99 % of the runs.
func (c coverage) judge(t *testing.T) {
	t.Helper()
	for name, n := range c {
		share := float64(n) / runs
		t.Logf("%s: covered in %.1f %% of the runs", name, 100*share)
		if share < .9 || share > .99 {
			t.Errorf("%s: covered in %.1f %% of the runs, want 90 to 99", name, 100*share)
		}
	}
}

func withoutBootstrap(parts ...string) calibrate.Options {
	opt := calibrate.DefaultOptions()
	opt.Draws, opt.LookBacks, opt.Horizon, opt.Parts = 0, []int{28}, 2, parts
	return opt
}

// What the engine's own funds do on a market with linear impact is found again: the flow
// equation, the impact and the loop.
func TestRecoversTheEngine(t *testing.T) {
	const φ, Φ, sd, scale, depth, steps = .43489, 2.82222e9, 285e6, 10., 3e9, 760
	kind, _ := mechanism.Lookup("redemption")
	funds := kind.Default().(*mechanism.Redemption)
	funds.Asset, funds.AUM, funds.Persistence, funds.Response, funds.InnovationSD = "btc", 1e15, φ, Φ, sd
	env := &mechanism.Env{Assets: []string{"btc"}, Step: 24 * time.Hour}
	built, err := funds.Build("redemption", env)
	if err != nil {
		t.Fatal(err)
	}
	sessions := make([]bool, steps)
	for i := range sessions {
		sessions[i] = i%7 < 5 // the first is a Monday
	}
	start := date(t, "2024-01-07")
	plan, err := sim.Compile(sim.Plan{
		Assets:  []sim.Asset{{Name: "btc", Price: 46e3, Law: impact.Linear{Depth1Pct: depth}, Permanent: 1, Volatility: .025, VolatilityDecay: .94}},
		Entries: []sim.Entry{{Mechanism: built, ImpactScale: scale}}, Innovations: env.Innovations,
		Start: start, Step: env.Step, Steps: steps, Sessions: sessions})
	if err != nil {
		t.Fatal(err)
	}
	news, err := (&driver.GBM{}).Build(&driver.Env{Assets: env.Assets, Volatility: []float64{.025}, StepDays: 1, Steps: steps, Innovations: plan.Innovations, Session: plan.Session})
	if err != nil {
		t.Fatal(err)
	}
	const Λ = scale * .01 / depth
	truth := map[[2]string]float64{{"flow", "persistence"}: φ, {"flow", "response"}: Φ, {"flow", "response_up"}: Φ, {"flow", "response_down"}: Φ,
		{"flow", "response_difference"}: 0, {"flow", "innovation_sd"}: sd, {"flow", "constant"}: 0, {"impact", "impact"}: Λ,
		{"projections", "projection_0"}: Λ, {"loop", "gain"}: Λ * Φ / (1 - φ), {"loop", "multiplier"}: mechanism.RedemptionMultiplier(Λ, φ, Φ)}
	covered, runner := coverage{}, sim.NewRunner(plan)
	for run := range runs {
		path := plan.NewPath(false)
		if err := runner.Run(news.Start(7, uint64(run)), path); err != nil {
			t.Fatal(err)
		}
		in := calibrate.Input{Asset: "btc", Start: start, Step: env.Step, PeriodsPerYear: 365, LogClose: path.LogPrice[0], Flow: append([]float64{math.NaN()}, path.Reports[0]...)}
		r, err := calibrate.Run(t.Context(), in, withoutBootstrap("flow", "impact", "projections", "loop"))
		if err != nil {
			t.Fatal(err)
		}
		covered.see(t, r, truth)
	}
	covered.judge(t)
}

// plain generates closes, basis and premium by equations written out here: momentum in
// returns, an Ornstein–Uhlenbeck basis, a premium that flows move.
func plain(t *testing.T, run uint64) (in calibrate.Input, truth map[[2]string]float64) {
	t.Helper()
	const n, momentum, sd = 1500, .01, .02
	const mean, speed, σ = .05, .08, .0065
	const kept, slope, left = .75, 4e-13, 3.6e-4
	r := rand.New(rand.NewPCG(11, run))
	in = calibrate.Input{Asset: "btc", Start: date(t, "2022-01-03"), Step: 24 * time.Hour, PeriodsPerYear: 365,
		LogClose: make([]float64, n), Flow: make([]float64, n), Basis: make([]float64, n), Premium: make([]float64, n), Given: calibrate.Given{Volume: 1e9}}
	for k := range n {
		in.Flow[k] = 300e6 * r.NormFloat64()
		if k == 0 {
			in.LogClose[k], in.Basis[k] = 11, mean
			continue
		}
		past := 0.0
		if k > 28 {
			past = in.LogClose[k-1] - in.LogClose[k-29]
		}
		in.LogClose[k] = in.LogClose[k-1] + momentum*past + sd*r.NormFloat64()
		in.Basis[k] = mean + math.Exp(-speed)*(in.Basis[k-1]-mean) + σ*math.Sqrt((1-math.Exp(-2*speed))/(2*speed))*r.NormFloat64()
		in.Premium[k] = kept*in.Premium[k-1] + slope*in.Flow[k] + left*r.NormFloat64()
	}
	return in, map[[2]string]float64{{"momentum", "momentum_28"}: momentum, {"basis", "mean"}: mean, {"basis", "reversion"}: speed, {"basis", "volatility"}: σ,
		{"basis", "kept"}: math.Exp(-speed), {"premium", "kept"}: kept, {"premium", "reversion"}: 1 - kept, {"premium", "slope"}: slope,
		{"premium", "sensitivity"}: slope * 1e9, {"premium", "volatility"}: left * math.Sqrt(-2*math.Log(kept)/(1-kept*kept))}
}

func TestRecoversAPlainGenerator(t *testing.T) {
	covered := coverage{}
	for run := range runs {
		in, truth := plain(t, uint64(run))
		r, err := calibrate.Run(t.Context(), in, withoutBootstrap("momentum", "basis", "premium"))
		if err != nil {
			t.Fatal(err)
		}
		covered.see(t, r, truth)
	}
	covered.judge(t)
}

// GARCH(1,1)-t as the garch driver draws it.
func TestRecoversGARCH(t *testing.T) {
	const α, β, ν, σ, n = .1, .8, 6., .025, 1200
	e := &driver.Env{Assets: []string{"btc"}, Volatility: []float64{σ}, StepDays: 1, Steps: n}
	d, err := (&driver.GARCH{Alpha: α, Beta: β, DegreesOfFreedom: ν, Begin: driver.Unconditional}).Build(e)
	if err != nil {
		t.Fatal(err)
	}
	truth := []struct {
		name  string
		value float64
		by    [5]float64
		of    func(*calibrate.GARCH) float64
	}{
		{"ω", (1 - α - β) * σ * σ, [5]float64{0, 1}, func(g *calibrate.GARCH) float64 { return g.Omega }},
		{"α", α, [5]float64{0, 0, 1}, func(g *calibrate.GARCH) float64 { return g.Alpha }},
		{"β", β, [5]float64{0, 0, 0, 1}, func(g *calibrate.GARCH) float64 { return g.Beta }},
		{"ν", ν, [5]float64{0, 0, 0, 0, 1}, func(g *calibrate.GARCH) float64 { return g.DegreesOfFreedom }},
	}
	covered := coverage{}
	for run := range runs {
		source, x, news := d.Start(3, uint64(run)), make([]float64, n), make([]float64, 1)
		for i := range x {
			source.Next(i, news, nil)
			x[i] = news[0]
		}
		g, err := calibrate.FitGARCH(x)
		if err != nil {
			t.Fatalf("run %d: %v", run, err)
		}
		for _, p := range truth {
			if covered[p.name] += 0; math.Abs(p.of(g)-p.value) <= 1.959964*g.SE(p.by) {
				covered[p.name]++
			}
		}
	}
	covered.judge(t)
}
