package mechanism_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/impact"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"pgregory.net/rapid"
)

// everybody is one of each kind on btc and eth, of sizes from nothing to such that
// the feedback often has no limit.
func everybody(t *rapid.T) map[string]mechanism.Config {
	size := func(name string, most float64) float64 {
		return most * rapid.SampledFrom([]float64{0, .1, .3, 1}).Draw(t, name)
	}
	yes := func(name string) bool { return rapid.Bool().Draw(t, name) }

	funds := defaults[*mechanism.Redemption]("redemption")
	funds.Asset, funds.AUM, funds.SameDay, funds.BasisArb = "btc", 1+size("aum", 2e11), size("same day", 1), size("arbitrage", 1)
	loans := defaults[*mechanism.Collateral]("collateral")
	loans.Asset, loans.TargetHF = "eth", 1+size("target", 1)
	loans.Holders = []mechanism.Borrower{{Name: "lender", Units: size("pledged", 1e6), Debt: size("debt", 2e9), Threshold: .83}}
	firms := defaults[*mechanism.Treasury]("treasury")
	firms.Asset, firms.IssueSpeed, firms.PremiumSensitivity = "btc", size("issue", .1), size("premium", 2)
	firms.Holders = []mechanism.Company{{Name: "firm", Units: 1 + size("units", 5e5), AverageCost: 8e4, Debt: size("firm's debt", 1e10), MNAV: ptr(1.2), CovenantLTV: ptr(.5),
		Cash: 1e9, Obligations: size("obligations", 1e9), Runway: 1}}
	shares := defaults[*mechanism.Exposure]("exposure")
	shares.Asset, shares.Holders = "btc", []mechanism.Shareholder{{Name: "bank", Value: 1e8 + size("shares", 1e9), Company: "firm", Stop: ptr(.2), PassThrough: .5}}
	levered := leveraged()
	levered.OpenInterest, levered.Insurance = size("open interest", 2e10), size("insurance", 1e9)
	several := portfolios(
		mechanism.LeveragedPortfolio{Name: "levered", Assets: size("assets", 2e10), DebtToEquity: size("B", 3), Weights: map[string]float64{"btc": .6, "eth": .4}},
		mechanism.LeveragedPortfolio{Name: "leaving", Assets: size("fund", 2e10), Weights: map[string]float64{"btc": .3, "eth": .7},
			Exit: &mechanism.Exit{Threshold: .95, Liquidated: .4, Curvature: 2, ValueRatio: 1}})
	several.Buys = yes("buys")
	algos := defaults[*mechanism.Trend]("trend")
	algos.Asset, algos.Capital, algos.AIShare = "btc", size("capital", 2e10), size("AI", 1)
	algos.Latency = rapid.SampledFrom([]time.Duration{0, dayLong}).Draw(t, "latency")
	buyers := defaults[*mechanism.DipBuyers]("dip_buyers")
	buyers.Asset, buyers.Cash, buyers.Response = "eth", size("cash", 2e10), size("ρ", 3)
	line := defaults[*mechanism.Level]("level")
	line.Asset, line.Price = "btc", 90e3
	desks := defaults[*mechanism.Carry]("carry")
	desks.Asset, desks.Capacity = "btc", size("capacity", 2e9)
	venues := defaults[*mechanism.Premium]("premium")
	venues.Asset = "btc"
	rates := defaults[*mechanism.Macro]("macro")
	rates.Assets = map[string]mechanism.RateResponse{"btc": {Beta: -.25, Flow: -size("γ", 1e9)}, "eth": {Beta: -.4}}
	rates.RateSD = .0005
	baskets := rotation(rapid.SampledFrom([]string{mechanism.RotationFlow, mechanism.RotationCommonShock}).Draw(t, "mode"),
		mechanism.Basket{Asset: "btc", Position: 1 + size("in btc", 2e10)}, mechanism.Basket{Asset: "eth", Position: 1 + size("in eth", 2e10)})
	baskets.Lookback, baskets.Sessions = 7*dayLong, yes("sessions")

	return map[string]mechanism.Config{"redemption": funds, "collateral": loans, "treasury": firms, "exposure": shares, "perps": levered, "portfolio": several,
		"trend": algos, "dip_buyers": buyers, "level": line, "carry": desks, "premium": venues, "macro": rates, "rotation": baskets}
}

