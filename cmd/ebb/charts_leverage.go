package main

import (
	"slices"

	"github.com/ebb-sim/ebb/plots"
	"github.com/ebb-sim/ebb/sim"
)

// liquidations shows where leverage stands and what of it is liquidated, beside
// what the history says was: series asset.liquidated_longs, asset.liquidated_shorts
// and asset.open_interest.
func (s *sheet) liquidations() ([]picture, error) {
	var list []picture
	for a, asset := range s.assets {
		long, short := s.profile(asset+".open_interest.long"), s.profile(asset+".open_interest.short")
		if long == nil && short == nil {
			continue
		}
		d := plots.LiquidationsData{Frame: s.frame(upper(asset)+": leverage by the price at which it is liquidated", "USD; "+s.which()),
			Timeline: s.line, Events: s.eventsOf(asset), Price: s.path(s.Base, a),
			Longs: s.published(asset + ".liquidated_longs"), Shorts: s.published(asset + ".liquidated_shorts"),
			OpenInterest:  mean(s.published(asset+".open_interest_long"), s.published(asset+".open_interest_short")),
			ObservedLongs: s.observed(asset + ".liquidated_longs"), ObservedShorts: s.observed(asset + ".liquidated_shorts"),
			ObservedOpenInterest: s.observed(asset + ".open_interest"), ObservedName: s.historyName()}
		if long != nil {
			d.Edges, d.LongLadder = long.Edges, s.ladder(long)
		}
		if short != nil {
			d.Edges, d.ShortLadder = short.Edges, s.ladder(short)
		}
		figure, err := plots.Liquidations(d)
		if err != nil {
			return nil, err
		}
		list = append(list, picture{s.named("liquidations", a), figure})
	}
	return list, nil
}

// profile is a holding by price along the base's chosen path, or nil.
func (s *sheet) profile(name string) *sim.Profiled {
	at := slices.IndexFunc(s.Base.Path.Profiles, func(p sim.Profiled) bool { return p.Name == name })
	if at < 0 {
		return nil
	}
	return &s.Base.Path.Profiles[at]
}

// ladder is a profile along the time line: nothing is known of the history.
func (s *sheet) ladder(p *sim.Profiled) [][]float64 {
	list := make([][]float64, s.length())
	copy(list[s.history+1:], p.Values)
	return list
}

// mean is that of two series, nil where one is: open interest counts a contract
// once, though it has a long and a short.
func mean(a, b []float64) []float64 {
	if a == nil || b == nil {
		return nil
	}
	list := make([]float64, len(a))
	for i := range list {
		list[i] = (a[i] + b[i]) / 2
	}
	return list
}
