package data

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A form is how a number is written.
type form uint8

const (
	plain      form = iota // -1234.5 or 1e-04
	absent                 // an empty cell
	accounting             // (1,234.5), 1,234.5, or a typographic minus
	dash                   // a lone dash, which accountants write for no value
	broken                 // anything else
)

// readNumber reads a cell that should hold a number.
func readNumber(cell []byte) (float64, form) {
	if v, n := decimal(cell); n == len(cell) && n > 0 {
		return v, plain
	}
	s := strings.TrimSpace(string(cell))
	switch s {
	case "":
		return 0, absent
	case "-", "–", "—", "−":
		return 0, dash
	}
	if v, ok := parseNumber(s); ok {
		return v, plain
	}
	if v, ok := parseAccounting(s); ok {
		return v, accounting
	}
	return 0, broken
}

var grouped = regexp.MustCompile(`^\d{1,3}(,\d{3})+(\.\d*)?$`)

// parseAccounting reads parentheses or a minus sign of any kind around a
// number that may have thousands separators.
func parseAccounting(s string) (float64, bool) {
	sign := 1.0
	if inner, ok := strings.CutPrefix(s, "("); ok {
		if inner, ok = strings.CutSuffix(inner, ")"); !ok {
			return 0, false
		}
		sign, s = -1, inner
	} else if inner, ok := strings.CutPrefix(strings.Replace(s, "−", "-", 1), "-"); ok {
		sign, s = -1, inner
	}
	if grouped.MatchString(s) {
		s = strings.ReplaceAll(s, ",", "")
	}
	if s == "" || s[0] == '-' || s[0] == '+' {
		return 0, false
	}
	v, ok := parseNumber(s)
	return sign * v, ok
}

// An instant is a time in nanoseconds since 1970, UTC: a third of the memory of a
// [time.Time], for years from firstInstant to lastInstant.
type instant int64

const firstInstant, lastInstant = 1678, 2261

// never is the instant of a cell that holds no date.
const never = math.MinInt64

// instantOf returns the instant of t, or the end of those that t is beyond.
func instantOf(t time.Time) instant {
	switch year := t.UTC().Year(); {
	case year < firstInstant:
		return never + 1
	case year > lastInstant:
		return math.MaxInt64
	}
	return instant(t.UnixNano())
}

// sub returns how long n is after an earlier instant, at most 292 years.
func (n instant) sub(earlier instant) time.Duration {
	if d := n - earlier; d >= 0 {
		return time.Duration(d)
	}
	return math.MaxInt64
}

func (n instant) time() time.Time { return time.Unix(0, int64(n)).UTC() }

// readInstant reads a cell that should hold a date or a time, and tells whether it
// was written with an offset from UTC. It is never if it cannot be read.
func readInstant(cell []byte) (at instant, offset bool) {
	if at, ok := dateTime(cell); ok {
		return at, false
	}
	t, known := parseTime(strings.TrimSpace(string(cell)))
	if !known {
		return never, false
	}
	_, seconds := t.Zone()
	return instant(t.UnixNano()), seconds != 0
}

// layouts are the ways of writing a date that have one meaning only;
// 3/4/2026 has two. A time without a zone is UTC.
var layouts = []string{
	time.DateOnly,
	"2 Jan 2006",
	time.DateTime,
	"2006-01-02 15:04:05 UTC",
	"2006-01-02 15:04:05Z07:00",
	"2006-01-02T15:04:05",
	time.RFC3339,
}

const knownDates = "a date such as 2025-10-06, 6 Oct 2025, 2025-10-06T00:00:00Z, or epoch seconds or milliseconds"

// parseTime reads a date in one of the layouts, or an epoch, and keeps the
// offset it is written with. Years outside of firstYear..lastYear are taken for a
// mistake.
func parseTime(s string) (time.Time, bool) {
	if t, ok := parseEpoch(s); ok {
		return t, plausible(t)
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t, plausible(t)
		}
	}
	return time.Time{}, false
}

const firstYear, lastYear = 1900, 2199

func plausible(t time.Time) bool { return t.Year() >= firstYear && t.Year() <= lastYear }

// parseEpoch tells the unit by the number of digits: between 2001 and 2286
// seconds have 10, milliseconds 13 and microseconds 16.
func parseEpoch(s string) (time.Time, bool) {
	if strings.Trim(s, "0123456789") != "" {
		return time.Time{}, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return time.Time{}, false
	}
	switch len(s) {
	case 10:
		return time.Unix(n, 0).UTC(), true
	case 13:
		return time.UnixMilli(n).UTC(), true
	case 16:
		return time.UnixMicro(n).UTC(), true
	}
	return time.Time{}, false
}