// Every kind is among everybody.
func TestEverybodyIsThere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := everybody(t)
		for _, k := range mechanism.Kinds() {
			if all[k.Name] == nil {
				t.Errorf("no %s among them", k.Name)
			}
		}
	})
}

// drawn is news and innovations as drawn, over and over.
type drawn struct {
	returns     []float64
	innovations []float64 // in standard deviations
	sizes       []float64 // of a standard deviation
}

// draw is news of a tenth at most and innovations of usual sizes.
func draw(t *rapid.T, innovations []sim.Innovation) drawn {
	numbers := func(name string, scale float64) []float64 {
		list := make([]float64, 61) // a prime: everybody gets each of them
		for i, n := range rapid.SliceOfN(rapid.IntRange(-100, 100), len(list), len(list)).Draw(t, name) {
			list[i] = scale * float64(n)
		}
		return list
	}
	d := drawn{returns: numbers("news", 1e-3), innovations: numbers("innovations", .02)}
	for _, i := range innovations {
		size := i.SD
		if size == 0 {
			size = 2e8 // USD of flow
		}
		d.sizes = append(d.sizes, size)
	}
	return d
}

func (d drawn) Next(step int, news, innovations []float64) {
	for a := range news {
		news[a] = d.returns[(step*len(news)+a)%len(d.returns)]
	}
	for i := range innovations {
		innovations[i] = d.sizes[i] * d.innovations[(step*len(innovations)+i)%len(d.innovations)]
	}
}

// Property: all mechanisms together, under every law, decay and length of step.
// The ledger adds up; nothing is infinite, and nothing negative that counts coins
// or money. The same bytes come from a used runner, from one on which each step
// was tried with other news first, and from the same mechanisms in another order.
func TestAllTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		configs := everybody(t)
		env := &mechanism.Env{Assets: []string{"btc", "eth"}, Prices: []float64{1e5, 4e3},
			Step: rapid.SampledFrom([]time.Duration{time.Hour, dayLong, 7 * dayLong}).Draw(t, "step")}
		for _, k := range mechanism.Kinds() {
			env.Mechanisms = append(env.Mechanisms, k.Name)
		}
		const steps = 60
		p := sim.Plan{Step: env.Step, Steps: steps, MaxWaves: 200}
		for k := range steps {
			p.Sessions = append(p.Sessions, k%3 != 1)
		}
		laws := []sim.Law{impact.Linear{Depth1Pct: 3e9}, impact.Linear{Depth1Pct: 5e8}, impact.SquareRoot{Y: 1, Volatility: .03, Volume: 3e10},
			impact.Exponential{Depth: 3e11, Floor: .2}, impact.Inelastic{Multiplier: 5, Supply: 2e7}}
		kernels := []sim.Kernel{{}, {Decay: .7}, {Power: .5}}
		for i, name := range env.Assets {
			p.Assets = append(p.Assets, sim.Asset{Name: name, Price: env.Prices[i], Law: rapid.SampledFrom(laws).Draw(t, "law"),
				Permanent: rapid.SampledFrom([]float64{0, .3, 1}).Draw(t, "permanent"), Kernel: rapid.SampledFrom(kernels).Draw(t, "kernel"),
				Volatility: .03, VolatilityDecay: .94, DepthExponent: rapid.Float64Range(0, 2).Draw(t, "a of depth")})
		}
		for _, k := range mechanism.Kinds() {
			m, err := configs[k.Name].Build(k.Name, env)
			if err != nil {
				t.Fatal(err)
			}
			e := sim.Entry{Mechanism: m, ImpactScale: rapid.SampledFrom([]float64{.5, 1, 3}).Draw(t, "scale")}
			if rapid.Bool().Draw(t, "its own permanent share") {
				e.Permanent = ptr(rapid.SampledFrom([]float64{0, .5, 1}).Draw(t, "own"))
			}
			p.Entries = append(p.Entries, e)
		}
		p.Innovations = env.Innovations
		plan, err := sim.Compile(p)
		if err != nil {
			t.Fatal(err)
		}
		source := draw(t, p.Innovations)
		runner, path := sim.NewRunner(plan), plan.NewPath(true)
		if err := runner.Run(source, path); err != nil {
			if !strings.Contains(err.Error(), "has left the numbers") {
				t.Fatal(err)
			}
			return
		}
		addsUp(t, path)
		counts(t, path)

		again := plan.NewPath(true)
		if err := runner.Run(source, again); err != nil {
			t.Fatal(err)
		}
		identicalPaths(t, "a used runner", path, again)
		tried(t, plan, source, path)

		q := p
		q.Entries = rapid.Permutation(slices.Clone(p.Entries)).Draw(t, "order")
		turned, err := sim.Compile(q)
		if err != nil {
			t.Fatal(err)
		}
		other := turned.NewPath(true)
		if err := sim.NewRunner(turned).Run(source, other); err != nil {
			t.Fatal(err)
		}
		identicalPaths(t, "another order", path, other)
	})
}

