package luck

import "math"

// A figure is what a bootstrap judges: of a rule alone, or of a rule less its benchmark.
type figure struct {
	name, unit string
	done       string // what is done to the rule's returns
	absent     string // why there may be none

	// gain is what has to be taken from each return (from each log return, for the total
	// return) for the figure to be 0.
	gain func(r resampled) float64
	// of is the figure with so much taken, NaN where there is none. root is that of the steps
	// in a year.
	of func(r resampled, root, taken float64) float64
	// scored is the figure of a draw under the null, as far from what was observed as the draw
	// is; nil: that is of.
	scored func(r, observed resampled, taken float64) float64
}

// null is the figure of a draw with the observed gain taken.
func (f figure) null(r, observed resampled, root, gain float64) float64 {
	if f.scored != nil {
		return f.scored(r, observed, gain)
	}
	return f.of(r, root, gain)
}

var figures = []figure{
	{
		name: "mean", unit: "fraction", done: "each return less the mean gain",
		gain: func(r resampled) float64 { return r.rule.mean - r.benchmark.mean },
		of:   func(r resampled, _, taken float64) float64 { return r.rule.mean - taken - r.benchmark.mean },
	},
	{
		name: "sharpe", unit: "ratio", done: "each return less the gain in Sharpe ratio times the standard deviation",
		absent: "returns that do not vary have no Sharpe ratio",
		gain:   func(r resampled) float64 { return r.rule.sd * (r.rule.ratio(0) - r.benchmarkRatio()) },
		of: func(r resampled, root, taken float64) float64 {
			return (r.rule.ratio(taken) - r.benchmarkRatio()) * root
		},
	},
	{
		name: "total_return", unit: "fraction", done: "each log return less the mean gain in log return",
		absent: "a return of -100 % has no logarithm, and nothing is left after it",
		gain:   func(r resampled) float64 { return r.rule.growth - r.benchmark.growth },
		of: func(r resampled, _, taken float64) float64 {
			if math.IsInf(r.rule.growth, 0) || math.IsInf(r.benchmark.growth, 0) {
				return math.NaN()
			}
			return r.ahead(r.rule.growth-taken, r.benchmark.growth)
		},
		// What a gain in growth is worth in total return depends on where the benchmark ends. The
		// draws are compared where it did end: at their own ends a calm rule would beat a wild
		// benchmark that fell three times as often as the p-value says.
		scored: func(r, observed resampled, taken float64) float64 {
			at := observed.benchmark.growth
			return r.ahead(at+r.rule.growth-taken-r.benchmark.growth, at)
		},
	},
}

// moments are what the figures of a sample are computed from.
type moments struct {
	mean, sd, growth float64 // growth: mean log return
	free             float64 // return of one step without risk
}

// ratio is the Sharpe ratio of one step, above the risk-free return and with so much taken
// from each return, NaN for returns that do not vary.
func (m moments) ratio(taken float64) float64 {
	if !(m.sd > 1e-9*math.Abs(m.mean)) {
		return math.NaN()
	}
	return (m.mean - m.free - taken) / m.sd
}

// A resampled is what a rule and its benchmark have in the same steps.
type resampled struct {
	rule, benchmark moments
	compared        bool // false: the benchmark is 0
	n               int
}

// ahead is the total return of one mean log return less that of another.
func (r resampled) ahead(rule, benchmark float64) float64 {
	n := float64(r.n)
	return math.Expm1(n*rule) - math.Expm1(n*benchmark)
}

func (r resampled) benchmarkRatio() float64 {
	if !r.compared {
		return 0
	}
	return r.benchmark.ratio(0)
}

// A pair is a rule and its benchmark, if it has one.
type pair struct{ rule, benchmark track }

// drawn takes these rows of both.
func (p pair) drawn(rows []int) resampled {
	r := resampled{rule: p.rule.drawn(rows), n: len(rows)}
	if r.compared = p.benchmark.simple != nil; r.compared {
		r.benchmark = p.benchmark.drawn(rows)
	}
	return r
}

// A track is a series of returns.
type track struct {
	simple, logs []float64
	free         float64 // return of one step without risk
}

func newTrack(simple []float64, free float64) track {
	t := track{simple: simple, free: free}
	for _, r := range simple {
		t.logs = append(t.logs, math.Log1p(r))
	}
	return t
}

func (t track) drawn(rows []int) moments {
	m, n := moments{free: t.free}, float64(len(rows))
	for _, row := range rows {
		m.mean += t.simple[row]
		m.growth += t.logs[row]
	}
	m.mean /= n
	m.growth /= n
	for _, row := range rows {
		d := t.simple[row] - m.mean
		m.sd += d * d
	}
	m.sd = math.Sqrt(m.sd / (n - 1))
	return m
}
