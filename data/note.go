package data

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A Note is a remark that is not a fault: something was filled, dropped or
// skipped, or looks odd, and the reader of a result should be able to see it.
type Note struct {
	Series string // the series or file it is about
	Text   string
	Ranges []Range // when; empty if it is not about a time
	Count  int     // rows or steps it is about; 0 if the text says what there is to count
}

// A Range is a stretch of time from the label of its first row to the label
// of its last.
type Range struct{ From, To time.Time }

// String returns one line: series, text, count, and up to three ranges, leaving
// out what is empty.
func (n Note) String() string {
	s := n.Text
	if n.Series != "" {
		s = n.Series + ": " + s
	}
	if n.Count > 0 && len(n.Ranges) > 0 {
		s += ": " + strconv.Itoa(n.Count)
	}
	if len(n.Ranges) > 0 {
		s += " (" + listed(n.Ranges) + ")"
	}
	return s
}

// listed names at most three ranges: the first two and the last.
func listed(ranges []Range) string {
	var names []string
	for i, r := range ranges {
		switch {
		case len(ranges) <= 3 || i < 2 || i == len(ranges)-1:
			names = append(names, r.String())
		case i == 2:
			names = append(names, fmt.Sprintf("%d more", len(ranges)-3))
		}
	}
	return strings.Join(names, ", ")
}

// String returns "2025-08-02..2025-08-03", one date if both are the same,
// and times of day where there are any.
func (r Range) String() string {
	if r.From.Equal(r.To) {
		return showTime(r.From)
	}
	return showTime(r.From) + ".." + showTime(r.To)
}

func showTime(t time.Time) string {
	if t.Equal(t.Truncate(24 * time.Hour)) {
		return t.Format(time.DateOnly)
	}
	if t.Equal(t.Truncate(time.Minute)) {
		return t.Format("2006-01-02 15:04")
	}
	return t.Format("2006-01-02 15:04:05.999")
}

// A diary gathers notes about one series and merges neighbouring rows with
// the same text into ranges. Its notes stand in order of first appearance.
type diary struct {
	series   string
	step     time.Duration // rows at most this far apart are neighbours
	calendar Calendar      // and so are rows with no session between them
	notes    []Note
}

// add notes text about the row at t.
func (d *diary) add(text string, t time.Time) {
	i := 0
	for i < len(d.notes) && d.notes[i].Text != text {
		i++
	}
	if i == len(d.notes) {
		d.notes = append(d.notes, Note{Series: d.series, Text: text})
	}
	n := &d.notes[i]
	n.Count++
	if last := len(n.Ranges) - 1; last >= 0 && d.neighbours(n.Ranges[last].To, t) {
		n.Ranges[last].To = t
		return
	}
	n.Ranges = append(n.Ranges, Range{t, t})
}

// neighbours reports whether the calendar is closed in every step between.
func (d *diary) neighbours(from, to time.Time) bool {
	for t := from.Add(d.step); t.Before(to); t = t.Add(d.step) {
		if d.calendar.Open(t) {
			return false
		}
	}
	return true
}
