package scenarios

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/invopop/jsonschema"

	"github.com/ebb-sim/ebb/sim/driver"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/monitor"
	"github.com/ebb-sim/ebb/sim/param"
)

// Schema returns the JSON schema (draft 2020-12) of scenario files, for editors
// that complete and check. It is made of the types that decode them; what only
// holds between several keys is left to [Parse].
func Schema() ([]byte, error) { return schemaOf(reflect.TypeFor[Spec](), "ebb scenario") }

// StrategySchema is [Schema] for strategy files.
func StrategySchema() ([]byte, error) {
	return schemaOf(reflect.TypeFor[StrategySpec](), "ebb strategy")
}

func schemaOf(spec reflect.Type, title string) ([]byte, error) {
	m := schemaMaker{jsonschema.Definitions{}}
	root := m.object(spec)
	root.Version, root.Title, root.Definitions = jsonschema.Version, title, m.definitions
	text, err := json.MarshalIndent(root, "", "  ")
	return append(text, '\n'), err
}

// A schemaMaker makes schemas of types; those of mechanisms and drivers become
// definitions.
type schemaMaker struct{ definitions jsonschema.Definitions }

// object describes a struct, with the defaults of a fresh one.
func (m schemaMaker) object(t reflect.Type) *jsonschema.Schema { return m.config(param.New(t).Elem()) }

// config describes a struct, with the values of v as its defaults.
func (m schemaMaker) config(v reflect.Value) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "object", Properties: jsonschema.NewProperties(), AdditionalProperties: jsonschema.FalseSchema}
	for _, f := range param.Fields(v.Type()) {
		p := m.value(f, f.Type)
		p.Description = f.Doc
		if f.Source != "" {
			p.Description += " (" + f.Source + ")"
		}
		if text := f.Default(v.FieldByIndex(f.Index)); text != "" && p.Type != "array" {
			p.Default = plain(text)
		}
		s.Properties.Set(f.Name, p)
		if f.Required {
			s.Required = append(s.Required, f.Name)
		}
	}
	return s
}

// plain is a default as JSON has it: a number where it is one without a unit.
func plain(text string) any {
	if _, err := strconv.ParseFloat(text, 64); err == nil {
		return json.Number(text)
	}
	if text == "true" || text == "false" {
		return text == "true"
	}
	return text
}

// value describes a value of type t in a field.
func (m schemaMaker) value(f param.Field, t reflect.Type) *jsonschema.Schema {
	switch t {
	case reflect.TypeFor[Mechanism]():
		return oneKind(m, "mechanism", mechanism.Kinds())
	case reflect.TypeFor[Monitor]():
		return oneKind(m, "monitor", monitor.Kinds())
	case reflect.TypeFor[News]():
		return oneKind(m, "driver", driver.Kinds())
	case reflect.TypeFor[Overrides]():
		return &jsonschema.Schema{Type: "object", AdditionalProperties: jsonschema.TrueSchema}
	case reflect.TypeFor[Sweep]():
		one := uint64(1)
		return &jsonschema.Schema{Type: "object", MinProperties: &one, MaxProperties: &one, AdditionalProperties: &jsonschema.Schema{Type: "array"}}
	case reflect.TypeFor[Precision]():
		return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{quantity(relativePrecision()), m.object(t)}}
	case reflect.TypeFor[Chart]():
		return &jsonschema.Schema{OneOf: []*jsonschema.Schema{m.value(param.Fields(t)[0], reflect.TypeFor[string]()), m.object(t)}}
	case reflect.TypeFor[ValueRange]():
		two := uint64(2)
		return &jsonschema.Schema{Type: "array", Items: quantity(rangeEnd), MinItems: &two, MaxItems: &two}
	case reflect.TypeFor[Moment]():
		return &jsonschema.Schema{Type: "string", Pattern: `^(day [1-9][0-9]*|` + datePattern + `)$`}
	case reflect.TypeFor[Quantity]():
		return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Type: "number"}, {Type: "string"}}}
	case reflect.TypeFor[time.Time]():
		return &jsonschema.Schema{Type: "string", Pattern: "^" + datePattern + "$"}
	case reflect.TypeFor[time.Duration]():
		return &jsonschema.Schema{Type: "string", Pattern: param.Pattern(f.Unit)}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return m.value(f, t.Elem())
	case reflect.Struct:
		return m.object(t)
	case reflect.Slice:
		s := &jsonschema.Schema{Type: "array", Items: m.value(f, t.Elem())}
		if one := uint64(1); f.Required {
			s.MinItems = &one
		}
		return s
	case reflect.Map:
		return &jsonschema.Schema{Type: "object", AdditionalProperties: m.value(f, t.Elem())}
	case reflect.Bool:
		return &jsonschema.Schema{Type: "boolean"}
	case reflect.String:
		s := &jsonschema.Schema{Type: "string", Pattern: f.Pattern}
		for _, word := range f.OneOf {
			s.Enum = append(s.Enum, word)
		}
		return s
	}
	return quantity(f)
}

const datePattern = `[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]+(Z|[+-][0-9:]+)?)?`

// quantity describes a number: plain, or a text with its unit.
func quantity(f param.Field) *jsonschema.Schema {
	number := &jsonschema.Schema{Type: "number"}
	if f.Unit == "count" {
		number.Type = "integer"
	}
	number.Minimum, number.Maximum = limit(f.Bounds.Min), limit(f.Bounds.Max)
	number.ExclusiveMinimum, number.ExclusiveMaximum = limit(f.Bounds.Above), limit(f.Bounds.Below)
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{number, {Type: "string", Pattern: param.Pattern(unit(f))}}}
}

func limit(v *float64) json.Number {
	if v == nil {
		return ""
	}
	return json.Number(strconv.FormatFloat(*v, 'g', -1, 64))
}

// oneKind describes an entry that names one of the kinds: with its parameters,
// or by its bare name.
func oneKind[C any](m schemaMaker, what string, kinds []param.Kind[C]) *jsonschema.Schema {
	bare := &jsonschema.Schema{Type: "string"}
	one := &jsonschema.Schema{OneOf: []*jsonschema.Schema{bare}}
	for _, k := range kinds {
		bare.Enum = append(bare.Enum, k.Name)
		params := m.define(what+"."+k.Name, reflect.ValueOf(k.Default()), k.Title, k.Equation, k.Source)
		one.OneOf = append(one.OneOf, single(k.Name, params))
	}
	return one
}

// define adds the parameters of a kind to the definitions and refers to them.
func (m schemaMaker) define(name string, config reflect.Value, title string, about ...string) *jsonschema.Schema {
	s := m.config(config.Elem())
	s.Title, s.Description = title, strings.Join(about, "\n")
	m.definitions[name] = s
	return &jsonschema.Schema{Ref: "#/$defs/" + name}
}

// single describes a section of one key; its value may be left empty where all
// parameters have defaults.
func single(key string, params *jsonschema.Schema) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "object", Properties: jsonschema.NewProperties(), Required: []string{key}, AdditionalProperties: jsonschema.FalseSchema}
	s.Properties.Set(key, params)
	return s
}
