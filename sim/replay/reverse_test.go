package replay_test

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/driver"
	"github.com/ebb-sim/ebb/sim/impact"
	"github.com/ebb-sim/ebb/sim/replay"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"gonum.org/v1/gonum/stat/distuv"
)

// stress asks how small the shocks of a plan may be for an outcome to come down
// to a log return, or to what it is given as.
func stress(t *testing.T, p sim.Plan, outcome string, threshold float64) replay.Stress {
	t.Helper()
	s := replay.Stress{Plan: compile(t, p), Driver: quiet(t), Limit: replay.Limit{Outcome: outcome, Threshold: threshold}}
	for i := range p.Shocks {
		s.Shocks = append(s.Shocks, i)
	}
	return s
}

func quiet(t *testing.T) sim.Driver {
	t.Helper()
	d, err := (&driver.None{}).Build(nil)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func news(name string, asset int, total float64, steps ...int) sim.Shock {
	return sim.Shock{Name: name, Asset: asset, Observe: -1, Steps: steps, Amount: total / float64(len(steps))}
}

// In a loop of gain g the price moves by d·x/(1−g), so that x = T(1−g)/d.
func TestScaleOfALoop(t *testing.T) {
	const d, T = -.02, -.3
	for _, gain := range []float64{0, .25, .5, .8} {
		p := textbook(3, loop(gain))
		p.MaxWaves = 1000
		p.Shocks = []sim.Shock{news("news", 0, d, 1)}
		found, err := stress(t, p, "return", math.Expm1(T)).Scale(context.Background(), replay.ScaleOptions{Bound: 20})
		if err != nil {
			t.Fatal(err)
		}
		near(t, "factor", found.Factor, T*(1-gain)/d, 1e-9)
		near(t, "log return on the path", found.Path.LogPrice[0][3]-found.Path.LogPrice[0][0], T, 1e-11)
		near(t, "total", found.Shocks[0].Total, T*(1-gain), 1e-11)
		if found.Jump != nil || found.Passing != replay.AtMost || found.Value > found.Threshold || len(found.Notes) > 0 {
			t.Errorf("gain %v: %+v", gain, found.Breaking)
		}
	}
}

// A fall of T by shocks that would lift the price needs the other sign.
func TestScaleOfEitherSign(t *testing.T) {
	p := textbook(2, loop(.5))
	p.Shocks = []sim.Shock{news("news", 0, .02, 0, 1), news("other", 0, -.01, 1)}
	s := stress(t, p, "return", math.Expm1(-.3))
	s.Shocks = []int{0}
	if _, err := s.Scale(context.Background(), replay.ScaleOptions{}); !errors.Is(err, replay.ErrNotReached) {
		t.Errorf("error %v", err)
	}
	found, err := s.Scale(context.Background(), replay.ScaleOptions{EitherSign: true})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "factor", found.Factor, -(.3*.5-.01)/.02, 1e-9)
	near(t, "without", found.Unshocked, math.Expm1(-.02), 1e-12)
}

// ledge sells 20 % of the price as soon as it has fallen by 5 %.
var ledge = rule{"ledge", func(r float64) float64 {
	if r <= -.05 {
		return -.2
	}
	return 0
}}

func TestScaleReportsAJump(t *testing.T) {
	p := textbook(1, ledge)
	p.Shocks = []sim.Shock{news("news", 0, -.02, 0)}
	found, err := stress(t, p, "return", -.1).Scale(context.Background(), replay.ScaleOptions{})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "factor", found.Factor, 2.5, 1e-11)
	if found.Jump == nil || found.Jump.Before == nil {
		t.Fatalf("jump %v", found.Jump)
	}
	near(t, "before", *found.Jump.Before, math.Expm1(-.05), 1e-11)
	near(t, "after", found.Jump.After, math.Expm1(-.25), 1e-11)
	if !(found.Jump.BeforeAt < found.Jump.AfterAt) || found.Jump.AfterAt != found.Factor {
		t.Errorf("jump from %v to %v", found.Jump.BeforeAt, found.Jump.AfterAt)
	}
	if _, err := json.Marshal(found); err != nil {
		t.Error(err)
	}
}