// addsUp checks news + Σ mechanisms = return.
func addsUp(t *rapid.T, path *sim.Path) {
	for a := range path.LogPrice {
		for k := range path.Waves {
			sum, size := path.Ledger.News[a][k], 1.
			for row := range path.Ledger.Rows {
				sum += path.Ledger.Return[row][a][k]
				size = max(size, math.Abs(path.Ledger.Return[row][a][k]))
			}
			if r := path.LogPrice[a][k+1] - path.LogPrice[a][k]; !(math.Abs(sum-r) <= 1e-12*max(size, math.Abs(path.LogPrice[a][k]))) {
				t.Fatalf("step %d, asset %d: news + mechanisms = %v, return %v", k+1, a, sum, r)
			}
		}
	}
}

// counts checks that what counts coins or money is never negative, and that nothing
// is infinite.
func counts(t *rapid.T, path *sim.Path) {
	never := []string{"btc.open_interest_long", "btc.open_interest_short", "btc.liquidated_longs", "btc.liquidated_shorts", "btc.insurance_fund", "btc.auto_deleveraged",
		"levered.assets", "leaving.assets", "rotation.btc_weight", "rotation.eth_weight", "firm.units", "firm.cash", "lender.units", "lender.debt", "btc.etf_aum", "btc.carry_position",
		"eth.dip_buyers_cash", "eth.dip_buyers_held"}
	for i, r := range path.Plan.Reports() {
		for k, v := range path.Reports[i] {
			if math.IsInf(v, 0) || v < 0 && slices.Contains(never, r.Name) {
				t.Fatalf("step %d: %s is %v", k+1, r.Name, v)
			}
		}
	}
}

func identicalPaths(t *rapid.T, what string, want, got *sim.Path) {
	same := func(kind string, a, b []float64) {
		for k := range a {
			if math.Float64bits(a[k]) != math.Float64bits(b[k]) && !(math.IsNaN(a[k]) && math.IsNaN(b[k])) {
				t.Fatalf("%s: %s at %d is %v, and %v", what, kind, k, a[k], b[k])
			}
		}
	}
	for a := range want.LogPrice {
		same("price", want.LogPrice[a], got.LogPrice[a])
	}
	for i, r := range want.Plan.Reports() {
		same(r.Name, want.Reports[i], got.Reports[i])
	}
	same("opening", want.Opening, got.Opening)
	for row, r := range want.Ledger.Rows {
		for a := range want.LogPrice {
			same("return of "+r.Label, want.Ledger.Return[row][a], got.Ledger.Return[row][a])
		}
	}
}

// tried runs the path again, each step after two trials with other news.
func tried(t *rapid.T, plan *sim.Plan, source sim.Source, path *sim.Path) {
	r := sim.NewRunner(plan)
	m := r.Market()
	news, innovations := make([]float64, len(plan.Assets)), make([]float64, len(plan.Innovations))
	var places []int
	for _, report := range plan.Reports() {
		places = append(places, m.Find(report.Name))
	}
	r.Start()
	for k := range path.Waves {
		for _, shift := range []float64{-.3, .3} {
			source.Next(k, news, innovations)
			for a := range news {
				news[a] += shift
			}
			for i := range innovations {
				innovations[i] -= shift / 100
			}
			r.Try(news, innovations)
		}
		source.Next(k, news, innovations)
		r.Try(news, innovations)
		if err := r.Settle(); err != nil {
			t.Fatal(err)
		}
		for a := range news {
			if got, want := m.Open(a), path.LogPrice[a][k+1]; got != want {
				t.Fatalf("step %d, asset %d: log price %v after trials, %v without", k+1, a, got, want)
			}
		}
		for i, report := range plan.Reports() {
			if got, want := m.Published(places[i]), path.Reports[i][k]; got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
				t.Fatalf("step %d: %s is %v after trials, %v without", k+1, report.Name, got, want)
			}
		}
	}
}
