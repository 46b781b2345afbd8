package scenarios

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/sim/param"
)

// A decoder fills Go values from nodes by their struct tags and collects every
// fault on the way. A value at fault keeps its default.
type decoder struct {
	faults data.Faults
	units  map[*node]string // in which numbers are written
}

// A decodable value has a form of its own in a file.
type decodable interface {
	decode(d *decoder, n *node, path string)
}

func (d *decoder) blame(n *node, text, found, expected string) {
	d.faults = append(d.faults, n.fault(text, found, expected))
}

// section fills a struct. Keys that are missing are blamed on the node at.
func (d *decoder) section(n, at *node, v reflect.Value, path string) {
	fields := param.Fields(v.Type())
	known := make([]string, len(fields))
	for i, f := range fields {
		known[i] = f.Name
	}
	if n.form != section && n.form != absent {
		d.blame(n, path, n.String(), "keys: "+strings.Join(known, ", "))
		return
	}
	for _, e := range n.entries {
		if !slices.Contains(known, e.key.text) {
			d.unknown(e.key, path, known)
		}
	}
	for _, f := range fields {
		value := n.get(f.Name)
		if value != nil {
			d.value(value, v.FieldByIndex(f.Index), f, join(path, f.Name))
		} else if f.Required {
			d.missing(at, join(path, f.Name), f)
		}
	}
}

func (d *decoder) missing(at *node, path string, f param.Field) {
	expected := f.Doc
	if f.Unit != "" {
		expected += ": " + param.Describe(f.Unit)
	}
	d.blame(at, path+" is missing", "", expected)
}

// unknown blames a key. What looks like the tail of a number is one.
func (d *decoder) unknown(key *node, path string, known []string) {
	if thousands.MatchString(key.text) {
		d.blame(key, inside(path), shown(key.text)+" in the place of a key", "numbers without thousands separators")
		return
	}
	d.blame(key, inside(path), "unknown key "+shown(key.text), "one of "+strings.Join(known, ", ")+data.DidYouMean(key.text, known))
}

var thousands = regexp.MustCompile(`^[0-9]{3}$`)