// buyer steps in below −10 %, so that the outcome passes −8 % twice: the first
// crossing counts.
func TestScaleOfAnOutcomeThatComesBack(t *testing.T) {
	p := textbook(1, rule{"buyer", func(r float64) float64 {
		if r < -.1 {
			return .3
		}
		return 0
	}})
	p.Shocks = []sim.Shock{news("news", 0, -.1, 0)}
	found, err := stress(t, p, "return", math.Expm1(-.08)).Scale(context.Background(), replay.ScaleOptions{})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "factor", found.Factor, .8, 1e-10)
}

func TestScaleOfWhatIsPassedAlready(t *testing.T) {
	p := textbook(1)
	p.Shocks = []sim.Shock{news("other", 0, -.3, 0), news("news", 0, -.1, 0)}
	s := stress(t, p, "return", -.1)
	s.Shocks, s.Limit.Passing = []int{1}, replay.AtMost
	found, err := s.Scale(context.Background(), replay.ScaleOptions{EitherSign: true})
	if err != nil {
		t.Fatal(err)
	}
	if found.Factor != 0 || found.Jump != nil || len(found.Notes) != 1 {
		t.Errorf("found %+v", found)
	}
	nearest, err := s.Nearest(context.Background(), &replay.Spread{SD: []float64{1}}, replay.NearestOptions{})
	if err != nil || nearest.Norm != 0 || nearest.Path == nil {
		t.Errorf("found %+v, error %v", nearest, err)
	}
}

// A threshold out of reach, or beyond the place where the loop has no end, is an
// error that says how far the search got.
func TestReverseSaysHowFarItGot(t *testing.T) {
	p := textbook(1, loop(.5))
	p.Shocks = []sim.Shock{news("news", 0, -.01, 0)}
	endless := textbook(1, rule{"endless", func(r float64) float64 {
		if r < -.02 {
			return 2 * r
		}
		return 0
	}})
	endless.MaxWaves = 5000
	endless.Shocks = p.Shocks
	for _, c := range []struct {
		plan sim.Plan
		want []string
	}{
		{p, []string{"within the bound", "return is to be at most -0.5", "-0.181269, at factor 10 of at most 10"}},
		{endless, []string{"within the bound", "at factor 2 of", "from 2 on runs fail", "has left the numbers"}},
	} {
		s := stress(t, c.plan, "return", -.5)
		_, err := s.Scale(context.Background(), replay.ScaleOptions{})
		if !errors.Is(err, replay.ErrNotReached) {
			t.Fatalf("error %v", err)
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("error %q, want %q in it", err, want)
			}
		}
		_, err = s.Nearest(context.Background(), &replay.Spread{SD: []float64{.01}}, replay.NearestOptions{})
		if !errors.Is(err, replay.ErrNotReached) || !strings.Contains(err.Error(), "at norm") {
			t.Errorf("error %v", err)
		}
	}
}

// several is a loop with news in three steps, two of them one shock, and a flow in
// the last.
func several(gain float64) sim.Plan {
	p := textbook(4, loop(gain))
	p.MaxWaves = 1000
	p.Innovations = []sim.Innovation{{Name: "x", SD: 3, Always: true}}
	p.Entries = append(p.Entries, sim.Entry{Mechanism: flows{}})
	p.Shocks = []sim.Shock{news("early", 0, -.02, 0), news("late", 0, -.01, 1, 2), {Name: "flow", Asset: -1, Observe: 0, Steps: []int{3}, Amount: 1}}
	return p
}

// flows trades .01 USD for each unit of the innovation.
type flows struct{}

