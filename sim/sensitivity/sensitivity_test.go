package sensitivity_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/ebb-sim/ebb/sim/design"
	"github.com/ebb-sim/ebb/sim/sensitivity"
	"github.com/ebb-sim/ebb/sim/stats"
)

var usual = sensitivity.Options{Level: .95, Draws: 100, Seed: 1}

func must[T any](t interface{ Fatal(...any) }) func(T, error) T {
	return func(v T, err error) T {
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func names(k int) []string {
	var list []string
	for j := range k {
		list = append(list, fmt.Sprintf("x%d", j+1))
	}
	return list
}

// at runs a model at all points.
func at(points [][]float64, model func(x []float64) float64) []float64 {
	outcomes := make([]float64, len(points))
	for i, x := range points {
		outcomes[i] = model(x)
	}
	return outcomes
}

// crossed is a model at n blocks of crossed Sobol points.
func crossed(t interface{ Fatal(...any) }, n, k int, seed uint64, model func(x []float64) float64) []float64 {
	return at(must[design.Design](t)(design.Saltelli(n, k, design.Owen, seed)).Points(), model)
}

// ishigami is the function of Ishigami and Homma (1990), First International Symposium on
// Uncertainty Modeling and Analysis, with a = 7 and b = 0.1, on the unit cube.
func ishigami(u []float64) float64 {
	var x [3]float64
	for j := range x {
		x[j] = math.Pi * (2*u[j] - 1)
	}
	return math.Sin(x[0]) + 7*math.Pow(math.Sin(x[1]), 2) + .1*math.Pow(x[2], 4)*math.Sin(x[0])
}

// gWeights are those of Saltelli and Sobol' (1995), Reliability Engineering & System Safety 50(3).
var gWeights = []float64{0, 1, 4.5, 9, 99, 99, 99, 99}

func sobolG(u []float64) float64 {
	product := 1.
	for j, a := range gWeights {
		product *= (math.Abs(4*u[j]-2) + a) / (1 + a)
	}
	return product
}

// gIndices are exact: V_j = 1/(3(1+a_j)²), V = Π(1+V_j) − 1.
func gIndices() (first, total []float64) {
	all := 1.
	for _, a := range gWeights {
		all *= 1 + 1/(3*(1+a)*(1+a))
	}
	for _, a := range gWeights {
		v := 1 / (3 * (1 + a) * (1 + a))
		first, total = append(first, v/(all-1)), append(total, v*all/(1+v)/(all-1))
	}
	return first, total
}

// inOrder gives the indices by parameter.
func inOrder(r sensitivity.Indices) (first, total []stats.Estimate) {
	list := slices.Clone(r.Indices)
	slices.SortFunc(list, func(a, b sensitivity.Index) int { return strings.Compare(a.Parameter, b.Parameter) })
	for _, i := range list {
		first, total = append(first, i.First), append(total, i.Total)
	}
	return first, total
}

func near(t *testing.T, what string, got []stats.Estimate, want []float64, within float64) {
	t.Helper()
	for j, e := range got {
		if !(math.Abs(e.Value-want[j]) <= within) {
			t.Errorf("%s of x%d is %v, want %v ± %g", what, j+1, e.Value, want[j], within)
		}
	}
}
