package data

import (
	"io/fs"
	"slices"
	"strings"
	"time"
)

// Facts are reported figures, each row with its status and source. They are
// what the press, the companies and our own weekly summary say; a researcher
// must be able to see which of them are pending, conflicting or disputed.
type Facts struct {
	FlowFacts   []FlowFact   // facts/fund_flow_facts.csv
	MarketFacts []MarketFact // facts/market_facts.csv
	Holders     []Holder     // facts/holders.csv
	Weekly      []Week       // facts/weekly_market.csv
}

// ReadFacts reads the four files of the folder facts in fsys, such as
// [Bundled]. The error is a [Faults] with every fault of every file: a missing
// file, a column missing, unknown or named twice, a cell that is not what its
// column holds, a range without its value, an id given twice, a week left out.
func ReadFacts(fsys fs.FS) (Facts, error) {
	var facts Facts
	var faults, more Faults
	facts.FlowFacts, faults = readFactTable[FlowFact](fsys, "facts/fund_flow_facts.csv")
	facts.MarketFacts, more = readFactTable[MarketFact](fsys, "facts/market_facts.csv")
	faults = append(faults, more...)
	facts.Holders, more = readFactTable[Holder](fsys, "facts/holders.csv")
	faults = append(faults, more...)
	facts.Weekly, more = readFactTable[Week](fsys, "facts/weekly_market.csv")
	faults = append(faults, more...)
	if err := faults.Err(); err != nil {
		return Facts{}, err
	}
	return facts, nil
}

// ReadFlowFacts reads one file of fund flow facts in fsys, as strictly as
// [ReadFacts].
func ReadFlowFacts(fsys fs.FS, file string) ([]FlowFact, error) {
	list, faults := readFactTable[FlowFact](fsys, file)
	return list, faults.Err()
}

// OpenFlowFacts is ReadFlowFacts for a file of the machine.
func OpenFlowFacts(path string) ([]FlowFact, error) { return ReadFlowFacts(disk{}, path) }

// FlowFact finds a row of fund_flow_facts.csv by its id, such as "w0126-total".
func (f Facts) FlowFact(id string) (FlowFact, bool) {
	for _, fact := range f.FlowFacts {
		if fact.ID == id {
			return fact, true
		}
	}
	return FlowFact{}, false
}

// A FlowFact is a figure on fund flows and what surrounds them, as the press
// reports it. Low and High bound what the sources say.
//
//	id,date,period,series,dimension,key,value,low,high,unit,status,source,note
//	w0126-sui,2026-01-26,week,fund_flow,asset,SUI,-6,-6,-6,usd_m,reported,S3,
type FlowFact struct {
	ID        string   `csv:"id" cell:"required"`
	Date      Date     `csv:"date"`
	Period    string   `csv:"period" cell:"required"` // day, week, point, ytd, since 2025-11-01
	Series    string   `csv:"series" cell:"required"`
	Dimension string   `csv:"dimension" cell:"required"` // what the figure is broken down by
	Key       string   `csv:"key" cell:"required"`       // which part of it
	Value     Optional `csv:"value"`
	Low       Optional `csv:"low"`
	High      Optional `csv:"high"`
	Unit      string   `csv:"unit"`                   // usd, usd_m, usd_bn, fraction; blank without a figure
	Status    string   `csv:"status" cell:"required"` // reported, pending, conflicting, disputed
	Source    string   `csv:"source" cell:"required"`
	Note      string   `csv:"note"`
}

// statuses are how far a reported figure can be trusted.
var statuses = []string{"reported", "pending", "conflicting", "disputed"}

func (f FlowFact) misfits(before []FlowFact) []misfit {
	bad := figureMisfits(f.Value, f.Low, f.High, f.Unit)
	if !slices.Contains(statuses, f.Status) {
		bad = append(bad, misfit{"status", Quote(f.Status), "one of " + strings.Join(statuses, ", ") + DidYouMean(f.Status, statuses)})
	}
	for _, other := range before {
		if other.ID == f.ID {
			return append(bad, misfit{"id", Quote(f.ID), "an id that no row above has"})
		}
	}
	return bad
}

// A MarketFact is a figure on market size and liquidity, as the press reports
// it. Low and High bound what the sources say.
//
//	date,series,value,low,high,unit,status,source,note
//	2025-10-06,us_spot_btc_etf_aum,167.5,165,170,usd_bn,reported,press,peak
type MarketFact struct {
	Date   Date     `csv:"date"`
	Series string   `csv:"series" cell:"required"`
	Value  Optional `csv:"value"`
	Low    Optional `csv:"low"`
	High   Optional `csv:"high"`
	Unit   string   `csv:"unit"`                   // usd_m, usd_bn, fraction, percent_per_usd_bn
	Status string   `csv:"status" cell:"required"` // reported, conflicting
	Source string   `csv:"source" cell:"required"`
	Note   string   `csv:"note"`
}

func (f MarketFact) misfits([]MarketFact) []misfit {
	return figureMisfits(f.Value, f.Low, f.High, f.Unit)
}

