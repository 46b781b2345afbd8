package inspect

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/ebb-sim/ebb/data"
)

// totals compares a column of totals with the sum of its parts. A column is one of
// totals if its name says so and, except in a Farside table, nine of ten rows add up.
// The parts are the columns whose names begin as its name does before "total", and
// have its kind. Rounding of each number to the last decimal of the file is allowed
// for.
func totals(t *data.Table, columns []*column) []Finding {
	var out []Finding
	for _, total := range columns {
		parts := partsOf(total, columns)
		if len(parts) < 2 {
			continue
		}
		slack := 1.5 * math.Pow(10, -float64(decimals(append(parts, total))))
		var places []Place
		rows := 0
		for i, row := range total.rows {
			sum, size, reports := sumOf(t, parts, row)
			if reports == 0 {
				continue
			}
			rows++
			if math.Abs(total.v[i]-sum) > slack+1e-9*size {
				text := fmt.Sprintf("%s, the parts add up to %s, difference %s%s",
					number(total.v[i]), number(sum), number(round(total.v[i]-sum)), slip(t, parts, row, total.v[i]-sum, slack))
				places = append(places, total.place(i, text))
			}
		}
		if t.Format() == "farside" || rows >= 10 && 10*len(places) <= rows {
			out = append(out, total.found(Error, "total", "is not the sum of its parts", places)...)
		}
	}
	return out
}

func partsOf(total *column, columns []*column) []*column {
	name := strings.ToLower(total.name)
	at := strings.Index(name, "total")
	if at < 0 || total.moves {
		return nil
	}
	var parts []*column
	for _, c := range columns {
		if c != total && strings.HasPrefix(strings.ToLower(c.name), name[:at]) && c.kind == total.kind && !strings.Contains(strings.ToLower(c.name), "total") {
			parts = append(parts, c)
		}
	}
	return parts
}

// sumOf adds up the parts of a row; size is the sum of their absolute values.
func sumOf(t *data.Table, parts []*column, row int) (sum, size float64, reports int) {
	for _, c := range parts {
		if v, ok := t.Value(c.name, row); ok {
			sum, size, reports = sum+v, size+math.Abs(v), reports+1
		}
	}
	return sum, size, reports
}

// slip names the one part whose sign or unit would explain a difference.
func slip(t *data.Table, parts []*column, row int, difference, slack float64) string {
	for _, c := range parts {
		v, ok := t.Value(c.name, row)
		if !ok || math.Abs(v) <= slack {
			continue
		}
		if math.Abs(difference+2*v) <= slack {
			return ": as if " + c.name + " had the wrong sign"
		}
		for _, factor := range []float64{1000, 1e6, 1. / 1000, 1e-6} {
			if right := v / factor; math.Abs(difference-(right-v)) <= slack+1e-6*math.Abs(v) {
				return ": as if " + c.name + " were given " + strings.TrimSuffix(times(factor), " of") + " its size"
			}
		}
	}
	return ""
}

// decimals is with how many decimals columns are written, six at most: beyond is the
// noise of sums.
func decimals(columns []*column) int {
	const most = 6
	n := 0
	for _, c := range columns {
		for _, v := range c.v {
			_, after, _ := strings.Cut(strconv.FormatFloat(v, 'f', -1, 64), ".")
			if n = max(n, len(after)); n >= most {
				return most
			}
		}
	}
	return n
}

// round takes the noise of a subtraction away.
func round(v float64) float64 { return math.Round(v*1e6) / 1e6 }