type flowing struct{ left float64 }

func (flows) Name() string                 { return "flows" }
func (flows) Start(*sim.Market) sim.Trader { return &flowing{} }
func (f *flowing) Begin(m *sim.Market)     { f.left = .01 * m.Innovation(0) }
func (f *flowing) Settle(*sim.Market)      {}
func (f *flowing) Trade(_ *sim.Market, orders []float64) {
	orders[0] += f.left
	f.left = 0
}

// Where the log return is a·x, the nearest shock is Σaᵀ(aΣaᵀ)⁻¹T, at the distance
// |T|/√(aΣaᵀ).
func TestNearestOfALinearMarket(t *testing.T) {
	const T, gain = -.12, .5
	a := []float64{1 / (1 - gain), 1 / (1 - gain), .01 / (1 - gain)}
	spread := &replay.Spread{SD: []float64{.02, .03, 3}, Correlation: [][]float64{{1, .6, -.2}, {.6, 1, .1}, {-.2, .1, 1}}}
	var sa [3]float64
	asa := 0.0
	for i := range a {
		for j := range a {
			sa[i] += spread.SD[i] * spread.Correlation[i][j] * spread.SD[j] * a[j]
		}
		asa += a[i] * sa[i]
	}
	s := stress(t, several(gain), "return", math.Expm1(T))
	found, err := s.Nearest(context.Background(), spread, replay.NearestOptions{})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "norm", found.Norm, math.Abs(T)/math.Sqrt(asa), 1e-9)
	totals := make([]float64, 3)
	for i, shock := range found.Shocks {
		near(t, shock.Name, shock.Total, sa[i]/asa*T, 1e-6*spread.SD[i])
		totals[i] = shock.Total
	}
	if len(found.Starts) != replay.DefaultStarts || !(found.Disagreement < 1e-6) || len(found.Notes) > 0 || found.Jump != nil {
		t.Errorf("found %+v", found)
	}
	l, err := spread.Likelihood(totals, 0)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "sigmas", l.Sigmas, found.Norm, 1e-9)
	near(t, "likelihood", l.Probability, distuv.UnitNormal.CDF(T/math.Sqrt(asa)), 1e-9)

	again, err := s.Nearest(context.Background(), spread, replay.NearestOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(found, again, cmpopts.IgnoreFields(replay.Breaking{}, "Path")); diff != "" {
		t.Error(diff)
	}
}

// Where a ledge in any step is enough, the likeliest shock is that of the widest
// spread alone; it jumps, and its direction is a kink of the norm.
func TestNearestOverALedge(t *testing.T) {
	p := textbook(2, ledge)
	p.Shocks = []sim.Shock{news("narrow", 0, -.01, 0), news("wide", 0, -.01, 1)}
	found, err := stress(t, p, "return", math.Expm1(-.25)).Nearest(context.Background(), &replay.Spread{SD: []float64{.02, .03}}, replay.NearestOptions{})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "norm", found.Norm, .05/.03, 1e-6)
	near(t, "narrow", found.Shocks[0].Total, 0, 1e-4)
	near(t, "wide", found.Shocks[1].Total, -.05, 1e-6)
}

func TestNearestOfOneShock(t *testing.T) {
	p := textbook(1)
	p.Shocks = []sim.Shock{news("news", 0, .01, 0)}
	found, err := stress(t, p, "return", math.Expm1(-.1)).Nearest(context.Background(), &replay.Spread{SD: []float64{.02}}, replay.NearestOptions{})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "norm", found.Norm, 5, 1e-9)
	near(t, "total", found.Shocks[0].Total, -.1, 1e-11)
	if len(found.Starts) != 1 || len(found.Notes) > 0 {
		t.Errorf("found %+v", found)
	}
}

