package main

import (
	"fmt"

	"github.com/ebb-sim/ebb/plots"
	"github.com/ebb-sim/ebb/scenarios/study"
	"github.com/ebb-sim/ebb/sim/forecast"
)

// pit shows where what came lay in the forecasts of each model.
func (s *sheet) pit() ([]picture, error) {
	f := s.Forecast
	if !forecasts(f) {
		return nil, nil
	}
	d := plots.PITData{Frame: s.frame("Where the returns of "+upper(f.Asset)+" lay in the forecasts",
		fmt.Sprintf("share of forecasts, %s; dashed: a right model; shaded: %g %% of its bars", forecastSpan(f), 100*study.Level))}
	for h, horizon := range f.Horizons {
		row := plots.PITRow{Name: ahead(f, horizon)}
		for _, one := range f.At(h) {
			m := plots.PIT{Model: one.Model, Kind: one.Model}
			if shown := one.Histogram; shown != nil {
				m.Counts, m.Low, m.High = shown.Counts, shown.Low, shown.High
			}
			row.Models = append(row.Models, m)
		}
		d.Rows = append(d.Rows, row)
	}
	figure, err := plots.PITHistograms(d)
	return []picture{{"pit", figure}}, err
}

// mostHorizons is how many panels of coverage stand beside each other.
const mostHorizons = 4

// coverage shows how often the intervals of each model held what came.
func (s *sheet) coverage() ([]picture, error) {
	f := s.Forecast
	if !forecasts(f) {
		return nil, nil
	}
	var figures []plots.Figure
	for from := 0; from < len(f.Horizons); from += mostHorizons {
		d := plots.CoverageData{Frame: s.frame("How often the forecasts of "+upper(f.Asset)+" held what came",
			fmt.Sprintf("share inside a central interval, %s; dashed: as claimed; bars: %g %%", forecastSpan(f), 100*study.Level))}
		some := false
		for h := from; h < min(from+mostHorizons, len(f.Horizons)); h++ {
			p := plots.CoveragePanel{Name: ahead(f, f.Horizons[h])}
			for _, one := range f.At(h) {
				p.Models = append(p.Models, plots.CoverageModel{Name: one.Model, Kind: one.Model, Points: covered(one)})
				some = some || len(one.Forecasts) > 0
			}
			d.Panels = append(d.Panels, p)
		}
		if !some {
			continue
		}
		figure, err := plots.Coverage(d)
		if err != nil {
			return nil, err
		}
		figures = append(figures, figure)
	}
	return numbered("coverage", figures), nil
}

// forecasts tells whether any model has forecast something.
func forecasts(f *study.Forecast) bool {
	if f == nil {
		return false
	}
	for _, one := range f.Scores {
		if len(one.Forecasts) > 0 {
			return true
		}
	}
	return false
}

// covered are the shares that a scenario asks for, with their intervals, and those of
// round probabilities between them.
func covered(s forecast.Scores) []plots.Covered {
	var list []plots.Covered
	for _, c := range s.CoverageCurve() {
		list = append(list, plots.Covered{Nominal: c.Nominal, Share: c.Share.Value, Low: c.Share.Low, High: c.Share.High})
	}
	return list
}

func ahead(f *study.Forecast, horizon int) string {
	return counted(horizon, stepNoun(f.Step)) + " ahead"
}

// forecastSpan is the time in which the origins lie.
func forecastSpan(f *study.Forecast) string {
	const layout = "2 Jan 2006"
	return f.Times[f.Origins[0]].Format(layout) + " to " + f.Times[f.Origins[len(f.Origins)-1]].Format(layout)
}
