package main

import (
	"slices"
	"strconv"
	"strings"

	"github.com/ebb-sim/ebb/scenarios"
)

// change is one thing in the input that is not the same in both results; what a
// result has not is nil there.
type change struct {
	What string  `json:"what"` // ebb, scenario, run, mechanism, parameter, data
	Name string  `json:"name"`
	A    *string `json:"a"`
	B    *string `json:"b"`
}

// setting is a named value of an input.
type setting struct{ name, value string }

// changes lists what differs in what two results were made from.
func changes(a, b *result) []change {
	list := []change{}
	add := func(what string, of func(*result) []setting) {
		list = append(list, differing(what, of(a), of(b))...)
	}
	add("ebb", func(r *result) []setting {
		return []setting{{"version", r.manifest.Ebb}, {"profile", string(r.manifest.Profile)}}
	})
	add("run", (*result).run)
	shown := map[string]bool{} // parameters that the run shows already, as they came out
	for _, c := range list {
		shown[runParameters[c.Name]] = c.What == "run"
	}
	add("data", (*result).data)
	exchanged := differing("mechanism", a.mechanisms(), b.mechanisms())
	list = append(list, exchanged...)
	if len(exchanged) == 0 {
		add("mechanism", func(r *result) []setting { return []setting{{"order", strings.Join(r.manifest.Mechanisms, ", ")}} })
	}
	ofExchanged := func(path string) bool {
		return slices.ContainsFunc(exchanged, func(c change) bool { return below(path, scenarios.MechanismPath(c.Name)) })
	}
	for _, c := range differing("parameter", a.parameters(), b.parameters()) {
		if !shown[c.Name] && !ofExchanged(c.Name) {
			list = append(list, c)
		}
	}
	if !slices.ContainsFunc(list, func(c change) bool { return c.What != "data" && c.What != "ebb" }) {
		add("scenario", func(r *result) []setting { return []setting{{"sha256", short(r.manifest.Hash)}} })
	}
	return list
}

// below tells whether a path is another or leads on from it.
func below(path, other string) bool {
	rest, ok := strings.CutPrefix(path, other)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// runParameters are the parameters that a run resolves.
var runParameters = map[string]string{"start": "simulate.from", "step": "simulate.step", "steps": "simulate.steps",
	"paths": "simulate.paths", "seed": "simulate.seed", "news": "simulate.news"}

// run is how a result was run, whether its scenario or its data say so.
func (r *result) run() []setting {
	run := r.summary.Run
	return []setting{{"start", run.Start}, {"step", run.Step}, {"steps", strconv.Itoa(run.Steps)}, {"paths", strconv.Itoa(run.Paths)},
		{"seed", strconv.FormatUint(run.Seed, 10)}, {"news", run.News}}
}

// data are the files by their contents; their names and columns are parameters.
func (r *result) data() []setting {
	var list []setting
	for _, h := range r.manifest.Histories {
		list = append(list, setting{h.Series, "sha256 " + short(h.SHA256)})
	}
	return list
}

// mechanisms are those of the scenario, each with its kind.
func (r *result) mechanisms() []setting {
	kinds := map[string]string{}
	for _, p := range r.manifest.Parameters {
		kinds[p.Path] = p.Value
	}
	var list []setting
	for _, name := range r.manifest.Mechanisms {
		list = append(list, setting{name, kinds[scenarios.MechanismPath(name)]})
	}
	return list
}

func (r *result) parameters() []setting {
	var list []setting
	for _, p := range r.manifest.Parameters {
		list = append(list, setting{p.Path, p.Value})
	}
	return list
}

// differing compares settings by their names: those of a in its order, then what
// only b has. A value "" is one that is not given.
func differing(what string, a, b []setting) []change {
	values := func(list []setting) map[string]*string {
		m := map[string]*string{}
		for _, s := range list {
			if s.value != "" {
				m[s.name] = &s.value
			}
		}
		return m
	}
	inA, inB := values(a), values(b)
	var list []change
	seen := map[string]bool{}
	for _, s := range slices.Concat(a, b) {
		x, y := inA[s.name], inB[s.name]
		if same := x == y || x != nil && y != nil && *x == *y; !same && !seen[s.name] {
			list = append(list, change{what, s.name, x, y})
		}
		seen[s.name] = true
	}
	return list
}
