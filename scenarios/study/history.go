package study

import (
	"fmt"
	"time"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/sim/stats"
)

// Observed is what one series of the history says of itself, within the
// scenario's window.
type Observed struct {
	data.Summary
	Statistics *stats.Summary        // of a price
	Drawdowns  []stats.DatedDrawdown // of a price, the worst three
}

// observe describes every series of the panel.
func observe(panel *data.Panel) ([]Observed, error) {
	if panel == nil {
		return nil, nil
	}
	var list []Observed
	for _, name := range panel.Names() {
		o, err := describe(panel, name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		list = append(list, o)
	}
	return list, nil
}

func describe(panel *data.Panel, name string) (Observed, error) {
	series, _ := panel.Series(name)
	var times []time.Time
	var values []float64
	for i := range panel.Len() {
		if v, ok := panel.Value(name, i); ok && !panel.Carried(name, i) {
			times, values = append(times, panel.Time(i)), append(values, v)
		}
	}
	window, err := data.NewSeries(data.Meta{Name: name, Kind: series.Kind(), Unit: series.Unit(), Lag: series.Lag(),
		Provenance: series.Provenance()}, times, values)
	if err != nil {
		return Observed{}, err
	}
	o := Observed{Summary: data.Describe(window)}
	if series.Kind() != data.Price {
		return o, nil
	}
	perYear := o.Calendar.DaysPerYear() * 24 / panel.Step().Hours()
	statistics := stats.Describe(stats.Sample{Prices: values, PeriodsPerYear: perYear})
	o.Statistics = &statistics
	if len(values) < 2 {
		return o, nil // nothing to fall from
	}
	worst, err := stats.WorstDrawdowns(values, 3)
	if err != nil {
		return Observed{}, err
	}
	for _, d := range worst {
		dated, err := d.Dated(times)
		if err != nil {
			return Observed{}, err
		}
		o.Drawdowns = append(o.Drawdowns, dated)
	}
	return o, nil
}
