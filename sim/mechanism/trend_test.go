package mechanism_test

import (
	"fmt"
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

func followers(capital float64) *mechanism.Trend {
	c := defaults[*mechanism.Trend]("trend")
	c.Asset, c.Capital = "btc", capital
	return c
}

// volatilityTargeting is the part of the rule that needs no signal.
func volatilityTargeting(capital float64) *mechanism.Trend {
	c := followers(capital)
	c.Signal = mechanism.SignalNone
	return c
}

func TestTrendSuite(t *testing.T) {
	for name, config := range map[string]func(capital float64) mechanism.Config{
		"late": func(capital float64) mechanism.Config { return followers(capital) },
		"within the step, with AI": func(capital float64) mechanism.Config {
			c := followers(capital)
			c.LookBack, c.Latency, c.AIShare, c.MaxWeight = 6*dayLong, 12*time.Hour, .4, 2
			return c
		},
		"volatility targeting": func(capital float64) mechanism.Config {
			c := volatilityTargeting(capital)
			c.VolatilityMemory, c.Latency = 5*dayLong, 0
			return c
		},
	} {
		t.Run(name, func(t *testing.T) {
			mechanismtest.Check(t, mechanismtest.Subject{Assets: []string{"btc"}, Prices: []float64{90e3},
				Config:  func() mechanism.Config { return config(5e9) },
				Nothing: func() mechanism.Config { return config(0) },
				Drift:   1e-9})
		})
	}
}

// One fall of 10 % after volatility of 2.5 % a day, answered within the day: the
// figures are worked out by hand.
func TestTrendByHand(t *testing.T) {
	c := followers(1e9)
	c.LookBack, c.Latency = dayLong, 0
	path := play(t, c, 100, deep, 1, script{news: []float64{-.1}})
	near(t, "volatility", report(t, path, "btc.subject_volatility")[0], .5331241, 5e-8)
	near(t, "signal", report(t, path, "btc.subject_signal")[0], -.9984582, 5e-8)
	near(t, "weight", report(t, path, "btc.subject_weight")[0], -.7491375, 5e-8)
	near(t, "position", report(t, path, "btc.subject_held")[0], -.7491375e9*math.Exp(-.1), 50)
	near(t, "sold", path.Ledger.Orders[0][0][0], -.7491375e9*math.Exp(-.1), 50)

	c.LongOnly = true
	path = play(t, c, 100, deep, 1, script{news: []float64{-.1}})
	near(t, "weight without short sales", report(t, path, "btc.subject_weight")[0], 0, 0)

	c.LongOnly, c.MaxWeight = false, .4
	path = play(t, c, 100, deep, 2, script{news: []float64{-.1, .3}})
	near(t, "least weight", report(t, path, "btc.subject_weight")[0], -.4, 0)
	near(t, "largest weight", report(t, path, "btc.subject_weight")[1], .4, 0)
}

// Weights and orders along a random path with a past, against the rule written
// once more: sums over all closes that are known, no running state.
func TestTrendAgainstTheSums(t *testing.T) {
	const past, length, capital, seed = 40, 60, 1e9, .025
	rng := rand.New(rand.NewPCG(4, 4))
	closes := []float64{math.Log(80e3)}
	var s script
	for k := range past + length {
		r := .03 * rng.NormFloat64()
		closes = append(closes, closes[k]+r)
		if k >= past {
			s.news = append(s.news, r)
		}
	}
	// weightAt is the weight of a group that knows the closes up to number last.
	weightAt := func(c *mechanism.Trend, last, lookBack int) float64 {
		memory := float64(c.VolatilityMemory / dayLong)
		δ := memory / (1 + memory)
		variance := seed * seed * math.Pow(δ, float64(max(last, 0)))
		for i := 0; i < last; i++ {
			r := closes[last-i] - closes[last-i-1]
			variance += (1 - δ) * math.Pow(δ, float64(i)) * r * r
		}
		σ := math.Max(math.Sqrt(variance), c.VolatilityFloor/math.Sqrt(365))
		signal := 1.0
		if c.Signal == mechanism.SignalTrend {
			r := closes[max(last, 0)] - closes[max(last-lookBack, 0)]
			signal = math.Tanh(c.Strength * r / σ / math.Sqrt(float64(lookBack)))
		}
		w := signal * c.TargetVolatility / math.Sqrt(365) / σ
		if c.LongOnly {
			w = math.Max(w, 0)
		}
		return math.Max(math.Min(w, c.MaxWeight), -c.MaxWeight)
	}
	for name, change := range map[string]func(*mechanism.Trend){
		"a day late":          func(*mechanism.Trend) {},
		"within the day":      func(c *mechanism.Trend) { c.Latency = 0 },
		"three days late":     func(c *mechanism.Trend) { c.Latency, c.MaxWeight, c.LongOnly = 3*dayLong, .4, true },
		"longer than history": func(c *mechanism.Trend) { c.LookBack, c.Latency = 90*dayLong, 50*dayLong },
		"with AI":             func(c *mechanism.Trend) { c.AIShare, c.Latency, c.Strength = .3, 5*dayLong, .4 },
		"AI alone":            func(c *mechanism.Trend) { c.AIShare, c.AISpeed = 1, 7 },
		"no signal":           func(c *mechanism.Trend) { c.Signal, c.VolatilityMemory = mechanism.SignalNone, 3*dayLong },
		"high floor":          func(c *mechanism.Trend) { c.VolatilityFloor = .6 },
	} {
		t.Run(name, func(t *testing.T) {
			c := followers(capital)
			c.VolatilityMemory = 20 * dayLong
			change(c)
			days := func(d time.Duration, speed float64) int { return int(d.Hours() / 24 / speed) }
			weight := func(last int) float64 {
				slow := weightAt(c, last-days(c.Latency, 1), days(c.LookBack, 1))
				fast := weightAt(c, last-days(c.Latency, c.AISpeed), days(c.LookBack, c.AISpeed))
				return (1-c.AIShare)*slow + c.AIShare*fast
			}
			path := play(t, c, math.Exp(closes[past]), deep, length, s, func(p *sim.Plan) { p.Past.LogPrice = [][]float64{closes[:past]} })
			for k := range length {
				near(t, fmt.Sprintf("weight of day %d", k), report(t, path, "btc.subject_weight")[k], weight(past+k+1), 1e-12)
				traded := capital * math.Exp(closes[past+k+1]-closes[past]) * (weight(past+k+1) - weight(past+k))
				near(t, fmt.Sprintf("order of day %d", k), path.Ledger.Orders[0][0][k], traded, 1e-3)
			}
		})
	}
}

// Volatility targeting alone sells a day after a fall that raised volatility,
// and buys back as it subsides, with no view of direction.
func TestVolatilityTargetingSells(t *testing.T) {
	c := volatilityTargeting(1e9)
	c.MaxWeight = 2
	path := play(t, c, 100, deep, 40, script{news: []float64{0, -.1}})
	const δ = 60. / 61
	weight := func(variance float64) float64 { return .4 / math.Sqrt(365*variance) }
	seed := .025 * .025
	orders := path.Ledger.Orders[0][0]
	near(t, "first day: nothing new is known", orders[0], 0, 0)
	near(t, "day of the fall: a calm day is known", orders[1], 1e9*math.Exp(-.1)*(weight(δ*seed)-weight(seed)), 1e-3)
	near(t, "the day after", orders[2], 1e9*math.Exp(-.1)*(weight(δ*δ*seed+.01/61)-weight(δ*seed)), 1e-3)
	if orders[2] > -5e7 {
		t.Errorf("only %v sold", orders[2])
	}
	for k := 3; k < 40; k++ {
		if orders[k] <= 0 {
			t.Fatalf("day %d: %v traded while volatility subsides", k, orders[k])
		}
	}
}

// The weights of a return in the variance have their centre of mass where the
// parameter says, in steps of any length.
func TestVolatilityMemory(t *testing.T) {
	for _, step := range []time.Duration{dayLong, time.Hour} {
		c := volatilityTargeting(1)
		c.VolatilityMemory, c.VolatilityFloor, c.Latency = 4*dayLong, 1e-9, 0
		perDay := float64(dayLong / step)
		length := int(150 * perDay)
		variance := func(news float64) []float64 {
			path := play(t, inStepsOf{c, step}, 100, deep, length, script{news: []float64{news}})
			list := report(t, path, "btc.subject_volatility")
			for i, v := range list {
				list[i] = v * v / 365 / perDay
			}
			return list
		}
		with, without := variance(.05), variance(0)
		mass, moment := 0., 0.
		for i := range with {
			mass += with[i] - without[i]
			moment += float64(i) * (with[i] - without[i])
		}
		near(t, "weights", mass, .05*.05, 1e-12)
		near(t, "centre of mass in days", moment/mass/perDay, 4, 1e-9)
	}
}

// inStepsOf builds a mechanism for steps of another length than that of play.
type inStepsOf struct {
	mechanism.Config
	step time.Duration
}

func (s inStepsOf) Build(name string, env *mechanism.Env) (sim.Mechanism, error) {
	env.Step = s.step
	return s.Config.Build(name, env)
}

// Within the step the loop multiplies small news by 1/(1−g), with
// g = λ·A·k·σ*/(σ a year·σ a step·√L) of those who answer within it.
func TestTrendAmplification(t *testing.T) {
	const capital, λ, news = 1e9, 1e-11, -1e-8
	σ := .025 * math.Sqrt(60./61) // as the running step's return of nothing leaves it
	gain := func(lookBack float64) float64 {
		return λ * capital * 1.5 * .4 / (σ * math.Sqrt(365) * σ * math.Sqrt(lookBack))
	}
	for _, tt := range []struct {
		name    string
		latency time.Duration
		share   float64
		gain    float64
	}{
		{"late", dayLong, 0, 0},
		{"late, a third AI", dayLong, 1. / 3, gain(4) / 3},
		{"late, all AI", dayLong, 1, gain(4)},
		{"at once", 0, 0, gain(16)},
		{"at once, half AI", 0, .5, (gain(16) + gain(4)) / 2},
	} {
		c := followers(capital)
		c.Strength, c.LookBack, c.Latency, c.AIShare = 1.5, 16*dayLong, tt.latency, tt.share
		path := play(t, c, 1, .01/λ, 1, script{news: []float64{news}}, func(p *sim.Plan) { p.Tolerance = 1e-12 })
		near(t, tt.name, path.LogPrice[0][1]/news, 1/(1-tt.gain), 1e-6)
	}
	if g := gain(4); g < .2 || g > .9 {
		t.Errorf("gain %v: the subject is too tame or too wild", g)
	}
}

// A steady market in which the position is what the past asks for sees no order,
// whatever the position.
func TestTrendKeepsItsPosition(t *testing.T) {
	past := make([]float64, 400)
	for i := range past {
		past[i] = math.Log(100) - .01*float64(len(past)-i)
	}
	steady := script{news: make([]float64, 50)}
	for i := range steady.news {
		steady.news[i] = .01
	}
	c := followers(1e9)
	c.VolatilityMemory = 5 * dayLong
	path := play(t, c, 100, deep, 50, steady, func(p *sim.Plan) { p.Past.LogPrice = [][]float64{past} })
	near(t, "weight", report(t, path, "btc.subject_weight")[0], 1, 0)
	for k, usd := range path.Ledger.Orders[0][0] {
		near(t, fmt.Sprintf("order of day %d", k), usd, 0, 0)
	}
}

// Look-back and latency are those of days in steps of an hour: where volatility
// is the floor, the weights at midnight agree.
func TestHourlyTrendIsDailyTrend(t *testing.T) {
	c := followers(1e9)
	c.LookBack, c.Latency, c.AIShare, c.VolatilityFloor = 4*dayLong, 2*dayLong, .5, 3
	c.AISpeed = 2
	daily, hourly := inSteps(t, c, dayLong, fortnight), inSteps(t, c, time.Hour, fortnight)
	for k := range fortnight {
		near(t, "weight", report(t, hourly, "btc.subject_weight")[24*k+23], report(t, daily, "btc.subject_weight")[k], 1e-12)
	}
}

// Property: whatever the parameters, the news and the impact, the weight stays
// within its limits, as long as the price is a number.
func TestTrendLimits(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := followers(rapid.SampledFrom([]float64{0, 1e9, 1e11}).Draw(rt, "A"))
		c.Signal = rapid.SampledFrom([]string{mechanism.SignalTrend, mechanism.SignalNone}).Draw(rt, "signal")
		c.Strength = rapid.Float64Range(0, 100).Draw(rt, "k")
		c.LookBack = time.Duration(rapid.Int64Range(1, 1e16).Draw(rt, "L"))
		c.Latency = time.Duration(rapid.Int64Range(0, 1e16).Draw(rt, "latency"))
		c.TargetVolatility = rapid.Float64Range(0, 5).Draw(rt, "σ*")
		c.VolatilityMemory = time.Duration(rapid.Int64Range(1, 1e16).Draw(rt, "memory"))
		c.MaxWeight = rapid.Float64Range(1e-6, 10).Draw(rt, "w_max")
		c.LongOnly = rapid.Bool().Draw(rt, "long only")
		c.AIShare, c.AISpeed = rapid.Float64Range(0, 1).Draw(rt, "s"), rapid.Float64Range(1, 1e6).Draw(rt, "speed")
		s := script{news: rapid.SliceOfN(rapid.Float64Range(-.5, .5), 30, 30).Draw(rt, "news")}
		plan := stage(t, c, 30, []sim.Asset{asset("btc", 90e3, 3e11)}, func(p *sim.Plan) { p.MaxWaves = 20 })
		path := plan.NewPath(false)
		if err := sim.NewRunner(plan).Run(s, path); err != nil {
			if !strings.Contains(err.Error(), "has left the numbers") {
				rt.Fatal(err)
			}
			return
		}
		for k, w := range report(t, path, "btc.subject_weight") {
			if !(math.Abs(w) <= c.MaxWeight*(1+1e-12)) || c.LongOnly && w < 0 {
				rt.Fatalf("day %d: weight %v", k, w)
			}
		}
	})
}

