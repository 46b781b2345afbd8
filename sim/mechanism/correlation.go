package mechanism

import (
	"math"

	"github.com/ebb-sim/ebb/sim"
)

// comovement follows the exponentially weighted second moments of the assets'
// log returns, without their means, as RiskMetrics (1996) does.
type comovement struct {
	assets  []int
	decay   float64   // weight of the previous step
	needed  int       // returns without which a correlation says nothing
	seen    int       // returns so far
	returns []float64 // scratch: of one step
	moments []float64 // asset × asset, the lower triangle only
}

// forgotten is the weight of a past return that no longer matters.
const forgotten = 1e-9

// newComovement takes up the closes so far; decay is the weight of yesterday.
func newComovement(m *sim.Market, assets []int, decay, stepDays float64) comovement {
	c := comovement{assets: assets, decay: math.Pow(decay, stepDays), needed: int(math.Ceil(1 / (1 - decay) / stepDays)),
		returns: make([]float64, len(assets)), moments: make([]float64, len(assets)*len(assets))}
	past := math.MaxInt
	for _, a := range assets {
		past = min(past, len(m.Closes(a))-1)
	}
	past = min(past, int(math.Log(forgotten)/math.Log(c.decay))+1)
	for back := past; back > 0; back-- {
		for i, a := range assets {
			closes := m.Closes(a)
			last := len(closes) - back
			c.returns[i] = closes[last] - closes[last-1]
		}
		c.add()
	}
	return c
}

// step takes in the returns of the running step.
func (c *comovement) step(m *sim.Market) {
	for i, a := range c.assets {
		c.returns[i] = m.LogPrice(a) - m.Open(a)
	}
	c.add()
}

func (c *comovement) add() {
	c.seen++
	n := len(c.assets)
	for i, x := range c.returns {
		for j, y := range c.returns[:i+1] {
			at := &c.moments[i*n+j]
			*at = c.decay**at + (1-c.decay)*x*y
		}
	}
}

// correlation of the i-th and the j-th asset, j < i; NaN while too little has
// been seen, and where an asset stands still.
func (c *comovement) correlation(i, j int) float64 {
	n := len(c.assets)
	if c.seen < c.needed {
		return math.NaN()
	}
	return c.moments[i*n+j] / math.Sqrt(c.moments[i*n+i]*c.moments[j*n+j])
}
