package param

import (
	"cmp"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// Param is one parameter of a configuration, for a reader.
type Param struct {
	Path    string // "response", "holders[].units", "levels.<asset>.weight"
	Default string // as it is written in a file; "" where there is none
	Field
}

// Defaulter is a struct whose defaults are not zeros, where it stands in a list
// or a map and so has no default of its own.
type Defaulter interface{ Defaults() }

// List lists the parameters of a configuration, those of nested structs, lists
// and maps of structs included. The defaults are the values config holds.
func List(config any) []Param {
	v := reflect.ValueOf(config)
	for v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	return list("", v)
}

func list(prefix string, v reflect.Value) []Param {
	var out []Param
	for _, f := range Fields(v.Type()) {
		own := v.FieldByIndex(f.Index)
		p := Param{Path: prefix + f.Name, Field: f, Default: f.Default(own)}
		out = append(out, p)
		if inner, path := nested(f, own, p.Path); inner.IsValid() {
			out = append(out, list(path+".", inner)...)
		}
	}
	return out
}

// nested finds the struct below a field: the field itself, or a fresh element
// of its list or map.
func nested(f Field, value reflect.Value, path string) (reflect.Value, string) {
	t := f.Type
	if t.Kind() == reflect.Struct && len(Fields(t)) > 0 {
		return value, path
	}
	for {
		switch t.Kind() {
		case reflect.Slice:
			path += "[]"
		case reflect.Map:
			path += ".<" + cmp.Or(f.Key, "name") + ">"
		case reflect.Pointer:
		case reflect.Struct:
			if len(Fields(t)) == 0 {
				return reflect.Value{}, ""
			}
			return New(t).Elem(), path
		default:
			return reflect.Value{}, ""
		}
		t = t.Elem()
	}
}

// New returns a pointer to a new value of type t with its defaults.
func New(t reflect.Type) reflect.Value {
	p := reflect.New(t)
	if d, ok := p.Interface().(Defaulter); ok {
		d.Defaults()
	}
	return p
}

// Default writes a field's default as it stands in a file; "" for what is not
// given: a required parameter, nothing, a zero that the bounds exclude.
func (f Field) Default(v reflect.Value) string {
	if f.Required || v.IsZero() && (f.Bounds.Check(f.Unit, 0) != "" || v.Kind() == reflect.Pointer) {
		return ""
	}
	return value(f.Unit, v)
}

// value writes a value as it stands in a file; "" for structs and whatever else
// has no short form.
func value(unit string, v reflect.Value) string {
	switch x := v.Interface().(type) {
	case time.Duration:
		return FormatDuration(x)
	case time.Time:
		if x.IsZero() {
			return ""
		}
		return FormatDate(x)
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return ""
		}
		return value(unit, v.Elem())
	case reflect.Float64, reflect.Float32:
		if math.IsInf(v.Float(), 1) {
			return "no limit"
		}
		return Format(unit, v.Float())
	case reflect.Int, reflect.Int64:
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Uint, reflect.Uint64:
		return strconv.FormatUint(v.Uint(), 10)
	case reflect.Bool:
		return strconv.FormatBool(v.Bool())
	case reflect.String:
		return v.String()
	case reflect.Slice:
		items := make([]string, v.Len())
		for i := range items {
			if items[i] = value(unit, v.Index(i)); items[i] == "" {
				return ""
			}
		}
		if len(items) > 0 {
			return "[" + strings.Join(items, ", ") + "]"
		}
	}
	return ""
}
