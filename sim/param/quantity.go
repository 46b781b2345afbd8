package param

import (
	"fmt"
	"math"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A WrittenError tells what is wrong with a quantity as it was written.
type WrittenError struct{ Found, Expected string }

func (e *WrittenError) Error() string { return "found " + e.Found + ", expected " + e.Expected }

// A suffix multiplies by a power of ten.
type suffix struct {
	text  string
	power int
}

var (
	multiples = []suffix{{"tn", 12}, {"bn", 9}, {"m", 6}, {"k", 3}}
	parts     = []suffix{{"%", -2}, {"bp", -4}}
	yearly    = []suffix{{"y", 0}}
	either    = append(slices.Clone(multiples), parts...)
)

// units says how a number of each unit is written.
var units = map[string]struct {
	suffixes []suffix
	example  string
}{
	"usd":            {multiples, "USD, such as 1.73bn, -290m or 5k"},
	"usd_per_coin":   {multiples, "USD per coin, such as 76052"},
	"usd_per_return": {multiples, "USD per unit of log return, such as 2.87bn"},
	"coins":          {multiples, "coins, such as 713502 or 19.9m"},
	"count":          {multiples, "a whole number, such as 500 or 10k"},
	"fraction":       {parts, "a fraction, such as 3.4%, 25bp or 0.034"},
	"rate":           {parts, "a rate, such as 3.4%, 25bp or 0.034"},
	"ratio":          {parts, "a ratio, such as 1.25 or 83%"},
	"factor":         {nil, "a plain number, such as 0.94"},
	"amount":         {either, "a number in the observable's unit, such as -1.73bn or 25bp"},
	"years":          {yearly, "years, such as 1.5 or 1.5y"},
	"duration":       {nil, "a duration, such as 5m, 4h, 1d or 6w"},
}

// Describe tells what a unit is and how it is written: "USD, such as 1.73bn,
// -290m or 5k".
func Describe(unit string) string { return units[unit].example }

// number splits a quantity into sign, mantissa, exponent and what follows.
var number = regexp.MustCompile(`^([+-]?)([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?(.*)$`)

// maxWritten bounds the length of a quantity; nobody writes a longer one.
const maxWritten = 64

// Parse reads a number as people write it into the base unit: 1.73bn USD, 3.4%
// of a fraction. A plain number is in the base unit; a fraction or rate above 1
// must be written with its unit, because 49 for 49 % is a common slip. Faults
// are of type [*WrittenError].
func Parse(unit, text string) (float64, error) {
	if unit == "duration" {
		d, err := ParseDuration(text)
		return d.Seconds(), err
	}
	parts, err := split(unit, text)
	if err != nil {
		return 0, err
	}
	sign, mantissa, exponent, rest := parts[1], parts[2], parts[3], parts[4]
	switch i := slices.IndexFunc(units[unit].suffixes, func(s suffix) bool { return s.text == rest }); {
	case rest == "":
	case i < 0:
		return 0, &WrittenError{foreign(text, rest), Describe(unit)}
	case exponent != "":
		return 0, &WrittenError{text + ", with an exponent and a unit", "one of the two"}
	default:
		exponent = "e" + strconv.Itoa(units[unit].suffixes[i].power)
	}
	v, err := strconv.ParseFloat(sign+mantissa+exponent, 64)
	if err != nil {
		return 0, &WrittenError{text + ", which is too large", Describe(unit)}
	}
	if rest == "" && math.Abs(v) > 1 && (unit == "fraction" || unit == "rate") {
		return 0, &WrittenError{text + ", without a unit", fmt.Sprintf("%s%%, or %s if that is meant", text, Format(unit, v))}
	}
	if unit == "count" && v != math.Trunc(v) {
		return 0, &WrittenError{text, Describe(unit)}
	}
	return v, nil
}

// split takes a quantity apart and explains what cannot be.
func split(unit, text string) ([]string, error) {
	text = strings.Replace(text, "−", "-", 1) // the minus sign of print, as ebb writes it itself
	if len(text) > maxWritten {
		return nil, &WrittenError{fmt.Sprintf("%s… of %d characters", text[:8], len(text)), Describe(unit)}
	}
	if parts := number.FindStringSubmatch(text); parts != nil && !grouped.MatchString(text) {
		return parts, nil
	}
	if grouped.MatchString(text) {
		return nil, &WrittenError{quoted(text) + ", with a thousands separator", strings.NewReplacer(",", "", "_", "", "'", "").Replace(text)}
	}
	if strings.HasPrefix(text, "$") {
		return nil, &WrittenError{quoted(text) + ", with a currency sign", Describe(unit)}
	}
	return nil, &WrittenError{quoted(text), Describe(unit)}
}

var grouped = regexp.MustCompile(`^[+-]?[0-9]{1,3}([,_'][0-9]{3})+(\.[0-9]+)?[a-z%]*$`)

// foreign names what a suffix of another unit is.
func foreign(text, rest string) string {
	is := func(list []suffix) bool {
		return slices.ContainsFunc(list, func(s suffix) bool { return s.text == rest })
	}
	switch {
	case is(parts):
		return quoted(text) + ", a percentage"
	case rest == "m":
		return quoted(text) + ", in millions or minutes"
	case is(multiples):
		return quoted(text) + ", a multiple"
	case spans[rest] != 0 || is(yearly):
		return quoted(text) + ", a duration"
	}
	return quoted(text)
}

func quoted(s string) string { return strconv.Quote(s) }

// Format writes a number so that [Parse] reads the same number back, up to 1e60
// where it is a fraction. What no file can hold, NaN or an infinity, is written
// as Go does.
func Format(unit string, v float64) string {
	plain := strconv.FormatFloat(v, 'f', -1, 64)
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return plain
	}
	size := math.Abs(v)
	if size != 0 && size < 1e-9 {
		return strconv.FormatFloat(v, 'e', -1, 64)
	}
	switch unit {
	case "fraction", "rate":
		return shifted(v, 2) + "%"
	case "usd", "usd_per_return", "usd_per_coin", "coins", "amount":
		for _, s := range multiples[:3] {
			if size >= math.Pow10(s.power) && size < 1e15 {
				return shifted(v, -s.power) + s.text
			}
		}
		if k := shifted(v, -3) + "k"; unit == "usd" && size >= 1000 && size < 1e15 && len(k) < len(plain) {
			return k
		}
	}
	switch {
	case size >= 1e15:
		return strconv.FormatFloat(v, 'e', -1, 64)
	case unit == "years":
		return plain + "y"
	}
	return plain
}

