package data

import (
	"math"
	"strconv"
	"time"
)

// A Date is a UTC day, written 2026-01-26.
type Date struct{ time.Time }

// String gives the date as it is written.
func (d Date) String() string { return d.Format(time.DateOnly) }

// UnmarshalCSV reads a cell that must hold a date.
func (d *Date) UnmarshalCSV(cell string) error {
	t, err := time.Parse(time.DateOnly, cell)
	if err != nil {
		return expected("a date such as 2026-01-26")
	}
	d.Time = t
	return nil
}

// A Number is a figure that must be there.
type Number float64

// String gives the number in its shortest form.
func (n Number) String() string { return strconv.FormatFloat(float64(n), 'f', -1, 64) }

// UnmarshalCSV reads a cell that must hold a finite number.
func (n *Number) UnmarshalCSV(cell string) error {
	value, ok := parseNumber(cell)
	if !ok {
		return expected("a number")
	}
	*n = Number(value)
	return nil
}

// An Optional is a figure that may be absent: a blank cell is not a zero.
type Optional struct {
	value float64
	known bool
}

// Get gives the figure and whether there is one.
func (o Optional) Get() (value float64, ok bool) { return o.value, o.known }

// String gives the figure in its shortest form, or "nothing".
func (o Optional) String() string {
	if !o.known {
		return "nothing"
	}
	return Number(o.value).String()
}

// UnmarshalCSV reads a cell that holds a finite number or is blank.
func (o *Optional) UnmarshalCSV(cell string) error {
	if cell == "" {
		*o = Optional{}
		return nil
	}
	value, ok := parseNumber(cell)
	if !ok {
		return expected("a number, or a blank cell where there is none")
	}
	*o = Optional{value, true}
	return nil
}

// MarshalCSV writes what UnmarshalCSV reads. It also tells gocsv that an
// Optional is one cell and not a row of its fields.
func (o Optional) MarshalCSV() (string, error) {
	if !o.known {
		return "", nil
	}
	return Number(o.value).String(), nil
}

// expected is the error of a cell: what it should hold.
type expected string

func (e expected) Error() string { return string(e) }

// parseNumber reads a plain decimal number: none of the hexadecimal numbers,
// infinities and NaN that strconv also takes.
func parseNumber(s string) (float64, bool) {
	for i := range len(s) {
		switch c := s[i]; {
		case '0' <= c && c <= '9', c == '+', c == '-', c == '.', c == 'e', c == 'E':
		default:
			return 0, false
		}
	}
	value, err := strconv.ParseFloat(s, 64)
	return value, err == nil && !math.IsInf(value, 0)
}
