package mechanism_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/mechanism/mechanismtest"
	"pgregory.net/rapid"
)

func exposed(h ...mechanism.Shareholder) *mechanism.Exposure {
	c := defaults[*mechanism.Exposure]("exposure")
	c.Asset, c.Holders = "btc", h
	return c
}

// bank is the published holding of a bank, 96.6m USD of Strategy's shares.
func bank() mechanism.Shareholder {
	return mechanism.Shareholder{Name: "Mitsui Sumitomo Trust Bank", Value: 96.6e6, Company: "Strategy"}
}

func series(t *testing.T, p *sim.Path, quantity string) []float64 {
	t.Helper()
	return report(t, p, mechanism.HolderSeries(bank().Name, quantity))
}

// withCompanies puts a treasury into the plan.
func withCompanies(t *testing.T, c mechanism.Config) func(*sim.Plan) {
	return func(p *sim.Plan) {
		m, err := c.Build("companies", &mechanism.Env{Assets: []string{"btc"}, Step: p.Step})
		if err != nil {
			t.Fatal(err)
		}
		p.Entries = append(p.Entries, sim.Entry{Mechanism: m})
	}
}

// It holds no coins: shares are sold, and what of it reaches the coin belongs to
// others. The suite has nothing to count.
func TestExposureSuite(t *testing.T) {
	mechanismtest.Check(t, mechanismtest.Subject{HoldsNoCoins: true, Assets: []string{"btc", "eth"}, Prices: []float64{90e3, 3000},
		Config: func() mechanism.Config {
			h := bank()
			h.Value, h.Stop, h.PassThrough = 5e9, ptr(.2), .5
			return exposed(h, mechanism.Shareholder{Name: "a fund", Value: 1e9, Company: "Strategy"})
		},
		Nothing: func() mechanism.Config { return exposed(bank()) },
		Beside: func() mechanism.Config {
			h := strategy()
			h.MNAV = ptr(1.4)
			c := treasury(h)
			c.PremiumPersistence, c.PremiumSensitivity = .99, .5
			return c
		},
		Drift: 1e-9})
}

// The coin loses a fifth and mNAV falls from 1.5 by the log return.
func TestLossByMarketCap(t *testing.T) {
	h := strategy()
	h.MNAV = ptr(1.5)
	c := treasury(h)
	c.PremiumSensitivity = 1
	path := play(t, exposed(bank()), 100e3, deep, 1, script{news: []float64{math.Log(.8)}}, withCompanies(t, c))
	near(t, "through the price", series(t, path, "loss_price")[0], -19.32e6, 1e-3)
	near(t, "through mNAV", series(t, path, "loss_mnav")[0], -77.28e6*.14876236754, 1)
	near(t, "through coins per share", series(t, path, "loss_accretion")[0], 0, 0)
	near(t, "through leverage", series(t, path, "loss_leverage")[0], 0, 1e-6)
	near(t, "value", series(t, path, "value")[0], 77.28e6*.85123763246, 1)
	near(t, "profit and loss", series(t, path, "pnl")[0], 77.28e6*.85123763246-96.6e6, 1)
	for i, r := range path.Plan.Reports() {
		want, held := 0.0, strings.HasPrefix(r.Name, "mitsui")
		if strings.HasSuffix(r.Name, ".value") {
			want = 96.6e6
		}
		if got := path.Opening[i]; held && r.Kind == sim.Level && got != want {
			t.Errorf("%s is %v at the start, want %v", r.Name, got, want)
		}
	}
}

// 1,000 coins at 100,000, an enterprise value of 1.2 times that, 40m of net debt:
// 80m of shares with a leverage of 1.5. The coin loses a fifth: the shares lose
// .3, of which .1 through the debt.
func TestLossByEnterpriseValue(t *testing.T) {
	h := strategy()
	h.Units, h.MNAV, h.Debt, h.Preferred, h.Cash = 1000, ptr(1.2), 40e6, 10e6, 10e6
	c := treasury(h)
	c.Definition = mechanism.EnterpriseValue
	path := play(t, exposed(bank()), 100e3, deep, 1, script{news: []float64{math.Log(.8)}}, withCompanies(t, c))
	near(t, "value", series(t, path, "value")[0], .7*96.6e6, 1e-6)
	near(t, "through the price", series(t, path, "loss_price")[0], -.2*96.6e6, 1e-6)
	near(t, "through mNAV", series(t, path, "loss_mnav")[0], 0, 0)
	near(t, "through leverage", series(t, path, "loss_leverage")[0], -.1*96.6e6, 1e-6)
}

