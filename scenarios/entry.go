package scenarios

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/sim/driver"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/monitor"
	"github.com/ebb-sim/ebb/sim/param"
)

// The values of a scenario that have a form of their own.

func (m *Mechanism) decode(d *decoder, n *node, path string) {
	if e, kind := chosen(d, n, "mechanism", path, "", mechanism.Kinds()); e != nil {
		m.Kind, m.Config = kind.Name, kind.Default()
		d.section(e.value, e.key, reflect.ValueOf(m.Config).Elem(), n.label())
	}
}

func (m *Monitor) decode(d *decoder, n *node, path string) {
	if e, kind := chosen(d, n, "monitor", path, "", monitor.Kinds()); e != nil {
		m.Kind, m.Config = kind.Name, kind.Default()
		d.section(e.value, e.key, reflect.ValueOf(m.Config).Elem(), n.label())
	}
}

func (news *News) decode(d *decoder, n *node, path string) {
	if e, kind := chosen(d, n, "driver", path, path, driver.Kinds()); e != nil {
		news.Kind, news.Config = kind.Name, kind.Default()
		d.section(e.value, e.key, reflect.ValueOf(news.Config).Elem(), join(path, e.key.text))
	}
}

// chosen returns the one entry of a node that names one of the kinds, and that
// kind, or nil and a fault. A fault of the node is said to be at its path, an
// unknown kind at the place that the reader knows it by: the line is enough for
// an entry of a list.
func chosen[C any](d *decoder, n *node, what, path, place string, kinds []param.Kind[C]) (*entry, param.Kind[C]) {
	known := names(kinds, func(k param.Kind[C]) string { return k.Name })
	e := d.single(n, path, what, known)
	if e == nil {
		return nil, param.Kind[C]{}
	}
	at := slices.Index(known, e.key.text)
	if at < 0 {
		d.blame(e.key, place, "unknown "+what+" "+shown(e.key.text), "one of "+strings.Join(known, ", ")+data.DidYouMean(e.key.text, known))
		return nil, param.Kind[C]{}
	}
	return e, kinds[at]
}

// single returns the one entry of a node that names a kind and holds its
// parameters, or nil and a fault.
func (d *decoder) single(n *node, path, what string, known []string) *entry {
	if e := n.only(); e != nil {
		return e
	}
	found, expected := n.String(), article(what)+", one of "+strings.Join(known, ", ")
	if n.form == section && len(n.entries) > 0 {
		found = "the keys " + strings.Join(n.keys(), ", ")
		expected = "one key, the " + what + "'s kind, with its parameters in braces or indented below it"
	}
	d.blame(n, path, found, expected)
	return nil
}

func names[K any](kinds []K, name func(K) string) []string {
	list := make([]string, len(kinds))
	for i, k := range kinds {
		list[i] = name(k)
	}
	return list
}

func (m *Moment) decode(d *decoder, n *node, path string) {
	expected := param.DescribeDate + ", or a step, such as day 12"
	if n.form != scalar {
		d.blame(n, path, n.String(), expected)
		return
	}
	if day, ok := strings.CutPrefix(n.text, "day "); ok {
		v, err := param.Parse("count", strings.TrimSpace(day))
		if err != nil || v < 1 || v > maxInteger {
			d.blame(n, path, shown(n.text), "day 1, the first simulated step, or a later one")
			return
		}
		m.Day = int(v)
		return
	}
	date, err := param.ParseDate(n.text)
	if err != nil {
		d.blame(n, path, shown(n.text), expected)
		return
	}
	m.Date = date
}

// String writes the moment as it stands in a file.
func (m Moment) String() string {
	if m.Date.IsZero() {
		return "day " + param.Format("count", float64(m.Day))
	}
	return param.FormatDate(m.Date)
}

func (o *Overrides) decode(d *decoder, n *node, path string) {
	if n.form != section || len(n.entries) == 0 {
		d.blame(n, path, n.String(), "parameters by their path, such as {market.btc.depth_1pct: 1.5bn}")
		return
	}
	for _, e := range n.entries {
		*o = append(*o, Override{Key: e.key.text, Value: inline(e.value), key: e.key, value: e.value})
	}
}

func (s *Sweep) decode(d *decoder, n *node, path string) {
	const expected = "one parameter by its path with at least two values, such as {trend.ai_share: [0, 10%, 20%]}"
	e := n.only()
	switch {
	case e == nil && n.form == section:
		d.blame(n, path, fmt.Sprintf("%d parameters", len(n.entries)), expected)
		return
	case e == nil:
		d.blame(n, path, n.String(), expected)
		return
	case e.value.form != list || len(e.value.items) < 2:
		d.blame(e.value, path, inline(e.value), expected)
		return
	}
	s.Key = e.key.text
	for _, value := range e.value.items {
		if value.form != scalar {
			d.blame(value, path, value.String(), "a value")
			continue
		}
		s.Points = append(s.Points, Override{Key: e.key.text, Value: value.text, key: e.key, value: value})
	}
}

// read takes the points for numbers of a unit, "" for what is no number, and
// blames those that are none and those that stand twice.
func (s *Sweep) read(unit string) data.Faults {
	s.Unit = unit
	var faults data.Faults
	for _, p := range s.Points {
		v, err := param.Parse(unit, p.Value)
		if unit == "duration" {
			v /= day.Seconds()
		}
		switch {
		case unit == "" || err != nil:
			faults = append(faults, p.value.fault("sweep", shown(p.Value), "a number, with its unit where it has one"))
		case slices.Contains(s.Values, v):
			faults = append(faults, p.value.fault("sweep", shown(p.Value)+" a second time", "each value once"))
		}
		s.Values = append(s.Values, v)
	}
	return faults
}

// inline writes a node on one line, for labels.
func inline(n *node) string {
	switch n.form {
	case absent:
		return "~"
	case list:
		items := make([]string, len(n.items))
		for i, item := range n.items {
			items[i] = inline(item)
		}
		return "[" + strings.Join(items, ", ") + "]"
	case section:
		items := make([]string, len(n.entries))
		for i, e := range n.entries {
			items[i] = e.key.text + ": " + inline(e.value)
		}
		return "{" + strings.Join(items, ", ") + "}"
	}
	return n.text
}

// normalise gives mechanisms, monitors and drivers that stand without parameters
// the form of those with some: redemption becomes {redemption: }, and a chart
// {chart: price}.
func normalise(root *node) {
	bare := slices.Concat(root.get("mechanisms").list(), root.get("monitors").list())
	if news := root.get("simulate").get("news"); news != nil {
		bare = append(bare, news)
	}
	for _, n := range root.get("charts").list() {
		if n.form == scalar {
			key, name := *n, *n
			key.text = "chart"
			n.form, n.text, n.entries = section, "", []entry{{&key, &name}}
		}
	}
	for _, n := range bare {
		if n.form != scalar {
			continue
		}
		key, none := *n, *n
		none.form, none.text = absent, ""
		n.form, n.text, n.entries = section, "", []entry{{&key, &none}}
	}
}
