package data

import "time"

// Gaps returns the steps between rows of s on which the calendar is open and s
// has no value, one range for each stretch without a row, and their number.
func Gaps(s Series, c Calendar) (gaps []Range, steps int) {
	for i := 1; i < s.Len(); i++ {
		var gap Range
		// Half a step of slack, because some rows are stamped a little late.
		for t := s.times[i-1].Add(s.step); t.Before(s.times[i].Add(-s.step / 2)); t = t.Add(s.step) {
			if !c.Open(t) {
				continue
			}
			if gap.From.IsZero() {
				gap.From = t
			}
			gap.To = t
			steps++
		}
		if !gap.From.IsZero() {
			gaps = append(gaps, gap)
		}
	}
	return gaps, steps
}

// Check lists what a researcher should look at before using s: the notes it
// came with, rows without a value, gaps in the calendar that fits, and a last
// row that may not be final. Now is the time of the check; zero leaves out
// whether the last row's period is over.
func Check(s Series, now time.Time) []Note {
	notes := s.Notes()
	blank := diary{series: s.Name(), step: s.step}
	for _, t := range s.meta.Absent {
		blank.add("rows without a value", t)
	}
	notes = append(notes, blank.notes...)
	calendar := CalendarOf(s)
	if gaps, steps := Gaps(s, calendar); steps > 0 {
		notes = append(notes, Note{s.Name(), "no row though open (" + calendar.String() + ")", gaps, steps})
	}
	return append(notes, lastRow(s, now)...)
}

// lastRow says why the last row may change.
func lastRow(s Series, now time.Time) []Note {
	if s.Len() == 0 {
		return nil
	}
	last := s.times[len(s.times)-1]
	at := []Range{{last, last}}
	switch {
	case !now.IsZero() && last.Add(s.step).After(now):
		return []Note{{s.Name(), "the period of the last row is not over", at, 1}}
	case !now.IsZero() && last.Add(s.step+s.Lag()).After(now):
		return []Note{{s.Name(), "the last row is inside its publication lag and may be revised", at, 1}}
	case now.IsZero() && s.Lag() > 0:
		return []Note{{s.Name(), "the last row may be partial and revised later", at, 1}}
	}
	return nil
}
