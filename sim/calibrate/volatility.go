package calibrate

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat"
)

var volatilityPart = kind{Part{
	Name:     "volatility",
	Title:    "how much the price moves",
	Equation: "unconditional: standard deviation of log returns;  latest: σ²(t) = (1−λ)·r(t)² + λ·σ²(t−1), λ = .94 a day, from the unconditional variance",
	Source:   "exponential weights: RiskMetrics (1996)",
}, (*calibration).volatility}

// riskMetrics is the weight of yesterday in the running variance, as in the market of a
// scenario.
const riskMetrics = .94

// volatility estimates the volatility of the whole window, and that at its end.
func (c *calibration) volatility(p *Part) error {
	r, steps, spans := c.returns()
	if err := enough(len(r), "log returns"); err != nil {
		return err
	}
	centred := append([]float64(nil), r...)
	mean := stat.Mean(r, nil)
	for i := range centred {
		centred[i] -= mean
	}
	sd, influence := spread(centred, 1)
	if sd <= 1e-12*math.Abs(mean) {
		return fmt.Errorf("the price grows evenly: there is no volatility")
	}
	year := math.Sqrt(c.PeriodsPerYear)
	m, err := c.derived(sd*year, combined(term{year, influence}), len(r), c.Lags, "standard deviation, delta method")
	if err != nil {
		return err
	}
	intervals, err := c.bootstrap(sample{r}, func(s sample) ([]float64, error) { return []float64{stat.StdDev(s[0], nil) * year}, nil })
	if err != nil {
		return err
	}
	p.add(Estimate{Name: "unconditional", Title: "volatility a year, whole window", Unit: Rate, Measured: m, Bootstrap: intervals[0], Window: c.span(steps)})
	p.add(c.latest(r, steps, mean, sd))
	if spans > 0 {
		p.note("%d of %d returns span steps without a price", spans, len(r))
	}
	return nil
}

// latest is the exponentially weighted volatility at the end. Squares of independent
// returns with the window's kurtosis K have the variance (K−1)σ⁴, and their weighted mean
// (1−λ)/(1+λ) of it.
func (c *calibration) latest(r []float64, steps []int, mean, sd float64) Estimate {
	λ := math.Pow(riskMetrics, c.stepDays())
	variance, kurtosis := sd*sd, 0.0
	for _, x := range r {
		variance = (1-λ)*x*x + λ*variance
		kurtosis += math.Pow((x-mean)/sd, 4) / float64(len(r))
	}
	now := math.Sqrt(variance * c.PeriodsPerYear)
	se := now / 2 * math.Sqrt((kurtosis-1)*(1-λ)/(1+λ))
	return Estimate{Name: "latest", Title: "volatility a year, at the end", Unit: Rate, Window: c.span(steps),
		Measured: c.measured(now, se, len(r), fmt.Sprintf("exponential weights, λ %.4g a step; squares taken for independent", λ))}
}
