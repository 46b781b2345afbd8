package montecarlo

import (
	"errors"
	"math"

	"github.com/ebb-sim/ebb/sim"
)

// CentralPath is the index of the most central path: the one that lies nearest
// to the medians of all paths at every step, in the log price of each asset and
// in the running sum of each published flow. Each counts by its squared
// distance from the median over the variance between the paths; the first of
// equals counts.
//
// It is shown as the example of a run. A path chosen by its last price alone
// may have been anywhere before, or be there for another reason. Of a run of more
// than [ExactPaths] it is the most central of the first [SampledPaths] among
// themselves.
func (e *Ensemble) CentralPath() (int, error) {
	kept := e.Kept()
	if kept == 0 {
		return 0, errors.New("no path is kept of which one could be the most central")
	}
	c := &central{distance: make([]float64, kept), values: make([]float64, kept), sorter: newSorter(kept)}
	flows := 0
	for _, r := range e.Plan.Reports() {
		if r.Kind == sim.Flow {
			flows++
		}
	}
	for k, s := range e.Series {
		switch {
		case k < len(e.Plan.Assets):
			c.weight = 1
			c.prices(s)
		case s.Kind == sim.Flow:
			c.weight = float64(len(e.Plan.Assets)) / float64(flows)
			c.flows(s)
		}
	}
	best := 0
	for i, d := range c.distance {
		if d < c.distance[best] {
			best = i
		}
	}
	return e.From + best, nil
}

// central gathers how far each path lies from the medians.
type central struct {
	distance []float64
	values   []float64 // of one series at one step
	sorter   *sorter
	weight   float64 // of the series
}

func (c *central) prices(s Series) {
	for _, row := range s.Values {
		for i, price := range row {
			c.values[i] = math.Log(price)
		}
		c.add()
	}
}

func (c *central) flows(s Series) {
	clear(c.values)
	for _, row := range s.Values {
		for i, flow := range row {
			if !math.IsNaN(flow) {
				c.values[i] += flow
			}
		}
		c.add()
	}
}

// add counts the distances of the values as they stand.
func (c *central) add() {
	mean, square := 0.0, 0.0
	for _, v := range c.values {
		mean += v / float64(len(c.values))
	}
	for _, v := range c.values {
		square += (v - mean) * (v - mean)
	}
	variance := square / float64(len(c.values))
	if variance <= 1e-20*mean*mean {
		return // all alike, but for rounding
	}
	median := quantile(c.sorter.sort(c.values), .5)
	for i, v := range c.values {
		c.distance[i] += c.weight * (v - median) * (v - median) / variance
	}
}
