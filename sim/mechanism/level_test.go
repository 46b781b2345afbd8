package mechanism_test

import (
	"math"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/mechanism/mechanismtest"
	"github.com/google/go-cmp/cmp"
)

func damping(price, share float64) *mechanism.Level {
	c := defaults[*mechanism.Level]("level")
	c.Asset, c.Price, c.Damping = "btc", price, share
	return c
}

// beside adds a mechanism to a plan of one asset.
func beside(t *testing.T, c mechanism.Config, step time.Duration) func(*sim.Plan) {
	return func(p *sim.Plan) {
		m, err := c.Build("other", &mechanism.Env{Assets: []string{"btc"}, Step: step})
		if err != nil {
			t.Fatal(err)
		}
		p.Step, p.Entries = step, append(p.Entries, sim.Entry{Mechanism: m})
	}
}

func TestLevelSuite(t *testing.T) {
	config := func() mechanism.Config { return damping(93e3, .5) }
	mechanismtest.Check(t, mechanismtest.Subject{HoldsNoCoins: true, Assets: []string{"btc"}, Prices: []float64{90e3}, Config: config, Nothing: config})
}

// Closes just below, on and just above 93,000: only the last one releases, the
// next close below holds back again, and what was reclaimed stays so.
func TestLevelRelease(t *testing.T) {
	closes := []float64{92e3, 92999.99, 93e3, 93000.01, 92e3, 94e3}
	var s script
	for k := range len(closes) - 1 {
		s.news = append(s.news, math.Log(closes[k+1])-math.Log(closes[k]))
	}
	path := play(t, damping(93e3, .25), closes[0], deep, 5, s)
	if diff := cmp.Diff([]float64{.25, .25, 1, .25, 1}, report(t, path, "btc.activity")); diff != "" {
		t.Errorf("activity (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]float64{0, 0, 1, 1, 1}, report(t, path, "btc.level_reclaimed")); diff != "" {
		t.Errorf("reclaimed (-want +got):\n%s", diff)
	}
	if rows := path.Plan.Rows(); len(rows) != 0 {
		t.Errorf("a level has the ledger rows %v", rows)
	}
}

// Below the level trend followers make half of the change they want, also in
// the first step; a close above releases the rest a step later.
func TestLevelDampsTrend(t *testing.T) {
	c := followers(1e9)
	c.LookBack, c.Latency, c.VolatilityFloor = 2*dayLong, 0, 2 // σ is the floor: weights follow from r alone
	news := script{news: []float64{-.04, .01, .09, 0, .01}}
	closes := []float64{math.Log(92e3)}
	for k, r := range news.news {
		closes = append(closes, closes[k]+r)
	}
	free := play(t, c, 92e3, deep, 5, news)
	held := play(t, c, 92e3, deep, 5, news, beside(t, damping(93e3, .5), dayLong))
	want, got := report(t, free, "btc.subject_weight"), report(t, held, "btc.subject_weight")
	near(t, "first order", held.Ledger.Orders[0][0][0], free.Ledger.Orders[0][0][0]/2, 1e-3)
	near(t, "first weight", got[0], want[0]/2, 1e-15)
	near(t, "second weight", got[1], (got[0]+want[1])/2, 1e-15)
	near(t, "weight on the day of the close above", got[2], (got[1]+want[2])/2, 1e-15)
	near(t, "weight a day later", got[3], want[3], 1e-15)
	near(t, "weight after", got[4], want[4], 1e-15)
	if math.Exp(closes[2]) >= 93e3 || math.Exp(closes[3]) <= 93e3 || math.Abs(want[0]) < .01 {
		t.Error("the subject does not cross the level when it should")
	}

	still := play(t, c, 92e3, deep, 5, news, beside(t, damping(93e3, 0), dayLong))
	for k := range 3 {
		near(t, "order at a damping of 0", still.Ledger.Orders[0][0][k], 0, 0)
	}
	released := play(t, c, 94e3, deep, 1, news, beside(t, damping(93e3, 0), dayLong))
	near(t, "first order from above the level", released.Ledger.Orders[0][0][0], free.Ledger.Orders[0][0][0], 1e-3)
}
