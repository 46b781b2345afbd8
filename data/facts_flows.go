package data

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// A Figure is one reported figure in its unit's base, such as USD, with what a
// reader must know of it. What nobody gives is NaN: the value of a disputed
// fact, or the range where there is but one source.
type Figure struct {
	Key              string // which part of the whole, such as BTC or iShares
	Value, Low, High float64
	Status           string // reported, pending, conflicting, disputed
	Source           string
	Note             string
}

// A Breakdown is a whole by one dimension.
type Breakdown struct {
	Dimension string   // total, asset, region or issuer
	Figures   []Figure // as the facts list them
}

var noFigure = Figure{Value: math.NaN(), Low: math.NaN(), High: math.NaN()}

const fundFlow, fundAssets = "fund_flow", "aum"

// Flows gives the fund flows of one period, such as "week", that are reported
// for a date: each dimension in the order of the facts, in USD. The dimensions
// need not add up to the same, since each is reported for itself. It fails where
// nothing is reported, a key stands twice or a figure is not in USD.
func (f Facts) Flows(date time.Time, period string) ([]Breakdown, error) {
	var breakdowns []Breakdown
	var faults []error
	for _, fact := range f.FlowFacts {
		if fact.Series != fundFlow || fact.Period != period || !sameDay(fact.Date.Time, date) {
			continue
		}
		i := slices.IndexFunc(breakdowns, func(b Breakdown) bool { return b.Dimension == fact.Dimension })
		if i < 0 {
			i = len(breakdowns)
			breakdowns = append(breakdowns, Breakdown{Dimension: fact.Dimension})
		}
		b := &breakdowns[i]
		if slices.ContainsFunc(b.Figures, func(other Figure) bool { return other.Key == fact.Key }) {
			faults = append(faults, fmt.Errorf("fund flow facts: %s: found %s %s twice in the %s to %s, expected it once",
				fact.ID, fact.Dimension, fact.Key, period, fact.Date))
		}
		figure, err := fact.usd()
		b.Figures, faults = append(b.Figures, figure), append(faults, err)
	}
	if len(breakdowns) == 0 {
		faults = append(faults, fmt.Errorf("fund flow facts: found no flow of the period %s to %s, expected %s",
			Quote(period), date.UTC().Format(time.DateOnly), f.reported()))
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return breakdowns, nil
}

// AUM gives the assets under management of all funds that are reported for a
// date, in USD; a figure without a value where none are. The flow of the week to
// a date moved the AUM of seven days before to that of the date. It fails where
// they are reported twice, or not in USD.
func (f Facts) AUM(date time.Time) (Figure, error) {
	var found []FlowFact
	for _, fact := range f.FlowFacts {
		if fact.Series == fundAssets && fact.Dimension == "total" && sameDay(fact.Date.Time, date) {
			found = append(found, fact)
		}
	}
	switch len(found) {
	case 0:
		return noFigure, nil
	case 1:
		return found[0].usd()
	}
	return noFigure, fmt.Errorf("fund flow facts: found %d figures of AUM on %s, expected one", len(found), found[0].Date)
}

// reported says what an error expects: the periods and dates of fund flows.
func (f Facts) reported() string {
	var list []string
	for _, fact := range f.FlowFacts {
		if item := fact.Period + " " + fact.Date.String(); fact.Series == fundFlow && !slices.Contains(list, item) {
			list = append(list, item)
		}
	}
	if len(list) == 0 {
		return "a row of the series " + fundFlow
	}
	return "one of " + strings.Join(list, ", ")
}

// usd converts a reported figure to USD.
func (f FlowFact) usd() (Figure, error) {
	unit := Unit(f.Unit)
	inUSD := func(o Optional) float64 {
		if value, ok := o.Get(); ok {
			return unit.ToBase(value)
		}
		return math.NaN()
	}
	figure := Figure{f.Key, inUSD(f.Value), inUSD(f.Low), inUSD(f.High), f.Status, f.Source, f.Note}
	if f.Unit != "" && unit.Base() != USD { // blank without a figure
		return noFigure, fmt.Errorf("fund flow facts: %s: found unit %s, expected an amount of USD", f.ID, Quote(f.Unit))
	}
	return figure, nil
}

// sameDay reports whether two times lie on the same UTC date.
func sameDay(a, b time.Time) bool { return a.UTC().Truncate(day).Equal(b.UTC().Truncate(day)) }
