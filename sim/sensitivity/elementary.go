package sensitivity

import (
	"fmt"
	"math"
	"slices"
)

// elementary are effects, a row for each trajectory, divided by the scale.
type elementary struct {
	k       int
	scale   float64
	effects [][]float64
}

func newElementary(moves []move, outcomes []float64, kept []int, k int) (elementary, error) {
	e := elementary{k: k}
	for _, b := range kept {
		row := make([]float64, k)
		for _, m := range moves[b*k : (b+1)*k] {
			row[m.parameter] = (outcomes[m.to] - outcomes[m.from]) / m.by
			e.scale = max(e.scale, math.Abs(row[m.parameter]))
		}
		e.effects = append(e.effects, row)
	}
	if e.scale > largest {
		return e, fmt.Errorf("sensitivity: found an effect of %g, expected at most %g", e.scale, largest)
	}
	if e.scale == 0 {
		return e, nil
	}
	for _, row := range e.effects {
		for j := range row {
			row[j] /= e.scale
		}
	}
	return e, nil
}

func (e elementary) rows() int { return len(e.effects) }

func (e elementary) methods() []string {
	return slices.Repeat([]string{"elementary effects"}, 3*e.k)
}

// figures are all mu, then all mu*, then all sigma.
func (e elementary) figures(rows []int) []float64 {
	list := make([]float64, 3*e.k)
	mu, size, sigma := list[:e.k], list[e.k:2*e.k], list[2*e.k:]
	n := float64(len(rows))
	for _, i := range rows {
		for j, v := range e.effects[i] {
			mu[j] += v
			size[j] += math.Abs(v)
		}
	}
	for j := range mu {
		mu[j], size[j] = mu[j]/n, size[j]/n
	}
	for _, i := range rows {
		for j, v := range e.effects[i] {
			sigma[j] += (v - mu[j]) * (v - mu[j])
		}
	}
	for j := range mu {
		mu[j], size[j], sigma[j] = e.scale*mu[j], e.scale*size[j], e.scale*math.Sqrt(sigma[j]/(n-1))
	}
	return list
}
