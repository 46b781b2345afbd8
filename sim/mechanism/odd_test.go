package mechanism_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/impact"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"pgregory.net/rapid"
)

// Property: whatever the parameters within their bounds, all mechanisms together
// on two assets never panic, publish no infinity, keep the ledger's sum, and give
// the same path twice. A price may leave the numbers: that is an error.
func TestOddParameters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// often an extreme, else anything between
		pick := func(name string, least, most float64) float64 {
			return rapid.OneOf(rapid.Just(least), rapid.Just(most), rapid.Float64Range(least, most)).Draw(t, name)
		}
		maybe := func(name string, least, most float64) *float64 {
			if rapid.Bool().Draw(t, name+" is given") {
				return ptr(pick(name, least, most))
			}
			return nil
		}
		asset := func(name string) string { return rapid.SampledFrom([]string{"btc", "eth"}).Draw(t, name) }
		const tiny = 1e-3

		funds := defaults[*mechanism.Redemption]("redemption")
		funds.Asset, funds.AUM, funds.Persistence = asset("funds"), pick("aum", 0, 2e11), pick("φ", 0, .99)
		funds.Response, funds.Asymmetry, funds.SameDay = pick("Φ", 0, 3e11), pick("asymmetry", 0, 3), pick("same day", 0, 1)
		funds.Constant, funds.Execution = pick("constant", -1e9, 1e9), rapid.SampledFrom([]int{1, 2, 250}).Draw(t, "execution")

		loans := defaults[*mechanism.Collateral]("collateral")
		loans.Asset, loans.CloseFactor, loans.FullCloseBelow = asset("loans"), pick("close", tiny, 1), pick("full close", 0, 1)
		loans.Bonus, loans.BorrowRate, loans.TargetHF = pick("bonus", 0, 1), pick("rate", 0, 2), pick("target", 1, 3)
		for _, name := range []string{"one", "two"} {
			loans.Holders = append(loans.Holders, mechanism.Borrower{Name: name, Units: pick("units", 0, 1e6), Debt: pick("debt", 0, 2e9),
				Threshold: pick("LT", tiny, 1-tiny), AverageCost: maybe("cost", tiny, 1e5), DailyCap: maybe("cap", tiny, 1e9)})
		}

		firms := defaults[*mechanism.Treasury]("treasury")
		firms.Asset, firms.Definition = asset("firms"), rapid.SampledFrom([]string{mechanism.MarketCap, mechanism.EnterpriseValue}).Draw(t, "mnav")
		firms.IssueSpeed, firms.PremiumPersistence = pick("issue", 0, .5), pick("ρ", 0, 1)
		firms.PremiumSensitivity, firms.Dilution = pick("a", -3, 3), pick("dilution", 0, 5)
		firm := mechanism.Company{Name: "firm", Units: pick("firm's units", tiny, 1e6), AverageCost: 100, Debt: pick("firm's debt", 0, 1e9),
			Preferred: pick("preferred", 0, 1e9), Cash: pick("cash", 0, 1e9), Obligations: pick("obligations", 0, 1e9),
			MNAV: maybe("mNAV", tiny, 5), CovenantLTV: maybe("covenant", tiny, 1-tiny), Runway: pick("runway", 0, 3)}
		firms.Holders = []mechanism.Company{firm}

		env := &mechanism.Env{Assets: []string{"btc", "eth"},
			Step: rapid.SampledFrom([]time.Duration{5 * time.Minute, time.Hour, 24 * time.Hour, 7 * 24 * time.Hour}).Draw(t, "step")}
		const steps = 40
		p := sim.Plan{Step: env.Step, Steps: steps, MaxWaves: 30}
		for k := range steps {
			p.Sessions = append(p.Sessions, k%3 != 1)
		}
		laws := []sim.Law{impact.Linear{Depth1Pct: 3e9}, impact.Linear{Depth1Pct: 1e8}, impact.SquareRoot{Y: 1, Volatility: .03, Volume: 3e10},
			impact.Exponential{Depth: 1e11, Floor: .2}, impact.Inelastic{Multiplier: 5, Supply: 2e7}}
		for _, name := range env.Assets {
			p.Assets = append(p.Assets, sim.Asset{Name: name, Price: pick("price", tiny, 1e5), Law: rapid.SampledFrom(laws).Draw(t, "law"),
				Permanent: pick("permanent", 0, 1), Kernel: sim.Kernel{Decay: pick("ρ of impact", 0, .99)}, Volatility: .03,
				VolatilityDecay: pick("λ", .5, 1), DepthExponent: pick("a of depth", 0, 2)})
		}
		for i, c := range []mechanism.Config{funds, loans, firms} {
			m, err := c.Build([]string{"funds", "loans", "firms"}[i], env)
			if err != nil {
				t.Fatal(err)
			}
			p.Entries = append(p.Entries, sim.Entry{Mechanism: m, ImpactScale: pick("scale", .1, 10), Permanent: maybe("own permanent", 0, 1)})
		}
		p.Innovations = env.Innovations
		plan, err := sim.Compile(p)
		if err != nil {
			t.Fatal(err)
		}
		s := script{news: rapid.SliceOfN(rapid.Float64Range(-.5, .5), steps, steps).Draw(t, "news"),
			innovations: rapid.SliceOfN(rapid.Float64Range(-1e10, 1e10), steps, steps).Draw(t, "η")}
		runner, path, again := sim.NewRunner(plan), plan.NewPath(true), plan.NewPath(false)
		if err := runner.Run(s, path); err != nil {
			if !strings.Contains(err.Error(), "has left the numbers") {
				t.Fatal(err)
			}
			return
		}
		if err := runner.Run(s, again); err != nil {
			t.Fatal(err)
		}
		for a := range path.LogPrice {
			for k := range steps {
				if path.LogPrice[a][k+1] != again.LogPrice[a][k+1] {
					t.Fatalf("step %d, %s: %v, and %v again", k+1, env.Assets[a], path.LogPrice[a][k+1], again.LogPrice[a][k+1])
				}
				sum, size := path.Ledger.News[a][k], 1.0
				for row := range path.Ledger.Rows {
					sum += path.Ledger.Return[row][a][k]
					size = max(size, math.Abs(path.Ledger.Return[row][a][k]))
				}
				if r := path.LogPrice[a][k+1] - path.LogPrice[a][k]; !(math.Abs(sum-r) <= 1e-12*max(size, math.Abs(path.LogPrice[a][k]))) {
					t.Fatalf("step %d, %s: news + mechanisms = %v, return %v", k+1, env.Assets[a], sum, r)
				}
			}
		}
		for i, r := range plan.Reports() {
			for k, v := range path.Reports[i] {
				if math.IsInf(v, 0) || v < -1e-6 && strings.HasSuffix(r.Name, ".units") || v < 0 && strings.HasSuffix(r.Name, ".debt") {
					t.Fatalf("step %d: %s is %v", k+1, r.Name, v)
				}
			}
		}
	})
}
