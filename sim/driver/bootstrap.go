package driver

import (
	"fmt"
	"math"
	"slices"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/param"
	"github.com/ebb-sim/ebb/sim/resample"
)

var _ = catalog.Add(Kind{
	Name:     "bootstrap",
	Title:    "stationary bootstrap: blocks of past news, all assets together",
	Equation: "ε_t = n_{i(t)}, n the identified news of the past: its log returns less what the scenario's mechanisms make of them;  i(t+1) = i(t) + 1 round the history, or with probability 1/block_length a fresh start drawn uniformly",
	Source:   "Politis and Romano (1994), Journal of the American Statistical Association 89(428)",
	Default:  func() Config { return &Bootstrap{BlockLength: 10, Centre: true} },
})

// Bootstrap holds the parameters of the stationary bootstrap of the history up
// to the start. Raw returns already contain the market's feedback: where mechanisms
// trade, a study has it draw the news that they leave of the returns instead.
type Bootstrap struct {
	BlockLength float64 `yaml:"block_length" unit:"factor" min:"1" doc:"mean length of a block, in steps: long enough to keep calm and stormy times together" source:"10: an assumption, to be varied; Politis and White (2004) choose it from the data"`
	Centre      bool    `yaml:"centre" doc:"put −σ²/2 in the place of the mean log return, so that the price has no trend, as under gbm: that of a short window is not news, and would be extrapolated" source:"true: the standard error of a mean of n returns is σ/√n, more than the mean itself for most windows"`
	Scale       bool    `yaml:"scale_to_volatility" doc:"scale the deviations from the mean to the market's volatility; otherwise the history's own remains" source:"false: the history as it is"`
}

// leastObservations is the shortest history that is resampled: below it the
// tails are a handful of days.
const leastObservations = 30

// leastSpread is the standard deviation below which returns differ by rounding
// alone.
const leastSpread = 1e-12

// Build implements Config.
func (c *Bootstrap) Build(env *Env) (sim.Driver, error) {
	if n := len(env.Past); n < leastObservations {
		return nil, fmt.Errorf("bootstrap: the history has %d returns up to the start, expected at least %d", n, leastObservations)
	}
	if err := complete("bootstrap", env.Past, env.Assets); err != nil {
		return nil, err
	}
	b := &bootstrap{fresh: 1 / c.BlockLength, innovations: newInnovations(env)}
	for _, row := range env.Past {
		b.rows = append(b.rows, slices.Clone(row))
	}
	for a, name := range env.Assets {
		mean, sd := moments(b.rows, a)
		keep, scale := mean, 1.0
		if c.Scale {
			if sd < leastSpread {
				return nil, &param.Error{Path: "scale_to_volatility", Found: "a history in which the price of " + name + " grows evenly",
					Expected: "returns that vary"}
			}
			scale = env.Volatility[a] / sd
		}
		if c.Centre {
			keep = -scale * sd * scale * sd / 2
		}
		for _, row := range b.rows {
			row[a] = keep + scale*(row[a]-mean)
		}
	}
	return b, nil
}

// moments are those of the bootstrap distribution of an asset: every row has
// the weight 1/n.
func moments(rows [][]float64, a int) (mean, sd float64) {
	for _, row := range rows {
		mean += row[a] / float64(len(rows))
	}
	for _, row := range rows {
		sd += (row[a] - mean) * (row[a] - mean) / float64(len(rows))
	}
	return mean, math.Sqrt(sd)
}

type bootstrap struct {
	rows        [][]float64
	fresh       float64 // probability that a block ends
	innovations innovations
}

func (*bootstrap) Name() string { return "bootstrap" }

func (b *bootstrap) Start(seed, path uint64) sim.Source {
	s := &resampling{bootstrap: b, observed: b.innovations.start(seed, path)}
	s.stream.seed(seed, path)
	return s
}

// resampling is one path of a bootstrap.
type resampling struct {
	*bootstrap
	stream   stream
	observed []stream
	row      int
}

func (s *resampling) Next(step int, news, innovations []float64) {
	fresh := s.fresh
	if step == 0 {
		fresh = 1
	}
	s.row = resample.Next(&s.stream.Rand, s.row, len(s.rows), fresh)
	copy(news, s.rows[s.row])
	s.innovations.next(step, s.observed, innovations)
}
