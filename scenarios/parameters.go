package scenarios

import (
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ebb-sim/ebb/sim/param"
)

// Parameter is one thing that a scenario says, as it would stand in the file.
type Parameter struct {
	Path  string `json:"path"`  // mechanisms.redemption.response, as an [Override] takes it
	Value string `json:"value"` // with its unit: 2.87bn
}

// Parameters lists what the scenario says, defaults and overrides included, in
// the order of the keys. What is not given and has no default is left out. An
// entry of a list stands under its name, or under its place where it has none
// of its own; a mechanism, a monitor and the news have their kind as the value
// at their path.
func (s *Scenario) Parameters() []Parameter { return values(listed(s.Spec)) }

// Value is what the scenario says at the path of an entry, as it would stand in the file,
// or the default there; "" where there is neither.
func (s *Scenario) Value(path string) string {
	list := s.Parameters()
	for _, from := range append([]string{""}, labelledKeys...) {
		if at := slices.IndexFunc(list, func(p Parameter) bool { return p.Path == join(from, path) }); at >= 0 {
			return list[at].Value
		}
	}
	return ""
}

// Listed lists what the strategy says, as [Scenario.Parameters] does; the
// parameters of its rules are a part of that.
func (s *Strategy) Listed() []Parameter { return values(listed(s.StrategySpec)) }

func listed(spec any) []Explained {
	var l listing
	l.fields("", reflect.ValueOf(spec))
	return l.list
}

func values(list []Explained) []Parameter {
	out := make([]Parameter, len(list))
	for i, e := range list {
		out[i] = e.Parameter
	}
	return out
}

// listing gathers parameters.
type listing struct{ list []Explained }

func (l *listing) add(path, value string, f param.Field) {
	if value != "" {
		l.list = append(l.list, Explained{Parameter: Parameter{path, value}, Unit: f.Unit, Doc: f.Doc, Source: f.Source})
	}
}

func (l *listing) fields(path string, v reflect.Value) {
	for _, f := range param.Fields(v.Type()) {
		f.Required = false // a required value is given; the form in which it is written is that of a default
		l.value(join(path, f.Name), f, v.FieldByIndex(f.Index))
	}
}

// value lists the value at a path, or what it consists of.
func (l *listing) value(path string, f param.Field, v reflect.Value) {
	if text, ok := written(v); ok {
		l.add(path, text, f)
		return
	}
	if text := f.Default(v); text != "" {
		l.add(path, text, f)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			l.value(path, f, v.Elem())
		}
	case reflect.Struct:
		l.section(path, v)
	case reflect.Map:
		for _, key := range slices.Sorted(maps.Keys(keyed(v))) {
			l.value(join(path, key), f, keyed(v)[key])
		}
	case reflect.Slice:
		l.entries(path, f, v)
	}
}

// written is what has a form of its own in a file.
func written(v reflect.Value) (text string, ok bool) {
	switch x := v.Interface().(type) {
	case Moment:
		return x.String(), true
	case Quantity:
		return x.Text, true
	case []Quantity:
		return "[" + inOrder(x, Quantity.String) + "]", true
	case ValueRange:
		return x.String(), true
	case []Chart:
		if bare := !slices.ContainsFunc(x, func(c Chart) bool { return !c.bare() }); bare && len(x) > 0 {
			return "[" + inOrder(x, func(c Chart) string { return c.Chart }) + "]", true
		}
	case Overrides:
		return inOrder(x, func(o Override) string { return o.Key + ": " + o.Value }), true
	case Sweep:
		return x.Key + ": [" + inOrder(x.Points, func(o Override) string { return o.Value }) + "]", true
	}
	return "", false
}

func inOrder[T any](list []T, text func(T) string) string {
	return strings.Join(names(list, text), ", ")
}

func (l *listing) section(path string, v reflect.Value) {
	switch x := v.Interface().(type) {
	case time.Time: // one that is not given
	case Mechanism:
		l.chosen(path, path, x.Kind, x.Config)
	case Monitor:
		l.chosen(path, path, x.Kind, x.Config)
	case News:
		l.chosen(path, join(path, x.Kind), x.Kind, x.Config)
	default:
		l.fields(path, v)
	}
}

// chosen lists a kind and, below a path of theirs, its parameters.
func (l *listing) chosen(path, below, kind string, config any) {
	l.add(path, kind, param.Field{})
	if v := reflect.ValueOf(config); v.IsValid() && !v.IsNil() {
		l.fields(below, v.Elem())
	}
}

func keyed(v reflect.Value) map[string]reflect.Value {
	entries := make(map[string]reflect.Value, v.Len())
	for _, key := range v.MapKeys() {
		entries[key.String()] = v.MapIndex(key)
	}
	return entries
}

// entries lists the entries of a list, each under its name if no other has it.
func (l *listing) entries(path string, f param.Field, v reflect.Value) {
	count := map[string]int{}
	for i := range v.Len() {
		count[labelOf(v.Index(i))]++
	}
	for i := range v.Len() {
		at := path + "[" + strconv.Itoa(i) + "]"
		if name := labelOf(v.Index(i)); name != "" && count[name] == 1 {
			at = under(path, name)
		}
		l.value(at, f, v.Index(i))
	}
}

// under is the path of the entry of a list that has a name.
func under(path, name string) string {
	if strings.ContainsAny(name, ".[]") {
		return path + "[" + strconv.Quote(name) + "]" // or it could be taken for a path
	}
	return join(path, name)
}

// MechanismPath is the path of the mechanism of a name among the [Parameter]s.
func MechanismPath(name string) string { return under("mechanisms", name) }

// labelOf is the name of a list entry, as [Override] finds it.
func labelOf(v reflect.Value) string {
	switch x := v.Interface().(type) {
	case Mechanism:
		return x.Name()
	case Monitor:
		return x.Name()
	case Compare:
		return x.Label()
	case Chart:
		return x.Chart
	}
	if v.Kind() == reflect.Struct {
		if name := v.FieldByName("Name"); name.IsValid() && name.Kind() == reflect.String {
			return name.String()
		}
	}
	return ""
}
