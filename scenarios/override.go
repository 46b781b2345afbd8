package scenarios

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/sim/param"
)

// Override gives the parameter at a path another value: YAML, as it would stand
// in the file. The value ~ takes the key away. A section is merged into the one
// that is there.
//
// A path is the keys from the top, joined by dots. A mechanism is found by its
// name or kind, with or without mechanisms in front, and any list entry by its
// name or place: market.btc.depth_1pct, redemption.response,
// treasury.holders.Strategy.debt, shocks[0].flow.
type Override struct {
	Key, Value string
	key, value *node // where it comes from a file
}

// Overrides are applied in their order.
type Overrides []Override

// read gives an override from outside a file its nodes.
func (o Override) read() (Override, data.Faults) {
	if o.value != nil {
		return o, nil
	}
	s := &source{name: "--set " + o.Key + "=" + o.Value}
	o.key = &node{form: scalar, text: o.Key, source: s}
	if o.Key == "" || strings.TrimSpace(o.Value) == "" {
		return o, data.Faults{o.key.fault("", "nothing", "key=value; the value ~ takes the key away")}
	}
	value, faults := s.read([]byte(o.Value))
	o.value = value
	return o, faults
}

// apply changes a tree that may have the keys at its top. What it sets need not
// be legal: decoding tells that, and blames the override.
func (o Override) apply(root *node, keys []string) *data.Fault {
	p := find(root, o.Key)
	switch {
	case o.Key == "":
		return o.fault("an empty path", "one such as market.btc.depth_1pct")
	case p.rest != "" && p.node == root && !slices.Contains(keys, first(p.rest)):
		known := slices.Clone(keys)
		for _, list := range root.labelled() {
			known = append(known, list.labels()...)
		}
		return o.fault("unknown key "+shown(first(p.rest)), "one of "+strings.Join(known, ", ")+data.DidYouMean(first(p.rest), known))
	case p.rest != "" && p.node.form == list:
		return o.fault("no entry "+shown(first(p.rest)), p.node.choices()+data.DidYouMean(first(p.rest), p.node.labels()))
	case p.rest != "" && p.node.form == scalar:
		return o.fault("a key below "+shown(p.node.text), "a path that ends there")
	case o.value.form == absent:
		return o.remove(p, root.labelled())
	case p.rest != "":
		o.create(p)
	default:
		merge(p.node, o.value, p.key.text == "news")
	}
	normalise(root)
	return nil
}

func (o Override) fault(found, expected string) *data.Fault {
	f := o.key.fault(o.Key, found, expected)
	return &f
}

// remove takes a key away; where it is the kind of a mechanism, all of that.
func (o Override) remove(p place, labelled []*node) *data.Fault {
	for _, list := range labelled {
		if i := slices.Index(list.items, p.parent); i >= 0 {
			list.items = slices.Delete(list.items, i, i+1)
			return nil
		}
	}
	if p.rest != "" || p.parent == nil || p.parent.form != section {
		return o.fault("no such key to take away", "one of "+strings.Join(p.node.keys(), ", "))
	}
	p.parent.remove(p.key.text)
	return nil
}

// create adds the keys that are not there yet.
func (o Override) create(p place) {
	keys := split(p.rest, p.key != nil && p.key.text == "series")
	at := p.node
	for i, text := range keys {
		key := *o.key
		key.text = text
		value := &node{form: absent, source: key.source, line: key.line, column: key.column, width: key.width}
		if i == len(keys)-1 {
			value = o.value.clone()
		}
		at.put(&key, value)
		at = value
	}
}

// split takes a path apart at its dots. The dot in the name of a series, which
// comes after the key series, is part of the key.
func split(path string, inSeries bool) []string {
	keys := strings.Split(path, ".")
	at := 0
	if !inSeries {
		at = slices.Index(keys, "series") + 1
	}
	if at+1 < len(keys) && (inSeries || at > 0) {
		keys[at] += "." + keys[at+1]
		keys = slices.Delete(keys, at+1, at+2)
	}
	return keys
}

// merge puts value in the place of target, or into it if both are sections: its
// keys are set, and those that hold nothing are taken away.
func merge(target, value *node, whole bool) {
	if target.form != section || value.form != section || whole {
		*target = *value.clone()
		return
	}
	for _, e := range value.entries {
		switch old := target.get(e.key.text); {
		case e.value.form == absent:
			target.remove(e.key.text)
		case old != nil:
			merge(old, e.value, e.key.text == "news")
		default:
			target.put(e.key.clone(), e.value.clone())
		}
	}
}

