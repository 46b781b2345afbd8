package intake

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/ebb-sim/ebb/data"
)

// finish turns the rows of a series into tables: stamps become labels, rows ascend
// and are unique, and the rules of the mapping are applied.
func (r *reader) finish(key string, s *series) []Table {
	r.order(s)
	ongoing := s.times[len(s.times)-1].Equal(r.latest)
	step := r.step(s)
	r.label(s, step)
	r.order(s) // labels of late stamps may have met
	r.once(s)
	r.closedDays(s)
	if ongoing {
		r.lastRow(s)
	}
	var tables []Table
	for k, c := range r.columns {
		r.split(c, s, k)
		if r.onlyZeros(c, s, k) {
			continue
		}
		r.look(c, key, s, k)
		c.Published = lag(c, r.mapping.Date.Stamp, step)
		i := slices.IndexFunc(tables, func(t Table) bool { return t.Group == c.File })
		if i < 0 {
			i = len(tables)
			tables = append(tables, Table{Key: key, Group: c.File})
		}
		tables[i].Columns = append(tables[i].Columns, c)
		tables[i].Values = append(tables[i].Values, s.values[k])
	}
	for i := range tables {
		tables[i].fill(s)
	}
	return slices.DeleteFunc(tables, func(t Table) bool { return len(t.Times) == 0 })
}

// fill gives a table its times, without the rows at either end of which no column
// has a value: they are those of other columns.
func (t *Table) fill(s *series) {
	empty := func(i int) bool {
		return !slices.ContainsFunc(t.Values, func(v []float64) bool { return !math.IsNaN(v[i]) })
	}
	from, to := 0, len(s.times)
	for from < to && empty(from) {
		from++
	}
	for to > from && empty(to-1) {
		to--
	}
	t.Times, t.lines = s.times[from:to], s.lines[from:to]
	for k := range t.Values {
		t.Values[k] = t.Values[k][from:to]
	}
}

// order turns a file around that runs from new to old, and sorts any other.
func (r *reader) order(s *series) {
	if slices.IsSortedFunc(s.times, time.Time.Compare) {
		return
	}
	if slices.IsSortedFunc(s.times, func(a, b time.Time) int { return b.Compare(a) }) {
		r.report.say("the file runs from new to old: turned around")
		slices.Reverse(s.times)
		slices.Reverse(s.lines)
		for _, v := range s.values {
			slices.Reverse(v)
		}
		return
	}
	r.report.say("rows out of order: sorted by time")
	rank := make([]int, len(s.times))
	for i := range rank {
		rank[i] = i
	}
	slices.SortStableFunc(rank, func(a, b int) int { return s.times[a].Compare(s.times[b]) })
	s.times, s.lines = permuted(s.times, rank), permuted(s.lines, rank)
	for k := range s.values {
		s.values[k] = permuted(s.values[k], rank)
	}
}

func permuted[T any](list []T, rank []int) []T {
	out := make([]T, len(list))
	for i, j := range rank {
		out[i] = list[j]
	}
	return out
}

// jitter is how late a clock may stamp what is due on the full step.
const jitter = time.Second

// step is the median distance of the stamps, to a second, and rounds away the
// jitter of stamps about full steps.
func (r *reader) step(s *series) time.Duration {
	var apart []time.Duration
	for i := 1; i < len(s.times); i++ {
		if d := s.times[i].Sub(s.times[i-1]); d > 0 {
			apart = append(apart, d)
		}
	}
	if len(apart) == 0 {
		return day
	}
	slices.Sort(apart)
	step := apart[(len(apart)-1)/2].Round(time.Second)
	if step < time.Minute {
		return max(step, time.Second)
	}
	for i, t := range s.times {
		if full := t.Round(time.Minute); !full.Equal(t) && full.Sub(t).Abs() <= jitter {
			r.report.at(s.lines[i], "times a moment beside the full minute: rounded")
			s.times[i] = full
		}
	}
	return step
}

// A snapshot may be taken a little after the period ended that it closes: a
// 48th of it, half an hour of a day.
const snapshotSlack = 48

// label turns stamps into the start of the period that a row covers, which is at
// most a day: see [data.Series.Step]. What has a later end keeps its publication lag.
func (r *reader) label(s *series, step time.Duration) {
	covers := min(step, day)
	for i, t := range s.times {
		switch r.mapping.Date.Stamp {
		case "close":
			s.times[i] = t.Add(-covers)
		case "snapshot":
			end := t.Truncate(covers)
			if late := t.Sub(end); late > covers/snapshotSlack {
				end = end.Add(covers)
			}
			if !end.Equal(t) {
				r.report.at(s.lines[i], "snapshots beside the full period: taken for the one that ends there")
			}
			s.times[i] = end.Add(-covers)
		}
		if !s.times[i].Equal(t) {
			r.report.at(s.lines[i], "%s: labelled %v earlier, with the start of the period", stampNames[r.mapping.Date.Stamp], showStep(covers))
		}
	}
}

var stampNames = map[string]string{"close": "stamped at the end of the period", "snapshot": "stamped when the period was over"}

func showStep(d time.Duration) string {
	switch {
	case d == day:
		return "a day"
	case d == time.Hour:
		return "an hour"
	case d%time.Hour == 0:
		return fmt.Sprintf("%d hours", d/time.Hour)
	case d%time.Minute == 0:
		return fmt.Sprintf("%d minutes", d/time.Minute)
	}
	return d.String()
}