// A Holder is a treasury or a leveraged holder on one day, as reported or as
// what is reported implies. Much of it is not known.
//
//	holder,kind,asset,as_of,units,average_cost_usd,debt_usd,liquidation_threshold,liquidation_price_usd,unrealised_pnl_usd_bn,mnav,mnav_definition,status,source,note
//	BitMine,treasury,ETH,2026-02-05,,,,,,-8.6,,,reported,Artemis via press,
type Holder struct {
	Name                 string   `csv:"holder" cell:"required"`
	Kind                 string   `csv:"kind" cell:"required"` // treasury, collateral, exposure
	Asset                string   `csv:"asset" cell:"required"`
	AsOf                 Date     `csv:"as_of"`
	Units                Optional `csv:"units"`                 // coins
	AverageCost          Optional `csv:"average_cost_usd"`      // USD per coin
	Debt                 Optional `csv:"debt_usd"`              // USD
	LiquidationThreshold Optional `csv:"liquidation_threshold"` // debt over collateral, a fraction
	LiquidationPrice     Optional `csv:"liquidation_price_usd"` // USD per coin
	UnrealisedPnL        Optional `csv:"unrealised_pnl_usd_bn"` // USD billion
	MNAV                 Optional `csv:"mnav"`                  // multiple of net asset value
	MNAVDefinition       string   `csv:"mnav_definition"`       // market cap or enterprise value
	Status               string   `csv:"status" cell:"required"`
	Source               string   `csv:"source" cell:"required"`
	Note                 string   `csv:"note"`
}

func (h Holder) misfits([]Holder) []misfit {
	if _, ok := h.MNAV.Get(); ok && h.MNAVDefinition == "" {
		return []misfit{{"mnav_definition", "nothing", "market cap or enterprise value, because mnav is given"}}
	}
	return nil
}

// A Week is one row of our own weekly summary of public market data, the weeks
// running from Saturday to Friday. Prices are in USD.
//
//	week_end,btc_close_usd,…,btc_week_high_usd,btc_week_low_usd,btc_etf_net_flow_usd_m,eth_etf_net_flow_usd_m,btc_quarterly_basis_annual,coinbase_premium
//	2025-08-01,113298,…,119800,112723,-642.9,154.3,0.0499,-0.00040
type Week struct {
	End            Date   `csv:"week_end"` // the Friday of the closes
	BTCClose       Number `csv:"btc_close_usd"`
	ETHClose       Number `csv:"eth_close_usd"`
	SOLClose       Number `csv:"sol_close_usd"`
	Nasdaq100Close Number `csv:"nasdaq100_etf_close_usd"`
	SoftwareClose  Number `csv:"software_etf_close_usd"`
	AIClose        Number `csv:"ai_etf_close_usd"`
	SilverClose    Number `csv:"silver_etf_close_usd"`
	MSTRClose      Number `csv:"mstr_close_usd"`
	BTCHigh        Number `csv:"btc_week_high_usd"`
	BTCLow         Number `csv:"btc_week_low_usd"`
	BTCFlow        Number `csv:"btc_etf_net_flow_usd_m"`     // sum of the week, USD million
	ETHFlow        Number `csv:"eth_etf_net_flow_usd_m"`     // sum of the week, USD million
	BTCBasis       Number `csv:"btc_quarterly_basis_annual"` // on Friday, a fraction a year
	Premium        Number `csv:"coinbase_premium"`           // on Friday, a fraction
}

func (w Week) misfits(before []Week) []misfit {
	var bad []misfit
	if w.End.Weekday() != time.Friday {
		bad = append(bad, misfit{"week_end", w.End.Weekday().String(), "a Friday"})
	}
	if len(before) > 0 {
		if next := before[len(before)-1].End.AddDate(0, 0, 7); !w.End.Equal(next) {
			bad = append(bad, misfit{"week_end", w.End.String(), "the week after the row above, " + next.Format(time.DateOnly)})
		}
	}
	for _, price := range []struct {
		column string
		value  Number
	}{
		{"btc_close_usd", w.BTCClose}, {"eth_close_usd", w.ETHClose}, {"sol_close_usd", w.SOLClose},
		{"nasdaq100_etf_close_usd", w.Nasdaq100Close}, {"software_etf_close_usd", w.SoftwareClose},
		{"ai_etf_close_usd", w.AIClose}, {"silver_etf_close_usd", w.SilverClose},
		{"mstr_close_usd", w.MSTRClose}, {"btc_week_low_usd", w.BTCLow},
	} {
		if price.value <= 0 {
			bad = append(bad, misfit{price.column, price.value.String(), "a price above 0"})
		}
	}
	if w.BTCClose < w.BTCLow || w.BTCClose > w.BTCHigh {
		bad = append(bad, misfit{"btc_close_usd", w.BTCClose.String(),
			"a price from the week's low " + w.BTCLow.String() + " to its high " + w.BTCHigh.String()})
	}
	return bad
}

// figureMisfits checks a reported figure: value and range agree where both are
// given, and a figure has a unit.
func figureMisfits(value, low, high Optional, unit string) []misfit {
	var bad []misfit
	v, hasValue := value.Get()
	l, hasLow := low.Get()
	h, hasHigh := high.Get()
	if hasLow != hasHigh || l > h {
		bad = append(bad, misfit{"low", "a range from " + low.String() + " to " + high.String(), "both bounds or none, low before high"})
	} else if hasValue && hasLow && (v < l || v > h) {
		bad = append(bad, misfit{"value", value.String(), "a value from " + low.String() + " to " + high.String()})
	}
	if (hasValue || hasLow || hasHigh) && unit == "" {
		bad = append(bad, misfit{"unit", "nothing", "the unit of the figure"})
	}
	return bad
}
