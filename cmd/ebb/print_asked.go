package main

import (
	"fmt"
	"strings"

	"github.com/ebb-sim/ebb/scenarios/study"
	"github.com/ebb-sim/ebb/sim/replay"
	"github.com/ebb-sim/ebb/sim/stats"
	"github.com/jedib0t/go-pretty/v6/table"
)

// askedTables are the tables of what a scenario asks for with a section of its
// own.
func askedTables(st *study.Study) []*printed {
	var list []*printed
	if st.Attribution != nil {
		list = append(list, attributionTable(st))
	}
	if st.Reverse != nil {
		list = append(list, reverseTable(st.Reverse))
	}
	if st.Rare != nil {
		list = append(list, rareTable(st.Rare))
	}
	if st.Sweep != nil {
		list = append(list, sweepTable(st.Sweep))
	}
	if len(st.Skews) > 0 {
		list = append(list, skewTable(st.Skews))
	}
	if st.Forecast != nil {
		list = append(list, forecastTable(st.Forecast), tailTable(st.Forecast))
	}
	if st.Reported != nil {
		list = append(list, reportedTable(st.Reported))
	}
	return list
}

// attributionCaption is that of the attribution's table, which has a section of its own
// in a report.
const attributionCaption = "To whom the outcomes are due"

// attributionTable says to whom outcomes are due, on the path or in the mean, and
// on the worst paths.
func attributionTable(st *study.Study) *printed {
	t := captioned(attributionCaption)
	t.AppendHeader(table.Row{"due to", "outcome", "of", "Shapley value", "switched off alone"})
	rows := func(of string, list []replay.Attributed) {
		for _, o := range list {
			if o.Refused != "" {
				t.AppendRow(table.Row{"–", o.Title, of, o.Refused, "–"})
				continue
			}
			number, change := showNumber(o.Unit), showDifference(o.Unit)
			t.AppendRow(table.Row{"news", o.Title, of, interval(o.News, number), "–"})
			for _, s := range o.Shares {
				t.AppendRow(table.Row{s.Player, "", "", interval(s.Shapley, change), interval(s.Single, change)})
			}
			t.AppendRow(table.Row{"total", "", "", interval(o.Total, number), "interaction " + interval(o.Interaction, change)})
		}
	}
	a := st.Attribution
	of := "this path"
	if a.Worst != nil {
		of = "mean of " + counted(a.Paths, "path")
	}
	rows(of, a.Outcomes)
	if w := a.Worst; w != nil {
		rows("mean of the worst "+counted(len(w.Paths), "path"), w.Outcomes)
	}
	return t
}

// reverseTable is the smallest shock that passes the threshold.
func reverseTable(r *study.Reverse) *printed {
	t := captioned("The smallest shock that passes the threshold")
	number := showNumber(r.Unit)
	t.AppendHeader(table.Row{fmt.Sprintf("smallest shock for %s %s %s", r.Outcome, r.Passing, number(r.Threshold)), "planned", "found"})
	for _, s := range r.Shocks {
		show := showNumber("fraction")
		if strings.HasSuffix(s.Hits, "_flow") {
			show = showNumber("usd")
		}
		t.AppendRow(table.Row{fmt.Sprintf("%s, %s, over %s", s.Name, s.Hits, counted(s.Steps, "step")), show(s.Planned), show(s.Total)})
	}
	if r.Nearest == nil {
		t.AppendRow(table.Row{"factor", "1", signed(r.Factor, 4)})
	} else {
		t.AppendRow(table.Row{"distance from nothing, standard deviations of the news", "–", signed(r.Nearest.Norm, 3)})
	}
	t.AppendRow(table.Row{"outcome without the shock, and with it", number(r.Unshocked), number(r.Value)})
	if r.Jump != nil {
		t.AppendRow(table.Row{"it jumps: just before the shock found it is", "–", jumpedFrom(r.Jump, number)})
	}
	if l := r.Likelihood; l != nil {
		t.AppendRow(table.Row{fmt.Sprintf("%.2f standard deviations; %s", l.Sigmas, l.Law), "–", fmt.Sprintf("%.3g", l.Probability)})
	} else {
		t.AppendRow(table.Row{"no likelihood: " + r.Unlikened, "–", "–"})
	}
	if r.Frequency != nil {
		t.AppendRow(table.Row{"share of paths that pass it without the shock", "–", interval(*r.Frequency, showNumber("fraction"))})
	}
	return t
}

func jumpedFrom(l *replay.Leap, number func(float64) string) string {
	if l.Before == nil {
		return "–"
	}
	return number(*l.Before)
}

func sweepTable(sweep *study.Sweep) *printed {
	t := captioned("Outcomes along the sweep")
	t.AppendHeader(table.Row{sweep.Key, "outcome", "median [95 %]", "mean [95 %]", "ratio of means to the first"})
	for i, point := range sweep.Points {
		text := point.Value
		for _, o := range sweep.Outcomes {
			number, ratio := showNumber(o.Unit), "–"
			if i > 0 && o.Differences[i-1].Ratio != nil {
				ratio = interval(*o.Differences[i-1].Ratio, showNumber(""))
			}
			t.AppendRow(table.Row{text, o.Title, interval(o.Points[i].Median, number), interval(o.Points[i].Mean, number), ratio})
			text = ""
		}
	}
	return t
}

func skewTable(list []study.Skew) *printed {
	t := captioned("Performance skew")
	t.AppendHeader(table.Row{"performance skew, mean difference of simple returns", "the other fell (s.e., days)", "it rose (s.e., days)"})
	side := func(m stats.Measured) string {
		number := showNumber("fraction")
		return fmt.Sprintf("%s (%s, %d)", number(m.Value), number(m.SE), m.N)
	}
	for _, s := range list {
		t.AppendRow(table.Row{upper(s.Asset) + " less " + s.Against, side(s.Down), side(s.Up)})
	}
	return t
}

// reportedTable is the week's total and what it says of the market.
func reportedTable(r *study.Reported) *printed {
	t := captioned("Reported fund flows of a week")
	number := showNumber("usd")
	t.AppendHeader(table.Row{"week reported on " + r.Week.Format("2 January 2006"), "value", "range", "status"})
	for _, b := range r.Flows {
		for _, f := range b.Figures {
			name := "flow, " + f.Key
			if b.Dimension == "total" {
				name = "flow"
			}
			span := "–"
			if f.Low < f.High {
				span = number(f.Low) + " to " + number(f.High)
			}
			t.AppendRow(table.Row{name, number(f.Value), span, f.Status})
		}
	}
	if s := summariseReported(r); s.AUM != nil {
		t.AppendRow(table.Row{"assets before", number(r.Before.Value), "–", r.Before.Status})
		t.AppendRow(table.Row{"assets after", number(r.After.Value), "–", r.After.Status})
		if s.AUM.ReturnAtEnd != nil && s.AUM.ReturnAtOpen != nil {
			t.AppendRow(table.Row{"market return, flow at the close", percent(*s.AUM.ReturnAtEnd), "–", "follows"})
			t.AppendRow(table.Row{"market return, flow at the open", percent(*s.AUM.ReturnAtOpen), "–", "follows"})
		}
	}
	return t
}
