package scenarios

import (
	"fmt"
	"math"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/param"
	"github.com/ebb-sim/ebb/sim/replay"
)

// Replays tells whether the case runs along the history, with mechanisms whose
// part in it must be told from the news.
func (c *Case) Replays() bool { return c.Driver.Name() == "replay" && len(c.Plan.Entries) > 0 }

// Identify takes the history along the case's run apart: what was news, and what
// its mechanisms made of it.
func (c *Case) Identify() (*replay.Identified, error) {
	found, err := replay.Identify(c.Plan, c.observed(c.Plan, c.Start))
	return found, c.placed(err)
}

// placed gives an error of an identification the line that asks for it.
func (c *Case) placed(err error) error {
	if err == nil {
		return nil
	}
	path := "history"
	if c.Simulate != nil {
		path = "simulate.news"
	}
	return data.Faults{c.fault(path, err.Error(), "", "")}
}

// observed are the closes and the series of the history in the steps of a plan
// that begins at a row.
func (c *Case) observed(plan *sim.Plan, from int) replay.Observed {
	o := replay.Observed{Series: map[string][]float64{}}
	along := func(name string, carried bool) []float64 {
		list := make([]float64, plan.Steps)
		for k := range list {
			list[k] = math.NaN()
			if v, ok := c.Panel.Value(name, from+1+k); ok && (carried || !c.Panel.Carried(name, from+1+k)) {
				list[k] = v
			}
		}
		return list
	}
	for _, asset := range plan.Assets {
		closes := along(PriceSeries(asset.Name), true)
		for k := range closes {
			closes[k] = math.Log(closes[k])
		}
		o.LogPrice = append(o.LogPrice, closes)
	}
	for _, observable := range plan.Innovations {
		if !c.Panel.Has(observable.Name) {
			continue
		}
		values, left := along(observable.Name, false), 0
		for k, v := range values {
			if !observable.Always && !plan.Session(k) && !math.IsNaN(v) {
				values[k] = math.NaN()
				left++
			}
		}
		if left > 0 {
			c.Notes = append(c.Notes, fmt.Sprintf("%s: %d values on days without a US session are left out of the identification", observable.Name, left))
		}
		o.Series[observable.Name] = values
	}
	return o
}

// Draws tells whether the case draws its news from the past, in which mechanisms
// had a part.
func (c *Case) Draws() bool {
	return c.Driver.Name() == "bootstrap" && len(c.Plan.Entries) > 0 && c.Start > 0
}

// Drawn puts in place of the returns of the past, from which the case draws, the
// news that its mechanisms leave of them. They begin as the scenario has them at
// the start of the history: what they were then is not known.
func (c *Case) Drawn() (*replay.Identified, error) {
	plan, err := c.along(c.Start)
	if err != nil {
		return nil, c.placed(err)
	}
	found, err := replay.Identify(plan, c.observed(plan, 0))
	if err != nil {
		return nil, c.placed(err)
	}
	return found, nil
}

// along is the case's plan along its history instead, so many steps from the first
// close, without shocks and without a past.
func (c *Case) along(steps int) (*sim.Plan, error) {
	past := *c.Plan
	past.Start, past.Steps, past.Shocks, past.Past = c.Panel.Time(0), steps, nil, sim.Past{}
	past.Assets = append([]sim.Asset(nil), c.Plan.Assets...)
	for a := range past.Assets {
		price, ok := c.Panel.Value(PriceSeries(past.Assets[a].Name), 0)
		if !ok {
			return nil, fmt.Errorf("%s has no price on %s, from which its news could be identified", past.Assets[a].Name, param.FormatDate(past.Start))
		}
		past.Assets[a].Price = price
	}
	past.Sessions = make([]bool, past.Steps)
	for k := range past.Sessions {
		past.Sessions[k] = session(c.Panel.Time(k+1), past.Step)
	}
	return sim.Compile(past)
}

// DrawFrom makes the case draw from identified news of the past.
func (c *Case) DrawFrom(found *replay.Identified) error {
	env := c.env
	env.Past = nil
rows:
	for k := range found.News[0] {
		row := make([]float64, 0, len(found.News))
		for a, asset := range c.Plan.Assets {
			series := PriceSeries(asset.Name)
			if _, ok := c.Panel.Value(series, k); !ok || c.Panel.Carried(series, k+1) {
				continue rows
			}
			row = append(row, found.News[a][k]+found.Unexplained[a][k])
		}
		env.Past = append(env.Past, row)
	}
	built, err := c.Simulate.News.Config.Build(&env)
	if err != nil {
		return c.placed(err)
	}
	c.Driver = built
	return nil
}
