package scenarios

import (
	"slices"

	"github.com/ebb-sim/ebb/sim/driver"
)

// NewsLaw is what the scenario says of its news where that is independent from
// step to step: the correlation of the assets, and the degrees of freedom of its
// tails, 0 for the normal law. It is false for other drivers.
func (c *Case) NewsLaw() (correlation [][]float64, degrees float64, ok bool) {
	if c.Simulate == nil {
		return nil, 0, false
	}
	var list []driver.Correlation
	switch news := c.Simulate.News.Config.(type) {
	case *driver.GBM:
		list = news.Correlation
	case *driver.Student:
		list, degrees = news.Correlation, news.DegreesOfFreedom
	default:
		return nil, 0, false
	}
	assets := c.Assets()
	correlation = make([][]float64, len(assets))
	for a := range correlation {
		correlation[a] = make([]float64, len(assets))
		correlation[a][a] = 1
	}
	for _, pair := range list {
		a, b := slices.Index(assets, pair.Between[0]), slices.Index(assets, pair.Between[1])
		correlation[a][b], correlation[b][a] = pair.Value, pair.Value
	}
	return correlation, degrees, true
}
