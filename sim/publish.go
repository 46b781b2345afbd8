package sim

import (
	"fmt"
	"math"
	"slices"
)

// gather lists the series the mechanisms publish. Shared flows add up:
// what funds create for arbitrage is part of their flow. Anything else published
// twice is a fault.
func (p *Plan) gather() (faults []error) {
	p.reports, p.places = nil, make([][]int, len(p.Entries))
	for i, e := range p.Entries {
		r, ok := e.Mechanism.(Reporter)
		if !ok {
			continue
		}
		for _, report := range r.Reports() {
			at := slices.IndexFunc(p.reports, func(known Report) bool { return known.Name == report.Name })
			switch {
			case at < 0:
				at = len(p.reports)
				p.reports = append(p.reports, report)
			case !report.AddsTo(p.reports[at]) || slices.Contains(p.places[i], at):
				faults = append(faults, fmt.Errorf("two mechanisms report %q", report.Name))
			}
			p.places[i] = append(p.places[i], at)
		}
	}
	return faults
}

// AddsTo tells whether two mechanisms may publish the one series: a shared flow
// in one unit.
func (r Report) AddsTo(other Report) bool {
	return r.Shared && r.Kind == Flow && r == other
}

// sequence orders the entries so that each publishes after those it reads.
func (p *Plan) sequence() error {
	p.publishing = nil
	const waiting, done = 1, 2
	state := make([]int, len(p.Entries))
	var visit func(i int) error
	visit = func(i int) error {
		if state[i] == done {
			return nil
		}
		if state[i] == waiting {
			return fmt.Errorf("mechanism %q reads a series that in the end depends on its own", p.Entries[i].Mechanism.Name())
		}
		state[i] = waiting
		if reader, ok := p.Entries[i].Mechanism.(Reader); ok {
			for _, name := range reader.Reads() {
				for k := range p.Entries {
					if !slices.ContainsFunc(p.places[k], func(at int) bool { return p.reports[at].Name == name }) {
						continue
					}
					if err := visit(k); err != nil {
						return err
					}
				}
			}
		}
		state[i] = done
		p.publishing = append(p.publishing, i)
		return nil
	}
	for i := range p.Entries {
		if err := visit(i); err != nil {
			return err
		}
	}
	return nil
}

// follow marks the reports that mechanisms read.
func (p *Plan) follow() {
	p.followed = make([]bool, len(p.reports))
	for _, e := range p.Entries {
		if reader, ok := e.Mechanism.(Reader); ok {
			for _, name := range reader.Reads() {
				if at := slices.IndexFunc(p.reports, func(r Report) bool { return r.Name == name }); at >= 0 {
					p.followed[at] = true
				}
			}
		}
	}
}

// heed picks the entries that publish: those of which others read a series or the
// path keeps one, in the order of the plan. A nil path keeps all.
func (r *Runner) heed(path *Path) {
	r.publishing, r.kept = r.publishing[:0], r.kept[:0]
	for at := range r.plan.reports {
		if path != nil && path.Reports[at] != nil {
			r.kept = append(r.kept, at)
		}
	}
	for _, e := range r.plan.publishing {
		if slices.ContainsFunc(r.plan.places[e], func(at int) bool {
			return path == nil || path.Reports[at] != nil || r.plan.followed[at]
		}) {
			r.publishing = append(r.publishing, e)
		}
	}
}

// publish collects the mechanisms' reports: of the step, or the levels alone at
// the starting close, where no flow has come yet.
func (r *Runner) publish(flows bool) {
	published := r.market.published
	if len(r.publishing) == 0 {
		return
	}
	for i := range published {
		published[i] = math.NaN()
	}
	for _, e := range r.publishing {
		places := r.plan.places[e]
		own := r.reports[:len(places)]
		r.seats[e].trader.(ReportingTrader).Report(r.market, own)
		r.collect(own, places, published, flows)
	}
}

// collect adds what one mechanism reports to the series of all, with or without
// its flows.
func (r *Runner) collect(own []float64, places []int, published []float64, flows bool) {
	for k, at := range places {
		switch {
		case !flows && r.plan.reports[at].Kind == Flow:
		case math.IsNaN(published[at]):
			published[at] = own[k]
		case !math.IsNaN(own[k]):
			published[at] += own[k]
		}
	}
}

// Foretell fills values, one for each of Plan.Reports, with what would be
// published if the step that Try has run last closed as it stands: NaN where
// nothing would be, or where one of those who publish cannot tell.
func (r *Runner) Foretell(values []float64) {
	for i := range values {
		values[i] = math.NaN()
	}
	for _, e := range r.plan.publishing {
		if t, ok := r.seats[e].trader.(Foreteller); ok {
			own := r.reports[:len(r.plan.places[e])]
			t.Foretell(r.market, own)
			r.collect(own, r.plan.places[e], values, true)
		}
	}
	for _, e := range r.plan.publishing {
		if _, ok := r.seats[e].trader.(Foreteller); !ok {
			for _, at := range r.plan.places[e] {
				values[at] = math.NaN()
			}
		}
	}
}
