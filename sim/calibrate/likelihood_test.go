package calibrate

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// The derivatives are those of differences.
func TestLikelihoodDerivatives(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	l := likelihood{x: make([]float64, 300)}
	for i := range l.x {
		l.x[i] = r.NormFloat64()
	}
	for _, p := range garchStarts {
		p[0] = .03
		z := freed(p)
		if back := bound(z); math.Abs(back[2]-p[2]) > 1e-12 || math.Abs(back[3]-p[3]) > 1e-12 || math.Abs(back[4]-p[4]) > 1e-12 {
			t.Errorf("%v comes back as %v", p, back)
		}
		_, slope := l.at(p)
		_, by := l.free(z)
		for i := range p {
			const step = 1e-6
			up, down, zUp, zDown := p, p, slices.Clone(z), slices.Clone(z)
			up[i], down[i], zUp[i], zDown[i] = up[i]+step, down[i]-step, zUp[i]+step, zDown[i]-step
			above, _ := l.at(up)
			below, _ := l.at(down)
			if want := (above - below) / (2 * step); math.Abs(slope[i]-want) > 1e-7 {
				t.Errorf("derivative %d at %v: %v, differences %v", i, p, slope[i], want)
			}
			above, _ = l.free(zUp)
			below, _ = l.free(zDown)
			if want := (above - below) / (2 * step); math.Abs(by[i]-want) > 1e-7 {
				t.Errorf("free derivative %d at %v: %v, differences %v", i, p, by[i], want)
			}
		}
	}
}
