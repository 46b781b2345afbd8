package data

import (
	"slices"
	"time"
)

// Gaps returns the steps between rows of s on which the calendar is open and s
// has no value, one range for each stretch without a row, and their number.
func Gaps(s Series, c Calendar) (gaps []Range, steps int) {
	return gapsBetween(s.times, s.step, c)
}

func gapsBetween(times []instant, step time.Duration, c Calendar) (gaps []Range, steps int) {
	for i := 1; i < len(times); i++ {
		// Half a step of slack, because some rows are stamped a little late.
		if times[i].sub(times[i-1]) <= step+step/2 {
			continue
		}
		gap, n := openSteps(times[i-1].time().Add(step), times[i].time().Add(-step/2), step, c)
		if n > 0 {
			gaps = append(gaps, gap)
			steps += n
		}
	}
	return gaps, steps
}

// openSteps returns the first and the last of the steps from, from+step, …
// before end on which the calendar is open, and their number. It goes day by
// day: a hole in a file of seconds may be years long.
func openSteps(from, end time.Time, step time.Duration, c Calendar) (open Range, steps int) {
	for t := from; t.Before(end); {
		stop := t.Truncate(day).Add(day)
		if end.Before(stop) {
			stop = end
		}
		n := (stop.Sub(t)-1)/step + 1
		if c.Open(t) {
			if steps == 0 {
				open.From = t
			}
			open.To = t.Add((n - 1) * step)
			steps += int(n)
		}
		t = t.Add(n * step)
	}
	return open, steps
}

// What the notes of [Check] on steps without a value begin with: the cell is empty,
// or the file has no row.
const (
	BlankCell = "blank cell"
	NoRow     = "no row"
)

// Check lists what a researcher should look at before using s, beside the notes
// it came with: days on which the calendar that fits is open but the cell of s
// is blank or the file has no row, and a last row that may not be final. Now is
// the time of the check; zero leaves out whether the last row's period is over.
func Check(s Series, now time.Time) []Note {
	calendar := CalendarOf(s)
	open := " though open (" + calendar.String() + ")"
	blank := diary{series: s.Name(), step: s.step, calendar: calendar}
	for _, t := range s.meta.Absent {
		if calendar.Open(t) {
			blank.add(BlankCell+open, t)
		}
	}
	notes := blank.notes
	rows := s.times
	if len(s.meta.Absent) > 0 {
		rows = slices.Clone(rows)
		for _, t := range s.meta.Absent {
			rows = append(rows, instantOf(t))
		}
		slices.Sort(rows)
	}
	if gaps, steps := gapsBetween(rows, s.step, calendar); steps > 0 {
		notes = append(notes, Note{s.Name(), NoRow + open, gaps, steps})
	}
	return append(notes, lastRow(s, now)...)
}

// lastRow says why the last row may change.
func lastRow(s Series, now time.Time) []Note {
	if s.Len() == 0 {
		return nil
	}
	last := s.times[len(s.times)-1].time()
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
