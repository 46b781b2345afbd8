package monitor

import "math"

// sample sums up some numbers.
type sample struct {
	count  float64
	sum    float64
	square float64 // squared deviations from their mean, summed
}

// one is the sample of one number; that of NaN is empty.
func one(v float64) sample {
	if math.IsNaN(v) {
		return sample{}
	}
	return sample{count: 1, sum: v}
}

// and joins two samples (Chan, Golub and LeVeque, 1983, The American
// Statistician 37).
func (s sample) and(other sample) sample {
	if s.count == 0 || other.count == 0 {
		return sample{s.count + other.count, s.sum + other.sum, s.square + other.square}
	}
	n, apart := s.count+other.count, s.sum/s.count-other.sum/other.count
	return sample{n, s.sum + other.sum, s.square + other.square + apart*apart*s.count*other.count/n}
}

// sd is the standard deviation; NaN of fewer than two numbers.
func (s sample) sd() float64 {
	if s.count < 2 {
		return math.NaN()
	}
	return math.Sqrt(s.square / (s.count - 1))
}

// window sums up the last steps of a series in which some steps have no value. It
// takes nothing away from a running sum: equal flows in and out sum to 0, and
// equal values have no deviation beyond rounding.
type window struct {
	cells []sample // a step each; from place on, all that the last turn holds from there to its end
	place int      // of the next step
	turn  sample   // of the cells before place

	longest int // steps from one value to the next, beyond which something is missing
	since   int // steps since the latest value
	covered int // steps since, and including, the first value after which nothing is missing
}

func newWindow(steps, longest int) window {
	return window{cells: make([]sample, steps), longest: longest}
}

// with is what the window would hold after one more step, and whether that is all
// there is to know of its time.
func (w *window) with(v float64) (sample, bool) {
	s := w.turn.and(one(v))
	if next := w.place + 1; next < len(w.cells) {
		s = s.and(w.cells[next])
	}
	return s, w.reach(v) >= len(w.cells)
}

// reach is how many steps are covered after one more.
func (w *window) reach(v float64) int {
	if w.covered > 0 && w.since < w.longest {
		return w.covered + 1
	}
	if math.IsNaN(v) {
		return 0
	}
	return 1
}

// push takes one step.
func (w *window) push(v float64) {
	w.covered = w.reach(v)
	w.since++
	if !math.IsNaN(v) {
		w.since = 0
	}
	w.cells[w.place] = one(v)
	w.turn = w.turn.and(w.cells[w.place])
	if w.place++; w.place < len(w.cells) {
		return
	}
	for i := len(w.cells) - 2; i >= 0; i-- {
		w.cells[i] = w.cells[i].and(w.cells[i+1])
	}
	w.place, w.turn = 0, sample{}
}
