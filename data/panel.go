package data

import (
	"slices"
	"sort"
	"time"
)

// A Panel is several series on one UTC grid. It is immutable and safe for
// concurrent use. Row i covers the step that starts at Time(i).
type Panel struct {
	from    time.Time
	step    time.Duration
	rows    int
	columns []panelColumn // in the order in which the series were given
	notes   []Note
}

// A panelColumn is one series by steps. The rows of the panel are a window on
// its steps; those before and after are kept for what is visible when.
type panelColumn struct {
	series  Series
	values  []float64 // of each row of the panel
	present []bool
	carried []bool
	steps   []time.Time // every step that the series has rows in, ascending
	byStep  []float64   // its value there
}

// Len returns the number of rows.
func (p *Panel) Len() int { return p.rows }

// Step returns the length of a row.
func (p *Panel) Step() time.Duration { return p.step }

// Time returns the start of row i.
func (p *Panel) Time(i int) time.Time { return p.from.Add(time.Duration(i) * p.step) }

// Times returns the start of every row.
func (p *Panel) Times() []time.Time {
	times := make([]time.Time, p.rows)
	for i := range times {
		times[i] = p.Time(i)
	}
	return times
}

// Names returns the names of the series in the order in which they were given.
func (p *Panel) Names() []string {
	names := make([]string, len(p.columns))
	for i, c := range p.columns {
		names[i] = c.series.Name()
	}
	return names
}

// Has reports whether the panel has a series of that name.
func (p *Panel) Has(name string) bool { return p.column(name) != nil }

// Series returns the named series as it was before it was aligned, and whether
// there is one.
func (p *Panel) Series(name string) (Series, bool) {
	if c := p.column(name); c != nil {
		return c.series, true
	}
	return Series{}, false
}

// Value returns the value of the named series in row i, in its base unit, and
// whether there is one. A name or a row that the panel does not have has none.
func (p *Panel) Value(name string, i int) (float64, bool) {
	c := p.column(name)
	if c == nil || i < 0 || i >= p.rows || !c.present[i] {
		return 0, false
	}
	return c.values[i], true
}

// Carried reports whether the value in row i is that of an earlier row.
func (p *Panel) Carried(name string, i int) bool {
	c := p.column(name)
	return c != nil && i >= 0 && i < p.rows && c.carried[i]
}

// Column returns a copy of all rows of the named series: the values, and which
// of them are there. Both are nil if the panel has no series of that name.
func (p *Panel) Column(name string) (values []float64, present []bool) {
	c := p.column(name)
	if c == nil {
		return nil, nil
	}
	return slices.Clone(c.values), slices.Clone(c.present)
}

// Visible returns the last value of the named series that was published by
// the start of row i, and the start of the step it is of. A value is published
// when its step has ended and the series' lag has passed; so a daily close
// is visible from the next day on, and a daily flow with a lag of one day
// from the day after that.
func (p *Panel) Visible(name string, i int) (value float64, of time.Time, ok bool) {
	c := p.column(name)
	if c == nil || i < 0 || i >= p.rows {
		return 0, time.Time{}, false
	}
	latest := p.Time(i).Add(-p.step - c.series.Lag())
	n := sort.Search(len(c.steps), func(k int) bool { return c.steps[k].After(latest) })
	if n == 0 {
		return 0, time.Time{}, false
	}
	return c.byStep[n-1], c.steps[n-1], true
}

// Notes returns what was filled, dropped or left absent, and the notes that
// the series came with.
func (p *Panel) Notes() []Note { return slices.Clone(p.notes) }

func (p *Panel) column(name string) *panelColumn {
	for i := range p.columns {
		if p.columns[i].series.Name() == name {
			return &p.columns[i]
		}
	}
	return nil
}
