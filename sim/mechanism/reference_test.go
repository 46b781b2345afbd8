package mechanism_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/impact"
	"github.com/ebb-sim/ebb/sim/mechanism"
)

// Redemption and collateral together on one asset, 200 random days with
// weekends, against the same model written once more as a plain loop that
// shares no code with the engine.
func TestAgainstPlainLoop(t *testing.T) {
	const steps, price, depth, scale, tolerance = 200, 3000., 8e8, 4., 1e-3
	c := defaults[*mechanism.Redemption]("redemption")
	c.Asset, c.AUM, c.SameDay, c.Asymmetry, c.Constant, c.Execution = "btc", 6e9, .3, .6, -2e6, 3
	l := loans(
		mechanism.Borrower{Name: "careful", Units: 400e3, Debt: 700e6, Threshold: .83, TargetHF: ptr(1.25), DailyCap: ptr(3e7)},
		mechanism.Borrower{Name: "bold", Units: 300e3, Debt: 560e6, Threshold: .8})
	l.BorrowRate = .08

	rng := rand.New(rand.NewPCG(1, 1))
	var s script
	var sessions []bool
	for k := range steps {
		s.news = append(s.news, .025*rng.NormFloat64()-.002)
		s.innovations = append(s.innovations, 5e7*rng.NormFloat64())
		sessions = append(sessions, k%7 < 5)
	}
	want := plainLoop(c, l, s, sessions, price, .01/depth, scale, tolerance)

	env := &mechanism.Env{Assets: []string{"btc"}, Step: 24 * time.Hour}
	p := sim.Plan{Step: env.Step, Steps: steps, Sessions: sessions, Tolerance: tolerance,
		Assets: []sim.Asset{{Name: "btc", Price: price, Law: impact.Linear{Depth1Pct: depth}, Permanent: 1, Volatility: .025, VolatilityDecay: .94}}}
	for name, config := range map[string]mechanism.Config{"funds": c, "loans": l} {
		m, err := config.Build(name, env)
		if err != nil {
			t.Fatal(err)
		}
		p.Entries = append(p.Entries, sim.Entry{Mechanism: m, ImpactScale: map[string]float64{"funds": scale, "loans": 1}[name]})
	}
	p.Innovations = env.Innovations
	plan, err := sim.Compile(p)
	if err != nil {
		t.Fatal(err)
	}
	path := plan.NewPath(true)
	if err := sim.NewRunner(plan).Run(s, path); err != nil {
		t.Fatal(err)
	}

	sold, liquidated, empty := 0., 0., 0
	for k, day := range want {
		agree := func(what string, got, want float64) {
			t.Helper()
			if math.IsNaN(want) != math.IsNaN(got) || math.Abs(got-want) > 1e-9*math.Abs(want)+1e-6 { // USD or coins
				t.Fatalf("step %d: %s is %.15g, the plain loop has %.15g", k+1, what, got, want)
			}
		}
		near(t, "log price", path.LogPrice[0][k+1], day.log, 1e-9)
		agree("flow", report(t, path, "btc.etf_flow")[k], day.flow)
		agree("assets", report(t, path, "btc.etf_aum")[k], day.aum)
		for i, name := range []string{"careful", "bold"} {
			agree(name+"'s units", report(t, path, name+".units")[k], day.units[i])
			agree(name+"'s debt", report(t, path, name+".debt")[k], day.debt[i])
			agree(name+"'s sales", report(t, path, name+".sold")[k], day.sold[i])
		}
		sold += day.sold[0]
		liquidated += day.sold[1]
		if day.aum == 0 {
			empty++
		}
	}
	if sold < 1e8 || liquidated < 1e8 || empty == 0 {
		t.Errorf("sold %v, liquidated %v, %d days with empty funds: the subject is too tame", sold, liquidated, empty)
	}
}

// plainDay is the close of one day.
type plainDay struct {
	log, flow, aum    float64
	units, debt, sold [2]float64
}

// plainLoop is the model of redemption and collateral under linear permanent
// impact, lambda per USD.
func plainLoop(c *mechanism.Redemption, l *mechanism.Collateral, s script, sessions []bool, price, lambda, scale, tolerance float64) (days []plainDay) {
	logs := []float64{math.Log(price)}
	aum, comes, brought := c.AUM, 0., 0. // flow of the last session: what came anyway, what prices brought
	lastSession := -1
	var flows []float64 // of every session so far
	units := [2]float64{l.Holders[0].Units, l.Holders[1].Units}
	debt := [2]float64{l.Holders[0].Debt, l.Holders[1].Debt}
	for k := range s.news {
		x := logs[k] + s.news[k]
		var fund, came, bring float64 // traded by the funds; their flow by part
		var sold, own [2]float64      // by the borrowers; of their own will
		for {
			p, order, largest := math.Exp(x), 0., 0.
			if sessions[k] {
				// what the session answers to: the rest of the last session's day, all days
				// since, and a share of its own
				r := c.SameDay * (x - logs[k])
				for d := max(lastSession, 0); d < k; d++ {
					if d == lastSession {
						r += (1 - c.SameDay) * (logs[d+1] - logs[d])
					} else {
						r += logs[d+1] - logs[d]
					}
				}
				slope := c.Response
				if r > 0 {
					slope *= c.Asymmetry
				}
				came, bring = c.Constant+c.Persistence*comes+s.innovations[k], c.Persistence*brought+slope*r
				if has := aum * math.Exp(x-logs[k]); came+bring < -has {
					switch {
					case came < 0 && bring < 0:
						came, bring = -has*came/(came+bring), -has*bring/(came+bring)
					case came < 0:
						came = -has - bring
					default:
						bring = -has - came
					}
				}
				// a third of this session's flow and of the two before it
				want := (came + bring) / 3
				for back := 1; back <= 2 && back <= len(flows); back++ {
					want += flows[len(flows)-back] / 3
				}
				order += scale * (want - fund)
				largest = math.Abs(want - fund)
				fund = want
			}
			for i, h := range l.Holders {
				health, sale := units[i]*p*h.Threshold/debt[i], 0.
				switch {
				case debt[i] == 0 || units[i] == 0:
				case health < 1:
					repay := debt[i]
					if health > .95 {
						repay /= 2
					}
					sale = repay * 1.05
					if sale > units[i]*p {
						sale = units[i] * p
						repay = sale / 1.05
					}
					debt[i] -= repay
				case h.TargetHF != nil && health < *h.TargetHF:
					sale = (*h.TargetHF*debt[i] - units[i]*p*h.Threshold) / (*h.TargetHF - h.Threshold)
					sale = math.Min(sale, debt[i])
					sale = math.Min(sale, *h.DailyCap-own[i])
					own[i] += sale
					debt[i] -= sale
				}
				units[i] -= sale / p
				sold[i] += sale
				order -= sale
				largest = math.Max(largest, sale)
			}
			x += lambda * order
			if largest < tolerance {
				break
			}
		}
		r := x - logs[k]
		logs = append(logs, x)
		aum *= math.Exp(r)
		day := plainDay{log: x, flow: math.NaN()}
		if sessions[k] {
			aum += came + bring
			comes, brought, lastSession = came, bring, k
			flows = append(flows, came+bring)
			day.flow = came + bring
		}
		for i := range debt {
			debt[i] *= math.Exp(l.BorrowRate / 365)
		}
		aum = math.Max(aum, 0) // rounding
		day.aum, day.units, day.debt, day.sold = aum, units, debt, sold
		days = append(days, day)
	}
	return days
}
