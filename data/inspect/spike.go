package inspect

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/ebb-sim/ebb/data"
)

// near is how many changes around a row tell how much a column moves there.
const near = 60

// granularity is the change below which nothing is a spike, however still the rows
// around it: the γ of Brownlees and Gallo.
const granularity = .01

// spikes are values of a price or level that jump away and return, in the next row or
// after two or three. The rule is the neighbourhood filter of Brownlees and Gallo,
// Financial econometric analysis at ultra-high frequency, CSDA 51 (2006), with one-row
// changes in place of levels, because daily prices trend, and the median absolute
// deviation in place of a trimmed deviation: with d the change of the logarithm into
// the first of the rows and e that out of the last, they are a spike where d and e have
// opposite signs, min(|d|, |e|) > k·s + γ, and e takes at least two thirds of d back. s
// is the robust standard deviation of the 60 changes around.
func spikes(c *column, o Options) []Finding {
	if !c.moves || len(c.v) < 10 {
		return nil
	}
	v := upwards(c)
	d := changes(v.v)
	var short, long []Place
	for i := 1; i+1 < len(v.v); i++ {
		switch rows := spikeAt(d, i, o.Spike); {
		case rows == 1:
			short = append(short, v.place(i, between(v.v[i], v.v[i-1], v.v[i+1])))
		case rows > 1:
			long = append(long, v.run(i, i+rows-1, between(v.v[i], v.v[i-1], v.v[i+rows])))
			i += rows - 1
		}
	}
	if name := strings.ToLower(c.name); strings.HasSuffix(name, "high") || strings.HasSuffix(name, "low") {
		return c.found(Note, "wick", "jumps and returns in the next row; a wick, or a mistake?", short)
	}
	return append(
		c.found(Warning, "spike", "jumps and returns in the next row", short),
		c.found(Warning, "spike", "jumps and returns after two or three rows", long)...)
}

// spikeAt is of how many rows the spike is that begins with row i; 0 if none does.
func spikeAt(d []float64, i int, k float64) int {
	const most = 3
	for rows := 1; rows <= most && i-1+rows < len(d); rows++ {
		in, out := d[i-1], d[i-1+rows]
		size := min(math.Abs(in), math.Abs(out))
		if in*out >= 0 || size <= granularity || math.Abs(in+out) > size/3 || moved(d[i:i-1+rows]) > size/3 {
			continue
		}
		if size > k*localScale(d, i-1, i-1+rows)+granularity {
			return rows
		}
	}
	return 0
}

// moved is how far a price is at most from where it was, over some changes.
func moved(d []float64) float64 {
	at, most := 0.0, 0.0
	for _, x := range d {
		at += x
		most = max(most, math.Abs(at))
	}
	return most
}

// jumps are changes of a price or level that stay and are as large as a slip of the
// unit or a split.
func jumps(c *column, o Options) []Finding {
	if !c.moves || len(c.v) < 10 {
		return nil
	}
	v := upwards(c)
	d := changes(v.v)
	var slips, splits []Place
	for i, change := range d {
		size := math.Abs(change)
		if size < math.Log(1.9) || size < o.Spike*localScale(d, i, i) || returns(d, i) {
			continue
		}
		text := fmt.Sprintf("%s after %s", number(v.v[i+1]), number(v.v[i]))
		switch {
		case powerOfTen(math.Exp(change)) != 0:
			slips = append(slips, v.place(i+1, text+", about "+times(powerOfTen(math.Exp(change)))+" it"))
		case c.isPrice() && nearSplit(size):
			splits = append(splits, v.place(i+1, text))
		}
	}
	return append(
		c.found(Warning, "unit", "changes by a power of ten and stays; another unit?", slips),
		c.found(Note, "split", "changes by about a whole factor and stays; a split that is not adjusted, or news?", splits)...)
}

// isPrice tells a price by its kind or, where nobody says the kind, by its name.
func (c *column) isPrice() bool {
	name := strings.ToLower(c.name)
	return c.kind == data.Price || c.kind == "" && (strings.Contains(name, "price") || strings.Contains(name, "close"))
}

// returns reports whether one of the three changes before or after change i takes it
// back: then it may be one of the two of a spike.
func returns(d []float64, i int) bool {
	for k := max(0, i-3); k < min(len(d), i+4); k++ {
		if k != i && math.Abs(d[i]+d[k]) < math.Abs(d[i])/3 {
			return true
		}
	}
	return false
}

// nearSplit reports whether a change of the logarithm is within 4 % of that of a usual
// split, in either direction.
func nearSplit(size float64) bool {
	for _, n := range []float64{2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 25, 30, 40, 50} {
		if math.Abs(size-math.Log(n)) < .04 {
			return true
		}
	}
	return false
}

// upwards is c without the values that are not greater than 0, which have no
// logarithm and are looked at by themselves.
func upwards(c *column) *column {
	if positive(c.v) {
		return c
	}
	kept := *c
	kept.rows, kept.at, kept.v = nil, nil, nil
	for i, v := range c.v {
		if v > 0 {
			kept.rows, kept.at, kept.v = append(kept.rows, c.rows[i]), append(kept.at, c.at[i]), append(kept.v, v)
		}
	}
	return &kept
}

// changes of the logarithm from row to row.
func changes(v []float64) []float64 {
	if len(v) == 0 {
		return nil
	}
	y := logs(v)
	d := make([]float64, len(y)-1)
	for i := range d {
		d[i] = y[i+1] - y[i]
	}
	return d
}

// localScale is the robust standard deviation of the changes around those from first
// to last, without these.
func localScale(d []float64, first, last int) float64 {
	from := max(0, min(first-near/2, len(d)-near-1))
	to := min(len(d), from+near+last-first+1)
	around := slices.Concat(d[from:first], d[last+1:to])
	for i := range around {
		around[i] = math.Abs(around[i])
	}
	return consistency * median(around)
}

// between says of a spike what it is and what stands beside it.
func between(v, before, after float64) string {
	text := fmt.Sprintf("%s between %s and %s", number(v), number(before), number(after))
	if before*after > 0 {
		if power := powerOfTen(v / math.Sqrt(before*after)); power != 0 {
			text += ", about " + times(power) + " them: a slip of the unit?"
		}
	}
	return text
}
