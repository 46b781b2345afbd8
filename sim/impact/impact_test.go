package impact_test

import (
	"math"
	"testing"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/impact"
	"pgregory.net/rapid"
)

var full = sim.Liquidity{Depth: 1, LogPrice: math.Log(70000)}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s = %.12g, want %.12g", what, got, want)
	}
}

func TestPublishedValues(t *testing.T) {
	near(t, "linear, $1.5bn of $3bn", impact.Linear{Depth1Pct: 3e9}.Return(1.5e9, full), .005, 1e-15)
	near(t, "square root", impact.SquareRoot{Y: 1, Volatility: .025, Volume: 30}.Return(1, full), .00456435, 5e-9)

	fall := func(b float64) float64 { return -math.Expm1(impact.Exponential{Depth: 2, Floor: b}.Return(-.5, full)) }
	near(t, "Cont–Schaanning, no floor", fall(0), .221199, 5e-7)
	near(t, "Cont–Schaanning, floor .5", fall(.5), .196735, 5e-7)
	near(t, "Cont–Schaanning, floor reached", -math.Expm1(impact.Exponential{Depth: 2, Floor: .5}.Return(-1e6, full)), .5, 1e-12)
	near(t, "market depth", impact.MarketDepth(.4, 30e9, .025, 4), .4*30e9/.025*2, 1)

	near(t, "inelastic, 1 % of the market", impact.Inelastic{Multiplier: 5, Supply: 20e6}.Return(14e9, full), .05, 1e-14)
}

// Every law is odd, never falls as the order grows, is 0 at 0, and moves the
// price more when depth has withdrawn.
func TestLawProperties(t *testing.T) {
	laws := map[string]sim.Law{
		"linear":      impact.Linear{Depth1Pct: 3e9},
		"square-root": impact.SquareRoot{Y: 1, Volatility: .025, Volume: 30e9},
		"exponential": impact.Exponential{Depth: 4e11, Floor: .3},
		"inelastic":   impact.Inelastic{Multiplier: 5, Supply: 20e6},
	}
	for name, law := range laws {
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			q := rapid.Float64Range(0, 1e12).Draw(t, "q")
			more := rapid.Float64Range(0, 1e12).Draw(t, "more")
			if r := law.Return(0, full); r != 0 {
				t.Fatalf("return of no order is %v", r)
			}
			if a, b := law.Return(q, full), law.Return(-q, full); a != -b {
				t.Fatalf("not odd: %v and %v", a, b)
			}
			if a, b := law.Return(q, full), law.Return(q+more, full); b < a {
				t.Fatalf("falls from %v to %v", a, b)
			}
			thin := sim.Liquidity{Depth: .5, LogPrice: full.LogPrice}
			if a, b := law.Return(q, full), law.Return(q, thin); b < a {
				t.Fatalf("half the depth moves less: %v, %v", b, a)
			}
			if law.Linear() {
				near := math.Abs(law.Return(q, full)+law.Return(more, full)-law.Return(q+more, full)) <= 1e-12
				if !near {
					t.Fatal("not linear")
				}
			}
		}))
	}
}
