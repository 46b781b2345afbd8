package calibrate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

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
	drawn := make(sample, len(of))
	for j := range drawn {
		drawn[j] = make([]float64, of.rows())
	}
	figures := make([][]float64, len(found))
	for range c.Draws {
		if err := c.ctx.Err(); err != nil {
			return nil, err
		}
		of.drawInto(drawn, source, 1/c.Block)
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

// drawInto fills drawn with rows of s: the next one round the sample, or with probability
// fresh one drawn uniformly.
func (s sample) drawInto(drawn sample, source *rand.Rand, fresh float64) {
	n, at := s.rows(), 0
	for i := range n {
		if at++; i == 0 || source.Float64() < fresh {
			at = source.IntN(n)
		} else if at == n {
			at = 0
		}
		for j := range s {
			drawn[j][i] = s[j][at]
		}
	}
}
