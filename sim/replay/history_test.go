package replay_test

import (
	"maps"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/data/datatest"
	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/impact"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/replay"
	"pgregory.net/rapid"
)

const (
	dailyBTC      = "btctree__btc-power/data/btc_daily.csv"
	dailyETH      = "btctree__btc-power/data/alt/ETHUSDT.csv"
	fourHourlyBTC = "RonaldLu66__binance-btc-monitor/data/BTCUSDT_4h.csv"
	fundFlows     = "haturatu__crypto-etf-flow/etf_btc.csv"
	coinbase      = "smoothbrainquant__trading-for-new-dads/data/raw/coinbase_top200_daily_20200101_to_present_20251025_171425.csv"
	coinbaseSince = "JintaoLiuorJoey__coinbase-ohlcv-data/data/BTC_aggregated.csv" // 2025-11-20
)

// The replay of Bitcoin's fall of the winter of 2025, from rest at the close of
// 2025-09-30: what is identified is what takes the flows' part off by hand, and
// the counterfactuals are the published ones. Impact 3.36 % per $bn, φ .443, Φ
// $2.87bn per unit log return.
func TestRedemptionAlone(t *testing.T) {
	closes, flows := datatest.Column(t, dailyBTC, "date", "close"), datatest.Column(t, fundFlows, "Date", "Total")
	h := history{start: day("2025-09-30"), end: day("2026-02-05"), step: 24 * time.Hour, closes: []map[time.Time]float64{closes}, flows: flows}
	plan := func(response float64) sim.Plan {
		c := mechanism.Redemption{Asset: "btc", AUM: 150e9, Persistence: .443, Response: response, Asymmetry: 1, Execution: 1}
		p := h.plan(t, []float64{.01 / .0336e-9}, &c)
		p.Past = sim.Past{} // from rest
		p.Assets[0].Permanent = 1
		return p
	}
	whole := compile(t, plan(2.87e9))
	found := h.identify(t, whole)
	if len(found.Gaps) > 0 {
		t.Errorf("gaps: %+v", found.Gaps)
	}
	from, to := h.at(day("2025-10-06")), h.at(h.end)
	change := func(p sim.Plan) *sim.Path {
		path := counterfactual(t, found, compile(t, p))
		t.Logf("%d steps to %s: log return %.6f, close %.2f", to-from, h.end.Format(time.DateOnly), path.LogPrice[0][to]-path.LogPrice[0][from], path.Price(0, to))
		return path
	}
	observed, alone := change(plan(2.87e9)), change(plan(0))
	without := plan(2.87e9)
	without.Entries, without.Innovations = nil, nil
	none := change(without)
	for _, c := range []struct {
		what string
		path *sim.Path
		want float64
	}{{"observed", observed, -.683875}, {"without the response", alone, -.600691}, {"without the funds", none, -.451310}} {
		near(t, c.what, c.path.LogPrice[0][to]-c.path.LogPrice[0][from], c.want, 5e-7)
	}
	near(t, "last close without the response", alone.Price(0, to), 67634.85, .005)
	near(t, "last close without the funds", none.Price(0, to), 70590.37, .005)
}

// history is a stretch of real closes and flows, in steps labelled by their
// beginning. A session's flow is booked in the step in which New York closes.
type history struct {
	start, end time.Time // of the starting close, and of the last step
	step       time.Duration
	closes     []map[time.Time]float64 // of btc, eth
	flows      map[time.Time]float64   // USD million by day
	premium    map[time.Time]float64   // by step; nil where it is not observed
}

var names = []string{"btc", "eth"}

func (h history) steps() int           { return int(h.end.Sub(h.start) / h.step) }
func (h history) at(at time.Time) int  { return int(at.Sub(h.start) / h.step) }
func (h history) time(k int) time.Time { return h.start.Add(time.Duration(k+1) * h.step) }

// flow is what is booked in the step that begins at a time.
func (h history) flow(at time.Time) float64 {
	close := at.Truncate(24 * time.Hour).Add(21 * time.Hour)
	million, ok := h.flows[at.Truncate(24*time.Hour)]
	if !ok || close.Before(at) || !close.Before(at.Add(h.step)) {
		return math.NaN()
	}
	return 1e6 * million
}

