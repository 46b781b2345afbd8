package calibrate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/ebb-sim/ebb/sim/resample"
	"github.com/ebb-sim/ebb/sim/stats"
)

// An Interval is that of the stationary bootstrap: quantiles of the estimate over draws.
type Interval struct {
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
	Method string  `json:"method"`
}

// leastDraws is the smallest bootstrap whose 2.5 % quantile is more than one draw.
const leastDraws = 99

// mostLost is the share of draws without a result above which there is no interval.
const mostLost = .05

// A sample has a column for each figure and a row for each observation.
type sample [][]float64

func (s sample) rows() int { return len(s[0]) }

// bootstrap draws rows of a sample in blocks of random length and gives the percentile
// interval of each of the figures that estimate finds: one for each, nil where there is no
// bootstrap. Each row holds its own lags, so that blocks need to keep only the correlation
// of what is left. What estimate returns is read before it is called again.
func (c *calibration) bootstrap(of sample, estimate func(sample) ([]float64, error)) ([]*Interval, error) {
	found, err := estimate(of)
	if err != nil {
		return nil, err
	}
	intervals := make([]*Interval, len(found))
	if c.Draws == 0 {
		return intervals, nil
	}
	source := rand.New(rand.NewPCG(c.Seed, uint64(of.rows())))
	rows, drawn := make([]int, of.rows()), make(sample, len(of))
	for j := range drawn {
		drawn[j] = make([]float64, of.rows())
	}
	figures := make([][]float64, len(found))
	for range c.Draws {
		if err := c.ctx.Err(); err != nil {
			return nil, err
		}
		resample.Stationary(source, rows, 1/c.Block)
		of.drawInto(drawn, rows)
		found, err := estimate(drawn)
		for j, v := range found {
			if err == nil && !math.IsNaN(v) && !math.IsInf(v, 0) {
				figures[j] = append(figures[j], v)
			}
		}
	}
	for j, list := range figures {
		if lost := c.Draws - len(list); float64(lost) > mostLost*float64(c.Draws) {
			continue
		}
		slices.Sort(list)
		i := &Interval{Method: fmt.Sprintf("stationary bootstrap, percentiles of %d draws in blocks of %g on average", c.Draws, c.Block)}
		var err1, err2 error
		i.Low, err1 = stats.Quantile(list, (1-c.Level)/2)
		i.High, err2 = stats.Quantile(list, (1+c.Level)/2)
		if err1 == nil && err2 == nil {
			intervals[j] = i
		}
	}
	return intervals, nil
}

// drawInto fills drawn with these rows of s.
func (s sample) drawInto(drawn sample, rows []int) {
	for j, column := range s {
		for i, row := range rows {
			drawn[j][i] = column[row]
		}
	}
}
