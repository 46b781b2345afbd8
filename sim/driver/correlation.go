package driver

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ebb-sim/ebb/sim/param"
	"gonum.org/v1/gonum/mat"
)

// Correlation ties the news of two assets together.
type Correlation struct {
	Between []string `yaml:"between" required:"true" doc:"the two assets"`
	Value   float64  `yaml:"value" unit:"factor" required:"true" min:"-1" max:"1" doc:"correlation of their news"`
}

// correlated checks a list of correlations and returns the rows of the lower
// triangle of their Cholesky factor. Pairs not listed are uncorrelated: they are
// apart, for a warning.
func correlated(assets []string, list []Correlation) (factor [][]float64, apart [][2]string, err error) {
	matrix := mat.NewSymDense(len(assets), nil)
	for a := range assets {
		matrix.SetSym(a, a, 1)
	}
	given := map[[2]int]bool{}
	var faults []error
	for i, c := range list {
		pair, fault := c.pair(assets, fmt.Sprintf("correlation[%d].between", i))
		if fault == nil && given[pair] {
			fault = &param.Error{Path: fmt.Sprintf("correlation[%d].between", i), Found: c.String() + " for the second time", Expected: "each pair once"}
		}
		if fault != nil {
			faults = append(faults, fault)
			continue
		}
		given[pair] = true
		matrix.SetSym(pair[0], pair[1], c.Value)
	}
	if len(faults) > 0 {
		return nil, nil, errors.Join(faults...)
	}
	var cholesky mat.Cholesky
	if !cholesky.Factorize(matrix) {
		return nil, nil, &param.Error{Path: "correlation", Found: "values that no assets can have together (the matrix is not positive definite)",
			Expected: "values nearer to 0, or that agree with each other"}
	}
	var lower mat.TriDense
	cholesky.LTo(&lower)
	for a := range assets {
		factor = append(factor, make([]float64, a+1))
		for b := range factor[a] {
			factor[a][b] = lower.At(a, b)
		}
	}
	return factor, uncorrelated(assets, given), nil
}

// pair finds the indices of the two assets, in ascending order.
func (c Correlation) pair(assets []string, path string) ([2]int, error) {
	var pair [2]int
	if len(c.Between) != len(pair) {
		return pair, &param.Error{Path: path, Found: fmt.Sprintf("%d assets", len(c.Between)), Expected: "two"}
	}
	for k, name := range c.Between {
		if pair[k] = slices.Index(assets, name); pair[k] < 0 {
			return pair, &param.Error{Path: path, Found: fmt.Sprintf("%q", name), Expected: "one of " + strings.Join(assets, ", ")}
		}
	}
	if pair[0] == pair[1] {
		return pair, &param.Error{Path: path, Found: c.Between[0] + " twice", Expected: "two different assets"}
	}
	slices.Sort(pair[:])
	return pair, nil
}

func (c Correlation) String() string { return strings.Join(c.Between, " and ") }

func uncorrelated(assets []string, given map[[2]int]bool) (apart [][2]string) {
	for b := range assets {
		for a := range b {
			if !given[[2]int{a, b}] {
				apart = append(apart, [2]string{assets[a], assets[b]})
			}
		}
	}
	return apart
}

// warnApart writes a warning for each pair; format takes the names of two assets.
func warnApart(apart [][2]string, format string) (warnings []string) {
	for _, pair := range apart {
		warnings = append(warnings, fmt.Sprintf(format, pair[0], pair[1]))
	}
	return warnings
}

// independent is the warning of a driver in which correlation alone ties assets.
const independent = "the news of %s and %s is independent: no correlation is given"
