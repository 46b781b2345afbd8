package luck_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ebb-sim/ebb/sim/backtest/luck"
	"github.com/ebb-sim/ebb/sim/stats"
)

// The lengths wanted are those of arch.bootstrap.optimal_block_length, arch 8.0.0, column
// stationary; its 0.499… for noise is less than one step.
func TestBlockLength(t *testing.T) {
	for _, c := range []struct {
		n    int
		seed uint64
		phi  float64
		want float64
	}{
		{250, 1, 0, 1},
		{250, 2, .5, 5.829587937237229},
		{1000, 3, .9, 37.77184204168133},
		{500, 4, -.5, 11.450056234199753},
		{60, 5, .3, 3.7525819178999957},
		{800, 6, .1, 1.8287431373909038},
		{100, 7, .99, 11.348068355713893},
	} {
		got, err := luck.BlockLength(autoregressive(c.n, c.seed, c.phi))
		if err != nil {
			t.Errorf("n %d: %v", c.n, err)
		}
		near(t, "block length", got, c.want, 1e-10)
	}
	_, err := luck.BlockLength(make([]float64, 100))
	wantError(t, "constant", err, stats.ErrConstant)
	_, err = luck.BlockLength(noise(29, 1))
	wantError(t, "short", err, stats.ErrTooFew, "29 steps, expected at least 30")
}

func rule() []float64      { return scaled(autoregressive(400, 31, .2), .02, .0008) }
func benchmark() []float64 { return scaled(autoregressive(400, 32, .2), .02, .0004) }

