package intake

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // so that a zone means the same on every machine
)

// known layouts are tried in this order on a file that nobody describes. None of
// them can be read in two ways.
var unambiguous = []string{"YYYY-MM-DD", "YYYY/MM/DD", "YYYY.MM.DD", "D MMM YYYY", "D-MMM-YYYY", "MMM D, YYYY", "YYYYMMDD"}

// epochs are counts since 1970; the number of digits tells them apart from 2001 to
// 2286.
var epochs = map[string]struct {
	digits int
	unit   time.Duration
}{"epoch_s": {10, time.Second}, "epoch_ms": {13, time.Millisecond}, "epoch_us": {16, time.Microsecond}}

var layoutWords = strings.NewReplacer("YYYY", "2006", "YY", "06", "MMM", "Jan", "MM", "1", "M", "1", "DD", "2", "D", "2")

// layouts are the Go layouts of a date written in a layout of ours. Days and months
// may be padded or not; with slashes a year may have two digits.
func layouts(layout string) ([]string, error) {
	if _, ok := epochs[layout]; ok || layout == open {
		return nil, nil
	}
	if layout == "YYYYMMDD" {
		return []string{"20060102"}, nil
	}
	written := layoutWords.Replace(layout)
	if !strings.Contains(layout, "YY") || !strings.Contains(layout, "M") || !strings.Contains(layout, "D") {
		return nil, fmt.Errorf("found date layout %q, expected one such as YYYY-MM-DD, M/D/YYYY, D MMM YYYY, epoch_s or epoch_ms", layout)
	}
	found := []string{written}
	if strings.Contains(layout, "/") && strings.Contains(written, "2006") {
		found = append(found, strings.Replace(written, "2006", "06", 1))
	}
	return found, nil
}

// location is the zone of times that are written without one; nil if the mapping
// does not say.
func (d Date) location() (*time.Location, error) {
	if d.Zone == "" || d.Zone == open {
		return nil, nil
	}
	if m := offset.FindStringSubmatch(d.Zone); m != nil {
		hours, _ := strconv.Atoi(m[2])
		minutes, _ := strconv.Atoi("0" + m[3])
		seconds := hours*3600 + minutes*60
		if m[1] == "-" {
			seconds = -seconds
		}
		if hours <= 14 && minutes < 60 {
			return time.FixedZone(d.Zone, seconds), nil
		}
	} else if at, err := time.LoadLocation(d.Zone); err == nil && d.Zone != "Local" {
		return at, nil
	}
	return nil, fmt.Errorf("found zone %q, expected UTC, UTC+3, UTC-05:30 or a name such as America/New_York", d.Zone)
}

var offset = regexp.MustCompile(`^UTC([+-])(\d{1,2})(?::(\d{2}))?$`)

// A stamp is a time as a file writes it.
type stamp struct {
	at    time.Time // UTC, unless floating
	clock bool      // a time of day was written
	zoned bool      // and a zone, or the zone is in the nature of an epoch
}

var clock = regexp.MustCompile(`^(.+?)[ T](\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$`)

var clockLayouts = []string{"15:04:05", "15:04"}

// readStamp reads one cell in the given layout. A time without a zone is taken as
// if it were UTC.
func readStamp(cell, layout string, written []string) (stamp, bool) {
	if e, ok := epochs[layout]; ok {
		n, err := strconv.ParseInt(cell, 10, 64)
		if err != nil || len(strings.TrimPrefix(cell, "-")) > e.digits {
			return stamp{}, false
		}
		at := time.Unix(0, 0).UTC().Add(time.Duration(n) * e.unit)
		if e.unit == time.Second {
			at = time.Unix(n, 0).UTC()
		}
		return stamp{at, true, true}, plausible(at)
	}
	var s stamp
	var since time.Duration
	if m := clock.FindStringSubmatch(cell); m != nil {
		s.clock = true
		found := false
		for _, l := range clockLayouts {
			if t, err := time.Parse(l, m[2]); err == nil {
				since, found = t.Sub(time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)), true
				break
			}
		}
		if !found {
			return stamp{}, false
		}
		cell = m[1]
		if m[3] != "" {
			s.zoned = true
			since -= east(m[3])
		}
	}
	for _, l := range written {
		if t, err := time.Parse(l, cell); err == nil {
			s.at = t.Add(since)
			return s, plausible(t)
		}
	}
	return stamp{}, false
}