func inside(path string) string {
	if path == "" {
		return ""
	}
	return "in " + path
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// value fills one field.
func (d *decoder) value(n *node, v reflect.Value, f param.Field, path string) {
	if own, ok := v.Addr().Interface().(decodable); ok {
		own.decode(d, n, path)
		return
	}
	switch v.Interface().(type) {
	case time.Duration, time.Time:
		d.scalar(n, v, f, path)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		p := param.New(v.Type().Elem())
		d.value(n, p.Elem(), f, path)
		v.Set(p)
	case reflect.Struct:
		d.section(n, n, v, path)
	case reflect.Map:
		d.entries(n, v, f, path)
	case reflect.Slice:
		d.list(n, v, f, path)
	default:
		d.scalar(n, v, f, path)
	}
}

func (d *decoder) list(n *node, v reflect.Value, f param.Field, path string) {
	if n.form != list && n.form != absent {
		d.blame(n, path, n.String(), "a list: "+f.Doc)
		return
	}
	if len(n.items) == 0 && f.Required {
		d.blame(n, path, "an empty list", "at least one: "+f.Doc)
	}
	items := reflect.MakeSlice(v.Type(), 0, len(n.items))
	for i, item := range n.items {
		p := param.New(v.Type().Elem())
		d.value(item, p.Elem(), f, fmt.Sprintf("%s[%d]", path, i))
		items = reflect.Append(items, p.Elem())
	}
	v.Set(items)
}

func (d *decoder) entries(n *node, v reflect.Value, f param.Field, path string) {
	if n.form != section && n.form != absent {
		d.blame(n, path, n.String(), "keys, each "+article(f.Key)+": "+f.Doc)
		return
	}
	if len(n.entries) == 0 && f.Required {
		d.blame(n, path, "nothing", "at least one "+f.Key+": "+f.Doc)
	}
	m := reflect.MakeMap(v.Type())
	for _, e := range n.entries {
		p := param.New(v.Type().Elem())
		if _, own := p.Interface().(decodable); p.Elem().Kind() == reflect.Struct && !own {
			d.section(e.value, e.key, p.Elem(), join(path, e.key.text))
		} else {
			d.value(e.value, p.Elem(), f, join(path, e.key.text))
		}
		m.SetMapIndex(reflect.ValueOf(e.key.text), p.Elem())
	}
	v.Set(m)
}

func article(noun string) string {
	if strings.ContainsAny(noun[:min(1, len(noun))], "aeiou") {
		return "an " + noun
	}
	return "a " + noun
}

// scalar fills a value of one word or number.
func (d *decoder) scalar(n *node, v reflect.Value, f param.Field, path string) {
	if n.form != scalar {
		d.blame(n, path, n.String(), described(f, v.Type()))
		return
	}
	if v.CanFloat() || v.CanInt() || v.CanUint() {
		d.units[n] = unit(f)
	}
	err := d.write(n, v, f)
	var wrong *param.WrittenError
	if errors.As(err, &wrong) {
		d.blame(n, path, wrong.Found, wrong.Expected)
	}
}

// write reads the node's text into v. Its errors are of type
// [*param.WrittenError].
func (d *decoder) write(n *node, v reflect.Value, f param.Field) error {
	switch v.Interface().(type) {
	case time.Time:
		t, err := param.ParseDate(n.text)
		v.Set(reflect.ValueOf(t))
		return err
	case time.Duration:
		t, err := param.ParseDuration(n.text)
		if err != nil {
			return err
		}
		v.SetInt(int64(t))
		return within(n, f, t.Seconds())
	}
	switch v.Kind() {
	case reflect.String:
		return writeText(n, v, f)
	case reflect.Bool:
		b, err := strconv.ParseBool(n.text)
		if err != nil || n.text != strconv.FormatBool(b) {
			return &param.WrittenError{Found: shown(n.text), Expected: "true or false"}
		}
		v.SetBool(b)
		return nil
	case reflect.Float64:
		x, err := param.Parse(unit(f), n.text)
		if err != nil {
			return err
		}
		v.SetFloat(x)
		return within(n, f, x)
	case reflect.Int, reflect.Uint64:
		return writeInteger(n, v, f)
	}
	panic("no YAML form for " + v.Type().String())
}

func writeText(n *node, v reflect.Value, f param.Field) error {
	v.SetString(n.text)
	switch {
	case n.text == "" && f.Required:
		return &param.WrittenError{Found: "an empty text", Expected: f.Doc}
	case f.OneOf != nil && !slices.Contains(f.OneOf, n.text):
		return &param.WrittenError{Found: shown(n.text), Expected: "one of " + strings.Join(f.OneOf, ", ") + data.DidYouMean(n.text, f.OneOf)}
	case f.Pattern != "" && !regexp.MustCompile(f.Pattern).MatchString(n.text):
		return &param.WrittenError{Found: shown(n.text), Expected: f.Doc}
	}
	return nil
}

// maxInteger is how far a float64 tells whole numbers apart.
const maxInteger = 1 << 53

func writeInteger(n *node, v reflect.Value, f param.Field) error {
	if whole, err := strconv.ParseUint(n.text, 10, 64); err == nil && v.Kind() == reflect.Uint64 {
		v.SetUint(whole)
		return nil
	}
	x, err := param.Parse("count", n.text)
	if err != nil {
		return err
	}
	if x > maxInteger || x < -maxInteger {
		return &param.WrittenError{Found: n.text, Expected: "a whole number of at most 9e15"}
	}
	if v.Kind() == reflect.Int {
		v.SetInt(int64(x))
		return within(n, f, x)
	}
	if x < 0 {
		return &param.WrittenError{Found: n.text, Expected: "at least 0"}
	}
	v.SetUint(uint64(x))
	return nil
}

func within(n *node, f param.Field, x float64) error {
	if allowed := f.Bounds.Check(unit(f), x); allowed != "" {
		return &param.WrittenError{Found: n.text, Expected: allowed}
	}
	return nil
}

func unit(f param.Field) string {
	if f.Unit == "" {
		return "factor"
	}
	return f.Unit
}

// described tells what a value of a field looks like.
func described(f param.Field, t reflect.Type) string {
	switch {
	case f.OneOf != nil:
		return "one of " + strings.Join(f.OneOf, ", ")
	case t == reflect.TypeFor[time.Time]():
		return param.DescribeDate
	case t.Kind() == reflect.String:
		return "a text: " + f.Doc
	case t.Kind() == reflect.Bool:
		return "true or false"
	}
	return param.Describe(unit(f))
}