func verdicts(t *testing.T, b luck.Bootstrap, simple, benchmark []float64) []luck.Verdict {
	t.Helper()
	all, err := b.Test(simple, benchmark, 0, 365)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// A risk-free rate moves the Sharpe ratios as returns that are lower by its share of every
// step do, and nothing else.
func TestBootstrapAboveRiskFree(t *testing.T) {
	const rate = .05
	free := math.Pow(1+rate, 1./365) - 1
	b := luck.Bootstrap{Draws: 199, Block: 5, Seed: 1, Level: .95}
	for name, other := range map[string][]float64{"alone": nil, "against a benchmark": scaled(benchmark(), .5, 0)} {
		t.Run(name, func(t *testing.T) {
			plain := verdicts(t, b, rule(), other)
			above, err := b.Test(rule(), other, rate, 365)
			if err != nil {
				t.Fatal(err)
			}
			lowered := other
			if other != nil {
				lowered = scaled(other, 1, -free)
			}
			lower := verdicts(t, b, scaled(rule(), 1, -free), lowered)
			for i, want := range []luck.Verdict{plain[0], lower[1], plain[2]} {
				near(t, want.Observed.Name, above[i].Observed.Value, want.Observed.Value, 1e-10)
				near(t, want.Observed.Name+", p", above[i].P.Value, want.P.Value, 1e-10)
				near(t, want.Observed.Name+", low", above[i].Interval.Low, want.Interval.Low, 1e-10)
			}
			if math.Abs(above[1].Observed.Value-plain[1].Observed.Value) < .01 {
				t.Error("the rate changes no Sharpe ratio")
			}
		})
	}
}

// The numbers wanted are from numpy and 20,000 draws of arch.bootstrap.StationaryBootstrap 8.0.0
// with blocks of 5 and the same nulls. Two p-values of 20,000 and 9,999 draws differ by
// less than 3 standard errors of their difference.
func TestBootstrapAgainstArch(t *testing.T) {
	type want struct {
		name                string
		value, low, high, p float64
	}
	for name, c := range map[string]struct {
		benchmark []float64
		want      []want
	}{
		"alone": {nil, []want{
			{"mean", 0.0011428452228206534, 4.08161299e-04, 1.86890280e-03, .0011},
			{"sharpe", 3.525953355802202, 1.26273616, 5.81549519, .00135},
			{"total_return", 0.5671243537155526, .168267674, 1.09437912, .0014},
		}},
		"against a benchmark": {benchmark(), []want{
			{"mean_difference", 0.0005804443385284008, -4.92968732e-04, 1.65832373e-03, .14745},
			{"sharpe_difference", 1.7434327766452211, -1.62583468, 5.18146555, .15785},
			{"total_return_difference", 0.3239658024969958, -.277860082, .966237424, .148},
		}},
	} {
		all := verdicts(t, luck.Bootstrap{Draws: 9999, Block: 5, Seed: 1, Level: .95}, rule(), c.benchmark)
		for i, w := range c.want {
			v := all[i]
			if v.Observed.Name != w.name || v.P.N != 9999 || v.N != 400 || v.Seed != 1 {
				t.Errorf("%s: %+v", name, v)
			}
			near(t, w.name, v.Observed.Value, w.value, 1e-10)
			width := w.high - w.low
			if math.Abs(v.Interval.Low-w.low) > .03*width || math.Abs(v.Interval.High-w.high) > .03*width {
				t.Errorf("%s %s: interval %v, want [%v, %v]", name, w.name, v.Interval, w.low, w.high)
			}
			if math.Abs(v.P.Value-w.p) > 3*math.Sqrt(w.p*(1-w.p)*(1./9999+1./20000))+1e-4 {
				t.Errorf("%s %s: p %v, want %v", name, w.name, v.P, w.p)
			}
		}
	}
}

// p is (1+hits)/(1+draws), and the draws under the null are centred at no gain.
func TestBootstrapPValue(t *testing.T) {
	for _, v := range verdicts(t, luck.Bootstrap{Draws: 999, Seed: 3, Level: .9}, rule(), benchmark()) {
		hits := 0
		for _, d := range v.Draws {
			if d >= v.Observed.Value {
				hits++
			}
		}
		near(t, v.Observed.Name+" p", v.P.Value, float64(1+hits)/1000, 1e-15)
		if v.P.Low > v.P.Value || v.P.High < v.P.Value || v.P.Level != .9 {
			t.Errorf("%s: %+v", v.Observed.Name, v.P)
		}
		if middle := v.Null[3]; middle.P != .5 || math.Abs(middle.Value) > .2*math.Abs(v.Null[6].Value) {
			t.Errorf("%s: median under the null %v beside %v", v.Observed.Name, middle.Value, v.Null[6])
		}
	}
}

func TestBootstrapDependsOnTheSeedAlone(t *testing.T) {
	b := luck.Bootstrap{Draws: 199, Seed: 5, Level: .95}
	first := verdicts(t, b, rule(), nil)
	if diff := cmp.Diff(first, verdicts(t, b, rule(), nil)); diff != "" {
		t.Errorf("twice the same seed:\n%s", diff)
	}
	b.Seed = 6
	if cmp.Equal(first, verdicts(t, b, rule(), nil)) {
		t.Error("another seed changes nothing")
	}
}

// A rule equal to its benchmark in everything but chance: p-values spread evenly, also where
// the benchmark's log returns vary five times as much. With 300 histories the share at or below
// .2 has a standard error of .023.
func TestBootstrapUnderTheNull(t *testing.T) {
	source := rand.New(rand.NewPCG(11, 12))
	const histories = 300
	for wild, figures := range map[float64][]int{1: {0, 1, 2}, 5: {2}} { // the means of such log returns differ
		low := make([]int, 3)
		for i := range histories {
			r := drawn(source, 2, 200)
			for k := range r[0] {
				r[0][k], r[1][k] = math.Expm1(r[0][k]), math.Expm1(wild*r[1][k])
			}
			for k, v := range verdicts(t, luck.Bootstrap{Draws: 199, Block: 1, Seed: uint64(i), Level: .95}, r[0], r[1]) {
				if v.P.Value <= .2 {
					low[k]++
				}
			}
		}
		for _, k := range figures {
			if share := float64(low[k]) / histories; math.Abs(share-.2) > 3*.023 {
				t.Errorf("benchmark %v times as wild, figure %d: p ≤ .2 in %v of the histories", wild, k, share)
			}
		}
	}
}

func TestBootstrapDegenerate(t *testing.T) {
	b := luck.Bootstrap{Draws: 199, Seed: 1, Level: .95}
	ruined := rule()
	ruined[7] = -1
	all := verdicts(t, b, ruined, nil)
	if all[0].Observed.Reason != "" || math.IsNaN(all[0].P.Value) {
		t.Errorf("mean: %+v", all[0])
	}
	if total := all[2]; !math.IsNaN(total.Observed.Value) || !strings.Contains(total.Observed.Reason, "-100 %") || !math.IsNaN(total.P.Value) || !warned(total.P.Warnings, "no figure to judge") {
		t.Errorf("total return after ruin: %+v", total)
	}
	// Cash as a benchmark has a mean and a total return, and no Sharpe ratio.
	cash := verdicts(t, b, rule(), make([]float64, 400))
	if math.IsNaN(cash[0].P.Value) || !math.IsNaN(cash[1].P.Value) || math.IsNaN(cash[2].P.Value) {
		t.Errorf("against cash: %+v", cash)
	}
	// In the market in 1 step of 50: many draws miss it and have no Sharpe ratio.
	rare := make([]float64, 50)
	rare[20] = .03
	once := verdicts(t, luck.Bootstrap{Draws: 199, Block: 1, Seed: 1, Level: .95}, rare, nil)[1]
	if !math.IsNaN(once.P.Value) || !warned(once.P.Warnings, "too many draws without a figure") || !math.IsNaN(once.Interval.Low) || !warned(once.Interval.Warnings, "no interval") {
		t.Errorf("one trade: %+v", once)
	}
	if _, err := json.Marshal([]any{all, cash, once}); err != nil {
		t.Errorf("absent numbers cannot be written: %v", err)
	}
}

func TestBootstrapRefused(t *testing.T) {
	good := luck.Bootstrap{Draws: 199, Seed: 1, Level: .95}
	_, err := luck.Bootstrap{Draws: 10, Block: .5, Level: 2}.Test(nil, nil, 0, -1)
	wantError(t, "everything", err, stats.ErrArgument, "10 draws", "blocks of 0.5", "level 2", "periods per year", "0 returns, expected at least 30")
	_, err = good.Test(make([]float64, 100), nil, 0, 365)
	wantError(t, "zeros", err, stats.ErrConstant, "nothing to resample")
	_, err = good.Test(rule(), rule(), 0, 365)
	wantError(t, "its own benchmark", err, stats.ErrConstant)
	_, err = good.Test(rule(), rule()[1:], 0, 365)
	wantError(t, "lengths", err, stats.ErrLength, "399 returns of the benchmark and 400 of the rule")
	gap := benchmark()
	gap[3] = math.NaN()
	_, err = good.Test(rule(), gap, 0, 365)
	wantError(t, "gap", err, stats.ErrGap, "benchmark: ", "step 3")
	_, err = good.TestBest([][]float64{rule()}, gap)
	wantError(t, "gap", err, stats.ErrGap, "benchmark: ", "step 3")
	_, err = good.TestBest([][]float64{rule()}, rule())
	wantError(t, "its own benchmark", err, stats.ErrConstant)
	long := good
	long.Block = 500
	_, err = long.Test(rule(), nil, 0, 365)
	wantError(t, "long blocks", err, stats.ErrArgument, "blocks of 500 steps in a history of 400")
	_, err = long.TestBest([][]float64{rule()}, nil)
	wantError(t, "long blocks", err, stats.ErrArgument, "blocks of 500 steps in a history of 400")
	_, err = good.TestBest(nil, nil)
	wantError(t, "no cells", err, stats.ErrTooFew)
}

// The numbers wanted: variances and unstudentised p-values from arch.bootstrap.SPA 8.0.0 with
// blocks of 5 (arch's studentize changes nothing in its p-values), the studentised ones from
// 20,000 draws of its StationaryBootstrap and Hansen's formulas in numpy. Cells 0 and 1 are
// clearly worse than the benchmark.
func TestBestOfMany(t *testing.T) {
	var returns [][]float64
	for k := range 8 {
		drift := .00008 * float64(k-6)
		if k < 2 {
			drift = -.002
		}
		returns = append(returns, scaled(autoregressive(400, 20+uint64(k), .2), .01, drift))
	}
	market := scaled(autoregressive(400, 11, .2), .01, 0)
	s, err := luck.Bootstrap{Draws: 9999, Block: 5, Seed: 1, Level: .95}.TestBest(returns, market)
	if err != nil {
		t.Fatal(err)
	}
	variances := []float64{2.5466471445003346e-05, 2.0476038471116336e-05, 2.379045725616817e-05, 1.8333796198915323e-05,
		2.3848508747957224e-05, 2.3032467654959522e-05, 2.052652560930695e-05, 2.172362299938071e-05}
	for i, g := range s.Gains {
		near(t, "variance", g.SE*g.SE*400/variances[i], 1, 1e-10)
	}
	near(t, "mean gain", s.Gains[6].Mean/0.00041433913133406765, 1, 1e-10)
	if s.Cell != 6 || s.Studentised != 6 || len(s.Warnings) > 0 {
		t.Errorf("best cells %d and %d, warnings %q", s.Cell, s.Studentised, s.Warnings)
	}
	near(t, "reality check", s.RealityCheck.Observed.Value/0.008286782626681352, 1, 1e-10)
	near(t, "SPA", s.Consistent.Observed.Value, 1.829061145452475, 1e-10)
	for _, c := range []struct {
		what string
		v    luck.Verdict
		p    float64
	}{
		{"reality check", s.RealityCheck, .1844}, // arch's upper; .18075 in the loop
		{"lower", s.Lower, .1038}, {"consistent", s.Consistent, .1317}, {"upper", s.Upper, .15795},
	} {
		if c.v.P.N != 9999 || math.Abs(c.v.P.Value-c.p) > 3*math.Sqrt(c.p*(1-c.p)*(1./9999+1./20000)) {
			t.Errorf("%s: p %v, want %v", c.what, c.v.P, c.p)
		}
	}
}

func TestBestOfManyLeavesOut(t *testing.T) {
	b := luck.Bootstrap{Draws: 199, Seed: 1, Level: .95}
	all, err := b.TestBest([][]float64{make([]float64, 400), rule(), benchmark()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if all.Cell != 1 || len(all.Gains) != 2 || !warned(all.Warnings, "1 of 3 cells are left out") {
		t.Errorf("%+v", all)
	}
	without, err := b.TestBest([][]float64{rule(), benchmark()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if without.Consistent.P.Value != all.Consistent.P.Value || without.Block != all.Block {
		t.Errorf("p %v with a cell that is left out, %v without it", all.Consistent.P, without.Consistent.P)
	}
}
