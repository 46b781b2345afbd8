package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
)

const methodLeastSquares = "least squares, Student t"

// A Regression is the ordinary least squares fit of
//
//	y = b[0] + b[1]·x₁ + b[2]·x₂ + … + e
type Regression struct {
	Coefficients []float64 // b: the constant first, then one for each regressor in their order
	R2           float64   // share of the variance of y that the fit explains, 0 to 1
	Residuals    []float64 // e, in the order of the observations

	// A coefficient is linear in y: b[j] = Σ weights[j][t]·y[t]. All its standard errors
	// follow from these weights and the residuals.
	weights [][]float64
}

// LeastSquares regresses y on one or several regressors of its length and a constant.
// There must be more observations than coefficients; y and every regressor must vary,
// and no regressor may be a combination of the others.
func LeastSquares(y []float64, regressors ...[]float64) (*Regression, error) {
	if err := checkRegression(y, regressors); err != nil {
		return nil, err
	}
	weights, err := leastSquaresWeights(regressors)
	if err != nil {
		return nil, err
	}
	fit := &Regression{weights: weights, Residuals: make([]float64, len(y))}
	for _, w := range weights {
		b, err := finite(floats.Dot(w, y))
		if err != nil {
			return nil, err
		}
		fit.Coefficients = append(fit.Coefficients, b)
	}
	copy(fit.Residuals, y)
	floats.AddConst(-fit.Coefficients[0], fit.Residuals)
	for j, x := range regressors {
		floats.AddScaled(fit.Residuals, -fit.Coefficients[j+1], x)
	}
	unexplained := floats.Dot(fit.Residuals, fit.Residuals) / (stat.PopVariance(y, nil) * float64(len(y)))
	fit.R2 = min(max(0, 1-unexplained), 1) // rounding may leave it outside
	return fit, nil
}

func checkRegression(y []float64, regressors [][]float64) error {
	if len(regressors) == 0 {
		return fmt.Errorf("%w: no regressor", ErrArgument)
	}
	least := len(regressors) + 2
	if err := checkVaries(y, least); err != nil {
		return err
	}
	for j, x := range regressors {
		if len(x) != len(y) {
			return fmt.Errorf("%w: %d values of regressor %d and %d of the explained variable", ErrLength, len(x), j+1, len(y))
		}
		if err := checkVaries(x, least); err != nil {
			return fmt.Errorf("regressor %d: %w", j+1, err)
		}
	}
	return nil
}

// collinear is the ratio of the smallest to the largest singular value below which
// standardised regressors are taken for dependent: the ninth digit, as in checkVaries.
const collinear = 1e-9

// leastSquaresWeights solves for the weights by the singular values of the regressors,
// each less its mean and of length 1, so that units do not matter. The constant's follow
// from the mean of y being on the fitted line.
func leastSquaresWeights(regressors [][]float64) ([][]float64, error) {
	n, k := len(regressors[0]), len(regressors)
	means, lengths := make([]float64, k), make([]float64, k)
	design := mat.NewDense(n, k, nil)
	for j, x := range regressors {
		centred := make([]float64, n)
		copy(centred, x)
		means[j] = stat.Mean(x, nil)
		floats.AddConst(-means[j], centred)
		lengths[j] = floats.Norm(centred, 2)
		floats.Scale(1/lengths[j], centred)
		design.SetCol(j, centred)
	}
	var svd mat.SVD
	if !svd.Factorize(design, mat.SVDThin) {
		return nil, fmt.Errorf("%w: their singular values were not found", ErrCollinear)
	}
	singular := svd.Values(nil)
	if singular[k-1] < collinear*singular[0] {
		return nil, ErrCollinear
	}
	var u, v, inverse mat.Dense
	svd.UTo(&u)
	svd.VTo(&v)
	for j, s := range singular { // V·S⁻¹·Uᵀ
		for i := range k {
			v.Set(i, j, v.At(i, j)/s)
		}
	}
	inverse.Mul(&v, u.T())

	weights := [][]float64{make([]float64, n)}
	floats.AddConst(1/float64(n), weights[0])
	for j := range k {
		w := mat.Row(nil, j, &inverse)
		floats.Scale(1/lengths[j], w)
		floats.AddScaled(weights[0], -means[j], w)
		weights = append(weights, w)
	}
	return weights, nil
}

// Estimates gives each coefficient with its classical standard error, that of
// independent residuals of equal variance, and Student's t interval. For series in time
// see [Regression.NeweyWest].
func (r *Regression) Estimates(level float64) ([]Measured, error) {
	n, k := len(r.Residuals), len(r.Coefficients)
	if err := r.check(level); err != nil {
		return nil, err
	}
	sd := floats.Norm(r.Residuals, 2) / math.Sqrt(float64(n-k))
	return r.measured(level, methodLeastSquares, studentT(n-k, level), func(weights []float64) float64 {
		return sd * floats.Norm(weights, 2)
	})
}

// check also refuses a Regression that LeastSquares did not make.
func (r *Regression) check(level float64) error {
	if r == nil || len(r.weights) == 0 {
		return fmt.Errorf("%w: an empty regression", ErrArgument)
	}
	return checkLevel(level)
}

func (r *Regression) measured(level float64, method string, reach float64, se func(weights []float64) float64) ([]Measured, error) {
	list := make([]Measured, len(r.Coefficients))
	for j, b := range r.Coefficients {
		var err error
		if list[j], err = estimate(b, level, len(r.Residuals), method).measured(se(r.weights[j]), reach); err != nil {
			return nil, err
		}
	}
	return list, nil
}
