package sensitivity

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/ebb-sim/ebb/sim/stats"
)

// mostWithout is the share of draws without a figure above which it has no interval.
const mostWithout = .05

// A sample has figures that are found from rows, which may be drawn with repetition. A
// figure that they do not have is NaN.
type sample interface {
	rows() int
	methods() []string // one for each figure
	figures(rows []int) []float64
}

// every is the numbers of n rows.
func every(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	return rows
}

// estimate finds the figures of all rows, and their intervals from draws of as many.
func (o Options) estimate(s sample) []stats.Estimate {
	rows := every(s.rows())
	values := s.figures(rows)
	drawn := make([][]float64, len(values))
	source := rand.New(rand.NewPCG(o.Seed, uint64(len(rows))))
	for range o.Draws {
		for i := range rows {
			rows[i] = source.IntN(len(rows))
		}
		for f, v := range s.figures(rows) {
			if !math.IsNaN(v) {
				drawn[f] = append(drawn[f], v)
			}
		}
	}
	all := make([]stats.Estimate, len(values))
	for f, method := range s.methods() {
		all[f] = stats.Estimate{Value: values[f], N: len(rows), Level: o.Level, Method: fmt.Sprintf("%s, percentiles of %d draws of blocks", method, o.Draws)}
		o.interval(&all[f], drawn[f])
	}
	return all
}

// interval sets the ends of an interval to quantiles of the draws.
func (o Options) interval(e *stats.Estimate, drawn []float64) {
	e.Low, e.High = math.NaN(), math.NaN()
	if math.IsNaN(e.Value) {
		return
	}
	if without := o.Draws - len(drawn); float64(without) > mostWithout*float64(o.Draws) {
		e.Warnings = append(e.Warnings, fmt.Sprintf("no interval: %d of %d draws have no value", without, o.Draws))
		return
	}
	slices.Sort(drawn)
	low, err := stats.Quantile(drawn, (1-o.Level)/2)
	if err == nil {
		e.Low = low
		e.High, err = stats.Quantile(drawn, (1+o.Level)/2)
	}
	if err != nil {
		e.Low, e.High = math.NaN(), math.NaN()
		e.Warnings = append(e.Warnings, "no interval: "+err.Error())
	}
}
