package scenarios

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/param"
)

// shocks lays the scenario's shocks on the plan's steps.
func (b *builder) shocks() {
	for i, s := range b.Shocks {
		b.shock(fmt.Sprintf("shocks[%d]", i), s)
	}
}

func (b *builder) shock(path string, s Shock) {
	first, ok := b.moment(path+".on", s.On)
	if !ok {
		return
	}
	over := s.Over
	switch {
	case over == 0 && s.News == nil:
		over = max(b.step, day) // a flow is booked once a day
	case over == 0:
		over = b.step
	case over%b.step != 0:
		b.fault(path+".over", "the length of the shock", param.FormatDuration(over), "a multiple of the step, "+param.FormatDuration(b.step))
		return
	}
	count := int(over / b.step)
	last := first + count
	if last > b.plan.Steps {
		b.fault(path+".over", "the shock", fmt.Sprintf("an end after step %d", b.plan.Steps), "a shock within the run")
		return
	}
	planned := sim.Shock{Name: s.Name, Asset: -1, Observe: -1}
	for k := first; k < last; k++ {
		planned.Steps = append(planned.Steps, k)
	}
	switch {
	case s.News != nil:
		planned.Asset, planned.Amount = b.hit(path, s), *s.News
	case s.Flow != nil:
		if a := b.hit(path, s); a >= 0 {
			b.observe(path+".flow", mechanism.FlowSeries(b.names[a]), *s.Flow, planned)
		}
		return
	case s.Observe != "":
		b.observe(path+".observe", s.Observe, *s.Amount, planned)
		return
	}
	if planned.Asset >= 0 {
		planned.Amount /= float64(len(planned.Steps))
		b.plan.Shocks = append(b.plan.Shocks, planned)
	}
}

// observe plans a shock to an observable: on its sessions only, if it has those.
func (b *builder) observe(path, name string, total float64, planned sim.Shock) {
	at := slices.IndexFunc(b.plan.Innovations, func(i sim.Innovation) bool { return i.Name == name })
	if at < 0 {
		if b.base != nil && slices.ContainsFunc(b.base.Plan.Innovations, func(i sim.Innovation) bool { return i.Name == name }) {
			return // the variant is without the mechanism it hits
		}
		expected := "a mechanism that does, such as redemption"
		for i, known := range b.plan.Innovations {
			if i == 0 {
				expected = "one that is taken: "
			} else {
				expected += ", "
			}
			expected += known.Name
		}
		b.fault(path, "no mechanism takes the observable "+name, "", expected)
		return
	}
	if !b.plan.Innovations[at].Always {
		planned.Steps = slices.DeleteFunc(planned.Steps, func(k int) bool { return !b.plan.Sessions[k] })
	}
	if len(planned.Steps) == 0 {
		expected := "at least one"
		if b.plan.Start.IsZero() {
			expected += "; a run without dates begins on a Monday"
		}
		b.fault(path, "the shock to "+name, "no US session in its time", expected)
		return
	}
	planned.Observe, planned.Amount = at, total/float64(len(planned.Steps))
	b.plan.Shocks = append(b.plan.Shocks, planned)
}

// hit is the index of the asset a shock hits.
func (b *builder) hit(path string, s Shock) int {
	if s.Asset == "" && len(b.names) == 1 {
		return 0
	}
	at := slices.Index(b.names, s.Asset)
	if at < 0 {
		found := "no asset"
		if s.Asset != "" {
			path, found = path+".asset", fmt.Sprintf("%q", s.Asset)
		}
		b.fault(path, "the asset a shock hits", found, "one of: "+strings.Join(b.names, ", "))
	}
	return at
}

const day = 24 * time.Hour

// moment is the first step of a date or of a day of the run.
func (b *builder) moment(path string, m Moment) (int, bool) {
	// In float64, since a long run has more nanoseconds than a time.Duration.
	step := int(min(float64(m.Day-1)*float64(day)/float64(b.step), float64(b.plan.Steps)))
	if !m.Date.IsZero() {
		if b.plan.Start.IsZero() {
			b.fault(path, "a date", m.Date.Format(time.DateOnly), "`day N`: the run has no dates without a history or simulate.from")
			return 0, false
		}
		since := m.Date.Sub(b.plan.Start)
		step = int(since/b.step) - 1
		if since < b.step {
			step = -1
		}
	}
	if step < 0 || step >= b.plan.Steps {
		within := fmt.Sprintf("day 1 to day %d", int(math.Ceil(float64(b.plan.Steps)*float64(b.step)/float64(day))))
		if !b.plan.Start.IsZero() {
			within = fmt.Sprintf("%s to %s", param.FormatDate(b.plan.Time(0)), param.FormatDate(b.plan.Time(b.plan.Steps-1)))
		}
		found := param.FormatDate(m.Date)
		if m.Date.IsZero() {
			found = fmt.Sprintf("day %d", m.Day)
		}
		b.fault(path, "the shock falls outside the run", found, within)
		return 0, false
	}
	return step, true
}
