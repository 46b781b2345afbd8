package plots

import (
	"fmt"
	"math"
)

// mostBins is how many bars or columns a panel can show: each is then at least a
// pixel wide where the chart is shown 600 wide.
const mostBins = 400

// bins gather the points of a long timeline, so that bars and columns stay wide
// enough to be seen: by hours, days or weeks (from Monday, UTC), or by a round
// number of steps. A short timeline has one bin per point.
type bins struct {
	of    []int     // the bin of every point
	x     []float64 // the middle of every bin
	width float64   // in units of x
	per   string    // "per day"
	joins bool      // a bin can hold several points, the outer ones fewer than others
}

// periods are the calendar lengths of a bin in seconds.
var periods = []struct {
	length float64
	per    string
}{{1, "per second"}, {60, "per minute"}, {900, "per 15 minutes"}, {3600, "per hour"}, {6 * 3600, "per 6 hours"}, {86400, "per day"},
	{7 * 86400, "per week"}, {28 * 86400, "per 4 weeks"}, {364 * 86400, "per 52 weeks"}}

func (t Timeline) bins(x xAxis) bins {
	n, spacing := len(x.pos), x.spacing()
	if n <= mostBins {
		b := bins{of: make([]int, n), x: x.pos, width: spacing, per: t.per(spacing)}
		for i := range b.of {
			b.of[i] = i
		}
		return b
	}
	if t.Times == nil {
		size := max(1, roundStep(float64(n), mostBins))
		return binned(x.pos, size, -.5, fmt.Sprintf("per %v steps", size))
	}
	const monday = 4 * 86400 // 5 January 1970
	length, per := longer((x.pos[n-1] - x.pos[0]) / (mostBins - 1))
	return binned(x.pos, length, monday, per)
}

// per names the distance of points: "per hour", or "per step" if it has no name.
func (t Timeline) per(spacing float64) string {
	if len(t.Times) > 1 {
		for _, p := range periods {
			if math.Abs(spacing-p.length) < .01*p.length {
				return p.per
			}
		}
	}
	return "per step"
}

// longer is the shortest period of at least a length.
func longer(least float64) (float64, string) {
	for _, p := range periods {
		if p.length >= least {
			return p.length, p.per
		}
	}
	years := periods[len(periods)-1].length
	n := math.Ceil(least / years)
	return n * years, fmt.Sprintf("per %v weeks", 52*n)
}

// binned cuts positions at multiples of a length from an origin.
func binned(pos []float64, length, origin float64, per string) bins {
	b := bins{of: make([]int, len(pos)), width: length, per: per, joins: true}
	before := math.Inf(-1)
	for i, x := range pos {
		if k := math.Floor((x - origin) / length); k > before {
			b.x = append(b.x, origin+(k+.5)*length)
			before = k
		}
		b.of[i] = len(b.x) - 1
	}
	return b
}

// sum adds up the values of each bin that are present.
func (b bins) sum(values []float64) []float64 {
	if values == nil {
		return nil
	}
	sum := nan(len(b.x))
	for i, v := range values {
		switch k := b.of[i]; {
		case math.IsNaN(v):
		case math.IsNaN(sum[k]):
			sum[k] = v
		default:
			sum[k] += v
		}
	}
	return sum
}

// partial is the note of bars that join points, empty if they do not.
func (b bins) partial() string {
	if !b.joins {
		return ""
	}
	return "the outer bars can cover less"
}

// widen makes room for the bars at both ends of an axis.
func (x *xAxis) widen(b bins) {
	first, last := b.x[0]-b.width/2, b.x[len(b.x)-1]+b.width/2
	x.edge = max(x.edge, x.pos[0]-first, last-x.pos[len(x.pos)-1])
}

// steps outlines bars: a line along their tops, down to zero where values are
// absent.
func (b bins) steps(values []float64) (x, y []float64) {
	for k, r := range runs(values) {
		if k > 0 {
			x, y = append(x, x[len(x)-1]), append(y, math.NaN())
		}
		x, y = append(x, b.x[r[0]]-b.width/2), append(y, 0)
		for i := r[0]; i < r[1]; i++ {
			if i > r[0] && b.x[i]-b.x[i-1] > 1.5*b.width { // no point between them
				x, y = append(x, b.x[i-1]+b.width/2, b.x[i]-b.width/2), append(y, 0, 0)
			}
			x, y = append(x, b.x[i]-b.width/2, b.x[i]+b.width/2), append(y, values[i], values[i])
		}
		x, y = append(x, b.x[r[1]-1]+b.width/2), append(y, 0)
	}
	return x, y
}
