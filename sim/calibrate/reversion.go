package calibrate

import (
	"math"

	"github.com/ebb-sim/ebb/sim/stats"
)

var basisPart = kind{Part{
	Name:     "basis",
	Title:    "how fast the basis returns to its mean",
	Equation: "b(t+1) = mean + e^(−reversion·days)·(b(t) − mean) + innovation: the Ornstein–Uhlenbeck process db = reversion·(mean − b)·dt + volatility·dW, step by step",
	Source:   "Vasicek (1977), Journal of Financial Economics 5; least squares with errors of Newey and West (1987)",
}, (*calibration).basis}

// basis estimates the process of the basis.
func (c *calibration) basis(p *Part) error {
	if c.Basis == nil {
		return skipf("no series of the basis")
	}
	columns, steps := c.lagged(c.Basis)
	if err := enough(len(steps), "readings of the basis with one a step before"); err != nil {
		return err
	}
	fit, err := stats.LeastSquares(columns[0], columns[1])
	if err != nil {
		return err
	}
	window := c.span(steps)
	if err := c.regression(p, columns, window, c.Lags, coefficients{{}, {"kept", "share of a gap to the mean that is left after a step", Factor}}); err != nil {
		return err
	}
	p.Estimates[0].expectStationary()
	ρ := fit.Coefficients[1]
	if ρ <= 0 || ρ >= 1 {
		p.note("mean, reversion and volatility of the process do not exist: they need a share left after a step between 0 and 1, found %.3f", ρ)
		return nil
	}
	intervals, err := c.bootstrap(columns, func(s sample) ([]float64, error) {
		fit, err := stats.LeastSquares(s[0], s[1])
		if err != nil {
			return nil, err
		}
		d := c.diffusion(fit)
		return []float64{d.mean, d.speed, d.volatility}, nil
	})
	if err != nil {
		return err
	}
	d := c.diffusion(fit)
	for j, what := range []struct {
		name, title string
		unit        Unit
		value       float64
		influence   []float64
	}{
		{"mean", "basis to which it returns", Rate, d.mean, d.meanBy},
		{"reversion", "rate at which it returns, a day", Factor, d.speed, d.speedBy},
		{"volatility", "standard deviation of its innovations, per square root of a day", Rate, d.volatility, d.volatilityBy},
	} {
		m, err := c.derived(what.value, what.influence, len(steps), c.Lags, "least squares, delta method")
		if err != nil {
			return err
		}
		e := Estimate{Name: what.name, Title: what.title, Unit: what.unit, Measured: m, Bootstrap: intervals[j], Window: window}
		if what.name == "reversion" {
			e.doubts()
		}
		p.add(e)
	}
	p.note("whatever cash-and-carry desks did is in the reversion; their own speed and size cannot be told without their positions")
	return nil
}

// lagged are the values of a series and those a step before, and the steps of the former.
func (c *calibration) lagged(values []float64) (columns sample, steps []int) {
	columns = make(sample, 2)
	for t := 1; t < len(values); t++ {
		if math.IsNaN(values[t]) || math.IsNaN(values[t-1]) {
			continue
		}
		columns[0], columns[1] = append(columns[0], values[t]), append(columns[1], values[t-1])
		steps = append(steps, t)
	}
	return columns, steps
}

// diffusion is the process in days behind a regression on the step before, and the
// influence of each observation on its parameters. They are NaN where there is no such
// process.
type diffusion struct {
	mean, speed, volatility       float64
	meanBy, speedBy, volatilityBy []float64
}

func (c *calibration) diffusion(fit *stats.Regression) diffusion {
	a, ρ, days := fit.Coefficients[0], fit.Coefficients[1], c.stepDays()
	sd, sdBy := spread(fit.Residuals, len(fit.Coefficients))
	aBy, ρBy := fit.Influence(0), fit.Influence(1)
	d := diffusion{mean: a / (1 - ρ), speed: -math.Log(ρ) / days}
	d.volatility = sd * math.Sqrt(2*d.speed/(1-ρ*ρ))
	d.meanBy = combined(term{1 / (1 - ρ), aBy}, term{d.mean / (1 - ρ), ρBy})
	d.speedBy = combined(term{-1 / (ρ * days), ρBy})
	d.volatilityBy = combined(term{d.volatility / sd, sdBy}, term{d.volatility * (ρ/(1-ρ*ρ) - 1/(2*ρ*days*d.speed)), ρBy})
	return d
}