func TestTrendFaults(t *testing.T) {
	c := followers(1)
	c.Asset, c.Signal = "doge", "stars"
	_, err := c.Build("x", &mechanism.Env{Assets: []string{"btc"}, Step: dayLong})
	for _, want := range []string{`asset: found "doge"`, `signal: found "stars", expected trend or none`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error lacks %q:\n%v", want, err)
		}
	}
}

// A year of days, half of the capital answering within the step.
func BenchmarkTrend(b *testing.B) {
	c := followers(5e9)
	c.AIShare = .5
	env := &mechanism.Env{Assets: []string{"btc"}, Step: dayLong}
	m, err := c.Build("trend", env)
	if err != nil {
		b.Fatal(err)
	}
	plan, err := sim.Compile(sim.Plan{Step: env.Step, Steps: 365, Entries: []sim.Entry{{Mechanism: m}},
		Assets: []sim.Asset{{Name: "btc", Price: 90e3, Law: impact.Linear{Depth1Pct: 3e9}, Permanent: 1, Volatility: .025, VolatilityDecay: .94}}})
	if err != nil {
		b.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 1))
	var s script
	for range 365 {
		s.news = append(s.news, .025*rng.NormFloat64())
	}
	runner, path := sim.NewRunner(plan), plan.NewPath(false)
	b.ReportAllocs()
	waves := 0
	for b.Loop() {
		if err := runner.Run(s, path); err != nil {
			b.Fatal(err)
		}
		for _, n := range path.Waves {
			waves += n
		}
	}
	b.ReportMetric(float64(waves)/float64(b.N)/365, "waves/step")
}