// east is how far a written zone is ahead of UTC.
func east(zone string) time.Duration {
	if zone[0] != '+' && zone[0] != '-' {
		return 0
	}
	digits := strings.ReplaceAll(zone[1:], ":", "")
	hours, _ := strconv.Atoi(digits[:2])
	minutes, _ := strconv.Atoi(digits[2:])
	d := time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
	if zone[0] == '-' {
		return -d
	}
	return d
}

// plausible refuses years that are a slip or another meaning of the cell.
func plausible(t time.Time) bool { return t.Year() >= 1900 && t.Year() <= 2199 }

// in moves a time that was written without a zone from UTC to where it belongs.
func (s stamp) in(at *time.Location) time.Time {
	if s.zoned || at == nil || !s.clock {
		return s.at
	}
	t := s.at
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), at).UTC()
}

var spaced = regexp.MustCompile(`\s*/\s*`)

// rangeOfDates cuts "11/01/2021 - 12/21/2022" into its two ends.
func rangeOfDates(cell string) (from, to string, ok bool) {
	for _, dash := range []string{" - ", " – ", " — ", " to "} {
		if from, to, ok = strings.Cut(cell, dash); ok {
			return strings.TrimSpace(from), strings.TrimSpace(to), true
		}
	}
	return "", "", false
}

// layoutOf finds how most dates of a sample are written, "?" if day and month can be
// exchanged, and "" if they are no dates. Those that are written otherwise are faults
// where they stand.
func layoutOf(cells []string) string {
	most := func(layout string) bool {
		written, _ := layouts(layout)
		n := 0
		for _, cell := range cells {
			if isDate(cell, layout, written) {
				n++
			}
		}
		return 2*n > len(cells)
	}
	for _, layout := range append([]string{"epoch_s", "epoch_ms", "epoch_us"}, unambiguous...) {
		if most(layout) {
			return layout
		}
	}
	for _, sign := range []string{"/", ".", "-"} {
		monthFirst, dayFirst := "M"+sign+"D"+sign+"YYYY", "D"+sign+"M"+sign+"YYYY"
		if !most(monthFirst) && !most(dayFirst) {
			continue
		}
		switch onlyM, onlyD := only(cells, monthFirst, dayFirst), only(cells, dayFirst, monthFirst); {
		case onlyM > 0 && onlyD == 0:
			return monthFirst
		case onlyD > 0 && onlyM == 0:
			return dayFirst
		}
		return open
	}
	return ""
}

// only counts the cells that are dates in one layout and not in the other: a 16 is no
// month.
func only(cells []string, layout, other string) int {
	written, _ := layouts(layout)
	others, _ := layouts(other)
	n := 0
	for _, cell := range cells {
		if isDate(cell, layout, written) && !isDate(cell, other, others) {
			n++
		}
	}
	return n
}

// isDate reports whether a cell is a date, or a range of them, in a layout.
func isDate(cell, layout string, written []string) bool {
	if e, ok := epochs[layout]; ok && len(cell) != e.digits {
		return false
	}
	if from, to, ok := rangeOfDates(cell); ok {
		_, starts := readStamp(from, layout, written)
		_, ends := readStamp(to, layout, written)
		return starts && ends
	}
	_, ok := readStamp(cell, layout, written)
	return ok
}

const day = 24 * time.Hour

// showTime writes a time as ebb's own format has it.
func showTime(t time.Time) string {
	switch {
	case t.Equal(t.Truncate(day)):
		return t.Format(time.DateOnly)
	case t.Equal(t.Truncate(time.Second)):
		return t.Format("2006-01-02T15:04:05Z")
	}
	return t.Format("2006-01-02T15:04:05.000Z")
}
