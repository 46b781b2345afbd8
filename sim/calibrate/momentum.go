package calibrate

import (
	"fmt"
	"math"
)

var momentumPart = kind{Part{
	Name:     "momentum",
	Title:    "whether returns follow past returns",
	Equation: "r(t+1) = constant + momentum(L)·(log return of the L days to t) + rest",
	Source:   "time series momentum: Moskowitz, Ooi and Pedersen (2012), Journal of Financial Economics 104",
}, (*calibration).momentum}

// momentum estimates what trend followers would leave in returns.
func (c *calibration) momentum(p *Part) error {
	for _, days := range c.LookBacks {
		columns, steps := c.momentumSample(max(1, int(math.Round(float64(days)/c.stepDays()))))
		if len(steps) < leastObservations {
			p.note("momentum over %d days: found %d returns after as many steps, expected at least %d", days, len(steps), leastObservations)
			continue
		}
		name := fmt.Sprintf("momentum_%d", days)
		title := fmt.Sprintf("next step's log return for a past one of 1, %d days back", days)
		if err := c.regression(p, columns, c.span(steps), c.Lags, coefficients{{}, {name, title, Factor}}); err != nil {
			return err
		}
	}
	if len(p.Estimates) == 0 {
		return skipf("too few returns for any look-back: expected at least %d after it", leastObservations)
	}
	p.note("capital and speed of trend followers cannot be told from prices: the coefficient is what their orders leave in returns times the impact, " +
		"beside everything else that makes returns follow returns. Scenarios sweep the capital")
	return nil
}

// momentumSample are the next returns and those of so many steps before, and the steps of
// the former.
func (c *calibration) momentumSample(back int) (columns sample, steps []int) {
	columns = make(sample, 2)
	for t := back; t+1 < len(c.LogClose); t++ {
		next, past := c.change(t, t+1), c.change(t-back, t)
		if math.IsNaN(next) || math.IsNaN(past) {
			continue
		}
		columns[0], columns[1] = append(columns[0], next), append(columns[1], past)
		steps = append(steps, t+1)
	}
	return columns, steps
}
