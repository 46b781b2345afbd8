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
	points   design.Design // where the cells lie along the axes; not for a grid
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
	if d.Name == Grid {
		return p, p.grid()
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

// Len is the number of cells.
func (p *Plan) Len() int { return p.cells }

// Values are those of a cell, as they are written in a file, by axis. In a grid the
// last axis changes fastest.
func (p *Plan) Values(cell int) []string {
	values := make([]string, len(p.Axes))
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
