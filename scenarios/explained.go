package scenarios

import (
	"slices"
	"strconv"
	"strings"
)

// Explained is a parameter with what is known of it.
type Explained struct {
	Parameter
	Unit   string // as in [param.Field]
	Doc    string // what it is; "" of a kind, which the catalogues explain
	Source string // of its default; "" where that has none
	Given  bool   // in the file or by an override; else it has its default
}

// Explain lists what [Scenario.Parameters] does, with what is known of each and where
// it is given.
func (s *Scenario) Explain() []Explained { return given(listed(s.Spec), s.root) }

// Explain is [Scenario.Explain] for a strategy.
func (s *Strategy) Explain() []Explained {
	return given(listed(s.StrategySpec), s.base.root)
}

// given tells which parameters a tree has.
func given(list []Explained, root *node) []Explained {
	for i := range list {
		p := standing(root, list[i].Path)
		list[i].Given = p.rest == "" && p.node.form != absent
	}
	return list
}

// standing is the place of a listed path, in which a name with dots or brackets stands in
// quotes.
func standing(root *node, path string) place {
	before, after, found := strings.Cut(path, `["`)
	if !found {
		return find(root, path)
	}
	at := find(root, before)
	name, err := strconv.QuotedPrefix(`"` + after)
	if err != nil {
		return at
	}
	rest := strings.TrimPrefix(strings.TrimPrefix(after[len(name)-1:], "]"), ".")
	text, err := strconv.Unquote(name)
	if item := at.node.item(text); err == nil && at.rest == "" && item != nil {
		if e := item.kind(); e != nil && slices.Contains(root.labelled(), at.node) {
			item = e.value
		}
		return standing(item, rest)
	}
	return place{node: root, rest: path}
}
