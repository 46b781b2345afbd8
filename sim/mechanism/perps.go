package mechanism

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/param"
)

var _ = catalog.Add(Kind{
	Name:  "perps",
	Title: "leveraged positions in perpetual futures are liquidated as the price reaches them, and rebuilt slowly",
	Equation: `liquidation price of a position of leverage L entered at P₀, margin isolated: long P₀(1−1/L)/(1−mmr), short P₀(1+1/L)/(1+mmr)
bankruptcy price: long P₀(1−1/L), short P₀(1+1/L);  a position is filled at the price of the wave that reaches it
what is left of its margin goes to the insurance fund, a loss beyond it comes out of the fund; once that is empty, positions of the other side are closed against it, outside the market
each side is a number of coins, open interest = coins·P;  a day closes turnover of it and opens as much at the day's price: no net order
order of the next step, in coins: rebuild·(open_interest/P − coins), bought for longs and sold for shorts
gain of the cascade: impact per USD × USD liquidated per unit log return; a fall δ through an even ladder becomes δ/(1−gain)`,
	Source: "isolated margin as in the contract rules of Binance, Bybit and BitMEX; Soska, Dong, Khodaverdian, Zetlin-Jones, Routledge and Christin (2021), Towards Understanding Cryptocurrency Derivatives, WWW '21",
	Default: func() Config {
		return &Perps{Leverage: []float64{5, 10, 25, 50, 100}, Shares: []float64{.76, .1, .07, .05, .02},
			MaintenanceMargin: .005, Turnover: .3, Rebuild: .1, EntryWidth: .03, Insurance: 1.23e9}
	},
})

// Perps holds the parameters of leveraged positions in perpetual futures on one
// asset. Only what is leveraged and not hedged belongs to its open interest: the
// short leg of cash and carry meets a margin call with its other leg. So the two
// sides need not be equal after a flush: those who are hedged hold the rest.
//
// A step's news comes at once, so a fall of 10 % in a daily step finds nobody to
// fill a liquidation on the way; losses beyond the margin are larger than in
// hourly steps. Nor does a daily step reach the extremes between two closes: along
// Brownian paths of 50 % a year it liquidates about two thirds of what hourly
// steps do. While the insurance fund is empty, a deeper fall may bring less to the
// market, because more is closed against the other side; worse news may then end
// at a higher price.
type Perps struct {
	Common            `yaml:",inline"`
	Asset             string    `yaml:"asset" required:"true" doc:"asset the contracts are on"`
	OpenInterest      float64   `yaml:"open_interest" unit:"usd" required:"true" min:"0" doc:"leveraged longs, and as much of shorts, at the starting close; each side is rebuilt towards it. With the default shares about a fifth of the reported open interest fits the liquidations reported 2025-12..2026-06"`
	Leverage          []float64 `yaml:"leverage" unit:"factor" above:"1" doc:"tiers of leverage" source:"assumption: what exchanges offer in round numbers"`
	Shares            []float64 `yaml:"shares" unit:"fraction" min:"0" max:"1" doc:"share of each tier in the positions that are opened; they add up to 1" source:"lowest tier: 3 to 7 among all positions above 3 on Hyperliquid, December 2025, per Odaily; the split of the rest is an assumption: of a few tried it misses the liquidations of 2025-12..2026-06 least"`
	MaintenanceMargin float64   `yaml:"maintenance_margin" unit:"fraction" min:"0" below:"1" doc:"margin over the position's value at which it is liquidated (mmr)" source:"lowest risk tier of Bitcoin contracts: Bybit .5 %, Binance .4 %"`
	Turnover          float64   `yaml:"turnover" unit:"fraction" min:"0" max:"1" doc:"share of the positions that a day closes and opens again at its price" source:"assumption; from 10 % to 60 % the days of 2025-12..2026-06 rank alike"`
	Rebuild           float64   `yaml:"rebuild" unit:"fraction" min:"0" max:"1" doc:"share of what a day opens by orders of what is missing to open_interest, or closes of what is above it" source:"assumption; from 2 % to 50 % the days of 2025-12..2026-06 rank alike"`
	EntryWidth        float64   `yaml:"entry_width" unit:"fraction" min:"0" max:"1" doc:"log price: a day's entries are spread evenly over its close ± this; those of another step over ± this times the root of its length in days" source:"assumption: a day's usual range"`
	Insurance         float64   `yaml:"insurance" unit:"usd" min:"0" doc:"insurance fund at the start" source:"Binance's fund for BTC, ETH and BNB contracts before 10 October 2025, of which 188m were used that day, per Binance Square"`
}

// LongLiquidation is the price at which a long of a linear contract, entered at
// a price with isolated margin, is liquidated: P₀(1−1/L)/(1−mmr).
func LongLiquidation(entry, leverage, mmr float64) float64 {
	return entry * (1 - 1/leverage) / (1 - mmr)
}

// ShortLiquidation is the same of a short: P₀(1+1/L)/(1+mmr).
func ShortLiquidation(entry, leverage, mmr float64) float64 {
	return entry * (1 + 1/leverage) / (1 + mmr)
}

// InverseLongLiquidation is the same of a long of an inverse contract, whose
// margin and profit are in coins: P₀(1+mmr)/(1+1/L).
func InverseLongLiquidation(entry, leverage, mmr float64) float64 {
	return entry * (1 + mmr) / (1 + 1/leverage)
}

