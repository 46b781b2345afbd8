package replay

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ebb-sim/ebb/sim"
)

// Player is something that can be on or off, and among which an outcome is
// divided: a mechanism, a part of its rule, a shock, a part of the news.
type Player struct {
	Name string
	// Off switches it off. It must not mind which other players are off already,
	// and is called from several goroutines at once, each time on another setting.
	Off func(s *Setting)
}

// Setting is what one subset of players runs on. Assets, Entries and Shocks of
// its plan are its own. A player may put another driver in place, but leaves
// Innovations, Steps and the assets' names and order alone, in which the driver
// finds its way.
type Setting struct {
	Plan   sim.Plan
	Driver sim.Driver
}

// Mechanisms are the players of a plan where nothing else is asked for: every
// mechanism with a row in the ledger. One without, such as a monitor or a
// technical level, moves no price by itself and stays in.
func Mechanisms(plan *sim.Plan) []Player {
	var list []Player
	for _, name := range trading(plan) {
		list = append(list, leaver(name))
	}
	return list
}

// trading lists the mechanisms that have rows in the ledger.
func trading(plan *sim.Plan) []string {
	var list []string
	for _, row := range plan.Rows() {
		if name := plan.Entries[row.Entry].Mechanism.Name(); !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return list
}

// leaver is a mechanism that is off by not being in the plan.
func leaver(mechanism string) Player {
	return Player{Name: mechanism, Off: func(s *Setting) {
		if i := entry(&s.Plan, mechanism); i >= 0 {
			s.Plan.Entries = slices.Delete(s.Plan.Entries, i, i+1)
		}
	}}
}

// MechanismPlayer is the player that is off when the plan is without a mechanism.
func MechanismPlayer(plan *sim.Plan, mechanism string) (Player, error) {
	if entry(plan, mechanism) < 0 {
		return Player{}, unknownMechanism(plan, mechanism)
	}
	return leaver(mechanism), nil
}

// VariantPlayer is the player that is off when a mechanism is as in a variant of the
// plan: redemption.response, where the variant has that parameter at 0. The rest
// of the mechanism stays in, and counts with the news unless it is a player too:
// then what needs both is shared between the two. The variant must ask the driver
// for the same innovations.
func VariantPlayer(name string, plan, variant *sim.Plan, mechanism string) (Player, error) {
	at := entry(variant, mechanism)
	switch {
	case entry(plan, mechanism) < 0:
		return Player{}, fmt.Errorf("player %s: %w", name, unknownMechanism(plan, mechanism))
	case at < 0:
		return Player{}, fmt.Errorf("player %s, variant: %w", name, unknownMechanism(variant, mechanism))
	case !slices.Equal(plan.Innovations, variant.Innovations):
		return Player{}, fmt.Errorf("player %s: found a variant with the innovations %v, expected those of the plan, %v", name, variant.Innovations, plan.Innovations)
	}
	other := variant.Entries[at]
	return Player{Name: name, Off: func(s *Setting) {
		if i := entry(&s.Plan, mechanism); i >= 0 { // another player may have taken it out
			s.Plan.Entries[i] = other
		}
	}}, nil
}

// entry is the place of a mechanism in a plan, or -1.
func entry(p *sim.Plan, mechanism string) int {
	return slices.IndexFunc(p.Entries, func(e sim.Entry) bool { return e.Mechanism.Name() == mechanism })
}

func unknownMechanism(p *sim.Plan, mechanism string) error {
	var known []string
	for _, e := range p.Entries {
		known = append(known, e.Mechanism.Name())
	}
	return fmt.Errorf("found mechanism %q, expected one of %s", mechanism, strings.Join(known, ", "))
}

func checkPlayers(players []Player) error {
	var faults []error
	seen := map[string]bool{}
	for i, p := range players {
		switch {
		case p.Name == "" || p.Off == nil:
			faults = append(faults, fmt.Errorf("player %d (%q) lacks its name or its Off", i, p.Name))
		case seen[p.Name]:
			faults = append(faults, fmt.Errorf("two players are named %q", p.Name))
		}
		seen[p.Name] = true
	}
	return errors.Join(faults...)
}

// setting compiles the plan with the players of a subset on and the others off.
// The list of innovations stays whole, so that a driver made for the plan gives
// every subset the same news and finds each observable in its place.
func (g *game) setting(subset uint64) (*sim.Plan, sim.Driver, error) {
	s := Setting{*g.plan, g.driver}
	s.Plan.Assets, s.Plan.Entries, s.Plan.Shocks = slices.Clone(g.plan.Assets), slices.Clone(g.plan.Entries), slices.Clone(g.plan.Shocks)
	for i, player := range g.players {
		if subset>>i&1 == 0 {
			player.Off(&s)
		}
	}
	var plan *sim.Plan
	var err error
	if s.Driver == nil || s.Plan.Steps != g.plan.Steps || !slices.Equal(s.Plan.Innovations, g.plan.Innovations) || !sameAssets(s.Plan.Assets, g.plan.Assets) {
		err = errors.New("found no driver, or a plan with other steps, assets or innovations, expected those of the whole")
	} else {
		plan, err = sim.Compile(s.Plan)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", g.with(members(subset, len(g.players))), err)
	}
	return plan, s.Driver, nil
}

func sameAssets(a, b []sim.Asset) bool {
	return slices.EqualFunc(a, b, func(x, y sim.Asset) bool { return x.Name == y.Name })
}
