package reconstruct

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
)

// A regression explains the weekly log returns of an asset by its leaders'.
type regression struct {
	slopes   []float64 // one for each leader
	residual float64   // standard deviation of what they leave unexplained
}

// regressions fits one for each follower.
func (s source) regressions() ([]regression, error) {
	laws := make([]regression, len(followers))
	faults := make([]error, len(followers))
	for i, f := range followers {
		laws[i], faults[i] = s.regress(f)
	}
	return laws, errors.Join(faults...)
}

// regress fits by least squares. It fails where the leaders' returns do not
// tell one slope from another.
func (s source) regress(f follower) (regression, error) {
	const singular = 1e12 // condition number from which slopes are rounding errors
	covariance := s.covariance(append(slices.Clone(f.leaders), f.closes))
	n := len(f.leaders)
	variance := covariance.At(n, n)
	if n == 0 {
		return regression{residual: math.Sqrt(variance)}, nil
	}
	var factor mat.Cholesky
	if !factor.Factorize(covariance.SliceSym(0, n)) || factor.Cond() > singular {
		return regression{}, fmt.Errorf("weekly facts: %s: found returns of %s that are constant or move as one, expected them to vary apart",
			f.closes.name, names(f.leaders))
	}
	shared := mat.NewVecDense(n, nil) // covariances of the asset with its leaders
	for j := range n {
		shared.SetVec(j, covariance.At(j, n))
	}
	var slopes mat.VecDense
	if err := factor.SolveVecTo(&slopes, shared); err != nil {
		return regression{}, fmt.Errorf("weekly facts: %s: %w", f.closes.name, err)
	}
	explained := mat.Dot(&slopes, shared)
	return regression{slopes.RawVector().Data, math.Sqrt(max(0, variance-explained))}, nil
}

// covariance is that of the weekly log returns of some closes.
func (s source) covariance(closes []column) *mat.SymDense {
	returns := mat.NewDense(len(s.weeks)-1, len(closes), nil)
	for j, c := range closes {
		for k, week := range s.weeks[1:] {
			returns.Set(k, j, math.Log(float64(c.value(week)/c.value(s.weeks[k]))))
		}
	}
	covariance := new(mat.SymDense)
	stat.CovarianceMatrix(covariance, returns, nil)
	return covariance
}

func names(columns []column) string {
	list := make([]string, len(columns))
	for i, c := range columns {
		list[i] = c.name
	}
	return strings.Join(list, ", ")
}
