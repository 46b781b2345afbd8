package sim

import "fmt"

// Fork puts r where from stands: between two steps of a path, of the same plan. Each
// then goes on with news of its own, and neither disturbs the other. A trader that is
// no [Forker] is an error.
func (r *Runner) Fork(from *Runner) error {
	if r.plan != from.plan {
		return fmt.Errorf("a path is forked to a runner of another plan")
	}
	for i := range from.seats {
		f, ok := from.seats[i].trader.(Forker)
		if !ok {
			return fmt.Errorf("mechanism %s: its state cannot be carried to another path", r.plan.Entries[i].Mechanism.Name())
		}
		r.seats[i].trader = f.Fork()
	}
	r.market.fork(from.market)
	if from.repriced != nil && r.repriced == nil {
		r.repriced = make([]float64, len(r.booked))
	}
	r.reversed = false
	for i := range r.memory {
		r.memory[i].level = from.memory[i].level
		r.memory[i].impacts = append(r.memory[i].impacts[:0], from.memory[i].impacts...)
	}
	return nil
}

// fork takes over the state of another market of the same plan.
func (m *Market) fork(from *Market) {
	m.step = from.step
	copy(m.quotes, from.quotes)
	copy(m.innovations, from.innovations)
	copy(m.booked, from.booked)
	copy(m.published, from.published)
	for a, closes := range from.closes {
		m.closes[a] = append(m.closes[a][:0], closes...)
	}
}