// lag is when a column is known: what is gathered over more than a day, and stamped
// with its start, is known that much later. A level is that of the moment.
func lag(c Column, stamp string, step time.Duration) string {
	if stamp == "open" && step > day && c.Kind != "level" && c.Published == "" {
		return fmt.Sprintf("%dh", (step-day)/time.Hour)
	}
	return c.Published
}

// once keeps the last of several rows with one label: what comes later is a
// revision.
func (r *reader) once(s *series) {
	n := 0
	for i := range s.times {
		if n > 0 && s.times[n-1].Equal(s.times[i]) {
			text := "a second row of one time: the later one kept"
			if s.same(n-1, i) {
				text = "the same row again: left out"
			}
			r.report.at(s.lines[i], "%s", text)
			n--
		}
		s.times[n], s.lines[n] = s.times[i], s.lines[i]
		for _, v := range s.values {
			v[n] = v[i]
		}
		n++
	}
	s.cut(n)
}

func (s *series) same(i, j int) bool {
	for _, v := range s.values {
		if v[i] != v[j] && !(math.IsNaN(v[i]) && math.IsNaN(v[j])) {
			return false
		}
	}
	return true
}

// cut keeps the first n rows.
func (s *series) cut(n int) {
	s.times, s.lines = s.times[:n], s.lines[:n]
	for k := range s.values {
		s.values[k] = s.values[k][:n]
	}
}

// closedDays makes flows absent that are 0 because the market was closed, and points
// at those that cannot be.
func (r *reader) closedDays(s *series) {
	if r.mapping.Calendar != "nyse" {
		return
	}
	for i, t := range s.times {
		zero, flow := true, false
		for k := range r.columns {
			v := s.values[k][i]
			zero, flow = zero && (v == 0 || math.IsNaN(v)), flow || !math.IsNaN(v)
		}
		switch {
		case !flow:
		case data.NYSE.Open(t) && zero:
			r.report.at(s.lines[i], "0 on a day with a session in New York, kept; it may mean that nothing was reported")
		case data.NYSE.Open(t):
		case zero:
			r.report.at(s.lines[i], "0 on a day without a session in New York: made absent")
			for k := range r.columns {
				s.values[k][i] = math.NaN()
			}
		default:
			r.report.at(s.lines[i], "a flow on a day without a session in New York, kept; it cannot be of that day")
		}
	}
}

// lastRow leaves out the last row of the file if that was asked for. No file tells
// whether its last period was over when it was written.
func (r *reader) lastRow(s *series) {
	n := len(s.times) - 1
	if n < 1 {
		return
	}
	if r.opt.DropLast {
		r.report.at(s.lines[n], "the last row, %s, left out", showTime(s.times[n]))
		s.cut(n)
		return
	}
	r.report.at(s.lines[n], "the last row may be of a period that was not over, kept; --drop-last leaves it out")
}

// split divides prices, and multiplies counts of shares, before a split.
func (r *reader) split(c Column, s *series, k int) {
	for _, split := range r.opt.Splits {
		for i, t := range s.times {
			switch {
			case !t.Before(split.Date) || math.IsNaN(s.values[k][i]):
			case c.Kind == "price":
				s.values[k][i] /= split.Factor
				r.report.at(s.lines[i], "column %s divided by %v before the split of %s", c.Name, split.Factor, showTime(split.Date))
			case c.Unit == "count":
				s.values[k][i] *= split.Factor
				r.report.at(s.lines[i], "column %s multiplied by %v before the split of %s", c.Name, split.Factor, showTime(split.Date))
			}
		}
	}
}

// onlyZeros reports whether a column that cannot be 0 throughout is.
func (r *reader) onlyZeros(c Column, s *series, k int) bool {
	seen := false
	for _, v := range s.values[k] {
		if v != 0 && !math.IsNaN(v) {
			return false
		}
		seen = seen || v == 0
	}
	if seen && r.mapping.Calendar != "" {
		return false // a fund without a flow
	}
	if seen && len(r.keys) == 1 {
		r.report.say("column %s holds only zeros, which is no data: left out", c.Name)
		return true
	}
	return !seen
}

// A price that changes by more than this factor between two rows may be that of a
// split.
const splitJump = 1.8

// look points at what may be wrong with a column and is left as it stands.
func (r *reader) look(c Column, key string, s *series, k int) {
	last := math.NaN()
	for i, v := range s.values[k] {
		if math.IsNaN(v) {
			continue
		}
		if ratio := v / last; c.Kind == "price" && r.closes(c) && (ratio >= splitJump || ratio <= 1/splitJump) {
			r.jump(c, key, ratio, s.times[i])
		}
		if v == 0 && (c.Kind == "level" || c.Kind == "flow" && r.mapping.Calendar == "") {
			r.report.at(s.lines[i], "column %s: 0, kept; if it means no data, --zero %s=absent", c.Name, c.Name)
		}
		last = v
	}
}

// closes reports whether jumps of a column are looked at: of a bar's four prices the
// close is enough.
func (r *reader) closes(c Column) bool {
	return c.Name == "close" || !slices.ContainsFunc(r.columns, func(o Column) bool { return o.Name == "close" })
}

// jump notes what factor a split would have had.
func (r *reader) jump(c Column, key string, ratio float64, at time.Time) {
	where := fmt.Sprintf("%s to %.2f times", showTime(at), ratio)
	if ratio < 1 {
		where = fmt.Sprintf("%s to 1/%.2f", showTime(at), 1/ratio)
	}
	if key != "" {
		where = key + " " + where
	}
	r.report.rule("column "+c.Name+" jumps by a factor, kept; if it is a split, --split DATE=N divides the prices before it by N", "").place(where)
}
