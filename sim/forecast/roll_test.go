package forecast

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/ebb-sim/ebb/sim/driver"
	"github.com/ebb-sim/ebb/sim/stats"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// brownian are log closes of normal steps, and the steps.
func brownian(n int, sd float64, seed uint64) (closes []float64, returns Past) {
	rng := rand.New(rand.NewPCG(seed, 1))
	closes = []float64{0}
	for range n {
		r := sd * rng.NormFloat64()
		returns, closes = append(returns, r), append(closes, closes[len(closes)-1]+r)
	}
	return closes, returns
}

func origins(from, to, every int) (list []int) {
	for k := from; k < to; k += every {
		list = append(list, k)
	}
	return list
}

func options(origins []int) Options {
	return Options{Origins: origins, Horizons: []int{1, 5}, Paths: 200, Central: []float64{.5, .9}, Tail: .05, Parts: 10, Level: .95}
}

func roll(t *testing.T, closes []float64, o Options, models ...Model) []Scores {
	t.Helper()
	list, err := Roll(context.Background(), closes, models, o)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func rows(returns Past) [][]float64 {
	list := make([][]float64, len(returns))
	for k, r := range returns {
		list[k] = []float64{r}
	}
	return list
}

func resampling(returns Past) *Bootstrap {
	return &Bootstrap{Rows: rows(returns), Config: driver.Bootstrap{BlockLength: 10, Centre: true}, Names: []string{"btc"}, Seed: 1}
}

// hunch is a model of normal returns with a wrong spread.
type hunch struct {
	sd   float64
	from int
}

func (hunch) Name() string { return "hunch" }

func (h hunch) Draw(_ context.Context, origin int, horizons []int, out [][]float64) error {
	if origin < h.from {
		return &Pause{"too early"}
	}
	return walkPaths(9, origin, horizons, out, func(rng *rand.Rand, steps []float64) {
		for k := range steps {
			steps[k] = h.sd * rng.NormFloat64()
		}
	})
}

// On normal steps the models that look at the past are right, a wrong one is found out,
// and the score of normal forecasts is that of the closed form.
func TestRollTellsModelsApart(t *testing.T) {
	const n = 900
	closes, returns := brownian(n, .02, 3)
	list := roll(t, closes, options(origins(300, n, 1)), &GBM{Returns: returns, Seed: 1}, resampling(returns), &GARCH{Returns: returns, Refit: 200, Seed: 1}, hunch{sd: .05})
	if len(list) != 8 || list[0].Horizon != 1 || list[5].Model != "no feedback" || list[4].Overlap != 5 || list[4].Apart() != 120 {
		t.Fatalf("%d scores: %+v", len(list), list)
	}
	for _, s := range list {
		if len(s.Forecasts) != n-300-s.Horizon+1 {
			t.Errorf("%s, %d steps: %d forecasts", s.Model, s.Horizon, len(s.Forecasts))
		}
		right := s.Model != "hunch"
		if (s.Kupiec.P > .01) != right || (s.Histogram.ChiSquare.P > .01) != right {
			t.Errorf("%s, %d steps: Kupiec %v, χ² %v", s.Model, s.Horizon, s.Kupiec.P, s.Histogram.ChiSquare.P)
		}
		for _, c := range s.Coverage {
			if covers := c.Share.Low <= c.Nominal && c.Nominal <= c.Share.High; covers != right {
				t.Errorf("%s, %d steps: %v of the %v intervals hold", s.Model, s.Horizon, c.Share, c.Nominal)
			}
		}
		if s.Model == "hunch" && !(s.Compared.P < 1e-6 && s.Compared.Statistic < 0 && s.Difference.High < 0) {
			t.Errorf("%d steps: the first model is not told to be better: %+v", s.Horizon, s.Compared)
		}
		if s.Model == "gbm" && s.Compared.Absent == "" {
			t.Error("the first model is compared with itself")
		}
	}
	want := 0.0 // mean score of the right law
	for _, f := range list[0].Forecasts {
		v, err := NormalCRPS(0, .02, f.Return)
		if err != nil {
			t.Fatal(err)
		}
		want += v / float64(len(list[0].Forecasts))
	}
	near(t, "mean score", list[0].CRPS.Value, want, 1e-4)
}

// A spike after an origin moves nothing that was forecast before it.
func TestForecastsReadNoFuture(t *testing.T) {
	const n, spike = 400, 350
	closes, returns := brownian(n, .02, 4)
	run := func() []Scores {
		return roll(t, closes, options(origins(300, n, 1)), resampling(returns), &GBM{Returns: returns, Window: 90, Seed: 1}, &GARCH{Returns: returns, Refit: 25, Seed: 1})
	}
	calm := run()
	returns[spike] -= .4
	for k := spike + 1; k < len(closes); k++ {
		closes[k] -= .4
	}
	hit := run()
	for i := range calm {
		for k, f := range calm[i].Forecasts {
			g := hit[i].Forecasts[k]
			if f.Origin <= spike && (f.Median != g.Median || f.Low != g.Low) {
				t.Fatalf("%s from close %d: %+v, with the spike after it %+v", calm[i].Model, f.Origin, f, g)
			}
			if f.Origin+calm[i].Horizon <= spike && f != g {
				t.Fatalf("%s to close %d: %+v, with the spike after it %+v", calm[i].Model, f.Origin+calm[i].Horizon, f, g)
			}
		}
		if last := len(calm[i].Forecasts) - 1; calm[i].Forecasts[last].Low == hit[i].Forecasts[last].Low {
			t.Errorf("%s does not notice the spike at all", calm[i].Model)
		}
	}
}

// A model that begins late is compared on the origins that both have, and one that never
// begins has no figures and says why.
func TestPause(t *testing.T) {
	closes, returns := brownian(200, .02, 5)
	list := roll(t, closes, options(origins(100, 200, 1)), &GBM{Returns: returns, Seed: 1}, hunch{sd: .02, from: 150}, &GARCH{Returns: returns, Refit: 1})
	late, never := list[1], list[2]
	if late.Paused != 50 || len(late.Forecasts) != 50 || late.Compared.N != 50 || late.Difference.N != 50 {
		t.Errorf("late: %d paused, %d forecasts, %+v", late.Paused, len(late.Forecasts), late.Compared)
	}
	if never.Histogram != nil || never.CRPS.Value == never.CRPS.Value || never.Kupiec.Absent == "" || never.Compared.Absent == "" || never.Independence.Absent == "" ||
		!strings.Contains(never.Pause, "expected at least 250") {
		t.Errorf("never: %+v", never)
	}
}

// Constant closes: nothing is forecast of what does not move, with a reason.
func TestConstantCloses(t *testing.T) {
	closes, returns := make([]float64, 101), make(Past, 100)
	list := roll(t, closes, options(origins(50, 100, 1)), &GBM{Returns: returns})
	if list[0].Paused != 50 || !strings.Contains(list[0].Pause, "do not vary") {
		t.Errorf("%+v", list[0])
	}
	// A bootstrap of them forecasts that nothing moves, and is right.
	zero := roll(t, closes, options(origins(50, 100, 1)), resampling(returns))[0]
	if zero.CRPS.Value != 0 || zero.Forecasts[0].Place != .5 || zero.Violations != 0 {
		t.Errorf("%+v", zero.CRPS)
	}
}

// Closes that are not there give no forecast; the others stay.
func TestGaps(t *testing.T) {
	closes, returns := brownian(120, .02, 6)
	closes[100], returns[99], returns[100] = math.NaN(), math.NaN(), math.NaN()
	list := roll(t, closes, options(origins(90, 120, 1)), &GBM{Returns: returns, Seed: 1})
	if got := len(list[0].Forecasts); got != 28 {
		t.Errorf("%d forecasts over a step, want 30 less the 2 that touch the gap", got)
	}
}

func TestRollRefuses(t *testing.T) {
	closes, returns := brownian(100, .02, 7)
	for name, change := range map[string]func(*Options){
		"no origins": func(o *Options) { o.Origins = nil }, "no horizons": func(o *Options) { o.Horizons = nil },
		"origin after the end": func(o *Options) { o.Origins = []int{200} }, "uneven origins": func(o *Options) { o.Origins = []int{50, 51, 53} },
		"horizons that fall": func(o *Options) { o.Horizons = []int{5, 1} }, "one path": func(o *Options) { o.Paths = 1 },
		"no tail": func(o *Options) { o.Tail = 0 }, "an interval of everything": func(o *Options) { o.Central = []float64{1} },
	} {
		o := options(origins(60, 100, 1))
		change(&o)
		if _, err := Roll(context.Background(), closes, []Model{&GBM{Returns: returns}}, o); !errors.Is(err, stats.ErrArgument) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	if _, err := Roll(context.Background(), closes, nil, options(origins(60, 100, 1))); err == nil {
		t.Error("no models: no error")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Roll(ctx, closes, []Model{&GBM{Returns: returns}}, options(origins(60, 100, 1))); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// The same seed gives the same forecasts, another seed others.
func TestForecastsRepeat(t *testing.T) {
	closes, returns := brownian(330, .02, 8)
	run := func(seed uint64) []Scores {
		b := resampling(returns)
		b.Seed = seed
		return roll(t, closes, options(origins(300, 330, 2)), b, &GARCH{Returns: returns, Refit: 10, Seed: seed})
	}
	if diff := cmp.Diff(run(1), run(1), cmpopts.EquateNaNs()); diff != "" {
		t.Error(diff)
	}
	if cmp.Equal(run(1), run(2), cmpopts.EquateNaNs()) {
		t.Error("the seed changes nothing")
	}
}
