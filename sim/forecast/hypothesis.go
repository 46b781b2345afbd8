package forecast

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// A Test is a statistic with the probability of one at least as extreme where the model
// is right. What cannot be computed is NaN, and Absent says why.
type Test struct {
	Name      string
	Statistic float64
	P         float64
	N         int    // observations
	Law       string // of the statistic where the model is right
	Warnings  []string
	Absent    string // why there is no statistic; "" where there is one
}

func (t Test) absent(format string, args ...any) Test {
	t.Statistic, t.P, t.Absent = math.NaN(), math.NaN(), fmt.Sprintf(format, args...)
	return t
}

func (t Test) warn(format string, args ...any) Test {
	t.Warnings = append(t.Warnings, fmt.Sprintf(format, args...))
	return t
}

// chiSquared completes a test whose statistic has this law. Rounding may leave a
// likelihood ratio a little below 0.
func (t Test) chiSquared(statistic float64, degrees int) Test {
	t.Statistic, t.Law = max(statistic, 0), fmt.Sprintf("χ² with %d degrees of freedom", degrees)
	t.P = distuv.ChiSquared{K: float64(degrees)}.Survival(t.Statistic)
	return t
}

// studentT completes a two-sided test whose statistic has this law.
func (t Test) studentT(statistic float64, degrees int) Test {
	t.Statistic, t.Law = statistic, fmt.Sprintf("Student t with %d degrees of freedom", degrees)
	t.P = 2 * distuv.StudentsT{Sigma: 1, Nu: float64(degrees)}.Survival(math.Abs(statistic))
	return t
}
