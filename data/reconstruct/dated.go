package reconstruct

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ebb-sim/ebb/data"
)

// dated are the facts that belong to a day and not only to a week.
type dated struct {
	peak     time.Time   // of Bitcoin's highest price and highest close
	lows     []time.Time // of the lows of Bitcoin's weeks
	falls    []time.Time // of Bitcoin, when many positions were liquidated
	close    mark        // of Bitcoin
	premiums []mark      // of the Coinbase premium
}

// A mark is the value of a series on a day.
type mark struct {
	day   time.Time
	value float64
}

// findDated looks the dated facts up. Those outside the weekly facts are of no
// consequence, but all must be there.
func findDated(facts data.Facts) (dated, error) {
	var faults []error
	find := func(id string) data.FlowFact {
		fact, ok := facts.FlowFact(id)
		if !ok {
			faults = append(faults, fmt.Errorf("fund flow facts: found no id %q, expected the fact that dates a price", id))
		}
		return fact
	}
	d := dated{
		peak: find("btc-high").Date.Time,
		lows: []time.Time{find("btc-low").Date.Time, find("flush").Date.Time},
	}
	reported := find("btc-0210")
	price, ok := reported.Value.Get()
	if !ok && reported.ID != "" {
		faults = append(faults, errors.New(`fund flow facts: found no value for "btc-0210", expected a close of Bitcoin`))
	}
	d.close = mark{reported.Date.Time, price}
	for _, fact := range facts.MarketFacts {
		value, known := fact.Value.Get()
		switch {
		case fact.Series == "liquidations_crypto":
			d.falls = append(d.falls, fact.Date.Time)
		case fact.Series == "coinbase_premium" && known:
			d.premiums = append(d.premiums, mark{fact.Date.Time, value})
		}
	}
	slices.SortStableFunc(d.premiums, func(a, b mark) int { return a.day.Compare(b.day) })
	for i := 1; i < len(d.premiums); i++ {
		m := d.premiums[i]
		if m.day.Equal(d.premiums[i-1].day) {
			faults = append(faults, fmt.Errorf("market facts: found coinbase_premium on %s twice, expected it once", m.day.Format(time.DateOnly)))
		}
	}
	return d, errors.Join(faults...)
}

// dayIn gives the place of a day in week k, Saturday being 0, or -1 if it is
// not in that week.
func (s source) dayIn(k int, day time.Time) int {
	for i := range daysPerWeek {
		if s.day(k*daysPerWeek + i).Equal(day) {
			return i
		}
	}
	return -1
}
