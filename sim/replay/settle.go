package replay

import "math"

// All unknowns of a step are gone through in turn, after Gauss and Seidel, until
// none moves any more, or until so many rounds have not brought the worst miss
// down to the share progress.
const (
	rounds   = 60
	patience = 4
	progress = .8
)

// settle moves the unknowns until all targets are met together, or to the best
// place it has come by. A target that a jump has kept from being met is left at
// that, and the others are met beside it.
func (s *search) settle() {
	s.goThrough()
	if s.fix() {
		s.goThrough()
	}
}

func (s *search) goThrough() {
	best := s.worst()
	s.keep()
	for round, stale := 0, 0; round < rounds && stale < patience; round++ {
		moved := false
		for _, t := range s.pending {
			if !t.fixed && !t.met() && s.approach(t) {
				moved = true
			}
		}
		stale++
		if worst := s.worst(); worst < best {
			if worst < progress*best {
				stale = 0
			}
			best = worst
			s.keep()
		}
		if !moved {
			break
		}
	}
	if s.worst() > best {
		copy(s.news, s.bestNews)
		copy(s.innovations, s.bestInnovations)
		s.try()
	}
}

// keep remembers where the unknowns are.
func (s *search) keep() {
	copy(s.bestNews, s.news)
	copy(s.bestInnovations, s.innovations)
}

// worst is the largest miss of the targets whose unknowns may move, in holes.
func (s *search) worst() float64 {
	worst := 0.0
	for _, t := range s.pending {
		if miss := math.Abs(t.miss) / t.hole; !t.fixed && !(miss <= worst) {
			worst = miss
			if math.IsNaN(miss) {
				return math.Inf(1)
			}
		}
	}
	return worst
}

// fix lets the unknowns stay that have hit a jump, and tells whether others are
// left to move.
func (s *search) fix() bool {
	hit, left := false, false
	for _, t := range s.pending {
		t.fixed = t.cause != "" && math.Abs(t.miss) > t.hole
		hit = hit || t.fixed
		left = left || !t.fixed && !t.met()
	}
	return hit && left
}
