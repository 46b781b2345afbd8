package data

import "time"

// A Summary is what a reader wants to know about a series before using it.
// Numbers are in the base unit.
type Summary struct {
	Name        string
	Kind        Kind
	Unit        Unit
	Lag         time.Duration
	Step        time.Duration // length of the period one row covers
	Calendar    Calendar      // the one that fits: see [CalendarOf]
	First, Last time.Time
	Rows        int     // rows with a value
	Absent      int     // rows of the file without one
	Min, Max    float64 // the first of equals
	MinAt       time.Time
	MaxAt       time.Time
	Sum         *float64 // of a flow; nil for other kinds, whose sum means nothing
	Gaps        []Range  // see [Gaps]
	Missing     int      // steps in the gaps
	Provenance  Provenance
	Notes       []Note
}

// Describe summarises s.
func Describe(s Series) Summary {
	sum := Summary{
		Name: s.Name(), Kind: s.Kind(), Unit: s.Unit(), Lag: s.Lag(), Step: s.Step(), Calendar: CalendarOf(s),
		Rows: s.Len(), Absent: len(s.meta.Absent), Provenance: s.Provenance(), Notes: s.Notes(),
	}
	total := 0.0
	for i := range s.Len() {
		at, v := s.At(i)
		if i == 0 {
			sum.First, sum.Min, sum.Max, sum.MinAt, sum.MaxAt = at, v, v, at, at
		}
		if v < sum.Min {
			sum.Min, sum.MinAt = v, at
		}
		if v > sum.Max {
			sum.Max, sum.MaxAt = v, at
		}
		total += v
		sum.Last = at
	}
	if s.Kind() == Flow {
		sum.Sum = &total
	}
	sum.Gaps, sum.Missing = Gaps(s, sum.Calendar)
	return sum
}

// CalendarOf returns the calendar that fits the days on which s has rows: every
// day, unless hardly any is a weekend's; then the sessions of the New York Stock
// Exchange. Fewer than five days do not tell, and neither do Monday to Friday.
func CalendarOf(s Series) Calendar {
	days, weekend := 0, 0
	var first, last, end instant // of days; end is where the last one is over
	for _, t := range s.times {
		if days > 0 && t < end {
			continue
		}
		d := instantOf(t.time().Truncate(day))
		if days == 0 {
			first = d
		}
		last, end = d, d+instant(day)
		days++
		if wd := d.time().Weekday(); wd == time.Saturday || wd == time.Sunday {
			weekend++
		}
	}
	// Every day would make it two in seven; a few late stamps do not.
	if days < 5 || last.sub(first) < 5*day || 7*weekend >= days {
		return EveryDay
	}
	return NYSE
}
