package trial

import (
	"maps"
	"time"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/sim/backtest/rule"
)

// tapeOf puts the rows of a panel on a tape.
func tapeOf(names []string, panel *data.Panel) *rule.Tape {
	tape := rule.NewTape(names, panel.Step())
	fill(tape, names, panel, panel.Len()-1, func(name string) time.Duration {
		s, _ := panel.Series(name)
		return s.Lag()
	})
	return tape
}

// fill puts the rows of a panel up to one of them on a tape, each at the time at
// which it was published: the end of its period and the series' lag.
func fill(tape *rule.Tape, names []string, panel *data.Panel, last int, lag func(series string) time.Duration) {
	for at, name := range names {
		s, ok := panel.Series(name)
		if !ok {
			continue
		}
		for i := range last + 1 {
			if v, ok := panel.Value(name, i); ok && !panel.Carried(name, i) {
				tape.Publish(at, panel.Time(i).Add(panel.Step()+lag(name)), v)
			}
		}
		if s.Step() > panel.Step() {
			tape.SetStep(at, s.Step())
		}
	}
}

// decider asks the strategy's rules over a panel, with some parameters replaced.
func (t *Trial) decider(panel *data.Panel, with map[string]float64) (*decider, error) {
	parameters, err := t.parameters(with)
	if err != nil {
		return nil, err
	}
	return newDecider(t.Strategy, t.Market.Assets, tapeOf(t.Strategy.Names().Series, panel), parameters), nil
}

// parameters are those of the file with some replaced, in the order in which rules
// get them.
func (t *Trial) parameters(with map[string]float64) ([]float64, error) {
	by := map[string]float64{}
	for name, q := range t.Strategy.Parameters {
		by[name] = q.Value
	}
	maps.Copy(by, with)
	return t.Strategy.Names().Values(by)
}

// cut is the panel as it was at a time: without what had not ended by then.
func cut(panel *data.Panel, at time.Time) (*data.Panel, error) {
	var list []data.Series
	for _, name := range panel.Names() {
		s, _ := panel.Series(name)
		if s, ok := s.Until(at); ok {
			list = append(list, s)
		}
	}
	return data.Align(list, data.AlignOptions{From: panel.Time(0), To: at.Add(-panel.Step()), Step: panel.Step()})
}
