package calibrate

import (
	"fmt"
	"math"

	"github.com/ebb-sim/ebb/sim/stats"
)

var impactPart = kind{Part{
	Name:     "impact",
	Title:    "how far the price moves with a flow",
	Equation: "log return of the flow's own day = constant + impact·f(t) + rest",
	Source:   "price impact as a slope on order flow: Kyle (1985), Econometrica 53(6); least squares with errors of Newey and West (1987)",
}, (*calibration).impact}

// impact estimates the slope of a day's return on its flow.
func (c *calibration) impact(p *Part) error {
	if c.Flow == nil {
		return skipf("no series of fund flows")
	}
	columns, kept := gather(c.list, ownDay, flow)
	if err := enough(len(kept), "flows with the return of their day"); err != nil {
		return err
	}
	err := c.regression(p, columns, c.sessionSpan(kept), c.Lags, coefficients{{}, {"impact", "log return of the day for each USD of flow (Λ)", PerUSD}})
	if err != nil {
		return err
	}
	fit, err := stats.LeastSquares(columns[0], columns[1])
	if err != nil {
		return err
	}
	p.Estimates[0].expectPositive("buying moves a price up")
	p.note("R² %.5f; an upper bound of what the flow itself moves: the flow is ordered first, so that the slope also holds what like-minded orders "+
		"of the same day move, and flows that answer to the same day's price (reverse causation)", fit.R2)
	return nil
}

var projectionPart = kind{Part{
	Name:     "projections",
	Title:    "what of it is left after days",
	Equation: "log return of the flow's own day and the h days after it = constant + projection(h)·f(t) + f(t−1) and r(t), each with a coefficient + rest",
	Source:   "local projections: Jordà (2005), American Economic Review 95(1); what the order of the variables means in them: Plagborg-Møller and Wolf (2021), Econometrica 89(2)",
}, (*calibration).projections}

// projections estimates the slopes of returns over longer and longer spans on the flow, for
// the same sessions at every horizon.
func (c *calibration) projections(p *Part) error {
	if c.Flow == nil {
		return skipf("no series of fund flows")
	}
	figures := []figure{flow, last, since}
	for h := range c.Horizon + 1 {
		figures = append(figures, func(s session) float64 { return c.after(s, h) })
	}
	columns, kept := gather(c.list, figures...)
	if least := max(leastObservations, 2*(c.Lags+c.Horizon)); len(kept) < least {
		return skipf("found %d flows with closes %d days later, expected at least %d", len(kept), c.Horizon, least)
	}
	// Less what the flow and the return before explain, the flow alone gives its
	// coefficient (Frisch and Waugh, 1933, Econometrica 1(4)).
	intervals, err := c.bootstrap(columns, func(s sample) ([]float64, error) {
		fit, err := stats.LeastSquares(s[0], s[1], s[2])
		if err != nil {
			return nil, err
		}
		return slopes(fit.Residuals, s[3:]), nil
	})
	if err != nil {
		return err
	}
	for h, y := range columns[3:] {
		fit, err := stats.LeastSquares(y, columns[:3]...)
		if err != nil {
			return err
		}
		measured, err := fit.NeweyWest(c.Lags+h, c.Level) // spans of h days overlap
		if err != nil {
			return err
		}
		e := Estimate{Name: fmt.Sprintf("projection_%d", h), Title: fmt.Sprintf("log return to %s for each USD of flow", after(h)), Unit: PerUSD,
			Measured: measured[1], Bootstrap: intervals[h], Window: c.sessionSpan(kept)}
		e.doubts()
		p.add(e)
	}
	p.note("upper bounds, as the impact is; they are of the part of a flow that the flow and the return before do not explain, and hold what later " +
		"flows move that follow from it")
	return nil
}

func after(h int) string {
	switch h {
	case 0:
		return "the close of its day"
	case 1:
		return "a day later"
	}
	return fmt.Sprintf("%d days later", h)
}

// after is the log return of a session's day and the h days, or longer steps, after it.
func (c *calibration) after(s session, h int) float64 {
	return c.change(c.midnight(s.step), c.endOfDay(s.step)+h*c.daySteps())
}

// daySteps is the number of steps in a day, or 1 where they are longer.
func (c *calibration) daySteps() int { return max(1, int(math.Round(1/c.stepDays()))) }

// slopes are the coefficients of several variables on one whose mean is 0.
func slopes(x []float64, ys sample) []float64 {
	square := 0.0
	for _, v := range x {
		square += v * v
	}
	list := make([]float64, len(ys))
	for j, y := range ys {
		for i, v := range x {
			list[j] += v * y[i] / square
		}
	}
	return list
}