// plan is a run along the history under a linear law, with a year of past.
func (h history) plan(t rapid.TB, depth []float64, configs ...mechanism.Config) sim.Plan {
	t.Helper()
	p := sim.Plan{Start: h.start, Step: h.step, Steps: h.steps(), Past: sim.Past{Series: map[string][]float64{}}}
	env := &mechanism.Env{Step: h.step}
	for a, closes := range h.closes {
		price, ok := closes[h.start]
		if !ok {
			t.Fatalf("no close of %s at %v", names[a], h.start)
		}
		var past []float64
		for at := h.start.AddDate(-1, 0, 0); at.Before(h.start); at = at.Add(h.step) {
			past = append(past, math.Log(closes[at]))
		}
		p.Past.LogPrice = append(p.Past.LogPrice, past)
		env.Assets, env.Prices = append(env.Assets, names[a]), append(env.Prices, price)
		days := h.step.Hours() / 24
		p.Assets = append(p.Assets, sim.Asset{Name: names[a], Price: price, Law: impact.Linear{Depth1Pct: depth[a]}, Permanent: .6,
			Kernel: sim.Kernel{Decay: math.Pow(.5, days/3)}, Volatility: .025 * math.Sqrt(days), VolatilityDecay: math.Pow(.94, days)})
	}
	for k := range p.Steps {
		p.Sessions = append(p.Sessions, !math.IsNaN(h.flow(h.time(k))))
	}
	for _, c := range configs {
		env.Mechanisms = append(env.Mechanisms, kind(c))
	}
	for _, c := range configs {
		m, err := c.Build(kind(c), env)
		if err != nil {
			t.Fatal(err)
		}
		p.Entries = append(p.Entries, sim.Entry{Mechanism: m, ImpactScale: c.Travels().ImpactScale, Permanent: c.Travels().Permanent})
	}
	p.Innovations = env.Innovations
	return p
}

// observed is what the plan's steps brought.
func (h history) observed() replay.Observed {
	o := replay.Observed{Series: map[string][]float64{"btc.etf_flow": nil}}
	for _, closes := range h.closes {
		var list []float64
		for k := range h.steps() {
			list = append(list, math.Log(closes[h.time(k)]))
		}
		o.LogPrice = append(o.LogPrice, list)
	}
	for k := range h.steps() {
		o.Series["btc.etf_flow"] = append(o.Series["btc.etf_flow"], h.flow(h.time(k)))
		if h.premium != nil {
			premium, ok := h.premium[h.time(k)]
			if !ok {
				premium = math.NaN()
			}
			o.Series["btc.coinbase_premium"] = append(o.Series["btc.coinbase_premium"], premium)
		}
	}
	return o
}

// identify takes the history apart and holds it against what was observed.
func (h history) identify(t rapid.TB, plan *sim.Plan) *replay.Identified {
	t.Helper()
	seen := h.observed()
	began := time.Now()
	found, err := replay.Identify(plan, seen)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d steps identified in %v", plan.Steps, time.Since(began).Round(time.Millisecond))
	agrees(t, found, seen)
	return found
}

func day(s string) time.Time {
	at, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return at
}

// everybody are all mechanisms that apply to two years of Bitcoin and Ether, in
// the sizes of the bundled scenarios. The treasury is Strategy as of January
// 2024; the borrowers are those of 2026.
func everybody() []mechanism.Config {
	mnav, target, cap := 1.35, 1.15, 80e6
	redemption := defaults[*mechanism.Redemption]("redemption")
	redemption.Asset, redemption.AUM = "btc", 29e9
	perps := defaults[*mechanism.Perps]("perps")
	perps.Asset, perps.OpenInterest = "btc", 10e9
	treasury := defaults[*mechanism.Treasury]("treasury")
	treasury.Asset, treasury.IssueSpeed, treasury.IssueCost, treasury.IssueCap = "btc", .1, .01, 150e6
	treasury.PremiumPersistence, treasury.PremiumSensitivity, treasury.Dilution = .98, .9, 1
	treasury.Holders = []mechanism.Company{{Name: "Strategy", Units: 189_150, AverageCost: 31_168, Debt: 2.2e9, MNAV: &mnav}}
	collateral := defaults[*mechanism.Collateral]("collateral")
	collateral.Asset, collateral.TargetHF, collateral.DailyCap = "eth", target, cap
	collateral.Holders = []mechanism.Borrower{{Name: "Bhutan sovereign fund", Units: 104_000, Debt: 120e6, Threshold: .83},
		{Name: "Trend Research", Units: 601_000, Debt: 958e6, Threshold: .84788}}
	portfolio := defaults[*mechanism.Portfolio]("portfolio")
	portfolio.Holders = []mechanism.LeveragedPortfolio{{Name: "funds", Assets: 6e9, DebtToEquity: 1, Weights: map[string]float64{"btc": .65, "eth": .35}}}
	trend := defaults[*mechanism.Trend]("trend")
	trend.Asset, trend.Capital, trend.AIShare = "btc", 10e9, .25
	dips := defaults[*mechanism.DipBuyers]("dip_buyers")
	dips.Asset, dips.Cash = "btc", 5e9
	carry := defaults[*mechanism.Carry]("carry")
	carry.Asset = "btc"
	premium := defaults[*mechanism.Premium]("premium")
	premium.Asset = "btc"
	return []mechanism.Config{redemption, perps, treasury, collateral, portfolio, trend, dips, carry, premium}
}

