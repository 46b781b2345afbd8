package mechanism_test

import (
	"math"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/impact"
	"github.com/ebb-sim/ebb/sim/mechanism"
)

// inSteps runs a mechanism over whole days from a Monday in steps of a given
// length, in a market that orders do not move. News falls in the first step of a
// day, a session is booked in the last step of a weekday. The three days before
// had returns of 1, 2 and 4 %, and flows of 1e8, 2e8 and none published yet.
func inSteps(t *testing.T, c mechanism.Config, step time.Duration, daily []float64) *sim.Path {
	t.Helper()
	env := &mechanism.Env{Assets: []string{"btc"}, Step: step}
	m, err := c.Build("subject", env)
	if err != nil {
		t.Fatal(err)
	}
	perDay := int(24 * time.Hour / step)
	p := sim.Plan{Step: step, Steps: len(daily) * perDay, Entries: []sim.Entry{{Mechanism: m}}, Innovations: env.Innovations,
		Assets: []sim.Asset{{Name: "btc", Price: 80e3, Law: impact.Linear{Depth1Pct: deep}, Permanent: 1, Volatility: .025, VolatilityDecay: .94}}}
	var s script
	for k := range p.Steps {
		day, first, last := k/perDay, k%perDay == 0, k%perDay == perDay-1
		r := 0.0
		if first {
			r = daily[day]
		}
		s.news = append(s.news, r)
		p.Sessions = append(p.Sessions, last && day%7 < 5)
	}
	past, price := []float64{math.Log(80e3) - .07}, math.Log(80e3)-.07
	flows := []float64{math.NaN()}
	p.Past.Sessions = []bool{false}
	for k := range 3 * perDay {
		flow, last := math.NaN(), k%perDay == perDay-1
		if k%perDay == 0 {
			price += []float64{.01, .02, .04}[k/perDay]
		}
		if last {
			flow = []float64{1e8, 2e8, math.NaN()}[k/perDay]
		}
		past, flows, p.Past.Sessions = append(past, price), append(flows, flow), append(p.Past.Sessions, last)
	}
	p.Past.LogPrice, p.Past.Series = [][]float64{past[:len(past)-1]}, map[string][]float64{"btc.etf_flow": flows}
	plan, err := sim.Compile(p)
	if err != nil {
		t.Fatal(err)
	}
	path := plan.NewPath(true)
	if err := sim.NewRunner(plan).Run(s, path); err != nil {
		t.Fatal(err)
	}
	return path
}

var fortnight = []float64{-.03, .01, -.02, .04, -.05, .02, -.01, -.04, .03, .01, -.02, -.03, .01, .02}

// The same days in steps of an hour bring the same flows: a session answers to
// the days up to the last one, and to its share of the running day.
func TestHourlyFlowsAreDailyFlows(t *testing.T) {
	c := funds()
	c.SameDay = .25
	daily, hourly := inSteps(t, c, 24*time.Hour, fortnight), inSteps(t, c, time.Hour, fortnight)
	const φ, Φ = .43489, 2.82222e9
	unpublished := φ*2e8 + Φ*(.75*.02+.25*.04)
	near(t, "first flow", report(t, daily, "btc.etf_flow")[0], φ*unpublished+Φ*(.75*.04-.25*.03), 1)
	for day := range fortnight {
		for _, series := range []string{"btc.etf_flow", "btc.etf_aum"} {
			want, got := report(t, daily, series)[day], report(t, hourly, series)[24*day+23]
			if math.IsNaN(want) != math.IsNaN(got) || math.Abs(want-got) > 1e-3 {
				t.Errorf("day %d: %s is %v in hourly steps, %v in daily ones", day+1, series, got, want)
			}
		}
	}
}

// A company issues once a session, however short the steps; cash runs down with
// time.
func TestHourlyTreasuryIsDailyTreasury(t *testing.T) {
	h := strategy()
	h.MNAV, h.Cash, h.Obligations, h.Runway = ptr(1.5), 8e8, 8e8, .98
	c := treasury(h)
	c.IssueSpeed, c.IssueCap = .01, 1e8
	flat := make([]float64, 14)
	daily, hourly := inSteps(t, c, 24*time.Hour, flat), inSteps(t, c, time.Hour, flat)
	coins := report(t, daily, "strategy.units")[13]
	near(t, "bought", daily.Ledger.Orders[0][0][4], 1e8, 0)
	near(t, "bought at the weekend", daily.Ledger.Orders[0][0][5], 0, 0)
	// the runway is cut on day 9, to the day or, hour by hour, up to a day later
	near(t, "coins", coins-713502, (10*1e8-8e8*(13./365-.02))/80e3, 1)
	near(t, "coins in hourly steps", report(t, hourly, "strategy.units")[24*14-1], coins, 8e8/365/80e3)
}

// The daily cap and the interest of borrowers are those of a day.
func TestHourlyLoansAreDailyLoans(t *testing.T) {
	c := loans(mechanism.Borrower{Name: "x", Units: 1000, Debt: 60e6, Threshold: .83, TargetHF: ptr(1.5), DailyCap: ptr(2.4e5)})
	c.BorrowRate = .1
	flat := make([]float64, 14)
	daily, hourly := inSteps(t, c, 24*time.Hour, flat), inSteps(t, c, time.Hour, flat)
	near(t, "coins", report(t, hourly, "x.units")[24*14-1], report(t, daily, "x.units")[13], 1e-9)
	near(t, "coins sold", 1000-report(t, daily, "x.units")[13], 14*2.4e5/80e3, 1e-9)
	// sold within the day rather than at its start, on average half a day later
	near(t, "debt", report(t, hourly, "x.debt")[24*14-1], report(t, daily, "x.debt")[13], 14*2.4e5*.1/365)
}
