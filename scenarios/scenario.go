package scenarios

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/ebb-sim/ebb/data"
)

// A Scenario is a decoded scenario file that remembers where each key stands.
type Scenario struct {
	Spec
	File  string // as it was named to Parse
	root  *node
	units map[*node]string // of the numbers in it
}

// Load reads a scenario file of the file system. See [Parse].
func Load(path string, set []Override) (*Scenario, error) {
	src, err := load(path)
	if err != nil {
		return nil, err
	}
	return Parse(path, src, set)
}

func load(path string) ([]byte, error) {
	src, err := data.ReadFile(path, maxSize)
	if err != nil {
		return nil, data.Faults{{File: path, Text: strings.TrimPrefix(err.Error(), path+": ")}}
	}
	return src, nil
}

// Parse decodes a scenario file, called name in messages, with the overrides
// applied. All its faults come back at once as [data.Faults].
func Parse(name string, src []byte, set []Override) (*Scenario, error) {
	root, faults := readTree(name, src, "a scenario")
	if root == nil {
		return nil, faults.Err()
	}
	normalise(root)
	faults = append(faults, override(root, set, reflect.TypeFor[Spec]())...)
	s, found := decode(name, root)
	faults = append(faults, found...)
	if len(faults) == 0 {
		faults = s.variants()
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return s, nil
}

// readTree reads the tree of a file, which must be keys with values: what it is
// called in messages.
func readTree(name string, src []byte, what string) (*node, data.Faults) {
	file := &source{name: name, what: what, lines: lines(string(src))}
	root, faults := file.read(src)
	if root != nil && root.form != section {
		return nil, append(faults, root.fault("", root.String(), what+": keys with values"))
	}
	return root, faults
}

// override changes the tree of a file that a spec of type t decodes.
func override(root *node, set []Override, t reflect.Type) data.Faults {
	var faults data.Faults
	for _, o := range set {
		o, unread := o.read()
		faults = append(faults, unread...)
		if len(unread) > 0 {
			continue
		}
		if f := o.apply(root, topKeys(t)); f != nil {
			faults = append(faults, *f)
		}
	}
	return faults
}

// decode fills the Spec from a tree and checks it.
func decode(name string, root *node) (*Scenario, data.Faults) {
	s := &Scenario{File: name, root: root}
	s.Defaults()
	top := &node{source: &source{name: name}} // what is missing at the top has no line
	d := &decoder{units: map[*node]string{}}
	d.section(root, top, reflect.ValueOf(&s.Spec).Elem(), "")
	s.check(d, top)
	if len(d.faults) == 0 {
		s.preset()
	}
	s.units = d.units
	return s, d.faults
}

// Variant is the scenario with entry i of Compare applied, and with no Compare,
// Sweep and Forecast of its own.
func (s *Scenario) Variant(i int) (*Scenario, error) {
	if i < 0 || i >= len(s.Compare) {
		return nil, fmt.Errorf("the scenario has no variant %d: found %d", i, len(s.Compare))
	}
	v, faults := s.vary(s.Compare[i].Without, s.Compare[i].With)
	return v, faults.Err()
}

// With is the scenario with some entries changed, and with no Compare and no Sweep of
// its own.
func (s *Scenario) With(set []Override) (*Scenario, error) {
	v, faults := s.vary(nil, set)
	return v, faults.Err()
}

// Swept is the scenario at point i of its Sweep, and with no Compare, Sweep and
// Forecast of its own.
func (s *Scenario) Swept(i int) (*Scenario, error) {
	if s.Sweep == nil || i < 0 || i >= len(s.Sweep.Points) {
		return nil, fmt.Errorf("the scenario's sweep has no point %d", i)
	}
	v, faults := s.vary(nil, s.Sweep.Points[i:i+1])
	return v, faults.Err()
}

// vary leaves mechanisms out and changes parameters.
func (s *Scenario) vary(without []string, with Overrides) (*Scenario, data.Faults) {
	root := s.root.clone()
	root.remove("compare")
	root.remove("sweep")
	root.remove("forecast")
	if list := root.get("mechanisms"); list != nil {
		list.items = slices.DeleteFunc(list.items, func(n *node) bool { return slices.Contains(without, n.label()) })
	}
	faults := override(root, with, reflect.TypeFor[Spec]())
	v, found := decode(s.File, root)
	return v, append(faults, found...)
}

// variants are the faults that only show when a variant is made.
func (s *Scenario) variants() data.Faults {
	var faults data.Faults
	try := func(without []string, with Overrides) *Scenario {
		v, found := s.vary(without, with)
		for _, f := range found {
			if !slices.Contains(faults, f) {
				faults = append(faults, f)
			}
		}
		return v
	}
	for _, c := range s.Compare {
		try(c.Without, c.With)
	}
	if s.Forecast != nil {
		try(nil, s.Forecast.With)
	}
	if s.Sweep != nil {
		unit := ""
		for _, point := range s.Sweep.Points {
			unit = try(nil, Overrides{point}).UnitOf(point.Key)
		}
		if len(faults) == 0 {
			faults = s.Sweep.read(unit)
		}
	}
	return faults
}

// UnitOf is the unit of the number at a path of the scenario, as in [param.Field]; ""
// where there is none.
func (s *Scenario) UnitOf(path string) string { return s.units[find(s.root, path).node] }

// At returns a fault that points at a path of the scenario, such as
// "mechanisms[0].holders[1].units" or "history.series.btc.price.file", or at
// the nearest key above it that the file has. What is wrong is for the caller
// to fill in.
func (s *Scenario) At(path string) data.Fault {
	p := find(s.root, path)
	switch {
	case p.node == s.root:
		return data.Fault{File: s.File}
	case p.rest == "" && p.node.form == scalar || p.key == nil:
		return p.node.fault("", "", "")
	}
	return p.key.fault("", "", "")
}
