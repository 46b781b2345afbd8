package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	memo "github.com/ebb-sim/ebb/plots/report"
	"github.com/ebb-sim/ebb/scenarios/study"
	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/stats"
)

// summaryBlocks say in sentences what the tables say in numbers.
func (s *sheet) summaryBlocks() []memo.Block {
	var list []memo.Block
	if text := strings.TrimSpace(s.Scenario.Text); text != "" {
		list = append(list, memo.Paragraph(text))
	}
	points := slices.Concat(s.saidOfOutcomes(), s.saidOfVariants(), s.saidOfImpulses(), s.saidOfPath(), s.saidOfAttribution(), s.saidOfReverse())
	if len(points) > 0 {
		list = append(list, memo.List(points))
	}
	if len(s.Scenario.Mechanisms) > 0 {
		list = append(list, memo.Paragraph("The figures hold under the mechanisms and parameters of this scenario. They say what these add in the model, not what caused a fall in the market."))
	}
	return list
}

// inWords is an estimate with its interval, in words.
func inWords(e stats.Estimate, number func(float64) string) string {
	if e.N == 1 || math.IsNaN(e.Low) || math.IsNaN(e.High) {
		return number(e.Value)
	}
	return fmt.Sprintf("%s (%.4g %% interval %s to %s)", number(e.Value), 100*e.Level, number(e.Low), number(e.High))
}

func (s *sheet) saidOfOutcomes() []string {
	var list []string
	for _, o := range s.Outcomes {
		number, e := showNumber(o.Unit), o.Cases[0]
		switch {
		case math.IsNaN(e.Mean.Value):
			list = append(list, o.Title+": no value.")
		case !s.Spread():
			list = append(list, fmt.Sprintf("%s: %s.", o.Title, number(e.Mean.Value)))
		case sim.ReportUnit(o.Unit) == sim.Flag:
			list = append(list, fmt.Sprintf("%s: on %s of the paths.", o.Title, inWords(e.Mean, number)))
		default:
			list = append(list, fmt.Sprintf("%s: the median is %s; nine paths of ten lie between %s and %s.", o.Title,
				inWords(e.Median, number), number(e.Low5.Value), number(e.High95.Value)))
		}
	}
	return list
}

// saidOfVariants holds the base against every comparison by the first outcome that both
// have, where it has a value.
func (s *sheet) saidOfVariants() []string {
	var list []string
	for _, run := range s.Variants {
		for _, o := range s.Outcomes {
			at := slices.IndexFunc(o.Differences, func(d study.Difference) bool { return d.Against == run.Label })
			if at < 0 || math.IsNaN(o.Differences[at].Mean.Value) {
				continue
			}
			d, in := o.Differences[at], ""
			e := d.Mean
			switch {
			case s.Spread() && !math.IsNaN(d.Median.Value):
				e, in = d.Median, " in the median of the paths"
			case s.Spread():
				in = " in the mean of the paths"
			}
			list = append(list, fmt.Sprintf("Against the run “%s”, on the same news: %s differs by %s%s.", run.Label, o.Title, inWords(e, showDifference(o.Unit)), in))
			break
		}
	}
	return list
}

func (s *sheet) saidOfImpulses() []string {
	var list []string
	for _, i := range s.Impulses {
		if i.Plain() {
			continue
		}
		c := i.Curves[0]
		became := percent(c.Response[len(c.Response)-1])
		if c.Settled {
			list = append(list, fmt.Sprintf("Lasting news of %s in %s, alone and from the starting state, becomes %s: a multiplier of %s.",
				percent(study.Nudge), upper(i.Asset), became, signed(c.Multiplier, 3)))
		} else {
			list = append(list, fmt.Sprintf("News of %s in %s, alone and from the starting state, stands at %s after %s and has not settled.",
				percent(study.Nudge), upper(i.Asset), became, counted(len(c.Response)-1, "step")))
		}
	}
	return list
}

// saidOfPath names the causes on the chosen path that are seen in two decimals.
func (s *sheet) saidOfPath() []string {
	if len(s.Base.Path.Ledger.Rows) == 0 {
		return nil
	}
	which := "On this path"
	if s.Spread() {
		which = "On the most central path"
	}
	var list []string
	p := summarisePath(s.Study)
	for _, r := range p.Returns {
		causes := slices.DeleteFunc(slices.Clone(p.Ledger), func(c causeOfPath) bool { return c.Asset != r.Asset || math.Abs(c.Return) < 5e-5 })
		if len(causes) < 2 {
			continue
		}
		slices.SortStableFunc(causes, func(a, b causeOfPath) int { return compareSize(b.Return, a.Return) })
		var parts []string
		for _, c := range causes {
			parts = append(parts, c.Cause+" "+percent(c.Return))
		}
		list = append(list, fmt.Sprintf("%s the log return of %s is %s: %s.", which, upper(r.Asset), percent(r.Return), strings.Join(parts, ", ")))
	}
	return list
}

func compareSize(a, b float64) int {
	switch a, b = math.Abs(a), math.Abs(b); {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func (s *sheet) saidOfAttribution() []string {
	if s.Attribution == nil {
		return nil
	}
	of := ""
	if s.Attribution.Worst != nil {
		of = " in the mean of " + counted(s.Attribution.Paths, "path")
	}
	var list []string
	for _, o := range s.Attribution.Outcomes {
		if o.Refused != "" {
			continue
		}
		number, change := showNumber(o.Unit), showDifference(o.Unit)
		var parts []string
		for _, share := range o.Shares {
			if text := change(share.Shapley.Value); strings.ContainsAny(text, "123456789") {
				parts = append(parts, share.Player+" "+text)
			}
		}
		text := fmt.Sprintf("%s is %s%s, and %s with the news alone", o.Title, number(o.Total.Value), of, number(o.News.Value))
		if len(parts) > 0 {
			text += "; what the mechanisms add, by Shapley's value: " + strings.Join(parts, ", ")
		}
		list = append(list, text+".")
	}
	return list
}

func (s *sheet) saidOfReverse() []string {
	r := s.Reverse
	if r == nil {
		return nil
	}
	event := fmt.Sprintf("%s %s %s", readable(r.Outcome), r.Passing, showNumber(r.Unit)(r.Threshold))
	if r.Nearest != nil {
		return []string{fmt.Sprintf("The smallest shock for %s is %s standard deviations of the news away.", event, signed(r.Nearest.Norm, 2))}
	}
	return []string{fmt.Sprintf("The smallest shock for %s is %s times the one planned.", event, signed(r.Factor, 2))}
}
