package mechanism_test

import (
	"math"
	"strings"
	"testing"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/mechanism/mechanismtest"
	"pgregory.net/rapid"
)

func loans(b ...mechanism.Borrower) *mechanism.Collateral {
	c := defaults[*mechanism.Collateral]("collateral")
	c.Asset, c.Holders = "btc", b
	return c
}

func TestCollateralSuite(t *testing.T) {
	target := 1.3
	mechanismtest.Check(t, mechanismtest.Subject{Assets: []string{"btc"}, Prices: []float64{2700},
		Config: func() mechanism.Config {
			return loans(mechanism.Borrower{Name: "a fund", Units: 600e3, Debt: 958e6, Threshold: .848},
				mechanism.Borrower{Name: "a state", Units: 104e3, Debt: 200e6, Threshold: .83, TargetHF: &target})
		},
		Nothing: func() mechanism.Config { return loans(mechanism.Borrower{Name: "nobody", Threshold: .8}) },
		Drift:   1e-9})
}

// 1000 ETH against $2m, threshold .83, bonus 5 %.
func TestLiquidation(t *testing.T) {
	b := mechanism.Borrower{Name: "x", Units: 1000, Debt: 2e6, Threshold: .83}
	near(t, "liquidation price", b.LiquidationPrice(), 2409.64, .005)

	path := play(t, loans(b), 2350, deep, 1, script{})
	near(t, "health factor at 2350", b.HealthFactor(2350), .97525, 5e-6)
	near(t, "seized", 1000-report(t, path, "x.units")[0], 446.809, 5e-4)
	near(t, "debt left", report(t, path, "x.debt")[0], 1e6, 1e-6)
	near(t, "health factor after", report(t, path, "x.health_factor")[0], 1.0790, 5e-5)
	near(t, "sold", report(t, path, "x.sold")[0], 1.05e6, 1e-6)

	path = play(t, loans(b), 2280, deep, 1, script{})
	near(t, "health factor at 2280", b.HealthFactor(2280), .9462, 5e-5)
	near(t, "seized in full close", 1000-report(t, path, "x.units")[0], 921.053, 5e-4)
	if hf := report(t, path, "x.health_factor")[0]; !math.IsNaN(hf) {
		t.Errorf("health factor without debt is %v, want absent", hf)
	}
}

// Where the coins no longer cover the debt, all are sold and bad debt stays.
func TestBadDebt(t *testing.T) {
	path := play(t, loans(mechanism.Borrower{Name: "x", Units: 1000, Debt: 2e6, Threshold: .83}), 1500, deep, 1, script{})
	near(t, "units", report(t, path, "x.units")[0], 0, 0)
	near(t, "bad debt", report(t, path, "x.debt")[0], 2e6-1.5e6/1.05, 1e-6)
}

// Trend Research sold 33,589 of 601,000 ETH and repaid $77.5m: its liquidation
// price went from 1,880 to the reported 1,830.
func TestPublishedDeleveraging(t *testing.T) {
	before := mechanism.Borrower{Units: 601000, Debt: 958e6, Threshold: 958e6 / 601000 / 1880}
	near(t, "implied threshold", before.Threshold, .8478777, 5e-8)
	after := mechanism.Borrower{Units: 601000 - 33589, Debt: 958e6 - 77.5e6, Threshold: before.Threshold}
	near(t, "liquidation price after", after.LiquidationPrice(), 1830.20, .005)

	// the rule's own way there: sell 33,589 coins at the price that repays the $77.5m
	price := 77.5e6 / 33589
	target := after.HealthFactor(price)
	before.Name, before.TargetHF = "x", &target
	path := play(t, loans(before), price, deep, 1, script{})
	near(t, "sold of its own will", report(t, path, "x.sold")[0], 77.5e6, 1)
	near(t, "liquidation price", report(t, path, "x.liquidation_price")[0], 1830.20, .005)
}

// Whatever the debt, a full close leaves none of it, and a holder without coins
// has none: not a rounding error that looks like a health factor of 1e17.
func TestFullCloseLeavesNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		debt := rapid.Float64Range(1, 1e10).Draw(rt, "debt")
		price := rapid.Float64Range(1, 1e5).Draw(rt, "price")
		health := rapid.Float64Range(.1, .949).Draw(rt, "health factor")
		b := mechanism.Borrower{Name: "x", Units: health * debt / (.8 * price), Debt: debt, Threshold: .8}
		path := play(t, loans(b), price, deep, 1, script{})
		left, units := report(t, path, "x.debt")[0], report(t, path, "x.units")[0]
		if covered := b.Units*price >= 1.05*debt; covered && left != 0 || !covered && units != 0 {
			rt.Fatalf("debt %v and %v coins are left", left, units)
		}
		if hf := report(t, path, "x.health_factor")[0]; !math.IsNaN(hf) && hf != 0 {
			rt.Fatalf("health factor %v", hf)
		}
		if at := report(t, path, "x.liquidation_price")[0]; !math.IsNaN(at) {
			rt.Fatalf("liquidation price %v", at)
		}
	})
}

// A mechanism is what its parameters were when it was built.
func TestBuiltLoansDoNotChange(t *testing.T) {
	c := loans(mechanism.Borrower{Name: "x", Units: 1000, Debt: 2e6, Threshold: .83})
	c.TargetHF = 1.3
	want := report(t, play(t, c, 3000, deep, 1, script{}), "x.sold")[0]
	if want == 0 {
		t.Fatal("nothing was sold")
	}
	got := report(t, play(t, c, 3000, deep, 1, script{}, func(*sim.Plan) { c.TargetHF, c.DailyCap = 0, 1 }), "x.sold")[0]
	near(t, "sold after the parameters were changed", got, want, 0)
}

func TestDailyCap(t *testing.T) {
	target, daily := 1.5, 1e5
	b := mechanism.Borrower{Name: "x", Units: 1000, Debt: 2e6, Threshold: .83, TargetHF: &target, DailyCap: &daily}
	path := play(t, loans(b), 2500, 1e9, 3, script{})
	for k := range 3 {
		near(t, "sold", report(t, path, "x.sold")[k], 1e5, 1e-6)
	}
}

func TestCollateralFaults(t *testing.T) {
	low := .9
	c := loans(mechanism.Borrower{Name: "A b", TargetHF: &low}, mechanism.Borrower{Name: "a B"})
	c.Asset, c.TargetHF = "doge", .5
	_, err := c.Build("x", &mechanism.Env{Assets: []string{"btc"}})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{`asset: found "doge", expected one of btc`, "holders[0].target_hf: found 0.9",
		"\ntarget_hf: found 0.5", "holders[1].name"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error lacks %q:\n%v", want, err)
		}
	}
}
