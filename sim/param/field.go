package param

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// Field is one parameter of a struct, as its tags describe it.
type Field struct {
	Name     string // key in a file
	Index    []int  // for reflect.Value.FieldByIndex
	Type     reflect.Type
	Unit     string
	Doc      string
	Source   string
	Required bool
	OneOf    []string
	Pattern  string // regular expression of a text
	Key      string // what the keys of a map are
	Bounds   Bounds
}

// Bounds are the limits of a number in its base unit; of a duration in seconds.
type Bounds struct {
	Min, Max, Above, Below *float64
}

// Fields lists the parameters of a struct type in the order of its fields. The
// fields of a struct tagged ",inline" stand in its place; fields without a yaml
// tag are not parameters. A malformed tag is a mistake in the program and
// panics.
func Fields(t reflect.Type) []Field {
	var list []Field
	for i := range t.NumField() {
		f := t.Field(i)
		name, tagged := f.Tag.Lookup("yaml")
		switch {
		case name == ",inline":
			for _, inner := range Fields(f.Type) {
				inner.Index = append([]int{i}, inner.Index...)
				list = append(list, inner)
			}
		case tagged && f.IsExported():
			list = append(list, field(f, i, name))
		}
	}
	return list
}

func field(f reflect.StructField, index int, name string) Field {
	p := Field{
		Name: name, Index: []int{index}, Type: f.Type,
		Unit: f.Tag.Get("unit"), Doc: f.Tag.Get("doc"), Source: f.Tag.Get("source"),
		Required: f.Tag.Get("required") == "true", Pattern: f.Tag.Get("pattern"), Key: f.Tag.Get("key"),
	}
	if words := f.Tag.Get("oneof"); words != "" {
		p.OneOf = strings.Split(words, "|")
	}
	if _, known := units[p.Unit]; !known && p.Unit != "" {
		panic(fmt.Sprintf("field %s: unknown unit %q", f.Name, p.Unit))
	}
	bound := func(tag string) *float64 {
		text, ok := f.Tag.Lookup(tag)
		if !ok {
			return nil
		}
		if v, err := strconv.ParseFloat(text, 64); err == nil {
			return &v
		}
		v, err := Parse(p.Unit, text)
		if err != nil {
			panic(fmt.Sprintf("field %s, tag %s: %v", f.Name, tag, err))
		}
		return &v
	}
	p.Bounds = Bounds{Min: bound("min"), Max: bound("max"), Above: bound("above"), Below: bound("below")}
	return p
}

// Check returns "" if v is within the bounds, and otherwise what they allow:
// "at least 0% and less than 100%".
func (b Bounds) Check(unit string, v float64) string {
	if (b.Min == nil || v >= *b.Min) && (b.Max == nil || v <= *b.Max) &&
		(b.Above == nil || v > *b.Above) && (b.Below == nil || v < *b.Below) {
		return ""
	}
	return b.Describe(unit)
}

// Describe tells what the bounds allow, or "" where there are none.
func (b Bounds) Describe(unit string) string {
	var limits []string
	for _, limit := range []struct {
		word  string
		value *float64
	}{{"at least", b.Min}, {"more than", b.Above}, {"at most", b.Max}, {"less than", b.Below}} {
		if limit.value != nil {
			limits = append(limits, limit.word+" "+bare(unit, *limit.value))
		}
	}
	return strings.Join(limits, " and ")
}

// bare writes a bound; the zero of every unit is 0.
func bare(unit string, v float64) string {
	switch {
	case v == 0:
		return "0"
	case unit == "duration":
		return FormatDuration(time.Duration(v * float64(time.Second)))
	}
	return Format(unit, v)
}
