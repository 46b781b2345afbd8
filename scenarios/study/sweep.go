package study

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/sim/outcome"
	"github.com/ebb-sim/ebb/sim/param"
)

// A Sweep is what the outcomes are at each value of one parameter, on the same
// news.
type Sweep struct {
	Key      string
	Unit     SweepUnit
	Values   []float64 // of the parameter, in the order of the file
	Texts    []string  // as the file writes them
	Outcomes []SweptOutcome
}

// SweepUnit says how the values of a parameter are written.
type SweepUnit string

// Shares are written with % or bp, amounts with k, m or bn, spans with d or h;
// everything else is a plain number.
const (
	Share  SweepUnit = "share"
	Amount SweepUnit = "amount"
	Days   SweepUnit = "days"
	Plain  SweepUnit = "plain"
)

// SweptOutcome is one outcome along a sweep.
type SweptOutcome struct {
	outcome.Outcome
	Points      []Estimates  // by value; their Run is the value's text
	Differences []Difference // of each later value from the first, path by path
}

// Amplified tells whether the outcome is a loss on every path at every value, so
// that its ratio to the first has a meaning.
func (o SweptOutcome) Amplified() bool {
	return len(o.Differences) > 0 && !slices.ContainsFunc(o.Differences, func(d Difference) bool { return d.Ratio == nil })
}

// readValue reads a parameter's value as it was written.
func readValue(text string) (float64, SweepUnit, bool) {
	if v, err := param.Parse("amount", text); err == nil {
		switch {
		case strings.HasSuffix(text, "%") || strings.HasSuffix(text, "bp"):
			return v, Share, true
		case strings.ContainsAny(text[len(text)-1:], "kmn"):
			return v, Amount, true
		}
		return v, Plain, true
	}
	if v, err := param.ParseDuration(text); err == nil {
		return v.Hours() / 24, Days, true
	}
	return 0, Plain, false
}

// newSweep readies a sweep: its values, and a case for each of them.
func newSweep(s *scenarios.Scenario, panel *data.Panel, base *scenarios.Case) (*Sweep, []Run, error) {
	if s.Sweep == nil {
		return nil, nil, nil
	}
	sweep := &Sweep{Key: s.Sweep.Key, Unit: Plain}
	var runs []Run
	var faults data.Faults
	for i, point := range s.Sweep.Points {
		value, unit, ok := readValue(point.Value)
		if !ok {
			f := s.At(fmt.Sprintf("sweep.%s[%d]", s.Sweep.Key, i))
			f.Text, f.Found, f.Expected = "a value of the sweep", fmt.Sprintf("%q", point.Value), "a number, with its unit where it has one"
			faults = append(faults, f)
			continue
		}
		if unit != Plain {
			sweep.Unit = unit // a zero needs no unit
		}
		c, err := compiled(s, panel, base, "sweep", func() (*scenarios.Scenario, error) { return s.Swept(i) })
		if err != nil {
			return nil, nil, err
		}
		known, _ := resolve(c, s.Spec.Outcomes)
		sweep.Values, sweep.Texts = append(sweep.Values, value), append(sweep.Texts, point.Value)
		runs = append(runs, Run{Label: sweep.Key + " = " + point.Value, Case: c, Outcomes: known})
	}
	return sweep, runs, faults.Err()
}

// sweep runs the scenario at each value. Of the paths only the outcomes are kept.
func (study *Study) sweep(ctx context.Context, opt Options) error {
	if study.Sweep == nil {
		return nil
	}
	values := make([][][]float64, len(study.swept)) // value × outcome × path
	for i := range study.swept {
		run := &study.swept[i]
		if err := run.simulate(ctx, opt); err != nil {
			return err
		}
		values[i], run.Ensemble = run.Ensemble.Values, nil
	}
	for _, o := range study.Base.Outcomes {
		swept := SweptOutcome{Outcome: o}
		var first []float64
		for i := range study.swept {
			run := &study.swept[i]
			at := slices.IndexFunc(run.Outcomes, func(other outcome.Outcome) bool { return other.Name == o.Name })
			if at < 0 {
				break // an outcome that a value takes away is not swept
			}
			point := estimates(run, o.Unit, values[i][at])
			point.Run = study.Sweep.Texts[i]
			swept.Points = append(swept.Points, point)
			if i == 0 {
				first = values[i][at]
				continue
			}
			d := difference(run, o.Unit, values[i][at], first)
			d.Against = study.Sweep.Texts[0]
			swept.Differences = append(swept.Differences, d)
		}
		if len(swept.Points) == len(study.swept) {
			study.Sweep.Outcomes = append(study.Sweep.Outcomes, swept)
		}
	}
	return nil
}
