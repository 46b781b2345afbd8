package mechanism_test

import (
	"math"
	"testing"

	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/mechanism/mechanismtest"
)

func treasury(h ...mechanism.Company) *mechanism.Treasury {
	c := defaults[*mechanism.Treasury]("treasury")
	c.Asset, c.Holders = "btc", h
	return c
}

func ptr(x float64) *float64 { return &x }

func strategy() mechanism.Company {
	return mechanism.Company{Name: "Strategy", Units: 713502, AverageCost: 76052, Debt: 8.2e9}
}

func TestTreasurySuite(t *testing.T) {
	mechanismtest.Check(t, mechanismtest.Subject{Assets: []string{"btc"}, Prices: []float64{90e3},
		Config: func() mechanism.Config {
			h := strategy()
			h.MNAV, h.CovenantLTV = ptr(1.4), ptr(.14)
			h.Cash, h.Obligations, h.Runway, h.RunwayTarget = 2e9, 8e8, 1, 2
			c := treasury(h)
			c.IssueSpeed, c.PremiumPersistence, c.PremiumSensitivity, c.Dilution = .01, .95, .5, 1
			return c
		},
		Nothing: func() mechanism.Config { return treasury(strategy()) },
		// obligations are paid by real sales for as long as they last
		Drift: .9})
}

// Without obligations a premium that has gone buys no more.
func TestTreasuryHasNoDriftOfItsOwn(t *testing.T) {
	h := strategy()
	h.MNAV = ptr(1.5)
	c := treasury(h)
	c.IssueSpeed, c.PremiumPersistence = .01, .95
	path := play(t, c, 90e3, 3e9, 2000, script{})
	near(t, "drift of the second half", path.LogPrice[0][2000]-path.LogPrice[0][1000], 0, 1e-9)
	if path.LogPrice[0][1000] <= path.LogPrice[0][0] {
		t.Error("it never bought")
	}
}

// Strategy's published purchases in February 2026.
func TestPublishedPurchases(t *testing.T) {
	h := strategy()
	h.Buy(1142*78815, 78815)
	near(t, "cost after 1,142 at 78,815", h.AverageCost, 76056.42, .005)
	h.Buy(2487*67710, 67710)
	near(t, "cost after 2,487 at 67,710", h.AverageCost, 76027.47, .005)
	near(t, "units", h.Units, 713502+1142+2487, 1e-6)
}

func TestAccretion(t *testing.T) {
	near(t, "at mNAV 2", mechanism.Accretion(.1, 2), .090909, 5e-7)
	near(t, "at mNAV .8", mechanism.Accretion(.1, .8), -.018182, 5e-7)
}

// A tenth of the market cap is issued in one session, and coins are bought: at
// twice the value of the coins, and at .8 of it, where an mNAV by enterprise
// value of 1.2 says that issuing pays.
func TestAccretionOfAnIssue(t *testing.T) {
	const price, value = 70e3, 713502 * 70e3
	for _, tt := range []struct {
		definition                 string
		mnav, debt, speed, m, want float64
	}{
		{mechanism.MarketCap, 2, 8.2e9, .1, 2, .0909091},
		{mechanism.EnterpriseValue, 1.2, .4 * value, .5, .8, -.0181818},
	} {
		h := strategy()
		h.MNAV, h.Debt = &tt.mnav, tt.debt
		c := treasury(h)
		c.Definition, c.IssueSpeed = tt.definition, tt.speed
		path := play(t, c, price, deep, 1, script{})
		near(t, "coins per share", report(t, path, "strategy.btc_per_share")[0], 1+tt.want, 5e-8)
		near(t, "closed form", mechanism.Accretion(.1, tt.m), tt.want, 5e-8)
		near(t, "bought", report(t, path, "strategy.bought")[0], .1*tt.m*value, 1)
		near(t, "bought and ordered", path.Ledger.Orders[0][0][0], report(t, path, "strategy.bought")[0], 0)
	}
}

// The share follows the coin and mNAV; with debt outside of mNAV it follows the
// coin more than one to one, and is never worth less than nothing.
func TestSharePrice(t *testing.T) {
	h := strategy()
	h.Units, h.MNAV, h.Debt, h.Preferred, h.Cash = 1000, ptr(1.2), 40e6, 10e6, 10e6
	fall := script{news: []float64{math.Log(.8), math.Log(.1)}}
	c := treasury(h)
	share := report(t, play(t, c, 100e3, deep, 2, fall), "strategy.share_price")
	near(t, "by market cap", share[0], .8, 1e-12)

	c.Definition = mechanism.EnterpriseValue
	path := play(t, c, 100e3, deep, 2, fall)
	share = report(t, path, "strategy.share_price")
	near(t, "by enterprise value", share[0], (1.2*80e6-40e6)/80e6, 1e-12)
	near(t, "below its debt", share[1], 0, 0)
	near(t, "coins per share", report(t, path, "strategy.btc_per_share")[1], 1, 0)
	near(t, "cash", report(t, path, "strategy.cash")[1], 10e6, 0)

	c.Holders[0].MNAV = nil
	if v := report(t, play(t, c, 100e3, deep, 1, fall), "strategy.share_price")[0]; !math.IsNaN(v) {
		t.Errorf("without mNAV the share price is %v, want absent", v)
	}
}