// Build implements Config.
func (c *Perps) Build(name string, env *Env) (sim.Mechanism, error) {
	asset, err := env.Asset(c.Asset)
	if err := errors.Join(err, c.check()); err != nil {
		return nil, err
	}
	days := env.StepDays()
	p := &perps{Perps: *c, name: name, asset: asset, days: days,
		closing: 1 - math.Pow(1-c.Turnover, days), rebuilding: 1 - math.Pow(1-c.Rebuild, days)}
	for s, sign := range []float64{long: 1, short: -1} {
		p.first[s] = c.bands(sign, c.EntryWidth)
		p.later[s] = c.bands(sign, c.EntryWidth*math.Sqrt(days))
	}
	if asset < len(env.Prices) {
		p.edges = profileEdges(env.Prices[asset])
	}
	return p, nil
}

func (c *Perps) check() error {
	var faults []error
	blame := func(path, found, expected string) {
		faults = append(faults, &param.Error{Path: path, Found: found, Expected: expected})
	}
	for i, l := range c.Leverage {
		if !(l > 1 && 1/l > c.MaintenanceMargin) {
			blame(fmt.Sprintf("leverage[%d]", i), fmt.Sprint(l),
				fmt.Sprintf("more than 1, and a margin 1/leverage above the maintenance margin of %s", param.Format("fraction", c.MaintenanceMargin)))
		}
	}
	sum := 0.0
	for _, share := range c.Shares {
		sum += share
	}
	switch {
	case len(c.Leverage) == 0:
		blame("leverage", "an empty list", "at least one tier")
	case len(c.Shares) != len(c.Leverage):
		blame("shares", fmt.Sprintf("%d shares", len(c.Shares)), fmt.Sprintf("one for each of %d tiers of leverage", len(c.Leverage)))
	case !(math.Abs(sum-1) <= 1e-9):
		blame("shares", "a sum of "+param.Format("fraction", sum), "100%")
	}
	return errors.Join(faults...)
}

// The two sides.
const (
	long = iota
	short
	sides
)

type perps struct {
	Perps
	name                string
	asset               int
	days                float64       // of a step
	closing, rebuilding float64       // turnover and rebuild of a step
	first, later        [sides][]band // of the positions at the start; of those a step opens
	edges               []float64     // of the profiles
}

// band is where the positions of one tier, opened in one step, are liquidated.
type band struct {
	near, far float64 // log distance from the step's price
	density   float64 // share of the positions opened per bucket
}

// bands are the tiers of a side whose entries are spread over a log price ±
// width. An entry whose liquidation price has already been passed cannot be
// alive, so the band of its tier ends at the price. The least leverage comes first.
func (c *Perps) bands(sign, width float64) []band {
	width = max(width, bucketWidth/2)
	list := make([]band, len(c.Leverage))
	for i, leverage := range c.Leverage {
		drop := -math.Log(LongLiquidation(1, leverage, c.MaintenanceMargin))
		if sign < 0 {
			drop = math.Log(ShortLiquidation(1, leverage, c.MaintenanceMargin))
		}
		b := band{near: max(drop-width, 0), far: drop + width}
		b.density = c.Shares[i] * bucketWidth / (b.far - b.near)
		list[i] = b
	}
	slices.SortFunc(list, func(a, b band) int { return cmp.Compare(b.far, a.far) })
	return list
}

// Parts of the ledger.
const (
	longsPart = iota
	shortsPart
	rebuildPart
)

func (p *perps) Name() string    { return p.name }
func (p *perps) Parts() []string { return []string{"longs", "shorts", "rebuild"} }

func (p *perps) Reports() []sim.Report {
	return []sim.Report{
		{Name: p.Asset + ".open_interest_long", Title: "leveraged longs", Unit: sim.USD, Kind: sim.Level},
		{Name: p.Asset + ".open_interest_short", Title: "leveraged shorts", Unit: sim.USD, Kind: sim.Level},
		{Name: p.Asset + ".liquidated_longs", Title: "longs liquidated", Unit: sim.USD, Kind: sim.Flow},
		{Name: p.Asset + ".liquidated_shorts", Title: "shorts liquidated", Unit: sim.USD, Kind: sim.Flow},
		{Name: p.Asset + ".insurance_fund", Title: "insurance fund", Unit: sim.USD, Kind: sim.Level},
		{Name: p.Asset + ".auto_deleveraged", Title: "positions closed against bankrupt ones", Unit: sim.USD, Kind: sim.Flow},
	}
}

// Range and width of the profiles, in log price around the starting close.
const (
	profileRange = 110 // buckets each way: a factor of 3
	profileWidth = .01
)

func profileEdges(price float64) []float64 {
	edges := make([]float64, 2*profileRange+1)
	for i := range edges {
		edges[i] = price * math.Exp(profileWidth*float64(i-profileRange))
	}
	return edges
}

// Profiles implements [sim.Profiler]. There are none where the starting price
// was not known when the mechanism was built.
func (p *perps) Profiles() []sim.Profile {
	if p.edges == nil {
		return nil
	}
	return []sim.Profile{
		{Name: p.Asset + ".open_interest.long", Title: "open interest of longs by liquidation price", Unit: sim.USD, Asset: p.asset, Edges: p.edges},
		{Name: p.Asset + ".open_interest.short", Title: "open interest of shorts by liquidation price", Unit: sim.USD, Asset: p.asset, Edges: p.edges},
	}
}
