package rare

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"slices"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/driver"
	"github.com/ebb-sim/ebb/sim/outcome"
)

// Of the pilot runs by which a tilt is sought.
const (
	pilotPaths = 2000 // in each round
	elite      = .1   // share of them that shows the way, until so many pass the threshold
	mostRounds = 15
)

// ErrNoTilt says that no tilt was found under which the event is common.
var ErrNoTilt = errors.New("no tilt of the news leads there")

// Seek finds the tilt by the method of cross-entropy: in each round the means of the
// normals become those of the paths that come farthest, weighted by their likelihood
// ratios, until a tenth of them pass the threshold, and then those of the paths that
// do (Rubinstein and Kroese, The Cross-Entropy Method, 2004, chapter 3). The tilt is the
// same in every step. The pilot paths are others than those of an answer of the same
// seed.
func Seek(ctx context.Context, plan *sim.Plan, source *driver.Tiltable, q Question, seed uint64, workers int) (driver.Tilt, int, error) {
	tilt, arrived := source.None(), false
	var level float64
	for round := range mostRounds {
		s := sample{plan: plan, source: source, tilt: tilt, seed: seed ^ pilotKey, first: uint64(round * pilotPaths), paths: pilotPaths, workers: workers,
			outcomes: []outcome.Outcome{q.Outcome}}
		if err := s.run(ctx); err != nil {
			return tilt, 0, fmt.Errorf("pilot run: %w", err)
		}
		final := arrived
		level = q.level(s.values[0])
		arrived = q.passed(level)
		if arrived {
			level = q.Threshold
		}
		tilt = s.towards(Question{q.Outcome, level, q.AtMost})
		if arrived && final { // the last round's paths already passed often enough
			return tilt, (round + 1) * pilotPaths, nil
		}
	}
	return tilt, 0, fmt.Errorf("%w: after %d pilot runs of %d paths a tenth of them comes to %s of %v, expected %v",
		ErrNoTilt, mostRounds, pilotPaths, q.Outcome.Name, level, q.Threshold)
}

// pilotKey sets the pilot's random numbers apart.
var pilotKey = func() uint64 {
	h := fnv.New64a()
	h.Write([]byte("pilot of a tilt")) // a hash's Write never fails
	return h.Sum64()
}()

// level is what the elite comes to.
func (q Question) level(values []float64) float64 {
	order := slices.DeleteFunc(slices.Clone(values), func(v float64) bool { return v != v })
	slices.Sort(order)
	if !q.AtMost {
		slices.Reverse(order)
	}
	if len(order) == 0 {
		return math.NaN()
	}
	return order[min(int(elite*float64(len(values))), len(order)-1)]
}

// towards is the tilt whose means are those of the paths that pass.
func (s *sample) towards(q Question) driver.Tilt {
	sums, counts := s.source.None(), s.source.None()
	add := func(into, from []float64, weight float64) {
		for i, v := range from {
			into[i] += weight * v
		}
	}
	for i, v := range s.values[0] {
		if weight := math.Exp(s.log[i]); q.passed(v) {
			add(sums.News, s.sums[i].News, weight)
			add(sums.Innovations, s.sums[i].Innovations, weight)
			add(counts.News, s.counts[i].News, weight)
			add(counts.Innovations, s.counts[i].Innovations, weight)
		}
	}
	mean := func(sums, counts []float64) {
		for i := range sums {
			if counts[i] > 0 {
				sums[i] /= counts[i]
			} else {
				sums[i] = 0 // never drawn
			}
		}
	}
	mean(sums.News, counts.News)
	mean(sums.Innovations, counts.Innovations)
	return sums
}
