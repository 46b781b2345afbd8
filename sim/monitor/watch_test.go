package monitor_test

import (
	"math"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/sim/monitor"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

const day = 24 * time.Hour

var nan = math.NaN()

func defaults() *monitor.Recovery {
	k, ok := monitor.Lookup("recovery")
	if !ok {
		panic("no monitor recovery")
	}
	return k.Default().(*monitor.Recovery)
}

func watch(c *monitor.Recovery, step time.Duration) *monitor.Watch {
	w, err := c.Watch(step)
	if err != nil {
		panic(err)
	}
	return w
}

// alike compares numbers of which some are absent.
var alike = cmp.Comparer(func(a, b float64) bool {
	return math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= 1e-9*max(1, math.Abs(a))
})

const (
	unknown = monitor.Unknown
	off     = monitor.Off
	on      = monitor.On
)

func TestPremiumLight(t *testing.T) {
	c := defaults()
	c.PremiumDays = 3
	w := watch(c, day)
	for i, tt := range []struct {
		premium float64
		light   monitor.Light
		days    float64
	}{
		{nan, unknown, nan},
		{.001, unknown, 1}, {.001, unknown, 2}, {.001, on, 3}, {.001, on, 4},
		{nan, unknown, nan}, {.001, unknown, 1}, {.001, unknown, 2}, {.001, on, 3}, // a gap
		{0, off, 0}, {.001, off, 1}, {nan, off, nan}, // still off by the close of two days before
		{nan, unknown, nan}, {-.001, off, 0}, {.001, off, 1}, {.001, off, 2}, {.001, on, 3},
	} {
		s := w.Step(monitor.Reading{Premium: tt.premium, Flow: nan, Basis: nan})
		if s.Premium != tt.light || !cmp.Equal(s.PremiumDays, tt.days, alike) {
			t.Errorf("day %d: light %v after %v days, want %v after %v", i+1, s.Premium, s.PremiumDays, tt.light, tt.days)
		}
	}
}

// One week of flows, from a Monday: 100 a day, then −150; two weeks without any
// leave it unknown until a week is full again.
func TestFlowLight(t *testing.T) {
	c := defaults()
	c.FlowWeeks = 1
	w := watch(c, day)
	var lights []monitor.Light
	var sums []float64
	for k := range 49 {
		flow := 100.0
		switch week := k / 7; {
		case k%7 > 4 || week == 3 || week == 4:
			flow = nan
		case week > 0:
			flow = -150
		}
		s := w.Step(monitor.Reading{Premium: nan, Flow: flow, Basis: nan})
		lights, sums = append(lights, s.Flows), append(sums, s.FlowSum)
	}
	for k, want := range map[int]float64{0: nan, 5: nan, 6: 500, 7: 250, 8: 0, 9: -250, 13: -750, 18: -750, 20: -750,
		24: -150 * 1, 25: nan, 35: nan, 40: nan, 41: -750, 48: -750} {
		light := unknown
		if want > 0 {
			light = on
		} else if want <= 0 {
			light = off
		}
		if lights[k] != light || !cmp.Equal(sums[k], want, alike) {
			t.Errorf("day %d: light %v at %v, want %v at %v", k, lights[k], sums[k], light, want)
		}
	}
}

// The sample 1, 2, 3, 4 % has a standard deviation of 1.29099 points; a weekend
// without values takes nothing from it.
func TestBasisLight(t *testing.T) {
	c := defaults()
	c.BasisDays, c.BasisSD = 6, .0129
	w := watch(c, day)
	for i, tt := range []struct {
		basis float64
		light monitor.Light
		sd    float64
	}{
		{.01, unknown, nan}, {.02, unknown, nan}, {nan, unknown, nan}, {nan, unknown, nan}, {.03, unknown, nan},
		{.04, off, .0129099444874},
		{.04, on, .00957427108}, {.04, on, .005}, {.04, on, .00447213595},
	} {
		s := w.Step(monitor.Reading{Premium: nan, Flow: nan, Basis: tt.basis})
		if s.Basis != tt.light || !cmp.Equal(s.BasisSD, tt.sd, cmp.Comparer(func(a, b float64) bool {
			return math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= 1e-11
		})) {
			t.Errorf("day %d: light %v at %v, want %v at %v", i+1, s.Basis, s.BasisSD, tt.light, tt.sd)
		}
	}
}

func TestAllLights(t *testing.T) {
	for _, tt := range []struct{ a, b, c, want monitor.Light }{
		{on, on, on, on}, {on, off, on, off}, {unknown, off, on, off}, {unknown, on, on, unknown}, {unknown, unknown, unknown, unknown},
	} {
		if got := (monitor.State{Premium: tt.a, Flows: tt.b, Basis: tt.c}).Lights(); got != tt.want {
			t.Errorf("%v, %v, %v: %v, want %v", tt.a, tt.b, tt.c, got, tt.want)
		}
	}
	if diff := cmp.Diff([]float64{nan, 0, 1}, []float64{unknown.Value(), off.Value(), on.Value()}, alike); diff != "" {
		t.Error(diff)
	}
}

func TestWatchFaults(t *testing.T) {
	c := defaults()
	for step, want := range map[time.Duration]string{0: "step: found 0s, expected more than 0", 14 * day: "basis_days: found 14, expected more than one step of 2w"} {
		if _, err := c.Watch(step); err == nil || err.Error() != want {
			t.Errorf("step %v: got %v, want %s", step, err, want)
		}
	}
}

// Property: in every step the lights judge by what a look back over the whole
// history finds.
func TestWatchLooksBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := defaults()
		c.PremiumDays, c.FlowWeeks, c.BasisDays = rapid.IntRange(1, 4).Draw(t, "n"), rapid.IntRange(1, 2).Draw(t, "k"), rapid.IntRange(2, 9).Draw(t, "m")
		value := rapid.SampledFrom([]float64{nan, nan, -3, 0, 1, 2, 5})
		rows := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) monitor.Reading {
			return monitor.Reading{Premium: value.Draw(t, "premium"), Flow: value.Draw(t, "flow"), Basis: value.Draw(t, "basis") / 100}
		}), 1, 60).Draw(t, "readings")
		w := watch(c, day)
		for k, r := range rows {
			got := w.Step(r)
			if want := lookBack(c, rows[:k+1]); !cmp.Equal(got, want, alike) {
				t.Fatalf("step %d: %s", k, cmp.Diff(want, got, alike))
			}
		}
	})
}

