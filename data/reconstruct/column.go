package reconstruct

import (
	"errors"
	"fmt"
	"math"

	"github.com/ebb-sim/ebb/data"
	"gonum.org/v1/gonum/stat"
)

// A column is a weekly fact that becomes a daily history. Histories are made in
// ticks, units of the column's last decimal, so that sums are exact.
type column struct {
	name     string
	decimals int
	value    func(data.Week) data.Number
}

var (
	btcClose = column{"btc_close_usd", 0, func(w data.Week) data.Number { return w.BTCClose }}
	btcHigh  = column{"btc_week_high_usd", 0, func(w data.Week) data.Number { return w.BTCHigh }}
	btcLow   = column{"btc_week_low_usd", 0, func(w data.Week) data.Number { return w.BTCLow }}
	ethClose = column{"eth_close_usd", 2, func(w data.Week) data.Number { return w.ETHClose }}
	btcFlow  = column{"btc_etf_net_flow_usd_m", 1, func(w data.Week) data.Number { return w.BTCFlow }}
	ethFlow  = column{"eth_etf_net_flow_usd_m", 1, func(w data.Week) data.Number { return w.ETHFlow }}
	btcBasis = column{"btc_quarterly_basis_annual", 4, func(w data.Week) data.Number { return w.BTCBasis }}
	premium  = column{"coinbase_premium", 5, func(w data.Week) data.Number { return w.Premium }}

	solClose      = column{"sol_close_usd", 2, func(w data.Week) data.Number { return w.SOLClose }}
	nasdaqClose   = column{"nasdaq100_etf_close_usd", 2, func(w data.Week) data.Number { return w.Nasdaq100Close }}
	softwareClose = column{"software_etf_close_usd", 2, func(w data.Week) data.Number { return w.SoftwareClose }}
	aiClose       = column{"ai_etf_close_usd", 2, func(w data.Week) data.Number { return w.AIClose }}
	silverClose   = column{"silver_etf_close_usd", 2, func(w data.Week) data.Number { return w.SilverClose }}
	mstrClose     = column{"mstr_close_usd", 2, func(w data.Week) data.Number { return w.MSTRClose }}
)

// columns are all from which histories are made.
func columns() []column {
	list := []column{btcClose, btcHigh, btcLow, btcFlow, ethFlow, btcBasis, premium}
	for _, f := range followers {
		list = append(list, f.closes)
	}
	return list
}

// round gives a value in ticks.
func (c column) round(value float64) int { return round(value * math.Pow10(c.decimals)) }

// ticks gives the week's fact in ticks.
func (c column) ticks(w data.Week) int { return c.round(float64(c.value(w))) }

// values gives the fact of all weeks.
func (c column) values(weeks []data.Week) []float64 {
	values := make([]float64, len(weeks))
	for k, week := range weeks {
		values[k] = float64(c.value(week))
	}
	return values
}

// check asks for numbers no finer than a tick, and not all the same.
func (c column) check(weeks []data.Week) error {
	var faults []error
	values := c.values(weeks)
	for k, value := range values {
		if ticks := value * math.Pow10(c.decimals); !(math.Abs(ticks-math.Round(ticks)) <= 1e-6) { // NaN too
			faults = append(faults, fmt.Errorf("week ending %s: %s: found %s, expected at most %d decimals",
				weeks[k].End, c.name, data.Number(value), c.decimals))
		}
	}
	if stat.StdDev(values, nil) == 0 {
		faults = append(faults, fmt.Errorf("weekly facts: %s: found %s in all weeks, expected it to vary", c.name, data.Number(values[0])))
	}
	return errors.Join(faults...)
}

func round(x float64) int { return int(math.Round(x)) }
