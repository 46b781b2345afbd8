package study

import (
	"errors"
	"fmt"
	"time"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/sim/stats"
)

// Skew is the performance skew of an asset beside another, on the history.
type Skew struct {
	Asset, Against string
	From, To       time.Time // first and last day of the returns
	stats.Skew
}

// skew measures what the scenario asks for.
func (study *Study) skew() error {
	ask := study.Scenario.Skew
	if ask == nil {
		return nil
	}
	var faults []error
	for i, other := range ask.Against {
		s, err := measureSkew(study.Panel, ask, other)
		if err != nil {
			f := study.Scenario.At(fmt.Sprintf("skew.against[%d]", i))
			f.Text = err.Error()
			faults = append(faults, data.Faults{f})
			continue
		}
		study.Skews = append(study.Skews, s)
	}
	return errors.Join(faults...)
}

// measureSkew takes returns from each day on which the other trades to the next:
// what the asset does over a weekend belongs to Monday.
func measureSkew(panel *data.Panel, ask *scenarios.Skew, against string) (Skew, error) {
	s := Skew{Asset: ask.Asset, Against: against}
	mine, its := scenarios.PriceSeries(ask.Asset), scenarios.PriceSeries(against)
	var returns, others []float64
	before := -1
	for i := range panel.Len() {
		price, ok := panel.Value(its, i)
		own, too := panel.Value(mine, i)
		if !ok || !too || panel.Carried(its, i) || panel.Carried(mine, i) {
			continue
		}
		if at := panel.Time(i); before >= 0 && !at.Before(ask.From) && (ask.To.IsZero() || !at.After(ask.To)) {
			was, _ := panel.Value(its, before)
			had, _ := panel.Value(mine, before)
			if len(returns) == 0 {
				s.From = at
			}
			s.To = at
			returns, others = append(returns, own/had-1), append(others, price/was-1)
		}
		before = i
	}
	if len(returns) == 0 {
		return s, fmt.Errorf("no day on which both %s and %s have a price", mine, its)
	}
	var err error
	s.Skew, err = stats.PerformanceSkew(returns, others, Level)
	return s, err
}