// lookBack is the state by its definition, in steps of a day.
func lookBack(c *monitor.Recovery, rows []monitor.Reading) monitor.State {
	last := len(rows) - 1
	s := monitor.State{FlowSum: nan, BasisSD: nan}
	for back := 0; back <= last && rows[last-back].Premium > 0; back++ {
		s.PremiumDays++
	}
	if s.PremiumDays >= float64(c.PremiumDays) {
		s.Premium = on
	}
	for back := 0; back < c.PremiumDays && back <= last; back++ {
		if rows[last-back].Premium <= 0 {
			s.Premium = off
		}
	}
	if math.IsNaN(rows[last].Premium) {
		s.PremiumDays = nan
	}
	// values of a window, if it has no hole of more than a week
	full := func(days int, of func(monitor.Reading) float64) []float64 {
		var list []float64
		latest, covered := -1, -1 // covered: the step of the value after which nothing is missing
		for k, r := range rows {
			v := of(r)
			if latest < 0 || k-latest > 7 {
				covered = -1
			}
			if !math.IsNaN(v) {
				if covered < 0 {
					covered = k
				}
				latest = k
				if k > last-days {
					list = append(list, v)
				}
			}
		}
		if covered < 0 || last-covered+1 < days {
			return nil
		}
		return list
	}
	if flows := full(7*c.FlowWeeks, func(r monitor.Reading) float64 { return r.Flow }); len(flows) > 0 {
		s.FlowSum, s.Flows = 0, off
		for _, f := range flows {
			s.FlowSum += f
		}
		if s.FlowSum > 0 {
			s.Flows = on
		}
	}
	if basis := full(c.BasisDays, func(r monitor.Reading) float64 { return r.Basis }); len(basis) > 1 {
		mean, square := 0.0, 0.0
		for _, b := range basis {
			mean += b / float64(len(basis))
		}
		for _, b := range basis {
			square += (b - mean) * (b - mean)
		}
		s.BasisSD, s.Basis = math.Sqrt(square/float64(len(basis)-1)), off
		if s.BasisSD < c.BasisSD {
			s.Basis = on
		}
	}
	return s
}

// Hours show what days show: the closes of every hour count, the flow comes once
// a day.
func TestHourlyLightsAreDailyLights(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := defaults()
		daily, hourly := watch(c, day), watch(c, time.Hour)
		value := rapid.SampledFrom([]float64{-1, 1, 1, 2, 3})
		for k := range 60 {
			r := monitor.Reading{Premium: value.Draw(t, "premium"), Flow: value.Draw(t, "flow"), Basis: value.Draw(t, "basis") / 100}
			if k%7 > 4 {
				r.Flow = nan
			}
			want := daily.Step(r)
			var got monitor.State
			for hour := range 24 {
				h := r
				if hour != 20 {
					h.Flow = nan
				}
				got = hourly.Step(h)
			}
			if k < 40 {
				continue // the first flow comes hours after the first day has begun
			}
			got.BasisSD, got.Basis = want.BasisSD, want.Basis // of 24 values a day
			if !cmp.Equal(got, want, alike) {
				t.Fatalf("day %d: %s", k+1, cmp.Diff(want, got, alike))
			}
		}
	})
}

func TestWatchTakesNoMemory(t *testing.T) {
	w := watch(defaults(), time.Hour)
	r := monitor.Reading{Premium: .001, Flow: 1e8, Basis: .05}
	if n := testing.AllocsPerRun(1000, func() { w.Step(r) }); n != 0 {
		t.Errorf("%v allocations a step", n)
	}
}
