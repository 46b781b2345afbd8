package scenarios

import (
	"fmt"
	"reflect"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/driver"
	"github.com/ebb-sim/ebb/sim/param"
)

// Precision is how narrow the interval of an outcome's mean is to be: half its width.
// One of Relative and Absolute is given.
type Precision struct {
	Outcome  string  `yaml:"outcome" doc:"whose mean; that of the first of outcomes where not given"`
	Relative float64 `yaml:"relative" unit:"fraction" above:"0" below:"1" doc:"half the width of the 95 % interval at most, as a share of the mean; near a mean of 0 it is not reached"`
	Absolute float64 `yaml:"absolute" unit:"amount" above:"0" doc:"the same in the outcome's base unit: 0.01 is one percentage point of a return"`
}

// decode reads 1% for {relative: 1%}.
func (p *Precision) decode(d *decoder, n *node, path string) {
	own := reflect.ValueOf(p).Elem()
	if n.form == scalar {
		f := relativePrecision()
		d.scalar(n, own.FieldByIndex(f.Index), f, path)
		return
	}
	d.section(n, n, own, path)
}

// relativePrecision is the field that a precision of one number stands for.
func relativePrecision() param.Field {
	for _, f := range param.Fields(reflect.TypeFor[Precision]()) {
		if f.Name == "relative" {
			return f
		}
	}
	panic("a precision has no field relative")
}

func (s *Scenario) checkPrecision(d *decoder) {
	n := s.root.get("simulate").get("precision")
	if n == nil || n.form == scalar {
		return
	}
	relative, absolute := n.get("relative"), n.get("absolute")
	const path = "simulate.precision"
	switch {
	case relative == nil && absolute == nil:
		d.blame(n, path, "no width", "relative, such as 1%, or absolute")
	case relative != nil && absolute != nil:
		d.blame(absolute, path, "relative and absolute", "one of them")
	}
}

// together gives the driver the way in which the file has the paths drawn.
func (b *builder) together(d sim.Driver) sim.Driver {
	if b.Simulate == nil {
		return d
	}
	drawn, err := driver.Draw(d, b.Simulate.Variance, b.Plan.Steps)
	if err != nil {
		b.fault("simulate.variance", b.Simulate.Variance+" paths: "+err.Error(), "", "")
		return d
	}
	if group, paths := sim.GroupOf(drawn), b.Simulate.Paths; paths%group != 0 {
		b.fault("simulate.paths", "simulate.paths", fmt.Sprint(paths), fmt.Sprintf("a multiple of %d: so many %s paths are drawn together", group, b.Simulate.Variance))
	}
	return drawn
}
