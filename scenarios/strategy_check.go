package scenarios

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/sim/param"
)

// maxCells bounds a grid of parameters.
const maxCells = 10_000

var (
	ruleName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	// idle are the parameters of a market without a meaning for an account that
	// trades at observed prices, which it does not move.
	idle = []string{"price", "permanent", "half_life", "power", "volatility_decay", "depth_exponent"}
)

// check finds what is wrong with a strategy beyond its single values. It works on
// a spec whose values may be at fault themselves, and asks the tree what was
// given.
func (s *Strategy) check(d *decoder) {
	s.base.checkHistory(d, true)
	s.base.checkMarkets(d)
	s.checkMarket(d)
	s.checkWindow(d)
	s.checkAssets(d)
	s.checkNames(d)
	s.checkGrid(d)
}

func (s *Strategy) checkMarket(d *decoder) {
	for _, e := range s.base.root.get("market").pairs() {
		path := "market." + e.key.text
		for _, key := range idle {
			if n := e.value.entry(key); n != nil {
				d.blame(n.key, path+"."+key, "a parameter of simulated prices", "the impact law alone: an account trades at observed prices and does not move them")
			}
		}
		if m := s.Market[e.key.text]; (m.Impact == SquareRoot || m.Impact == Exponential) && e.value.get("volatility") == nil {
			d.blame(e.key, path+".volatility is missing: impact "+m.Impact+" needs it, and measured on the whole history it would know the future", "", "")
		}
		if _, traded := s.Rules[e.key.text]; !traded && s.Benchmark[e.key.text] == 0 {
			d.blame(e.key, "market", "an asset that nothing trades", "those of rules and benchmark")
		}
	}
}

func (s *Strategy) checkWindow(d *decoder) {
	if !s.From.IsZero() && !s.To.IsZero() && !s.From.Before(s.To) {
		d.blame(s.base.root.get("to"), "to", param.FormatDate(s.To), "a date after from, "+param.FormatDate(s.From))
	}
	if s.History != nil && s.History.Within != "" {
		d.blame(s.base.root.get("history").get("within"), "history.within", shown(s.History.Within), "none: an account trades once a step")
	}
	if s.Luck.Blocks%2 != 0 {
		d.blame(s.base.root.get("luck").get("blocks"), "luck.blocks", param.Format("count", float64(s.Luck.Blocks)), "an even number")
	}
}

// checkAssets asks for market and prices of every asset that is traded.
func (s *Strategy) checkAssets(d *decoder) {
	for _, section := range []string{"rules", "benchmark"} {
		for _, e := range s.base.root.get(section).pairs() {
			asset, path := e.key.text, section+"."+e.key.text
			if _, ok := s.Market[asset]; !ok && len(s.Market) > 0 {
				known := slices.Sorted(maps.Keys(s.Market))
				d.blame(e.key, path, "no market of "+asset, "one of "+strings.Join(known, ", ")+data.DidYouMean(asset, known))
			}
			if s.History == nil {
				continue
			}
			if !s.base.hasSeries(PriceSeries(asset)) {
				d.blame(e.key, path, "no series "+PriceSeries(asset)+" in the history", "the prices of what is traded")
			}
			if s.Account.Fill == AtOpen && !s.base.hasSeries(OpenSeries(asset)) {
				d.blame(e.key, path, "no series "+OpenSeries(asset)+" in the history", "the opens at which orders fill, or account: {fill: close}")
			}
		}
	}
}

// OpenSeries is the name of an asset's opens in a history.
func OpenSeries(asset string) string { return asset + ".open" }

// checkNames asks for names of parameters and signals that rules can tell apart.
func (s *Strategy) checkNames(d *decoder) {
	for _, section := range []string{"parameters", "signals"} {
		for _, e := range s.base.root.get(section).pairs() {
			_, signal := s.Signals[e.key.text]
			switch {
			case !ruleName.MatchString(e.key.text):
				d.blame(e.key, section, shown(e.key.text), "a name of lower-case letters, digits and _")
			case section == "parameters" && signal:
				d.blame(e.key, section, shown(e.key.text)+", which is a signal too", "names that differ")
			}
		}
	}
}

// checkGrid asks for values of parameters that there are, in a number that can be
// run.
func (s *Strategy) checkGrid(d *decoder) {
	cells, known := 1, slices.Sorted(maps.Keys(s.Parameters))
	for _, e := range s.base.root.get("grid").pairs() {
		name, path := e.key.text, "grid."+e.key.text
		own, ok := s.Parameters[name]
		if !ok {
			d.blame(e.key, "grid", "unknown parameter "+shown(name), "one of "+strings.Join(known, ", ")+data.DidYouMean(name, known))
			continue
		}
		values := s.Grid[name]
		if e.value.form == absent || e.value.form == list && len(e.value.items) == 0 {
			d.blame(e.value, path, "no values", "at least one")
		}
		for i, v := range values {
			at := e.value.items[i]
			switch {
			case v.Duration != own.Duration:
				d.blame(at, path, shown(v.Text), "a quantity like the parameter's own, "+own.Text)
			case slices.ContainsFunc(values[:i], func(other Quantity) bool { return other.Value == v.Value }):
				d.blame(at, path, shown(v.Text)+" a second time", "each value once")
			}
		}
		if cells *= max(1, len(values)); cells > maxCells {
			d.blame(e.key, "grid", fmt.Sprintf("%d combinations and more", cells), fmt.Sprintf("at most %d", maxCells))
			break
		}
	}
	if s.WalkForward != nil && len(s.Grid) == 0 {
		d.blame(s.base.root.entry("walk_forward").key, "walk_forward", "no grid", "a grid of parameters to choose from")
	}
}
