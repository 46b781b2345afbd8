package calibrate

import (
	"errors"
	"fmt"
	"math"

	"github.com/ebb-sim/ebb/sim/stats"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
)

var garchPart = kind{Part{
	Name:     "garch",
	Title:    "how volatility clusters: GARCH(1,1) with Student-t innovations",
	Equation: "r(t) = drift + u(t), u(t) = √h(t)·z(t), z of Student's law with ν degrees of freedom and variance 1;  h(t+1) = ω + α·u(t)² + β·h(t), from the variance of the window",
	Source:   "Bollerslev (1987), Review of Economics and Statistics 69(3); maximum likelihood, errors from its second derivatives",
}, (*calibration).garch}

// Where a GARCH estimate is doubtful.
const (
	leastReturns   = 100  // for a fit at all
	fewReturns     = 500  // below them the likelihood is flat in α and β
	edge           = 1e-4 // α, β or 1 − α − β below it is a boundary
	longMemory     = .98  // α + β: a shock to the variance halves in 35 steps and more
	fattestTails   = 2.5  // ν: at 2 the variance ends
	almostNormal   = 100  // ν: above it the tails cannot be told from normal ones
	agreeingStarts = 1e-3 // log likelihoods that are one maximum
)

// garch fits GARCH(1,1)-t to the returns.
func (c *calibration) garch(p *Part) error {
	r, steps, spans := c.returns()
	if n := len(r); n < leastReturns {
		return skipf("found %d log returns, expected at least %d", n, leastReturns)
	}
	fit, err := FitGARCH(r)
	if err != nil {
		return err
	}
	add := func(name, title string, unit Unit, value float64, by garchPoint) *Estimate {
		se, method := fit.SE(by), "maximum likelihood, second derivatives, normal"
		e := Estimate{Name: name, Title: title, Unit: unit, Window: c.span(steps), Measured: c.measured(value, se, len(r), method)}
		if math.IsNaN(se) {
			e.warn("no standard error: the likelihood is not curved in every direction at its maximum")
		}
		p.add(e)
		return &p.Estimates[len(p.Estimates)-1]
	}
	year := c.PeriodsPerYear
	add("drift", "log return a year", Rate, fit.Drift*year, garchPoint{year})
	add("omega", "constant of the variance a step (ω)", Factor, fit.Omega, garchPoint{0, 1})
	clustering(add("alpha", "share of a step's squared news in the next step's variance (α)", Factor, fit.Alpha, garchPoint{0, 0, 1}))
	clustering(add("beta", "share of a step's variance that stays in the next (β)", Factor, fit.Beta, garchPoint{0, 0, 0, 1}))
	memory(add("persistence", "share of a shock to the variance that is left after a step (α + β)", Factor, fit.Alpha+fit.Beta, garchPoint{0, 0, 1, 1}))
	tails(add("degrees_of_freedom", "degrees of freedom of the innovations (ν)", Factor, fit.DegreesOfFreedom, garchPoint{0, 0, 0, 0, 1}))
	if rest := 1 - fit.Alpha - fit.Beta; rest > edge {
		σ := math.Sqrt(fit.Omega / rest * year)
		add("volatility", "volatility a year to which it returns, √(ω/(1−α−β))", Rate, σ, garchPoint{0, σ / (2 * fit.Omega), σ / (2 * rest), σ / (2 * rest)})
	}
	p.note("log likelihood %.3f; %d of %d starts of the search ended at it", fit.LogLikelihood, fit.Agreeing, len(garchStarts))
	if len(r) < fewReturns {
		p.note("%d returns are few for a GARCH: α and β are then told badly, expected about %d", len(r), fewReturns)
	}
	if spans > 0 {
		p.note("%d of %d returns span steps without a price", spans, len(r))
	}
	return nil
}

const onTheBoundary = "on the boundary of what is allowed: the standard error does not hold there"

func clustering(e *Estimate) {
	if e.Measured.Value < edge {
		e.warn("0, %s", onTheBoundary)
	} else if e.Measured.Low < 0 {
		e.warn("the interval covers 0: there may be no clusters")
	}
}

func memory(e *Estimate) {
	switch m := e.Measured; {
	case m.Value > 1-edge:
		e.warn("1, %s; the variance has no mean to return to", onTheBoundary)
	case m.Value > longMemory || m.High >= 1:
		e.warn("near 1: the variance hardly returns to a mean within the window, and that mean is told badly")
	}
}

func tails(e *Estimate) {
	switch v := e.Measured.Value; {
	case v < fattestTails:
		e.warn("near 2, where the variance ends")
	case v > almostNormal:
		e.warn("so large that the tails cannot be told from normal ones")
	}
}

// ErrNotConverged is the error of a likelihood whose maximum was not found.
var ErrNotConverged = errors.New("the search for the maximum of the likelihood did not converge")

// GARCH is a fitted GARCH(1,1) with Student-t innovations, per step.
type GARCH struct {
	Drift            float64 // mean log return
	Omega            float64 // ω, in squared log returns
	Alpha, Beta      float64
	DegreesOfFreedom float64 // ν
	LogLikelihood    float64
	Agreeing         int // starts of the search that ended at this maximum

	covariance *mat.SymDense // of the five in their order; nil where the likelihood is not curved
}

// FitGARCH finds the maximum of the likelihood of log returns from several starts. Its
// errors are [ErrNotConverged], and those of returns that do not vary or are too few.
func FitGARCH(returns []float64) (*GARCH, error) {
	if n := len(returns); n < leastReturns {
		return nil, fmt.Errorf("%w: %d log returns of at least %d", stats.ErrTooFew, n, leastReturns)
	}
	for t, r := range returns {
		if math.IsNaN(r) || math.IsInf(r, 0) {
			return nil, fmt.Errorf("%w: return %d is %v", stats.ErrNotFinite, t, r)
		}
	}
	// The search runs on returns of mean 0 and variance 1, so that units do not matter.
	mean, variance := stat.PopMeanVariance(returns, nil)
	sd := math.Sqrt(variance)
	if sd <= 1e-12*math.Abs(mean) || sd == 0 {
		return nil, fmt.Errorf("%w: there is no volatility", stats.ErrConstant)
	}
	l := likelihood{x: make([]float64, len(returns))}
	for t, r := range returns {
		l.x[t] = (r - mean) / sd
	}
	best, value, agreeing, err := l.maximise()
	if err != nil {
		return nil, err
	}
	n := float64(len(returns))
	return &GARCH{Drift: mean + sd*best[0], Omega: variance * best[1], Alpha: best[2], Beta: best[3], DegreesOfFreedom: best[4],
		LogLikelihood: n * (value - math.Log(sd)), Agreeing: agreeing,
		covariance: l.covariance(best, garchPoint{sd, variance, 1, 1, 1})}, nil
}

// SE is the standard error of a function of drift, ω, α, β and ν with these derivatives;
// NaN where the likelihood is not curved.
func (g *GARCH) SE(by [5]float64) float64 {
	if g.covariance == nil {
		return math.NaN()
	}
	v := mat.NewVecDense(len(by), by[:])
	return math.Sqrt(mat.Inner(v, g.covariance, v))
}