// shifted writes v with its decimal point moved, exactly: it moves the point of
// the shortest decimal that stands for v.
func shifted(v float64, places int) string {
	digits, exponent, _ := strings.Cut(strconv.FormatFloat(v, 'e', -1, 64), "e")
	power, _ := strconv.Atoi(exponent) // FormatFloat always writes one
	sign := ""
	if digits[0] == '-' {
		sign, digits = "-", digits[1:]
	}
	digits = strings.Replace(digits, ".", "", 1)
	point := 1 + power + places // digits before the point
	switch {
	case point <= 0:
		digits = "0." + strings.Repeat("0", -point) + digits
	case point >= len(digits):
		digits += strings.Repeat("0", point-len(digits))
	default:
		digits = digits[:point] + "." + digits[point:]
	}
	if v == 0 {
		digits = "0"
	}
	return sign + digits
}

// spans are the units of a duration.
var spans = map[string]time.Duration{
	"w": 7 * 24 * time.Hour, "d": 24 * time.Hour, "h": time.Hour, "m": time.Minute, "s": time.Second,
}

// ParseDuration reads a duration: 5m, 4h, 1d, 6w. Its unit must be written.
// Faults are of type [*WrittenError].
func ParseDuration(text string) (time.Duration, error) {
	parts, err := split("duration", text)
	if err != nil {
		return 0, err
	}
	sign, mantissa, exponent, rest := parts[1], parts[2], parts[3], parts[4]
	expected := Describe("duration")
	if rest == "" {
		return 0, &WrittenError{text + ", without a unit", expected}
	}
	if spans[rest] == 0 || exponent != "" {
		return 0, &WrittenError{foreign(text, rest), expected}
	}
	amount, ok := new(big.Rat).SetString(sign + mantissa)
	if !ok {
		return 0, &WrittenError{quoted(text), expected}
	}
	amount.Mul(amount, new(big.Rat).SetInt64(int64(spans[rest])))
	if !amount.IsInt() || !amount.Num().IsInt64() {
		return 0, &WrittenError{text + ", which is not a whole number of nanoseconds within 292 years", expected}
	}
	return time.Duration(amount.Num().Int64()), nil
}

// FormatDuration writes a duration in the largest unit that fits it, so that
// [ParseDuration] reads it back.
func FormatDuration(d time.Duration) string {
	for _, unit := range []string{"w", "d", "h", "m"} {
		if d != 0 && d%spans[unit] == 0 {
			return strconv.FormatInt(int64(d/spans[unit]), 10) + unit
		}
	}
	text := new(big.Rat).SetFrac64(int64(d), int64(time.Second)).FloatString(9)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".") + "s"
}

// dates are the forms a date may have; those without a zone are UTC.
var dates = []string{
	time.DateOnly, "2006-01-02T15:04Z07:00", time.RFC3339, "2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04", time.DateTime,
}

// DescribeDate tells how a date is written.
const DescribeDate = "a date, such as 2026-01-26 or 2026-01-26 15:00 (UTC)"

// ParseDate reads a date, with or without a time, into UTC. Faults are of type
// [*WrittenError].
func ParseDate(text string) (time.Time, error) {
	for _, layout := range dates {
		t, err := time.Parse(layout, text)
		if t = t.UTC(); err == nil && t.Year() >= 0 && t.Year() <= 9999 { // what can be written again; an offset may lead out
			return t, nil
		}
	}
	if len(text) > maxWritten {
		text = text[:8] + "…"
	}
	return time.Time{}, &WrittenError{quoted(text), DescribeDate}
}

// FormatDate writes a date, with its time where it has one.
func FormatDate(t time.Time) string {
	t = t.UTC()
	if t.Truncate(24 * time.Hour).Equal(t) {
		return t.Format(time.DateOnly)
	}
	return t.Format(time.RFC3339Nano)
}

// Pattern is a regular expression for what Parse reads as a text; it does not
// know bounds.
func Pattern(unit string) string {
	var suffixes []string
	for _, s := range units[unit].suffixes {
		suffixes = append(suffixes, s.text)
	}
	if unit == "duration" {
		return `^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)[wdhms]$`
	}
	alternatives := strings.Join(append(suffixes, `[eE][+-]?[0-9]+`), "|")
	return `^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(` + alternatives + `)?$`
}
