package data

import (
	"fmt"
	"slices"
	"time"
)

const day = 24 * time.Hour

// AlignOptions say which grid to align to.
type AlignOptions struct {
	// From and To are the starts of the first and of the last row. Zero means
	// as far as every price reaches, or every series if there is no price.
	From, To time.Time
	// Step is the length of a row: a part of a day or whole days. Zero means
	// a day.
	Step time.Duration
	// MaxAge is how long a price, rate or level may be carried forward. Zero
	// means four days for daily series, and for finer ones four of their own
	// steps but at least an hour.
	MaxAge time.Duration
}

// maxRows bounds the grid, so that a slip in a date is an error and not an
// exhausted memory: 19 years of minutes.
const maxRows = 10_000_000

// CarriedForward is the text of the note on steps in which the last price, rate
// or level stands for one that is not there.
const CarriedForward = "carried forward"

// Absent begins the text of the notes on steps in which a series has no value.
const Absent = "absent"

// Align puts the series on one UTC grid. Several rows of a series in one step
// become one: flows add up, of the others the last one stands. A row that
// covers several steps, such as a daily close on an hourly grid, stands in the
// last of them, because it is not known before. In a step without a row a
// price, rate or level is carried forward up to an age, and a flow is absent.
//
// No series, two series of one name, a series without a row in the window and
// an empty window are errors, as [Faults] where they concern a series.
func Align(series []Series, opt AlignOptions) (*Panel, error) {
	if opt.Step == 0 {
		opt.Step = day
	}
	if err := checkOptions(series, opt); err != nil {
		return nil, err
	}
	p := &Panel{step: opt.Step}
	for _, s := range series {
		p.columns = append(p.columns, p.byStep(s))
	}
	if err := p.setWindow(opt); err != nil {
		return nil, err
	}
	var faults Faults
	for i := range p.columns {
		notes, err := p.fill(&p.columns[i], maxAge(opt.MaxAge, p.columns[i].series))
		if err != nil {
			faults = append(faults, Fault{File: series[i].Provenance().File, Text: err.Error()})
		}
		p.addNotes(notes)
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return p, nil
}

// addNotes adds notes but those that are there already: columns of one file
// all come with the notes about it.
func (p *Panel) addNotes(notes []Note) {
	for _, n := range notes {
		if !slices.ContainsFunc(p.notes, func(o Note) bool { return o.String() == n.String() }) {
			p.notes = append(p.notes, n)
		}
	}
}

func checkOptions(series []Series, opt AlignOptions) error {
	if len(series) == 0 {
		return fmt.Errorf("no series to align")
	}
	if opt.Step < time.Second || day%opt.Step != 0 && opt.Step%day != 0 {
		return fmt.Errorf("found step %v, expected a part of a day or whole days", opt.Step)
	}
	if opt.MaxAge < 0 {
		return fmt.Errorf("found greatest age %v, expected 0 or more", opt.MaxAge)
	}
	var faults Faults
	for i, s := range series {
		if s.Len() == 0 {
			faults = append(faults, Fault{Text: "series " + Quote(s.Name()) + " has no rows"})
		}
		if slices.ContainsFunc(series[:i], func(o Series) bool { return o.Name() == s.Name() }) {
			faults = append(faults, Fault{File: s.Provenance().File, Text: "two series are called " + Quote(s.Name())})
		}
	}
	return faults.Err()
}

// byStep gathers the rows of s by the step in which they end. Where each row has a
// step of its own the values are those of s, and the steps those of an earlier
// column of the same file.
func (p *Panel) byStep(s Series) panelColumn {
	c := panelColumn{series: s}
	for _, o := range p.columns {
		if len(o.steps) == s.Len() && o.series.sharesTimes(s) {
			c.steps, c.byStep = o.steps, s.values
			return c
		}
	}
	rows := s.Len() / int(max(1, p.step/s.Step()))
	c.steps, c.byStep = make([]time.Time, 0, rows), make([]float64, 0, rows)
	for i := range s.Len() {
		at, v := s.At(i)
		start := endStep(at, s.Step(), p.step)
		last := len(c.steps) - 1
		switch {
		case last < 0 || start.After(c.steps[last]):
			c.steps = append(c.steps, start)
			c.byStep = append(c.byStep, v)
		case s.Kind() == Flow:
			c.byStep[last] += v
		default:
			c.byStep[last] = v
		}
	}
	if len(c.steps) == s.Len() {
		c.byStep = s.values
	}
	return c
}

// endStep returns the start of the step in which a row labelled at ends that
// covers the given time.
func endStep(at time.Time, covers, step time.Duration) time.Time {
	start := at.Truncate(step)
	if covers > step {
		start = at.Add(covers - 1).Truncate(step)
	}
	return start
}

// setWindow settles the first and the last row.
func (p *Panel) setWindow(opt AlignOptions) error {
	from, to := p.overlap()
	if !opt.From.IsZero() {
		from = opt.From.UTC().Truncate(p.step)
	}
	if !opt.To.IsZero() {
		to = opt.To.UTC().Truncate(p.step)
	}
	if to.Before(from) {
		return fmt.Errorf("found a window from %s to %s, expected one that is not empty", showTime(from), showTime(to))
	}
	if to.After(from.AddDate(200, 0, 0)) { // longer than a Duration holds
		return fmt.Errorf("found a window from %s to %s, expected at most 200 years", showTime(from), showTime(to))
	}
	n := int64(to.Sub(from)/p.step) + 1
	if n > maxRows {
		return fmt.Errorf("found %d rows of %v from %s to %s, expected at most %d", n, p.step, showTime(from), showTime(to), maxRows)
	}
	p.from, p.rows = from, int(n)
	return nil
}

// overlap returns the steps from which and to which every price has rows, or
// every series if there is no price.
func (p *Panel) overlap() (from, to time.Time) {
	prices := slices.ContainsFunc(p.columns, func(c panelColumn) bool { return c.series.Kind() == Price })
	for _, c := range p.columns {
		if prices && c.series.Kind() != Price {
			continue
		}
		first, last := c.steps[0], c.steps[len(c.steps)-1]
		if from.IsZero() || first.After(from) {
			from = first
		}
		if to.IsZero() || last.Before(to) {
			to = last
		}
	}
	return from, to
}

func maxAge(asked time.Duration, s Series) time.Duration {
	if asked > 0 {
		return asked
	}
	return max(4*s.Step(), time.Hour)
}

// fill lays the steps of c on the rows of the panel, and notes every row that
// is carried or absent and every step outside.
func (p *Panel) fill(c *panelColumn, age time.Duration) ([]Note, error) {
	c.values = make([]float64, p.rows)
	c.present = make([]bool, p.rows)
	c.carried = make([]bool, p.rows)
	d := diary{series: c.series.Name(), step: p.step}
	next, inside := 0, 0
	for i := range p.rows {
		at := p.Time(i)
		for next < len(c.steps) && !c.steps[next].After(at) {
			next++
		}
		last := next - 1 // the step at or before this row
		switch {
		case last >= 0 && c.steps[last].Equal(at):
			c.values[i], c.present[i] = c.byStep[last], true
			inside++
		case c.series.Kind() == Flow:
			d.add("no flow, absent", at)
		case last >= 0 && at.Sub(c.steps[last]) <= age:
			c.values[i], c.present[i], c.carried[i] = c.byStep[last], true, true
			d.add(CarriedForward, at)
		case last < 0:
			d.add(Absent+", before the first row", at)
		default:
			d.add(fmt.Sprintf("%s, the last row is older than %s", Absent, showAge(age)), at)
		}
	}
	if inside == 0 {
		return nil, p.outside(c)
	}
	c.noteOutside(&d, p.from, p.Time(p.rows-1))
	c.notePartial(&d, p)
	return append(c.series.Notes(), d.notes...), nil
}

func (p *Panel) outside(c *panelColumn) error {
	return fmt.Errorf("series %s: found rows from %s to %s, expected at least one from %s to %s", c.series.Name(),
		showTime(c.steps[0]), showTime(c.steps[len(c.steps)-1]), showTime(p.from), showTime(p.Time(p.rows-1)))
}

// noteOutside notes the steps before the first and after the last row.
func (c *panelColumn) noteOutside(d *diary, from, to time.Time) {
	n := Note{Series: d.series, Text: "outside the window, dropped"}
	before, _ := slices.BinarySearchFunc(c.steps, from, time.Time.Compare)
	if before > 0 {
		n.Ranges = append(n.Ranges, Range{c.steps[0], c.steps[before-1]})
	}
	after, found := slices.BinarySearchFunc(c.steps, to, time.Time.Compare)
	if found {
		after++
	}
	if after < len(c.steps) {
		n.Ranges = append(n.Ranges, Range{c.steps[after], c.steps[len(c.steps)-1]})
	}
	if n.Count = before + len(c.steps) - after; n.Count > 0 {
		d.notes = append(d.notes, n)
	}
}

// notePartial notes the rows of the panel that a finer series fills only in
// part. The last one of the series is a note of its own if it has fewer rows than
// a step before it had: it is likely still in progress.
func (c *panelColumn) notePartial(d *diary, p *Panel) {
	full := int(p.step / c.series.Step())
	if full < 2 || p.step%c.series.Step() != 0 {
		return
	}
	counts := c.rowsOfSteps(p.step)
	end := len(counts) - 1
	usual := full
	if end > 0 {
		usual = min(full, slices.Max(counts[:end]))
	}
	for i, start := range c.steps {
		switch {
		case start.Before(p.from) || start.After(p.Time(p.rows-1)):
		case i == end && counts[i] < usual:
			text := fmt.Sprintf("last %s incomplete: %d of %d rows", showStep(p.step), counts[i], usual)
			d.notes = append(d.notes, Note{Series: d.series, Text: text, Ranges: []Range{{start, start}}})
		case counts[i] < full:
			d.add(fmt.Sprintf("made of fewer than %d rows", full), start)
		}
	}
}

// rowsOfSteps counts the rows that each of the steps of c is made of.
func (c *panelColumn) rowsOfSteps(step time.Duration) []int {
	counts := make([]int, len(c.steps))
	k := 0
	for i := range c.series.Len() {
		at, _ := c.series.At(i)
		if endStep(at, c.series.Step(), step).After(c.steps[k]) {
			k++
		}
		counts[k]++
	}
	return counts
}

func showStep(d time.Duration) string {
	if d == day {
		return "day"
	}
	return "step of " + showAge(d)
}

func showAge(d time.Duration) string {
	if d%day == 0 {
		return fmt.Sprintf("%dd", d/day)
	}
	return d.String()
}
