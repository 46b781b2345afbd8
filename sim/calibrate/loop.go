package calibrate

import (
	"math"

	"github.com/ebb-sim/ebb/sim/stats"
)

var loopPart = kind{Part{
	Name:     "loop",
	Title:    "how much of itself the redemption loop gives back",
	Equation: "gain g = impact·response/(1−persistence);  a lasting fall is multiplied by 1/(1−g)",
	Source:   "the closed form of ebb's redemption mechanism; errors by the delta method, with the covariances of both equations",
}, (*calibration).loop}

// loop estimates the gain of the redemption loop and its multiplier.
func (c *calibration) loop(p *Part) error {
	if c.Flow == nil {
		return skipf("no series of fund flows")
	}
	f, err := c.flowFit()
	if err != nil {
		return err
	}
	columns, kept := gather(c.list, ownDay, flow)
	if err := enough(len(kept), "flows with the return of their day"); err != nil {
		return err
	}
	slope, err := stats.LeastSquares(columns[0], columns[1])
	if err != nil {
		return err
	}
	φ, Φ, Λ := f.Coefficients[1], f.Coefficients[2], slope.Coefficients[1]
	if φ >= 1 {
		return skipf("persistence is %.3f: flows do not die out, and the loop has no gain", φ)
	}
	g := gain(φ, Φ, Λ)
	influence := combined(
		term{g / (1 - φ), c.bySession(f.Influence(1), f.kept)},
		term{Λ / (1 - φ), c.bySession(f.Influence(2), f.kept)},
		term{Φ / (1 - φ), c.bySession(slope.Influence(1), kept)})
	m, err := c.derived(g, influence, len(f.kept), c.Lags, "delta method")
	if err != nil {
		return err
	}
	interval, err := c.gainInterval()
	if err != nil {
		return err
	}
	e := Estimate{Name: "gain", Title: "gain of the redemption loop (g)", Unit: Factor, Measured: m, Bootstrap: interval, Window: f.window}
	e.doubts()
	if m.High > nearGain {
		e.warn("the interval reaches %.2f: near 1 the loop tips, and its multiplier has no bound", m.High)
	}
	p.add(e)
	p.add(multiplier(e))
	p.note("an upper bound, as impact and response are")
	return nil
}

func gain(φ, Φ, Λ float64) float64 { return Λ * Φ / (1 - φ) }

// bySession lays the influences of some sessions on all; the others have none.
func (c *calibration) bySession(influence []float64, kept []int) []float64 {
	all := make([]float64, len(c.list))
	for i, at := range kept {
		all[at] = influence[i]
	}
	return all
}

// multiplier transforms the gain, and the ends of its intervals.
func multiplier(gain Estimate) Estimate {
	of := func(g float64) float64 {
		if g >= 1 {
			return math.NaN()
		}
		return 1 / (1 - g)
	}
	m := gain.Measured
	e := Estimate{Name: "multiplier", Title: "multiplier of a lasting fall", Unit: Factor, Window: gain.Window,
		Measured: stats.Measured{SE: m.SE / ((1 - m.Value) * (1 - m.Value)), Estimate: stats.Estimate{
			Value: of(m.Value), Low: of(m.Low), High: of(m.High), Level: m.Level, N: m.N, Method: "the gain and its interval, transformed; the error by the delta method"}}}
	switch {
	case m.Value >= 1:
		e.Measured.SE = math.NaN()
		e.warn("the gain is 1 or more: a fall feeds itself without end")
	case m.High >= 1:
		e.warn("the interval has no upper end: that of the gain reaches 1")
	}
	if b := gain.Bootstrap; b != nil && b.High < 1 {
		e.Bootstrap = &Interval{of(b.Low), of(b.High), b.Method}
	}
	return e
}

// gainInterval draws both equations together.
func (c *calibration) gainInterval() (*Interval, error) {
	columns, kept := gather(c.list, flow, last, since, ownDay)
	if err := enough(len(kept), "flows with a flow before them and all returns"); err != nil {
		return nil, err
	}
	intervals, err := c.bootstrap(columns, func(s sample) ([]float64, error) {
		flows, err := stats.LeastSquares(s[0], s[1], s[2])
		if err != nil {
			return nil, err
		}
		slope, err := stats.LeastSquares(s[3], s[0])
		if err != nil {
			return nil, err
		}
		if flows.Coefficients[1] >= 1 {
			return []float64{math.NaN()}, nil // flows that do not die out have no gain
		}
		return []float64{gain(flows.Coefficients[1], flows.Coefficients[2], slope.Coefficients[1])}, nil
	})
	if err != nil {
		return nil, err
	}
	return intervals[0], nil
}
