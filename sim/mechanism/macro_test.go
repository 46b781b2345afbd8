package mechanism_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/mechanism/mechanismtest"
	"pgregory.net/rapid"
)

// rates is the response of Bitcoin by the literature with a flow out of it, and
// of ether with half of the return.
func rates(flow float64) *mechanism.Macro {
	c := defaults[*mechanism.Macro]("macro")
	var btc mechanism.RateResponse
	btc.Defaults()
	btc.Flow = -flow
	c.Assets = map[string]mechanism.RateResponse{"btc": btc, "eth": {Beta: btc.Beta / 2}}
	return c
}

func TestMacroSuite(t *testing.T) {
	mechanismtest.Check(t, mechanismtest.Subject{HoldsNoCoins: true, Assets: []string{"btc", "eth"}, Prices: []float64{110e3, 4000},
		Config: func() mechanism.Config { c := rates(2e9); c.RateSD = 6e-4; return c },
		Nothing: func() mechanism.Config {
			c := rates(0)
			c.Assets = map[string]mechanism.RateResponse{"btc": {}}
			return c
		},
		Drift: 1e-9})
}

// A surprise of 25 basis points at −.25 % for each: −6.25 %; and a quarter of
// the flow per percentage point, with its impact. The next day's is half of it,
// back. Saturday's does not come.
func TestRateShift(t *testing.T) {
	plan := cast{"macro": rates(2e9)}.together(t, dayLong, 6, 1e9)
	path := playOut(t, plan, nil, map[string][]float64{"rate": {.0025, -.00125, 0, 0, 0, .01}})
	for k, want := range []float64{-.0625, .03125, 0, 0, 0, 0} {
		flow := want / .25 * 2e9
		near(t, "repriced", path.Ledger.Return[0][0][k], want, 1e-15)
		near(t, "ordered", ordersOf(t, path, "macro.flow", 0)[k], flow, 1e-6)
		near(t, "impact", path.Ledger.Return[1][0][k], flow*.01/1e9, 1e-12)
		near(t, "return", path.LogPrice[0][k+1]-path.LogPrice[0][k], want+flow*.01/1e9, 1e-12)
		near(t, "return of ether", path.LogPrice[1][k+1]-path.LogPrice[1][k], want/2, 1e-12)
		near(t, "shift", report(t, path, "rate.shift")[k], []float64{.0025, .00125, .00125, .00125, .00125, .00125}[k], 1e-18)
	}
	if row := path.Ledger.Rows[0].Label; row != "macro.repricing" {
		t.Errorf("the first row is %s", row)
	}
}

// A week's shift is that of its five sessions.
func TestShiftOfAWeek(t *testing.T) {
	c := rates(0)
	c.RateSD = 6e-4
	for step, sessions := range map[time.Duration]float64{time.Hour: 1, dayLong: 1, weekLong: 5} {
		plan := cast{"macro": c}.together(t, step, 1, deep)
		near(t, "standard deviation in a step of "+step.String(), plan.Innovations[0].SD, 6e-4*math.Sqrt(sessions), 1e-18)
	}
}

// The disconnect: with β 0 nothing follows, and expectations shift all the same.
func TestNoResponseToRates(t *testing.T) {
	c := rates(0)
	c.Assets = map[string]mechanism.RateResponse{"btc": {}}
	path := playOut(t, cast{"macro": c}.together(t, dayLong, 3, 1e9), nil, map[string][]float64{"rate": {.0025, .0025, -.01}})
	for k := range 3 {
		near(t, "log price", path.LogPrice[0][k+1], path.LogPrice[0][0], 0)
	}
	near(t, "shift", report(t, path, "rate.shift")[2], -.005, 1e-18)
}

// Property: the loop that other mechanisms make of a shift is the one they make
// of news of the same size.
func TestAShiftIsAnsweredLikeNews(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := rates(0)
		r := mechanism.RateResponse{Beta: rapid.Float64Range(-1, 1).Draw(rt, "β")}
		c.Assets = map[string]mechanism.RateResponse{"btc": r}
		shifts := rapid.SliceOfN(rapid.Float64Range(-.002, .002), 5, 5).Draw(rt, "Δ")
		var news []float64
		for _, d := range shifts {
			news = append(news, 100*r.Beta*d)
		}
		answering := funds()
		answering.SameDay = .5
		plan := cast{"macro": c, "redemption": answering}.together(t, dayLong, 12, 3e9)
		shifted, told := playOut(t, plan, nil, map[string][]float64{"rate": shifts}), playOut(t, plan, news, nil)
		for k := range 13 {
			if got, want := shifted.LogPrice[0][k], told.LogPrice[0][k]; !(math.Abs(got-want) <= 1e-12) {
				rt.Fatalf("step %d: %v, after the same news %v", k, got, want)
			}
		}
	})
}

func TestMacroFaults(t *testing.T) {
	for want, c := range map[string]*mechanism.Macro{
		`assets.doge: found "doge", expected one of btc`:     {Assets: map[string]mechanism.RateResponse{"doge": {}}},
		"assets: found nothing, expected at least one asset": {},
	} {
		if _, err := c.Build("x", &mechanism.Env{Assets: []string{"btc"}, Step: dayLong}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
