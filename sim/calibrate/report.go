package calibrate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ebb-sim/ebb/sim/stats"
)

// A Report is everything the data say, part by part.
type Report struct {
	Asset  string `json:"asset"`
	Window Window `json:"window"`
	Parts  []Part `json:"parts"`

	given Given
}

// A Part is a group of estimates of one equation.
type Part struct {
	Name      string     `json:"name"` // flow, impact, projections, loop, volatility, garch, momentum, basis, premium
	Title     string     `json:"title"`
	Equation  string     `json:"equation"`
	Source    string     `json:"source"`
	Estimates []Estimate `json:"estimates,omitempty"`
	Notes     []string   `json:"notes,omitempty"`   // how the figures are to be read
	Skipped   string     `json:"skipped,omitempty"` // why it was not tried: no such series, or too few observations
	Failed    string     `json:"failed,omitempty"`  // why it was tried without a result
}

// An Estimate is one parameter and how well the data tell it.
type Estimate struct {
	Name      string         `json:"name"`  // persistence
	Title     string         `json:"title"` // what it is, for a reader
	Unit      Unit           `json:"unit"`
	Measured  stats.Measured `json:"measured"`
	Bootstrap *Interval      `json:"bootstrap,omitempty"`
	Window    Window         `json:"window"` // of its observations
}

// A Unit is what an estimate is measured in; those that package param knows have the same
// names there.
type Unit string

// The units of estimates.
const (
	Factor       Unit = "factor"
	USD          Unit = "usd"
	USDPerReturn Unit = "usd_per_return" // USD for a log return of 1
	Rate         Unit = "rate"           // a fraction a year
	Fraction     Unit = "fraction"
	PerUSD       Unit = "per_usd" // a log return, or another fraction, for each USD
)

// A Window is a stretch of time, by the starts of its first and last step.
type Window struct {
	First time.Time `json:"first"`
	Last  time.Time `json:"last"`
}

// String is 2024-01-11..2026-02-10.
func (w Window) String() string {
	show := func(t time.Time) string {
		if t.Equal(t.Truncate(day)) {
			return t.Format(time.DateOnly)
		}
		return t.Format("2006-01-02 15:04")
	}
	return show(w.First) + ".." + show(w.Last)
}

// Find is the estimate of a name in a part, and whether there is one.
func (r *Report) Find(part, name string) (Estimate, bool) {
	for _, p := range r.Parts {
		if p.Name == part {
			if i := slices.IndexFunc(p.Estimates, func(e Estimate) bool { return e.Name == name }); i >= 0 {
				return p.Estimates[i], true
			}
		}
	}
	return Estimate{}, false
}

// Err joins the reasons of the parts that were tried without a result.
func (r *Report) Err() error {
	var faults []error
	for _, p := range r.Parts {
		if p.Failed != "" {
			faults = append(faults, fmt.Errorf("%s: %s", p.Name, p.Failed))
		}
	}
	return errors.Join(faults...)
}

// skipped is the reason why a part is not tried.
type skipped struct{ reason string }

func (s skipped) Error() string { return s.reason }

func skipf(format string, args ...any) error { return skipped{fmt.Sprintf(format, args...)} }

// kind is a part before its estimates.
type kind struct {
	Part
	estimate func(c *calibration, p *Part) error
}

// kinds are the parts in the order of a report.
var kinds = []kind{flowPart, impactPart, projectionPart, loopPart, volatilityPart, garchPart, momentumPart, basisPart, premiumPart}

func partNames() []string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = k.Name
	}
	return names
}

// calibration is one run over the data.
type calibration struct {
	ctx context.Context // of the run, which draws for a while
	Input
	Options
	list []session
}

// Run estimates everything that the data allow. A part whose series is missing or too
// short is skipped, and one whose estimation fails says so, see [Report.Err]; the others
// stand. An error is that of the context, or a fault of the input or the options; all
// faults come back at once.
func Run(ctx context.Context, in Input, opt Options) (*Report, error) {
	if err := errors.Join(in.check(), opt.check()); err != nil {
		return nil, err
	}
	c := &calibration{ctx: ctx, Input: in, Options: opt, list: in.sessions()}
	r := &Report{Asset: in.Asset, given: in.Given}
	if n := len(in.LogClose); n > 0 {
		r.Window = c.window(0, n-1)
	}
	for _, k := range kinds {
		if opt.Parts != nil && !slices.Contains(opt.Parts, k.Name) {
			continue
		}
		p := k.Part
		err := k.estimate(c, &p)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var skip skipped
		switch {
		case errors.As(err, &skip):
			p.Skipped = skip.reason
		case err != nil:
			p.Failed = err.Error()
		}
		if err != nil {
			p.Estimates, p.Notes = nil, nil
		}
		r.Parts = append(r.Parts, p)
	}
	return r, nil
}

func (c *calibration) window(first, last int) Window { return Window{c.time(first), c.time(last)} }

// span is the window of observations at these steps.
func (c *calibration) span(steps []int) Window { return c.window(steps[0], steps[len(steps)-1]) }

// sessionSpan is the window of some of the sessions.
func (c *calibration) sessionSpan(kept []int) Window {
	return c.window(c.list[kept[0]].step, c.list[kept[len(kept)-1]].step)
}

func (p *Part) add(e Estimate) { p.Estimates = append(p.Estimates, e) }

func (p *Part) note(format string, args ...any) {
	p.Notes = append(p.Notes, fmt.Sprintf(format, args...))
}

// enough skips a part with too few observations for its regression.
func enough(n int, what string) error {
	if n < leastObservations {
		return skipf("found %d %s, expected at least %d", n, what, leastObservations)
	}
	return nil
}
