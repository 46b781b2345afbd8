package sweep

import (
	"fmt"
	"strings"

	"github.com/ebb-sim/ebb/sim/design"
)

// Design says how the axes are divided into cells.
type Design struct {
	Name string `json:"name"`
	N    int    `json:"n,omitempty"`    // points, walks or blocks that are drawn; not for a grid
	Seed uint64 `json:"seed,omitempty"` // of their random numbers
}

// The designs.
const (
	Grid     = "grid"     // every combination of the values
	OneByOne = "oat"      // the scenario as it is, and each value alone: one at a time
	Latin    = "lhs"      // n cells, each axis spread evenly over them
	Sobol    = "sobol"    // n cells that fill the ranges evenly
	Morris   = "morris"   // n walks that move one parameter at a time: which matter at all?
	Saltelli = "saltelli" // n blocks for Sobol's indices: which share of the variance?
)

// Designs lists their names.
func Designs() []string { return []string{Grid, OneByOne, Latin, Sobol, Morris, Saltelli} }

// Drawn tells whether the design draws its points, and so takes their number and a seed.
func (d Design) Drawn() bool { return d.Name != Grid && d.Name != OneByOne }

// levels are those of a Morris walk: the usual four.
const levels = 4

// points are the cells of a design that draws them, in the unit cube of so many axes.
func (d Design) points(dim int) (design.Design, error) {
	switch d.Name {
	case Latin:
		return design.LatinHypercube(d.N, dim, design.LatinOptions{Seed: d.Seed})
	case Sobol:
		return design.Sobol(d.N, dim, design.Owen, d.Seed)
	case Morris:
		return design.Morris(d.N, dim, levels, design.Stairs, d.Seed)
	case Saltelli:
		return design.Saltelli(d.N, dim, design.Owen, d.Seed)
	}
	return design.Design{}, fmt.Errorf("no design %q, expected one of %s", d.Name, strings.Join(Designs(), ", "))
}

// draw chooses the cells of a design that draws them.
func (p *Plan) draw() error {
	var err error
	if p.points, err = p.Design.points(len(p.Axes)); err != nil {
		return err
	}
	if p.cells = p.points.Len(); p.cells > maxCells {
		return fmt.Errorf("a design of more than %d cells", maxCells)
	}
	return nil
}
