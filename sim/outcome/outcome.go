// Package outcome answers one question: what came out of a path?
//
// An outcome is one number of a path, found by its name. The close of an asset
// gives asset.return, asset.max_drawdown and the others of [Kinds]; the name of
// the asset may be left out, and then means the first one. A flow that a
// mechanism publishes gives its sum over the run under its own name
// (btc.etf_flow); a level needs to be told where to look
// (fund.health_factor.low, .high or .last).
package outcome

import (
	"fmt"
	"strings"

	"github.com/ebb-sim/ebb/sim"
)

// Outcome is one number of a path.
type Outcome struct {
	Name  string                  // as it was asked for: "return", "btc.etf_flow"
	Title string                  // for a reader: "Total return of btc"
	Unit  string                  // "fraction", "steps", or a sim.ReportUnit
	Of    func(*sim.Path) float64 // NaN = it does not exist on this path
}

// Kind describes a family of outcomes.
type Kind struct {
	Name       string // "<asset>.return", "<flow>", "<level>.low"
	Title      string
	Unit       string // empty: that of the series
	Definition string
}

// Kinds lists every family of outcomes.
func Kinds() []Kind {
	var list []Kind
	for _, p := range ofPrice {
		list = append(list, Kind{"<asset>." + p.name, p.title, p.unit, p.definition})
	}
	for _, r := range ofReport {
		name := "<" + string(r.kind) + ">"
		if r.suffix != "" {
			name += "." + r.suffix
		}
		list = append(list, Kind{name, r.title, "", r.definition})
	}
	return list
}

// UnknownError is the answer to a name that is no outcome of the plan.
type UnknownError struct {
	Name  string
	Known []string // what the plan has
}

func (e *UnknownError) Error() string {
	return fmt.Sprintf("found outcome %q, expected one of %s", e.Name, strings.Join(e.Known, ", "))
}

// Names lists the outcomes of a plan: those of every asset in turn, then those
// of the published series.
func Names(plan *sim.Plan) []string {
	var names []string
	each(plan, func(o Outcome) { names = append(names, o.Name) })
	return names
}

// Resolve finds an outcome of the plan by its name. The error is an
// [*UnknownError].
func Resolve(plan *sim.Plan, name string) (Outcome, error) {
	first := plan.Assets[0].Name + "." + name
	var found Outcome
	each(plan, func(o Outcome) {
		if o.Name == name || o.Name == first && found.Name == "" {
			found = o
		}
	})
	if found.Name == "" {
		return Outcome{}, &UnknownError{name, Names(plan)}
	}
	found.Name = name
	return found, nil
}

// titled is the title of a series, with the asset that its name begins with.
func titled(plan *sim.Plan, r sim.Report) string {
	for _, asset := range plan.Assets {
		name := strings.ToUpper(asset.Name)
		if strings.HasPrefix(r.Name, asset.Name+".") && !strings.Contains(strings.ToUpper(r.Title), name) {
			return name + " " + r.Title
		}
	}
	return r.Title
}

// each visits the outcomes of a plan.
func each(plan *sim.Plan, visit func(Outcome)) {
	for a, asset := range plan.Assets {
		for _, p := range ofPrice {
			visit(Outcome{asset.Name + "." + p.name, p.title + " of " + strings.ToUpper(asset.Name), p.unit,
				func(path *sim.Path) float64 { return p.of(path.LogPrice[a]) }})
		}
	}
	for i, report := range plan.Reports() {
		for _, r := range ofReport {
			if r.kind != report.Kind {
				continue
			}
			name, title := report.Name, titled(plan, report)+", "+strings.ToLower(r.title)
			if r.suffix != "" {
				name += "." + r.suffix
			}
			visit(Outcome{name, title, string(report.Unit), func(path *sim.Path) float64 { return r.of(path.Reports[i]) }})
		}
	}
}
