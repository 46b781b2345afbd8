package main

import (
	"strconv"
	"strings"

	"github.com/ebb-sim/ebb/plots"
	memo "github.com/ebb-sim/ebb/plots/report"
	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/scenarios/study"
)

// comparison holds the base against its variants: what each changes, the table, and the
// switch between them.
func (s *sheet) comparison() []memo.Block {
	var list []memo.Block
	if len(s.Variants) > 0 {
		t := memo.Table{Caption: "What the comparisons change", Head: []string{"run", "without", "with"}}
		for _, c := range s.Scenario.Compare {
			t.Rows = append(t.Rows, []string{c.Label(), strings.Join(c.Without, ", "), changed(c)})
		}
		list = append(list, t)
		list = append(list, s.reported(differenceTable(s.Study))...)
	}
	if len(s.Impulses) > 0 {
		list = append(list, s.reported(impulseTable(s.Study))...)
	}
	if len(s.Variants) > 0 {
		list = append(list, s.switchable())
	}
	return list
}

func changed(c scenarios.Compare) string {
	var parts []string
	for _, o := range c.With {
		parts = append(parts, o.Key+": "+o.Value)
	}
	return strings.Join(parts, ", ")
}

// mostPoints is how many points of a path a page has: a screen shows no more.
const mostPoints = 1500

// switchable are the prices and outcomes of the runs.
func (s *sheet) switchable() *memo.Runs {
	plan := s.Base.Case.Plan
	stride := plan.Steps/mostPoints + 1
	from := plan.Steps % stride // the last point is there
	out := &memo.Runs{Caption: "Switch between the runs: price (" + s.which() + ") and outcomes"}
	for k := from; k <= plan.Steps; k += stride {
		name := stamp(plan, k-1)
		if name == "" {
			name = "step " + strconv.Itoa(k)
		}
		out.Points = append(out.Points, name)
	}
	for _, asset := range s.assets {
		out.Assets = append(out.Assets, upper(asset)+", "+s.perUnit(asset))
	}
	for i, run := range s.Runs() {
		next := memo.Run{Name: run.Label, Color: hexOf(plots.ColorOf("counterfactual"))}
		if i == 0 {
			next.Color = hexOf(plots.ColorOf("price"))
		} else {
			c := s.Scenario.Compare[i-1]
			if len(c.Without) > 0 {
				next.What = "off: " + strings.Join(c.Without, ", ")
			}
			if with := changed(c); with != "" {
				next.What = strings.TrimPrefix(next.What+"; "+with, "; ")
			}
		}
		for a := range s.assets {
			var prices []float64
			for k := from; k <= plan.Steps; k += stride {
				prices = append(prices, run.Path.Price(a, k))
			}
			next.Prices = append(next.Prices, prices)
		}
		next.Outcomes = s.outcomesOf(run)
		out.Runs = append(out.Runs, next)
	}
	return out
}

// outcomesOf are the outcomes that a run has, in the median where there is one.
func (s *sheet) outcomesOf(run study.Run) []memo.RunsOutcome {
	var list []memo.RunsOutcome
	for _, o := range s.Outcomes {
		row, found := memo.RunsOutcome{Name: o.Title}, false
		of := ""
		for _, c := range o.Cases {
			if c.Run != run.Label {
				continue
			}
			found = true
			e := c.Mean
			if s.Spread() {
				of = ", mean"
				if c.Median.Value == c.Median.Value {
					e, of = c.Median, ", median"
				}
			}
			row.Value = interval(e, showNumber(o.Unit))
		}
		for _, d := range o.Differences {
			if d.Against != run.Label {
				continue
			}
			e := d.Mean
			if of == ", median" {
				e = d.Median
			}
			row.Difference = interval(e, showDifference(o.Unit))
		}
		if row.Name += of; found {
			list = append(list, row)
		}
	}
	return list
}

// coalitions are the outcomes of an attribution for every choice of mechanisms; none
// where not every choice was run.
func (s *sheet) coalitions() []memo.Block {
	a := s.Attribution
	if a.Coalitions == nil {
		return nil
	}
	of := s.which()
	if a.Worst != nil {
		of = "mean of " + counted(a.Paths, "path")
	}
	out := &memo.Coalitions{Caption: "Switch mechanisms on and off: outcomes on the same news, " + of}
	for _, name := range a.Players {
		out.Players = append(out.Players, memo.Player{Name: name, Color: s.colorNamed(name)})
	}
	for k, o := range a.Outcomes {
		if o.Refused != "" {
			continue
		}
		next, number := memo.CoalitionOutcome{Name: o.Title}, showNumber(o.Unit)
		for _, v := range a.Coalitions[k] {
			next.Values = append(next.Values, number(v))
		}
		out.Outcomes = append(out.Outcomes, next)
	}
	if len(out.Outcomes) == 0 {
		return nil
	}
	return []memo.Block{out}
}