// A loss of .2 sells at the open of the next session, which is the third step;
// what the coin does then changes nothing any more.
func TestStop(t *testing.T) {
	h := strategy()
	h.MNAV = ptr(1.5)
	holder := bank()
	holder.Stop, holder.PassThrough = ptr(.2), .25
	fall := script{news: []float64{math.Log(.78), math.Log(.9), math.Log(.5), .1}}
	friday := func(p *sim.Plan) { p.Sessions = []bool{true, false, true, true} }
	path := play(t, exposed(holder), 100e3, deep, 4, fall, withCompanies(t, treasury(h)), friday)
	const proceeds = .78 * .9 * 96.6e6
	for k, want := range []float64{0, 0, proceeds, 0} {
		near(t, "sold", series(t, path, "sold")[k], want, 1e-6)
	}
	near(t, "coins sold", path.Ledger.Orders[rowOf(t, path, "subject")][0][2], -.25*proceeds, 1e-6)
	for k, want := range []float64{.78 * 96.6e6, proceeds, 0, 0} {
		near(t, "value", series(t, path, "value")[k], want, 1e-6)
	}
	for k := 1; k < 4; k++ {
		near(t, "profit and loss", series(t, path, "pnl")[k], proceeds-96.6e6, 1e-6)
		near(t, "through the price", series(t, path, "loss_price")[k], proceeds-96.6e6, 1e-6)
	}
}

func rowOf(t *testing.T, p *sim.Path, label string) int {
	t.Helper()
	for i, row := range p.Ledger.Rows {
		if row.Label == label {
			return i
		}
	}
	t.Fatalf("no row %q", label)
	return 0
}

// In a plan without the company there is no value, and nobody sells.
func TestExposureWithoutTheCompany(t *testing.T) {
	holder := bank()
	holder.Stop = ptr(.1)
	path := play(t, exposed(holder), 100e3, deep, 2, script{news: []float64{-.5}})
	for i, r := range path.Plan.Reports() {
		if v := path.Reports[i][1]; !math.IsNaN(v) || !math.IsNaN(path.Opening[i]) {
			t.Errorf("%s is %v, want absent", r.Name, v)
		}
	}
}

// The stop looks at the last close before a session, when the shares trade again:
// a weekend that makes up for the loss of Friday's close sells nothing.
func TestStopAtTheWeekend(t *testing.T) {
	h := strategy()
	h.MNAV = ptr(1.5)
	holder := bank()
	holder.Stop = ptr(.2)
	friday := func(p *sim.Plan) { p.Sessions = []bool{true, false, true, true} }
	for _, tt := range []struct{ weekend, sold float64 }{{math.Log(1.1), 0}, {math.Log(1.01), .78 * 1.01 * 96.6e6}} {
		path := play(t, exposed(holder), 100e3, deep, 4, script{news: []float64{math.Log(.78), tt.weekend}}, withCompanies(t, treasury(h)), friday)
		near(t, "sold on Monday", series(t, path, "sold")[2], tt.sold, 1e-6)
	}
}

// A company that holds another asset is none of this mechanism's: no value, no
// sale, and the scenario is told what is missing.
func TestCompanyOfAnotherAsset(t *testing.T) {
	h := strategy()
	h.MNAV = ptr(1.5)
	holder := bank()
	holder.Stop, holder.PassThrough = ptr(.1), 1
	c := exposed(holder)
	c.Asset = "eth"
	path := playOut(t, cast{"exposure": c, "treasury": treasury(h)}.together(t, dayLong, 3, deep), []float64{-.5}, nil)
	for i, r := range path.Plan.Reports() {
		if v := path.Reports[i][2]; strings.HasPrefix(r.Name, "mitsui") && !math.IsNaN(v) {
			t.Errorf("%s is %v, want absent", r.Name, v)
		}
	}
	for k, usd := range ordersOf(t, path, "exposure", 1) {
		near(t, fmt.Sprintf("ether sold in step %d", k+1), usd, 0, 0)
	}
	m, err := c.Build("exposure", &mechanism.Env{Assets: []string{"btc", "eth"}, Step: dayLong})
	if err != nil {
		t.Fatal(err)
	}
	needs := m.(sim.Needer).Needs()
	if slices.ContainsFunc(path.Plan.Reports(), func(r sim.Report) bool { return r.Name == needs[2] }) {
		t.Errorf("%s, which it needs, is published", needs[2])
	}
}

