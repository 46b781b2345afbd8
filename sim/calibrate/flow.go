package calibrate

import "github.com/ebb-sim/ebb/sim/stats"

var flowPart = kind{Part{
	Name:  "flow",
	Title: "what fund investors answer to",
	Equation: `f(t) = constant + persistence·f(t−1) + response·r(t) + innovation(t);  r: log return since, and including, the day of the session before
rises and falls apart: response_up·max(r,0) + response_down·min(r,0)`,
	Source: "fund flows answering returns: Coval and Stafford (2007), Journal of Financial Economics 86; least squares with errors of Newey and West (1987)",
}, (*calibration).flow}

// flow estimates the flow equation.
func (c *calibration) flow(p *Part) error {
	if c.Flow == nil {
		return skipf("no series of fund flows")
	}
	f, err := c.flowFit()
	if err != nil {
		return err
	}
	plain := coefficients{
		{"constant", "flow of a session without news", USD},
		{"persistence", "share of a session's flow that comes again in the next (φ)", Factor},
		{"response", "flow for a log return of 1 (Φ)", USDPerReturn},
	}
	err = c.regression(p, f.columns, f.window, c.Lags, plain)
	if err != nil {
		return err
	}
	persistence, response := &p.Estimates[1], &p.Estimates[2]
	persistence.expectStationary()
	persistence.expectPositive("flows come again")
	response.expectPositive("investors buy after rises and sell after falls")
	response.collinear(f.columns[1], f.columns[2])

	sd, influence := spread(f.Residuals, 3)
	m, err := c.derived(sd, influence, len(f.kept), c.Lags, "least squares, delta method")
	if err != nil {
		return err
	}
	p.add(Estimate{Name: "innovation_sd", Title: "standard deviation of a session's flow innovation", Unit: USD, Measured: m, Window: f.window})
	if err := c.asymmetry(p); err != nil {
		p.note("rises and falls apart: not estimated: %v", err)
	}
	if err := c.booking(p); err != nil {
		p.note("what a flow goes with: not estimated: %v", err)
	}
	return nil
}

// A flowFit is the fitted flow equation.
type flowFit struct {
	*stats.Regression
	columns sample // flow, the flow before, the return since
	kept    []int  // sessions
	window  Window
}

func (c *calibration) flowFit() (*flowFit, error) {
	columns, kept := gather(c.list, flow, last, since)
	if err := enough(len(kept), "flows with a flow and closes before them"); err != nil {
		return nil, err
	}
	fit, err := stats.LeastSquares(columns[0], columns[1:]...)
	if err != nil {
		return nil, err
	}
	return &flowFit{fit, columns, kept, c.sessionSpan(kept)}, nil
}

// asymmetry lets rises and falls have responses of their own, and tests whether they
// differ.
func (c *calibration) asymmetry(p *Part) error {
	columns, kept := gather(c.list, flow, last, rise, fall)
	window := c.sessionSpan(kept)
	before := len(p.Estimates)
	err := c.regression(p, columns, window, c.Lags, coefficients{{}, {},
		{"response_up", "flow for a log return of 1, of rises (Φ⁺)", USDPerReturn},
		{"response_down", "flow for a log return of 1, of falls (Φ⁻)", USDPerReturn}})
	if err != nil {
		return err
	}
	for i := before; i < len(p.Estimates); i++ {
		p.Estimates[i].expectPositive("investors buy after rises and sell after falls")
	}
	// With r beside max(r,0) the coefficient of the second is the difference.
	columns, _ = gather(c.list, flow, last, since, rise)
	return c.regression(p, columns, window, c.Lags, coefficients{{}, {}, {},
		{"response_difference", "response to rises less response to falls (Φ⁺ − Φ⁻)", USDPerReturn}})
}

// booking shows the returns of which days a flow goes with.
func (c *calibration) booking(p *Part) error {
	var values [2]float64
	for i, other := range []struct {
		figure      figure
		name, title string
	}{
		{ownDay, "correlation_same_day", "correlation of a flow with the return of its own day"},
		{since, "correlation_before", "correlation of a flow with the return before its day, r(t)"},
	} {
		columns, kept := gather(c.list, flow, other.figure)
		rho, influence, err := correlation(columns[0], columns[1])
		if err != nil {
			return err
		}
		m, err := c.derived(rho, influence, len(kept), c.Lags, "Pearson's, delta method")
		if err != nil {
			return err
		}
		interval, err := c.bootstrap(columns, func(s sample) ([]float64, error) {
			rho, err := stats.Correlation(s[0], s[1])
			return []float64{rho}, err
		})
		if err != nil {
			return err
		}
		e := Estimate{Name: other.name, Title: other.title, Unit: Factor, Measured: m, Bootstrap: interval[0], Window: c.sessionSpan(kept)}
		e.doubts()
		p.add(e)
		values[i] = rho
	}
	p.note("the response is partly a matter of booking: creations and redemptions of one day may stand in the table of the next (T+1), "+
		"and a flow has a correlation of %.2f with the return before its day, %.2f with that of its own. What passes for an answer to the day "+
		"before may be orders of that very day, so that the response is an upper bound too", values[1], values[0])
	return nil
}