// A place is how far a path leads in a tree.
type place struct {
	node, parent *node
	key          *node  // that led to node; the entry itself in a list; nil at the top
	rest         string // of the path, "" where it leads all the way
}

// find follows a path. Keys may hold dots, so that the longest that fits is
// taken at each step.
func find(root *node, path string) place {
	news, labelled := root.get("simulate").get("news"), root.labelled()
	p := place{node: root, rest: path}
	for _, list := range labelled {
		if first := first(path); root.get(first) == nil && p.node == root && list.item(first) != nil {
			p.node = list
		}
	}
	for p.rest != "" {
		next, ok := p.step()
		if !ok && p.node == news && news.only() != nil {
			next, ok = p.into(news.only()), true // the driver's kind may be left out
		}
		if !ok {
			break
		}
		if slices.Contains(labelled, p.node) && next.node.only() != nil {
			next = next.into(next.node.only())
		}
		p = next
	}
	return p
}

// labelledKeys are the keys of the lists whose entries are found by their labels
// alone.
var labelledKeys = []string{"mechanisms", "monitors"}

// labelled are the lists of that kind that there are.
func (n *node) labelled() []*node {
	var lists []*node
	for _, key := range labelledKeys {
		if list := n.get(key); list != nil {
			lists = append(lists, list)
		}
	}
	return lists
}

// into goes to the parameters under a kind.
func (p place) into(e *entry) place { return place{e.value, p.node, e.key, p.rest} }

// step follows the path by one key or list entry.
func (p place) step() (place, bool) {
	for end := len(p.rest); end > 0; end = strings.LastIndexAny(p.rest[:end], ".[") {
		rest := strings.TrimPrefix(p.rest[end:], ".")
		if e := p.node.entry(p.rest[:end]); e != nil {
			return place{e.value, p.node, e.key, rest}, true
		}
		if item := p.node.item(p.rest[:end]); item != nil {
			return place{item, p.node, item, rest}, true
		}
	}
	return place{}, false
}

// item finds an entry of a list by its place, [2], by its name, or by its kind
// where there is one of that kind.
func (n *node) item(text string) *node {
	var kind []*node
	for i, item := range n.list() {
		if text == "["+strconv.Itoa(i)+"]" || text == item.label() {
			return item
		}
		if e := item.kind(); e != nil && text == e.key.text {
			kind = append(kind, item)
		}
	}
	if len(kind) == 1 {
		return kind[0]
	}
	return nil
}

// kind returns the entry of a section that is a kind with its parameters.
func (n *node) kind() *entry {
	if e := n.only(); e != nil && (e.value.form == section || e.value.form == absent) {
		return e
	}
	return nil
}

// label is the name of a list entry: its own, or else its kind.
func (n *node) label() string {
	inner := n
	if e := n.kind(); e != nil {
		inner = e.value
	}
	if name := inner.get("name"); name != nil && name.form == scalar && name.text != "" {
		return name.text
	}
	if chart := n.get("chart"); chart != nil && chart.form == scalar {
		return chart.text
	}
	if e := n.kind(); e != nil {
		return e.key.text
	}
	return ""
}

// labels are those of the entries of a list.
func (n *node) labels() []string {
	var words []string
	for _, item := range n.list() {
		if word := item.label(); word != "" {
			words = append(words, word)
		}
	}
	return words
}

func (n *node) list() []*node {
	if n == nil {
		return nil
	}
	return n.items
}

// choices tells how the entries of a list are addressed.
func (n *node) choices() string {
	switch words := n.labels(); {
	case len(n.items) == 0:
		return "an entry; the list is empty"
	case len(words) > 0:
		return "one of " + strings.Join(words, ", ")
	}
	return "[0] to [" + strconv.Itoa(len(n.items)-1) + "]"
}

// first is the first key of a path, up to a dot or a bracket.
func first(path string) string {
	if i := strings.IndexAny(path[min(1, len(path)):], ".["); i >= 0 {
		return path[:i+1]
	}
	return path
}

// topKeys are the keys of a file that a spec of type t decodes.
func topKeys(t reflect.Type) []string {
	return names(param.Fields(t), func(f param.Field) string { return f.Name })
}
