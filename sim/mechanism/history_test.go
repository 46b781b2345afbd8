package mechanism_test

import (
	"math"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/data/datatest"
	"github.com/ebb-sim/ebb/sim"
)

// Bitcoin's fall of the winter of 2025, replayed. The news and the innovations
// are what is left of the closes and of the flows when the loop's part is taken
// off; run again they give the history back, and without the response or
// without the funds the two counterfactuals. Impact 3.36 % per $bn, φ .443,
// Φ $2.87bn per unit log return, from rest at the close of 2025-09-30.
func TestReplayOfTheRealFall(t *testing.T) {
	closes := datatest.Column(t, "btctree__btc-power/data/btc_daily.csv", "date", "close")
	flows := datatest.Column(t, "haturatu__crypto-etf-flow/etf_btc.csv", "Date", "Total")
	const impact, φ, Φ = .0336e-9, .443, 2.87e9
	start, peak, last := day("2025-09-30"), day("2025-10-06"), day("2026-02-05")

	var identified script
	var sessions []bool
	observed := []float64{math.Log(closes[start])}
	before, since := 0.0, 0.0 // flow of the last session, return since
	for at := start.AddDate(0, 0, 1); !at.After(last); at = at.AddDate(0, 0, 1) {
		price, known := closes[at]
		if !known {
			t.Fatalf("no close on %s", at.Format(time.DateOnly))
		}
		r := math.Log(price) - observed[len(observed)-1]
		observed = append(observed, math.Log(price))
		million, session := flows[at]
		flow, innovation := 1e6*million, 0.0
		if session {
			innovation = flow - φ*before - Φ*since
			before, since = flow, 0
		}
		since += r
		sessions = append(sessions, session)
		identified.news = append(identified.news, r-impact*flow)
		identified.innovations = append(identified.innovations, innovation)
	}

	from, to := int(peak.Sub(start).Hours()/24), len(sessions)
	replay := func(response float64, adjust ...func(*sim.Plan)) *sim.Path {
		c := funds()
		c.Persistence, c.Response = φ, response
		calendar := func(p *sim.Plan) { p.Sessions, p.Start = sessions, start }
		return play(t, c, closes[start], .01/impact, to, identified, append(adjust, calendar)...)
	}
	change := func(p *sim.Path) float64 { return p.LogPrice[0][to] - p.LogPrice[0][from] }

	whole := replay(Φ)
	for k, x := range observed {
		near(t, "replayed log close", whole.LogPrice[0][k], x, 1e-9)
	}
	for k, flow := range report(t, whole, "btc.etf_flow") {
		million, session := flows[start.AddDate(0, 0, k+1)]
		if session {
			near(t, "replayed flow", flow/1e6, million, 1e-6)
		} else if !math.IsNaN(flow) {
			t.Errorf("a flow of %v on a day without one", flow)
		}
	}
	near(t, "observed", change(whole), -.683875, 5e-7)

	alone := replay(0)
	near(t, "without the response", change(alone), -.600691, 5e-7)
	near(t, "last close without the response", alone.Price(0, to), 67634.85, .005)

	none := replay(Φ, func(p *sim.Plan) { p.Entries = nil })
	near(t, "without the funds", change(none), -.451310, 5e-7)
	near(t, "last close without the funds", none.Price(0, to), 70590.37, .005)
}

func day(s string) time.Time {
	at, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return at
}
