package param

import (
	"cmp"
	"fmt"
	"slices"
)

// Kind is something that a scenario file can name, such as a mechanism, as a
// researcher looks it up. C is the type of its configurations.
type Kind[C any] struct {
	Name     string // key in a scenario file
	Title    string // what it is, in one line
	Equation string // in the symbols of the parameters
	Source   string // paper or document of the rule
	Default  func() C
}

// A Catalog holds kinds by name. Each enters itself from its own file, so that
// none is listed twice.
type Catalog[C any] struct{ kinds map[string]Kind[C] }

// Add enters a kind. Two of one name are a mistake in the program and panic.
func (c *Catalog[C]) Add(k Kind[C]) bool {
	if _, twice := c.kinds[k.Name]; twice {
		panic("two kinds are named " + k.Name)
	}
	if c.kinds == nil {
		c.kinds = map[string]Kind[C]{}
	}
	c.kinds[k.Name] = k
	return true
}

// All lists the kinds by name.
func (c *Catalog[C]) All() []Kind[C] {
	list := make([]Kind[C], 0, len(c.kinds))
	for _, k := range c.kinds {
		list = append(list, k)
	}
	slices.SortFunc(list, func(a, b Kind[C]) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

// Lookup finds a kind by its name.
func (c *Catalog[C]) Lookup(name string) (Kind[C], bool) {
	k, ok := c.kinds[name]
	return k, ok
}

// Error blames one parameter. Path leads to it from its configuration: "asset",
// "holders[1].units".
type Error struct{ Path, Found, Expected string }

func (e *Error) Error() string {
	return fmt.Sprintf("%s: found %s, expected %s", e.Path, e.Found, e.Expected)
}
