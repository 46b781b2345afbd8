package inspect

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/ebb-sim/ebb/data"
)

// maxLag is by how many rows two sources are moved against each other.
const maxLag = 2

// lags measures how well b fits a when it is moved by −2 to 2 rows.
func (p pairing) lags() []Lag {
	var out []Lag
	for lag := -maxLag; lag <= maxLag; lag++ {
		var x, y []float64
		for n := range p.i {
			if k := p.k[n] + lag; k >= 0 && k < len(p.b.v) {
				x, y = append(x, p.a.v[p.i[n]]), append(y, p.b.v[k])
			}
		}
		misfit := max(0, 1-correlation(x, y)) // noise may make it less
		if p.relative {
			misfit = unlike(x, y)
		}
		if !math.IsNaN(misfit) {
			out = append(out, Lag{lag, len(x), misfit})
		}
	}
	return out
}

// unlike is the median absolute deviation of the changes of ln(y/x).
func unlike(x, y []float64) float64 {
	var d []float64
	for n := 1; n < len(x); n++ {
		d = append(d, math.Log(y[n]/x[n])-math.Log(y[n-1]/x[n-1]))
	}
	centre := median(slices.Clone(d))
	for n := range d {
		d[n] = math.Abs(d[n] - centre)
	}
	return median(d)
}

// LateBy returns by how many rows series b looks late beside a, negative if it looks
// early, 0 if moving it by up to two rows does not make it fit much better or the two
// have too few dates in common to tell.
func LateBy(a, b data.Series) int {
	if stepOf(a) != stepOf(b) {
		return 0
	}
	p := pair(rowsOf(a), rowsOf(b), stepOf(a))
	p.relative = positive(p.a.v) && positive(p.b.v)
	return lateBy(p.lags())
}

// rowsOf are the rows of a series without their places in a file.
func rowsOf(s data.Series) *column {
	c := &column{series: s}
	for i := range s.Len() {
		at, v := s.At(i)
		c.at, c.v = append(c.at, at), append(c.v, v)
	}
	return c
}

// lateBy is the lag at which the misfit is less than a third of that of the dates as
// they stand, 0 if none is that much better on 20 rows or more.
func lateBy(lags []Lag) int {
	const noise = 1e-9
	best, none := Lag{Misfit: math.Inf(1)}, math.NaN()
	for _, l := range lags {
		if l.Misfit < best.Misfit {
			best = l
		}
		if l.Rows == 0 {
			none = l.Misfit
		}
	}
	if best.Common < 20 || !(none > noise && 3*best.Misfit < none) {
		return 0
	}
	return best.Rows
}

func (c *Comparison) shifted() []Finding {
	shift := lateBy(c.Lags)
	if shift == 0 {
		return nil
	}
	late := "late"
	if shift < 0 {
		late = "early"
	}
	rows := "a row"
	if n := max(shift, -shift); n > 1 {
		rows = fmt.Sprintf("%d rows", n)
	}
	var asIs, moved float64
	for _, l := range c.Lags {
		switch l.Rows {
		case 0:
			asIs = l.Misfit
		case shift:
			moved = l.Misfit
		}
	}
	text := fmt.Sprintf("the second source looks %s %s: moved back it misfits by %s, as it stands by %s; a stamp of the end of the day, such as 00:00 UTC of the next, or of another zone?",
		rows, late, number4(moved), number4(asIs))
	return c.ofB("shift", text)
}

func number4(v float64) string { return fmt.Sprintf("%.4g", v) }

// stamped finds that the stamps of B stand at another time inside the same step: nine of
// ten are within a minute of the median, and that is not 0.
func (c *Comparison) stamped(p pairing) []Finding {
	apart := make([]float64, len(p.i))
	for n := range p.i {
		apart[n] = float64(p.b.at[p.k[n]].Sub(p.a.at[p.i[n]]))
	}
	usual, near := median(slices.Clone(apart)), 0
	for _, d := range apart {
		if math.Abs(d-usual) < float64(time.Minute) {
			near++
		}
	}
	if math.Abs(usual) < float64(time.Minute) || 10*near < 9*len(apart) {
		return nil
	}
	text := fmt.Sprintf("the stamps of the second source are %v later than those of the first in the same step; another zone?", time.Duration(usual).Round(time.Minute))
	if usual < 0 {
		text = fmt.Sprintf("the stamps of the second source are %v earlier than those of the first in the same step; another zone?", time.Duration(-usual).Round(time.Minute))
	}
	return c.ofB("stamp", text)
}