// A mechanism is immutable: what becomes of its configuration later is not its
// affair.
func TestBuiltExposuresDoNotChange(t *testing.T) {
	c := exposed(bank())
	m, err := c.Build("x", &mechanism.Env{Assets: []string{"btc"}, Step: dayLong})
	if err != nil {
		t.Fatal(err)
	}
	c.Holders[0].Company = "Metaplanet"
	if needs := m.(sim.Needer).Needs(); needs[0] != "strategy.share_price" {
		t.Errorf("it needs %q", needs)
	}
}

func TestExposureFaults(t *testing.T) {
	c := exposed(bank(), bank())
	c.Asset = "doge"
	_, err := c.Build("x", &mechanism.Env{Assets: []string{"btc"}})
	if err == nil || !strings.Contains(err.Error(), "asset: found") || !strings.Contains(err.Error(), "holders[1].name") {
		t.Errorf("got %v", err)
	}
	if _, err := exposed().Build("x", &mechanism.Env{Assets: []string{"btc"}}); err == nil || !strings.Contains(err.Error(), "an empty list") {
		t.Errorf("got %v", err)
	}
}

// Property: whatever the company does, the parts add up to the loss, and
// leverage is what its closed form says.
func TestLossAddsUp(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		pick := func(name string, least, most float64) float64 { return rapid.Float64Range(least, most).Draw(rt, name) }
		h := strategy()
		h.Units, h.Debt, h.Preferred = 1000, pick("debt", 0, 40e6), pick("preferred", 0, 20e6)
		h.Cash, h.Obligations, h.Runway = pick("cash", 0, 10e6), pick("obligations", 0, 5e6), pick("runway", 0, 1)
		h.MNAV, h.CovenantLTV = ptr(pick("mNAV", .8, 3)), ptr(pick("covenant", .1, .9))
		c := treasury(h)
		c.IssueSpeed, c.PremiumPersistence, c.PremiumSensitivity, c.Dilution = pick("speed", 0, .1), pick("ρ", 0, 1), pick("a", -1, 1), pick("dilution", 0, 2)
		c.Definition = rapid.SampledFrom([]string{mechanism.MarketCap, mechanism.EnterpriseValue}).Draw(rt, "definition")
		holder := bank()
		if rapid.Bool().Draw(rt, "stop") {
			holder.Stop = ptr(pick("loss", .05, .9))
		}
		const steps = 20
		s := script{news: rapid.SliceOfN(rapid.Float64Range(-.2, .2), steps, steps).Draw(rt, "news")}
		path := play(t, exposed(holder), 100e3, deep, steps, s, withCompanies(t, c), func(p *sim.Plan) { p.Step = 24 * time.Hour })

		start := *h.MNAV * 100e6 // enterprise value
		equity := start
		if c.Definition == mechanism.EnterpriseValue {
			equity -= h.Debt + h.Preferred - h.Cash
		}
		for k := range steps {
			value, pnl, parts, size := series(t, path, "value")[k], series(t, path, "pnl")[k], 0.0, holder.Value
			for _, part := range []string{"price", "mnav", "accretion", "leverage"} {
				parts += series(t, path, "loss_"+part)[k]
				size += math.Abs(series(t, path, "loss_"+part)[k])
			}
			if math.IsNaN(parts) { // without coins there is no mNAV
				if coins := report(t, path, "strategy.units")[k]; coins != 0 && equity > 0 {
					rt.Fatalf("step %d: no attribution with %v coins", k, coins)
				}
				continue
			}
			if math.Abs(parts-pnl) > 1e-13*size {
				rt.Fatalf("step %d: parts %v, profit and loss %v", k, parts, pnl)
			}
			if value == 0 {
				continue // sold, or worth nothing
			}
			if math.Abs(value-holder.Value-pnl) > 1e-13*size {
				rt.Fatalf("step %d: value %v, profit and loss %v", k, value, pnl)
			}
			want := 0.0
			if c.Definition == mechanism.EnterpriseValue {
				coins := report(t, path, "strategy.btc_per_share")[k]
				shares := report(t, path, "strategy.units")[k] / (coins * h.Units)
				debt := report(t, path, "strategy.ltv")[k]*report(t, path, "strategy.units")[k]*path.Price(0, k+1) + h.Preferred - report(t, path, "strategy.cash")[k]
				product := path.Price(0, k+1) / 100e3 * report(t, path, "strategy.mnav")[k] / *h.MNAV * coins
				want = holder.Value * ((start/equity-1)*product - debt/shares/equity)
			}
			if got := series(t, path, "loss_leverage")[k]; math.Abs(got-want) > 1e-12*size*(1+start/equity) {
				rt.Fatalf("step %d: leverage %v, closed form %v", k, got, want)
			}
		}
	})
}