func defaults[C mechanism.Config](kind string) C {
	k, ok := mechanism.Lookup(kind)
	if !ok {
		panic("no mechanism " + kind)
	}
	return k.Default().(C)
}

// Two years of Bitcoin and Ether with everybody in them, under the mechanical
// calibration: the linear law and the square-root law. The premium was observed
// but for four weeks.
func TestEverybodyDaily(t *testing.T) {
	h := history{start: day("2024-01-10"), end: day("2026-02-20"), step: 24 * time.Hour,
		closes:  []map[time.Time]float64{datatest.Column(t, dailyBTC, "date", "close"), datatest.Column(t, dailyETH, "date", "close")},
		flows:   datatest.Column(t, fundFlows, "Date", "Total"),
		premium: datatest.Column(t, coinbase, "date", "close", datatest.Where("symbol", "BTC/USD"))}
	maps.Copy(h.premium, datatest.Column(t, coinbaseSince, "Date", "Close"))
	for at, price := range h.premium {
		h.premium[at] = price/h.closes[0][at] - 1
	}
	t.Run("linear", func(t *testing.T) {
		tells(t, h.identify(t, compile(t, h.plan(t, []float64{3e9, 1e9}, everybody()...))))
	})
	t.Run("square-root", func(t *testing.T) {
		p := h.plan(t, []float64{3e9, 1e9}, everybody()...)
		p.Assets[0].Law = impact.SquareRoot{Y: 1, Volatility: .025, Volume: 30e9}
		p.Assets[1].Law = impact.SquareRoot{Y: 1, Volatility: .035, Volume: 15e9}
		tells(t, h.identify(t, compile(t, p)))
	})
}

func TestEverybodyFourHourly(t *testing.T) {
	h := history{start: day("2024-01-10").Add(20 * time.Hour), end: day("2026-02-20").Add(20 * time.Hour), step: 4 * time.Hour,
		closes: []map[time.Time]float64{datatest.Column(t, fourHourlyBTC, "open_time", "close")},
		flows:  datatest.Column(t, fundFlows, "Date", "Total")}
	bitcoin := slices.DeleteFunc(everybody(), func(c mechanism.Config) bool { return kind(c) == "collateral" || kind(c) == "portfolio" })
	tells(t, h.identify(t, compile(t, h.plan(t, []float64{3e9}, bitcoin...)))) // no file has Ether in four hours
}

// tells logs the gaps and what each mechanism contributed, and fails where a day
// in twenty has a gap.
func tells(t *testing.T, found *replay.Identified) {
	t.Helper()
	plan := found.Path.Plan
	t.Logf("%d of %d steps leave a gap", found.GapSteps(), plan.Steps)
	for _, g := range found.Gaps {
		t.Logf("%s: %s %d%s missed by %.3g: between news of %.5f and %.5f lies %.5f; %s %.3g USD", plan.Time(g.Step).Format(time.DateTime), g.Cause, g.Asset, g.Series,
			g.Missed, g.Below.News, g.Above.News, g.Above.Value-g.Below.Value, g.Row, g.Orders)
	}
	if 20*found.GapSteps() >= plan.Steps {
		t.Errorf("%d of %d steps leave a gap", found.GapSteps(), plan.Steps)
	}
	sum := func(x []float64) float64 {
		total := 0.0
		for _, v := range x {
			total += v
		}
		return total
	}
	l := found.Path.Ledger
	for a := range plan.Assets {
		t.Logf("%s: return %.4f", names[a], found.Path.LogPrice[a][plan.Steps]-found.Path.LogPrice[a][0])
		t.Logf("%-26s %8.4f", "news", sum(l.News[a]))
		t.Logf("%-26s %8.4f", "unexplained", sum(l.Unexplained[a]))
		for row, r := range l.Rows {
			t.Logf("%-26s %8.4f", r.Label, sum(l.Return[row][a]))
		}
	}
	began := time.Now()
	f, err := found.Fragility()
	if err != nil {
		t.Fatal(err)
	}
	for a := range plan.Assets {
		k, tipped := f.Worst(a)
		t.Logf("%s: most fragile on %s, A = %.3f, tipped %v; measured in %v", names[a], plan.Time(k).Format(time.DateTime), f.Multiplier[a][k], tipped,
			time.Since(began).Round(time.Millisecond))
	}
}