// What the market gives for new shares is what they bring: with a dilution of
// m(m−1) a small issue leaves the share price.
func TestNeutralDilution(t *testing.T) {
	h := strategy()
	h.MNAV = ptr(1.5)
	c := treasury(h)
	c.IssueSpeed, c.Dilution = 1e-5, 1.5*.5
	path := play(t, c, 70e3, deep, 1, script{})
	near(t, "share price", report(t, path, "strategy.share_price")[0], 1, 1e-10)
	if grown := report(t, path, "strategy.btc_per_share")[0]; grown <= 1+1e-6 {
		t.Errorf("coins per share are %v", grown)
	}
}

func TestCovenant(t *testing.T) {
	h := strategy()
	h.Debt, h.CovenantLTV, h.TargetLTV = 30e9, ptr(.6), ptr(.5)
	price, ok := h.MarginPrice()
	if !ok {
		t.Fatal("no margin price")
	}
	near(t, "margin price", price, 30e9/713502/.6, 1e-9)

	path := play(t, treasury(h), 71e3, deep, 1, script{})
	near(t, "above the covenant nothing is sold", report(t, path, "strategy.sold")[0], 0, 0)
	path = play(t, treasury(h), 69e3, deep, 1, script{})
	near(t, "loan to value after", report(t, path, "strategy.ltv")[0], .5, 1e-12)
	near(t, "sold", report(t, path, "strategy.sold")[0], (30e9-.5*713502*69e3)/.5, 1)
	near(t, "coins for the shares", report(t, path, "strategy.btc_per_share")[0], report(t, path, "strategy.units")[0]/713502, 1e-12)
	near(t, "unrealised", report(t, path, "strategy.unrealised_pnl")[0], report(t, path, "strategy.units")[0]*(69e3-76052), 1)
}

// Where the coins do not suffice, all are sold; what has no denominator is
// absent.
func TestAllCoinsSold(t *testing.T) {
	h := strategy()
	h.Units, h.Debt, h.CovenantLTV, h.MNAV = 713502.3, 60e9, ptr(.6), ptr(.9)
	for _, price := range []float64{69e3, 54321.98, 12345.67, 3} {
		path := play(t, treasury(h), price, deep, 2, script{})
		near(t, "coins left", report(t, path, "strategy.units")[1], 0, 0)
		near(t, "sold", report(t, path, "strategy.sold")[0], h.Units*price, 1)
		near(t, "sold a day later", report(t, path, "strategy.sold")[1], 0, 0)
		for _, series := range []string{"strategy.ltv", "strategy.mnav", "strategy.margin_price"} {
			if v := report(t, path, series)[1]; !math.IsNaN(v) {
				t.Errorf("%s is %v without coins", series, v)
			}
		}
	}
}

func TestRunway(t *testing.T) {
	h := strategy()
	h.Cash, h.Obligations, h.Runway, h.RunwayTarget = 8e8, 8e8, 1, 2
	path := play(t, treasury(h), 70e3, deep, 2, script{})
	near(t, "cash lasts the runway", report(t, path, "strategy.sold")[0], 0, 0)
	near(t, "a day later it does not", report(t, path, "strategy.sold")[1], 1.6e9-8e8*364/365, 1)
}

// Issuance: mNAV 1.5 at 1 % a day per unit of premium; both definitions.
func TestIssuance(t *testing.T) {
	h := strategy()
	h.MNAV, h.Preferred, h.Cash = ptr(1.5), 6e9, 2e9
	c := treasury(h)
	c.IssueSpeed, c.PremiumPersistence, c.Dilution = .01, .9, 2
	value := 713502 * 70e3
	path := play(t, c, 70e3, deep, 1, script{})
	near(t, "bought by market cap", path.Ledger.Orders[0][0][0], .01*.5*1.5*value, 1)
	near(t, "mNAV", report(t, path, "strategy.mnav")[0], 1+.9*.5-2*.01*.5, 1e-12)

	c.Definition = mechanism.EnterpriseValue
	path = play(t, c, 70e3, deep, 1, script{})
	near(t, "bought by enterprise value", path.Ledger.Orders[0][0][0], .01*.5*(1.5*value-8.2e9-6e9+2e9), 1)

	c.IssueCap = 1e6
	path = play(t, c, 70e3, deep, 1, script{})
	near(t, "bought within the cap", path.Ledger.Orders[0][0][0], 1e6, 0)

	h.MNAV = ptr(.9)
	path = play(t, treasury(h), 70e3, deep, 1, script{})
	if orders := path.Ledger.Orders[0][0][0]; orders != 0 || math.IsNaN(orders) {
		t.Errorf("below 1 it bought %v", orders)
	}
}
