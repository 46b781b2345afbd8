package sweep

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/sim/design"
)

// maxCells bounds a sweep, so that a slip in an axis is an error and not a year of
// waiting.
const maxCells = 10_000_000

// A Plan is a sweep that can be run: which cells there are, and what each of them
// changes.
type Plan struct {
	Scenario *scenarios.Scenario
	Axes     []Axis
	Design   Design
	cells    int
	points   design.Design // where the cells lie along the axes, if they are drawn
}

// NewPlan checks axes and design.
func NewPlan(s *scenarios.Scenario, axes []Axis, d Design) (*Plan, error) {
	p := &Plan{Scenario: s, Axes: axes, Design: d}
	if len(axes) == 0 {
		return nil, fmt.Errorf("a sweep without a parameter, expected at least one to vary")
	}
	for i, a := range axes {
		if slices.ContainsFunc(axes[:i], func(b Axis) bool { return b.Key == a.Key }) {
			return nil, fmt.Errorf("%s is varied twice, expected each parameter once", a.Key)
		}
	}
	switch d.Name {
	case Grid:
		return p, p.grid()
	case OneByOne:
		return p, p.oneByOne()
	}
	return p, p.draw()
}

func (p *Plan) grid() error {
	p.cells = 1
	for _, a := range p.Axes {
		if a.Range() {
			return fmt.Errorf("%s: a range in a grid, expected its division, such as /5, or a design that draws its points", a.Key)
		}
		if p.cells *= len(a.Values); p.cells > maxCells {
			return fmt.Errorf("a grid of more than %d cells", maxCells)
		}
	}
	return nil
}

// oneByOne begins with the scenario as it is; of a range it takes both ends.
func (p *Plan) oneByOne() error {
	p.Axes = slices.Clone(p.Axes)
	p.cells = 1
	for i := range p.Axes {
		a := &p.Axes[i]
		if a.Own = p.Scenario.Value(a.Key); a.Own == "" {
			return fmt.Errorf("%s: the scenario does not say it, expected a value to go from, as with --set %s=%s", a.Key, a.Key, a.At(.5))
		}
		if a.Range() {
			a.Values = []string{a.At(0), a.At(1)}
		}
		if len(a.Values) < 2 {
			return fmt.Errorf("%s: one value, expected at least two, a low one and a high one", a.Key)
		}
		if p.cells += len(a.Values); p.cells > maxCells {
			return fmt.Errorf("more than %d cells", maxCells)
		}
	}
	return nil
}

// Alone is the cell of a value of an axis while the others are as the scenario says, in
// a design of one at a time.
func Alone(axes []Axis, axis, value int) int {
	cell := 1 + value
	for _, a := range axes[:axis] {
		cell += len(a.Values)
	}
	return cell
}

// Len is the number of cells.
func (p *Plan) Len() int { return p.cells }

// Values are those of a cell, as they are written in a file, by axis. In a grid the
// last axis changes fastest.
func (p *Plan) Values(cell int) []string {
	values := make([]string, len(p.Axes))
	if p.Design.Name == OneByOne {
		for i, a := range p.Axes {
			values[i] = a.Own
			if at := cell - Alone(p.Axes, i, 0); at >= 0 && at < len(a.Values) {
				values[i] = a.Values[at]
			}
		}
		return values
	}
	if p.Design.Name != Grid {
		for i, share := range p.point(cell) {
			values[i] = p.Axes[i].At(share)
		}
		return values
	}
	for i := len(p.Axes) - 1; i >= 0; i-- {
		list := p.Axes[i].Values
		values[i] = list[cell%len(list)]
		cell /= len(list)
	}
	return values
}

// point is where a cell lies in the unit cube.
func (p *Plan) point(cell int) []float64 {
	x, err := p.points.Point(cell)
	if err != nil {
		panic(err) // a cell that is none of the plan's
	}
	return x
}

// Set is what a cell changes in the scenario.
func (p *Plan) Set(cell int) []scenarios.Override {
	var set []scenarios.Override
	for i, v := range p.Values(cell) {
		if p.Design.Name == OneByOne && v == p.Axes[i].Own {
			continue
		}
		set = append(set, scenarios.Override{Key: p.Axes[i].Key, Value: v})
	}
	return set
}

// Label writes a cell with these values for a person: "redemption.response = 1bn,
// market.btc.depth_1pct = 3bn".
func Label(axes []Axis, values []string) string {
	parts := make([]string, len(axes))
	for i, a := range axes {
		parts[i] = a.Key + " = " + values[i]
	}
	return strings.Join(parts, ", ")
}

// Label writes a cell for a person.
func (p *Plan) Label(cell int) string { return Label(p.Axes, p.Values(cell)) }

// Hash is the SHA-256 of what the cells are and of the data that they are run on, given
// as hashes: two sittings of one sweep have the same.
func (p *Plan) Hash(data []string) (string, error) {
	text, err := json.Marshal(struct {
		Scenario string
		Axes     []Axis
		Design   Design
		Data     []string
	}{p.Scenario.Hash(), p.Axes, p.Design, data})
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), err
}
