package driver

import (
	"fmt"
	"math"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/param"
)

var _ = catalog.Add(Kind{
	Name:     "student",
	Title:    "fat tails: independent Student-t log returns of the market's volatility",
	Equation: "ε = (μ − σ²/2)Δt + σ√Δt·√((ν − 2)/χ²)·Z, χ² with ν degrees of freedom, one draw a step for all assets;  Var ε = σ²Δt",
	Source:   "Praetz (1972), Journal of Business 45(1); Blattberg and Gonedes (1974), Journal of Business 47(2)",
	Default:  func() Config { return &Student{DegreesOfFreedom: 4} },
})

// Student holds the parameters of Student-t news. The volatility is that of
// each asset's market. The mean log return is that of gbm; the expected price
// does not exist under fat tails.
type Student struct {
	DegreesOfFreedom float64       `yaml:"degrees_of_freedom" unit:"factor" above:"2" doc:"ν, degrees of freedom: the smaller, the fatter the tails; kurtosis exists above 4" source:"4: Platen and Rendek (2008) for stock indices; Begušić et al. (2018) find tail exponents of 2 to 2.5 for Bitcoin"`
	Drift            float64       `yaml:"drift" unit:"rate" doc:"μ per year, of every asset: the mean log return is μ − σ²/2" source:"0: no opinion"`
	Correlation      []Correlation `yaml:"correlation" doc:"pairs of assets whose news is correlated; the others have extreme steps together, but in either direction"`
}

// Build implements Config.
func (c *Student) Build(env *Env) (sim.Driver, error) {
	if err := checkDegrees(c.DegreesOfFreedom); err != nil {
		return nil, err
	}
	return newDiffusion("student", env, c.Drift, c.Correlation, c.DegreesOfFreedom, "student: "+noMean)
}

// checkDegrees asks for degrees of freedom with which there is a variance.
func checkDegrees(df float64) error {
	if !(df > 2) || math.IsInf(df, 1) {
		return &param.Error{Path: "degrees_of_freedom", Found: fmt.Sprint(df),
			Expected: "a finite number above 2; without end the law is the normal one"}
	}
	return nil
}
