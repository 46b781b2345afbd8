package calibrate

import (
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/optimize"
)

// garchPoint holds drift, ω, α, β and ν, or derivatives by them.
type garchPoint = [5]float64

// likelihood is the mean log likelihood of GARCH(1,1)-t for returns of mean 0 and variance
// 1, from which the variance begins.
type likelihood struct{ x []float64 }

// at gives the mean log likelihood at a point and its derivatives.
func (l likelihood) at(p garchPoint) (value float64, slope garchPoint) {
	μ, ω, α, β, ν := p[0], p[1], p[2], p[3], p[4]
	h := 1.0
	var byμ, byω, byα, byβ float64 // derivatives of h
	tails, byTails := 0.0, 0.0
	for _, x := range l.x {
		u := x - μ
		q := u * u / (h * (ν - 2))
		long, share := math.Log1p(q), q/(1+q)
		value -= math.Log(h)/2 + (ν+1)/2*long
		tails += long
		byTails += share

		byH := ((ν+1)*share - 1) / (2 * h)
		slope[0] += byH * byμ
		if u != 0 {
			slope[0] += (ν + 1) * share / u
		}
		slope[1] += byH * byω
		slope[2] += byH * byα
		slope[3] += byH * byβ

		byμ, byω, byα, byβ = β*byμ-2*α*u, 1+β*byω, u*u+β*byα, h+β*byβ
		h = ω + α*u*u + β*h
	}
	n := float64(len(l.x))
	slope[4] = -tails/2 + (ν+1)/2*byTails/(ν-2)
	floats.Scale(1/n, slope[:])
	above, _ := math.Lgamma((ν + 1) / 2)
	below, _ := math.Lgamma(ν / 2)
	slope[4] += (mathext.Digamma((ν+1)/2)-mathext.Digamma(ν/2))/2 - 1/(2*(ν-2))
	return value/n + above - below - math.Log(math.Pi*(ν-2))/2, slope
}

// The search runs over five free numbers: the drift, ln ω, the logits of α + β and of
// α/(α+β), and ln(ν−2). They keep every point allowed.

func freed(p garchPoint) []float64 {
	sum := p[2] + p[3]
	return []float64{p[0], math.Log(p[1]), math.Log(sum / (1 - sum)), math.Log(p[2] / p[3]), math.Log(p[4] - 2)}
}

// bound undoes freed.
func bound(z []float64) garchPoint {
	sum, share := logistic(z[2]), logistic(z[3])
	return garchPoint{z[0], math.Exp(z[1]), sum * share, sum * (1 - share), 2 + math.Exp(z[4])}
}

// free gives the mean log likelihood at free numbers and its derivatives by them.
func (l likelihood) free(z []float64) (value float64, by garchPoint) {
	p := bound(z)
	sum, share := logistic(z[2]), logistic(z[3])
	value, s := l.at(p)
	return value, garchPoint{s[0], s[1] * p[1], (s[2]*share + s[3]*(1-share)) * sum * (1 - sum), (s[2] - s[3]) * sum * share * (1 - share), s[4] * (p[4] - 2)}
}

func logistic(z float64) float64 { return 1 / (1 + math.Exp(-z)) }

// garchStarts are where the search begins: calm and stormy, short and long memory.
var garchStarts = []garchPoint{
	{0, .05, .05, .90, 6},
	{0, .10, .15, .75, 5},
	{0, .50, .20, .30, 4},
	{0, .02, .02, .96, 10},
}

// flat is the largest derivative, by any free number, of what counts as a maximum of the
// mean log likelihood.
const flat = 1e-5

// maximise searches from every start and gives the highest maximum, and how many of the
// starts ended at it.
func (l likelihood) maximise() (best garchPoint, value float64, agreeing int, err error) {
	at := garchPoint{math.NaN()} // the search asks for value and derivatives of a point apart
	var slope garchPoint
	var height float64
	look := func(z []float64) {
		if garchPoint(z) != at {
			at = garchPoint(z)
			height, slope = l.free(z)
		}
	}
	problem := optimize.Problem{
		Func: func(z []float64) float64 { look(z); return barred(height) },
		Grad: func(grad, z []float64) {
			look(z)
			floats.ScaleTo(grad, -1, slope[:])
		},
	}
	settings := &optimize.Settings{GradientThreshold: flat / 10, MajorIterations: 300, Converger: &optimize.FunctionConverge{Absolute: 1e-12, Iterations: 20}}
	var maxima []float64
	value = math.Inf(-1)
	for _, start := range garchStarts {
		// The search also ends where a line of it makes no headway; whether that is a
		// maximum is for the derivatives to say.
		result, _ := optimize.Minimize(problem, freed(start), settings, &optimize.BFGS{})
		if result == nil || !l.isFlat(result.X) {
			continue
		}
		maxima = append(maxima, -result.F)
		if -result.F > value {
			value = -result.F
			best = bound(result.X)
		}
	}
	if len(maxima) == 0 {
		return best, value, 0, ErrNotConverged
	}
	for _, m := range maxima {
		if (value-m)*float64(len(l.x)) < agreeingStarts {
			agreeing++
		}
	}
	return best, value, agreeing, nil
}

// barred is the negative of a likelihood; one that overflowed is worse than any.
func barred(v float64) float64 {
	if math.IsNaN(v) {
		return math.Inf(1)
	}
	return -v
}

func (l likelihood) isFlat(z []float64) bool {
	_, by := l.free(z)
	for _, d := range by {
		if !(math.Abs(d) <= flat) {
			return false
		}
	}
	return true
}

// covariance inverts the second derivatives of the log likelihood at its maximum, by
// central differences of the first. Each parameter is in the given unit of the result. It
// is nil where the likelihood is not curved in every direction.
func (l likelihood) covariance(p, units garchPoint) *mat.SymDense {
	n := float64(len(l.x))
	var curvature [5]garchPoint
	for i := range p {
		up, down := p, p
		step := 1e-4 * math.Max(math.Abs(p[i]), 1e-2)
		if i == 4 {
			step = 1e-4 * (p[4] - 2) // ν stays above 2
		}
		up[i], down[i] = p[i]+step, p[i]-step
		_, above := l.at(up)
		_, below := l.at(down)
		for j := range p {
			curvature[i][j] = -n * (above[j] - below[j]) / (2 * step)
		}
	}
	information := mat.NewSymDense(len(p), nil)
	for i := range p {
		for j := range i + 1 {
			information.SetSym(i, j, (curvature[i][j]+curvature[j][i])/2/(units[i]*units[j]))
		}
	}
	return inverse(information)
}

// inverse is that of a positive definite matrix, nil of any other. It is scaled to a
// diagonal of 1 first, since ω is much smaller than ν.
func inverse(m *mat.SymDense) *mat.SymDense {
	n := m.SymmetricDim()
	scale := make([]float64, n)
	for i := range scale {
		if scale[i] = math.Sqrt(m.At(i, i)); !(scale[i] > 0) || math.IsInf(scale[i], 1) {
			return nil
		}
	}
	unit := mat.NewSymDense(n, nil)
	for i := range n {
		for j := range i + 1 {
			unit.SetSym(i, j, m.At(i, j)/(scale[i]*scale[j]))
		}
	}
	var factor mat.Cholesky
	if !factor.Factorize(unit) {
		return nil
	}
	inverted := mat.NewSymDense(n, nil)
	if err := factor.InverseTo(inverted); err != nil {
		return nil
	}
	for i := range n {
		for j := range i + 1 {
			inverted.SetSym(i, j, inverted.At(i, j)/(scale[i]*scale[j]))
		}
	}
	return inverted
}
