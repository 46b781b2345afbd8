package reconstruct

import (
	"math"
	"math/rand/v2"
)

// A side is the high or the low of a week. Between an open and a close the log
// price is taken for a Brownian bridge: with a and b the distances of open and
// close from a level, it touches the level with probability exp(−2ab/σ²).
type side struct {
	level int
	up    bool // the level is a high
	day   int  // the day that reaches it, -1 where unknown
	sd    float64
}

func (w bitcoinWeek) sides() (top, bottom side) {
	return side{w.high, true, w.highDay, w.sd}, side{w.low, false, w.lowDay, w.sd}
}

// distance is how far a price is inside the level, in logs.
func (s side) distance(price int) float64 {
	d := math.Log(float64(s.level) / float64(price))
	if s.up {
		return d
	}
	return -d
}

// price is the whole price that far inside the level.
func (s side) price(distance float64) int {
	if s.up {
		distance = -distance
	}
	return round(float64(s.level) * math.Exp(distance))
}

// days gives, for each day, the probability density that this day has its
// extreme exactly at the level and all others stay inside it. The densities are
// 0 if the path leaves the range.
func (s side) days(path []int) []float64 {
	n := len(path) - 1
	reach, stay := make([]float64, n), make([]float64, n)
	for i := range n {
		a, b := s.distance(path[i]), s.distance(path[i+1])
		if a < 0 || b < 0 {
			return make([]float64, n)
		}
		touch := math.Exp(-2 * a * b / (s.sd * s.sd))
		reach[i], stay[i] = (a+b)*touch, 1-touch
	}
	density := make([]float64, n)
	for i := range n {
		if s.day >= 0 && s.day != i {
			continue
		}
		density[i] = reach[i]
		for j := range n {
			if j != i {
				density[i] *= stay[j]
			}
		}
	}
	return density
}

// extremes draws how far each day goes: one to the level, the others not quite.
func (s side) extremes(r *rand.Rand, path []int) []int {
	chosen := s.choose(r, path)
	prices := make([]int, len(path)-1)
	for i := range prices {
		a, b := s.distance(path[i]), s.distance(path[i+1])
		touch := math.Exp(-2 * a * b / (s.sd * s.sd))
		u := 1 - (1-touch)*r.Float64() // in (touch, 1]
		d := (a + b - math.Sqrt((a-b)*(a-b)-2*s.sd*s.sd*math.Log(u))) / 2
		switch price := s.price(d); {
		case i == chosen:
			prices[i] = s.level
		case s.up:
			prices[i] = min(price, s.level-1)
		default:
			prices[i] = max(price, s.level+1)
		}
	}
	return prices
}

// choose picks the day that reaches the level: the known one, else one by its
// density, else, where no density tells, the day that comes closest.
func (s side) choose(r *rand.Rand, path []int) int {
	if s.day >= 0 {
		return s.day
	}
	density := s.days(path)
	sum := total(density)
	if sum == 0 {
		return s.closest(path)
	}
	u := r.Float64() * sum
	last := 0
	for i, d := range density {
		if d > 0 {
			last = i
		}
		if u -= d; u < 0 {
			return i
		}
	}
	return last // rounding left a rest of u
}

func (s side) closest(path []int) int {
	best := 0
	for i := range path[1:] {
		if s.near(path, i) < s.near(path, best) {
			best = i
		}
	}
	return best
}

func (s side) near(path []int, i int) float64 {
	return min(s.distance(path[i]), s.distance(path[i+1]))
}