// A search that is cut off is no answer.
func TestNearestThatDoesNotConverge(t *testing.T) {
	s := stress(t, several(.5), "return", -.1)
	_, err := s.Nearest(context.Background(), &replay.Spread{SD: []float64{.02, .03, 3}}, replay.NearestOptions{Evaluations: 2})
	if err == nil || !strings.Contains(err.Error(), "not converged within 6 evaluations") {
		t.Errorf("error %v", err)
	}
}

func TestSpreadOf(t *testing.T) {
	p := textbook(4, flows{})
	p.Assets = append(p.Assets, sim.Asset{Name: "eth", Price: 1, Law: impact.Linear{Depth1Pct: 1}, Permanent: 1, Volatility: .04, VolatilityDecay: .94})
	p.Innovations = []sim.Innovation{{Name: "x", SD: 3}}
	p.Sessions = []bool{true, false, true, true}
	p.Shocks = []sim.Shock{news("a", 0, 1, 0, 1), news("b", 1, 1, 1, 2, 3), {Name: "f", Asset: -1, Observe: 0, Steps: []int{0, 1, 2, 3}}}
	correlation := [][]float64{{1, .5}, {.5, 1}}
	spread, err := replay.SpreadOf(compile(t, p), []int{0, 1, 2}, correlation, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := &replay.Spread{SD: []float64{.025 * math.Sqrt2, .04 * math.Sqrt(3), 3 * math.Sqrt(3)},
		Correlation: [][]float64{{1, .5 / math.Sqrt(6), 0}, {.5 / math.Sqrt(6), 1, 0}, {0, 0, 1}}}
	if diff := cmp.Diff(want, spread, cmpopts.EquateApprox(0, 1e-15), cmpopts.IgnoreUnexported(replay.Spread{})); diff != "" {
		t.Error(diff)
	}
	if _, err := spread.Likelihood([]float64{1, 1, 1}, 4); err == nil {
		t.Error("a Student tail of different steps, want an error")
	}
	p.Innovations[0].SD = 0
	if _, err := replay.SpreadOf(compile(t, p), []int{2}, nil, nil); err == nil || !strings.Contains(err.Error(), "give one") {
		t.Errorf("error %v", err)
	}
	if spread, err = replay.SpreadOf(compile(t, p), []int{2}, nil, []float64{7}); err != nil || spread.SD[0] != 7 {
		t.Errorf("spread %v, error %v", spread, err)
	}
}

// One step has Student's own tail, two the convolution of it, many the normal one.
func TestStudentTail(t *testing.T) {
	tail := func(steps int, degrees, sigmas float64) float64 {
		t.Helper()
		p := textbook(steps)
		shock := news("news", 0, 1, 0)
		for k := 1; k < steps; k++ {
			shock.Steps = append(shock.Steps, k)
		}
		p.Shocks = []sim.Shock{shock}
		spread, err := replay.SpreadOf(compile(t, p), []int{0}, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		l, err := spread.Likelihood([]float64{-sigmas * spread.SD[0]}, degrees)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "sigmas", l.Sigmas, sigmas, 1e-12)
		return l.Probability
	}
	// P(|t₄| > 4) = .0161; in standard deviations 4 are 4/√2.
	near(t, "t₄ beyond 4", 2*tail(1, 4, 4/math.Sqrt2), .016130090, 1e-9)
	for _, degrees := range []float64{3, 4, 7.5, 300} {
		law := distuv.StudentsT{Sigma: math.Sqrt((degrees - 2) / degrees), Nu: degrees}
		for _, sigmas := range []float64{0, 1, 3, 6} {
			const step, reach = .01, 400
			want := law.Survival(reach) // the first beyond reach, whatever the second
			for u := -reach + step/2; u < reach; u += step {
				want += step * law.Prob(u) * law.Survival(sigmas*math.Sqrt2-u)
			}
			near(t, "sum of two", tail(2, degrees, sigmas), want, 1e-8)
		}
	}
	near(t, "sum of many", tail(400, 30, 2), distuv.UnitNormal.Survival(2), 1e-4)
}

// GBM with μ = .1, σ = .6, T = .5, S = 100 touches 80 with probability .6284356,
// and by daily closes about .599736 (Broadie, Glasserman and Kou 1997).
func TestFrequencyOfTouching(t *testing.T) {
	const steps, horizon, σ = 182, .5, .6
	dt := horizon / steps
	p := textbook(steps)
	p.Assets[0].Volatility = σ * math.Sqrt(dt)
	p.Shocks = []sim.Shock{news("news", 0, -.9, 0)}
	d, err := (&driver.GBM{Drift: .1}).Build(&driver.Env{Assets: []string{"btc"}, Volatility: []float64{p.Assets[0].Volatility}, StepDays: dt * driver.YearDays, Steps: steps})
	if err != nil {
		t.Fatal(err)
	}
	s := stress(t, p, "lowest_price", 80)
	s.Driver, s.Seed, s.Limit.Passing = d, 42, replay.AtMost
	const paths = 20_000
	got, err := s.Frequency(context.Background(), paths, 0, .999)
	if err != nil {
		t.Fatal(err)
	}
	if !(got.Low <= .599736 && .599736 <= got.High) || got.N != paths || !(got.Value < .6284356) {
		t.Errorf("frequency %v, expected .599736 in its interval, and less than the continuous .6284356", got)
	}
	alike, err := stress(t, p, "lowest_price", 80).Frequency(context.Background(), 10, 0, .95)
	if err != nil || alike.Value != 0 || len(alike.Warnings) == 0 {
		t.Errorf("without news %v, error %v", alike, err)
	}
}

func TestReverseRefuses(t *testing.T) {
	p := textbook(1)
	p.Shocks = []sim.Shock{news("news", 0, -.1, 0), news("zero", 0, 0, 0)}
	good := stress(t, p, "return", -.1)
	for want, change := range map[string]func(s *replay.Stress){
		`found outcome "luck"`:    func(s *replay.Stress) { s.Limit.Outcome = "luck" },
		"threshold is NaN":        func(s *replay.Stress) { s.Limit.Threshold = math.NaN() },
		`found passing "over"`:    func(s *replay.Stress) { s.Limit.Passing = "over" },
		"found no shock":          func(s *replay.Stress) { s.Shocks = nil },
		"found shock 7, expected": func(s *replay.Stress) { s.Shocks = []int{7} },
		"found shock 1 twice":     func(s *replay.Stress) { s.Shocks = []int{1, 1} },
		"something to scale":      func(s *replay.Stress) { s.Shocks = []int{1} },
	} {
		s := good
		change(&s)
		if _, err := s.Scale(context.Background(), replay.ScaleOptions{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	for want, spread := range map[string]*replay.Spread{
		"no standard deviation for": nil,
		"standard deviation 2 is 0": {SD: []float64{1, 0}},
		"not positive definite":     {SD: []float64{1, 1}, Correlation: [][]float64{{1, 1}, {1, 1}}},
		"correlation 1, 2 is 2":     {SD: []float64{1, 1}, Correlation: [][]float64{{1, 2}, {2, 1}}},
		"no matrix of 2 × 2":        {SD: []float64{1, 1}, Correlation: [][]float64{{1}}},
	} {
		if _, err := good.Nearest(context.Background(), spread, replay.NearestOptions{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	ended, stop := context.WithCancel(context.Background())
	stop()
	if _, err := good.Scale(ended, replay.ScaleOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if places, err := replay.ShocksNamed(good.Plan, "zero", "news", "zero"); err != nil || !cmp.Equal(places, []int{1, 0}) {
		t.Errorf("places %v, error %v", places, err)
	}
	if _, err := replay.ShocksNamed(good.Plan, "wave"); err == nil || !strings.Contains(err.Error(), "news, zero") {
		t.Errorf("error %v", err)
	}
}
