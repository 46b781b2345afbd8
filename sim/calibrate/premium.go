package calibrate

import (
	"cmp"
	"math"

	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/stats"
)

var premiumPart = kind{Part{
	Name:     "premium",
	Title:    "what moves the Coinbase premium",
	Equation: "π(t) = constant + (1−reversion)·π(t−1) + slope·f(t) + innovation;  f = 0 on days without a flow;  sensitivity = slope·volume",
	Source:   "order flow and slow arbitrage between exchanges: Makarov and Schoar (2020), Journal of Financial Economics 135; least squares with errors of Newey and West (1987)",
}, (*calibration).premium}

// premium estimates how the premium fades and what flows add to it.
func (c *calibration) premium(p *Part) error {
	switch {
	case c.Premium == nil:
		return skipf("no series of the Coinbase premium")
	case c.Flow == nil:
		return skipf("no series of fund flows")
	case c.Step != day:
		return skipf("found steps of %v, expected days: flows are those of a day", c.Step)
	}
	columns, steps := c.lagged(c.Premium)
	if err := enough(len(steps), "premiums with one a day before"); err != nil {
		return err
	}
	flows := make([]float64, len(steps))
	for i, t := range steps {
		if !math.IsNaN(c.Flow[t]) {
			flows[i] = c.Flow[t]
		}
	}
	columns, window := append(columns, flows), c.span(steps)
	if err := c.regression(p, columns, window, c.Lags, coefficients{{"constant", "premium of a day without news", Fraction}, {"kept", "share of a premium that is left after a day", Factor},
		{"slope", "premium for each USD of flow the same day", PerUSD}}); err != nil {
		return err
	}
	kept, slope := &p.Estimates[1], &p.Estimates[2]
	kept.expectStationary()
	slope.expectPositive("US buying lifts the US price")
	slope.collinear(columns[1], columns[2])

	fit, err := stats.LeastSquares(columns[0], columns[1:]...)
	if err != nil {
		return err
	}
	volume := c.Given.premiumVolume()
	p.add(transformed(*kept, "reversion", "share of the premium that arbitrage takes away in a day (κ)", Fraction, 1, -1))
	p.add(transformed(*slope, "sensitivity", "premium that net US orders of a day's volume bring (λ)", Factor, 0, volume))
	if d := c.diffusion(fit); !math.IsNaN(d.volatility) {
		m, err := c.derived(d.volatility, d.volatilityBy, len(steps), c.Lags, "least squares, delta method")
		if err != nil {
			return err
		}
		p.add(Estimate{Name: "volatility", Title: "standard deviation of its innovations, per square root of a day", Unit: Fraction, Measured: m, Window: window})
	}
	p.note("sensitivity and volume are told as a quotient only; the volume taken is $%.4gm a day", volume/1e6)
	p.note("the slope is an upper bound: other US orders come with the flow of a day")
	return nil
}

// premiumVolume is the volume in which the sensitivity is measured: the given one, or that
// of the mechanism's default.
func (g Given) premiumVolume() float64 {
	kind, _ := mechanism.Lookup("premium")
	return cmp.Or(g.Volume, kind.Default().(*mechanism.Premium).Volume)
}

// transformed is offset + factor·e, with its intervals and warnings.
func transformed(e Estimate, name, title string, unit Unit, offset, factor float64) Estimate {
	ends := func(low, high float64) (float64, float64) {
		low, high = offset+factor*low, offset+factor*high
		return min(low, high), max(low, high)
	}
	e.Name, e.Title, e.Unit = name, title, unit
	e.Measured.Value, e.Measured.SE = offset+factor*e.Measured.Value, math.Abs(factor)*e.Measured.SE
	e.Measured.Low, e.Measured.High = ends(e.Measured.Low, e.Measured.High)
	if e.Bootstrap != nil {
		i := *e.Bootstrap
		i.Low, i.High = ends(i.Low, i.High)
		e.Bootstrap = &i
	}
	return e
}
