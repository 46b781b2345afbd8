package scenarios

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/sim/driver"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/monitor"
	"github.com/ebb-sim/ebb/sim/param"
)

func schema(t *testing.T) map[string]any {
	t.Helper()
	text, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	var s map[string]any
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// violations checks a value against the part of JSON schema that Schema uses; a
// keyword it does not know fails the test.
func violations(t *testing.T, root, s map[string]any, path string, v any) []string {
	t.Helper()
	var found []string
	fault := func(format string, args ...any) { found = append(found, path+": "+fmt.Sprintf(format, args...)) }
	count := func(list any) int {
		n := 0
		for _, option := range list.([]any) {
			if len(violations(t, root, option.(map[string]any), path, v)) == 0 {
				n++
			}
		}
		return n
	}
	object, _ := v.(map[string]any)
	number, isNumber := v.(float64)
	for keyword, want := range s {
		switch keyword {
		case "$schema", "$defs", "title", "description", "default":
		case "$ref":
			name := strings.TrimPrefix(want.(string), "#/$defs/")
			found = append(found, violations(t, root, root["$defs"].(map[string]any)[name].(map[string]any), path, v)...)
		case "type":
			if !isType(want.(string), v) {
				fault("%v is no %s", v, want)
			}
		case "enum":
			if !slices.Contains(want.([]any), v) {
				fault("%v is none of %v", v, want)
			}
		case "pattern":
			if text, ok := v.(string); ok && !regexp.MustCompile(want.(string)).MatchString(text) {
				fault("%q does not match %s", text, want)
			}
		case "anyOf":
			if count(want) == 0 {
				fault("%v fits nothing", v)
			}
		case "oneOf":
			if n := count(want); n != 1 {
				fault("%v fits %d of oneOf", v, n)
			}
		case "minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum":
			limit := want.(float64)
			ok := map[string]bool{
				"minimum": number >= limit, "exclusiveMinimum": number > limit,
				"maximum": number <= limit, "exclusiveMaximum": number < limit,
			}[keyword]
			if isNumber && !ok {
				fault("%v breaks %s %v", v, keyword, limit)
			}
		case "required":
			for _, key := range want.([]any) {
				if _, ok := object[key.(string)]; !ok {
					fault("%v is missing", key)
				}
			}
		case "minItems":
			if items, ok := v.([]any); ok && float64(len(items)) < want.(float64) {
				fault("%d items", len(items))
			}
		case "items":
			items, _ := v.([]any)
			for i, item := range items {
				found = append(found, violations(t, root, want.(map[string]any), fmt.Sprintf("%s[%d]", path, i), item)...)
			}
		case "properties":
			for key, inner := range want.(map[string]any) {
				if value, ok := object[key]; ok {
					found = append(found, violations(t, root, inner.(map[string]any), path+"."+key, value)...)
				}
			}
		case "minProperties", "maxProperties":
			if limit := int(want.(float64)); object != nil && (keyword == "minProperties" && len(object) < limit || keyword == "maxProperties" && len(object) > limit) {
				fault("%d keys", len(object))
			}
		case "additionalProperties":
			properties, _ := s["properties"].(map[string]any)
			for key, value := range object {
				if _, known := properties[key]; known || want == true {
					continue
				}
				if inner, ok := want.(map[string]any); ok {
					found = append(found, violations(t, root, inner, path+"."+key, value)...)
				} else {
					fault("%s is unknown", key)
				}
			}
		default:
			t.Fatalf("%s: unknown keyword %s", path, keyword)
		}
	}
	return found
}

func isType(name string, v any) bool {
	switch x := v.(type) {
	case map[string]any:
		return name == "object"
	case []any:
		return name == "array"
	case string:
		return name == "string"
	case bool:
		return name == "boolean"
	case float64:
		return name == "number" || name == "integer" && x == float64(int64(x))
	}
	return false
}

// document decodes YAML as an editor does.
func document(t *testing.T, src []byte) any {
	t.Helper()
	text, err := yaml.YAMLToJSON(src)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestSchemaAdmits(t *testing.T) {
	s := schema(t)
	sources := map[string][]byte{"full": []byte(full)}
	for _, name := range Names() {
		src, err := Open(name)
		if err != nil {
			t.Fatal(err)
		}
		sources[name] = src
	}
	for name, src := range sources {
		if found := violations(t, s, s, name, document(t, src)); len(found) > 0 {
			t.Errorf("the schema refuses %s:\n%s", name, strings.Join(found, "\n"))
		}
	}
}

// What is wrong with a single value the schema sees too.
func TestSchemaRefuses(t *testing.T) {
	s := schema(t)
	for _, name := range []string{
		"unknown-key", "unknown-top-key", "unknown-parameter", "unknown-mechanism", "unknown-driver", "unknown-law",
		"missing-keys", "missing-parameter", "percent-for-usd", "usd-for-percent", "capital-multiple", "thousands-separator",
		"text-for-number", "section-for-number", "list-for-number", "out-of-bounds", "steps-zero", "steps-fraction", "steps-missing",
		"unit-of-duration-missing", "date-day-first", "series-kind", "series-file-missing", "shock-on-day-zero", "five-faults",
	} {
		src, err := os.ReadFile(filepath.Join("testdata/broken", name+".yaml"))
		if err != nil {
			t.Fatal(err)
		}
		if found := violations(t, s, s, name, document(t, src)); len(found) == 0 {
			t.Errorf("the schema admits %s", name)
		}
	}
}

// Every parameter of every type is in the schema under its name, and nothing
// else is.
func TestSchemaComplete(t *testing.T) {
	s := schema(t)
	var keys func(s map[string]any, found map[string]bool)
	keys = func(s map[string]any, found map[string]bool) {
		for keyword, v := range s {
			switch v := v.(type) {
			case map[string]any:
				if keyword == "properties" {
					for key := range v {
						found[key] = true
					}
				}
				if keyword != "$defs" {
					keys(v, found)
				}
			case []any:
				for _, item := range v {
					if inner, ok := item.(map[string]any); ok {
						keys(inner, found)
					}
				}
			}
		}
	}
	compare := func(name string, s map[string]any, params []param.Param, also ...string) {
		found, want := map[string]bool{}, map[string]bool{}
		keys(s, found)
		for _, p := range params {
			want[p.Name] = true
			if p.Doc == "" {
				t.Errorf("%s: %s has no doc", name, p.Path)
			}
		}
		for _, key := range also {
			want[key] = true
		}
		if !reflect.DeepEqual(found, want) {
			t.Errorf("%s: the schema has %v, the type %v", name, found, want)
		}
	}
	definitions := s["$defs"].(map[string]any)
	// Pointers to sections are not followed by param.List: they have no default.
	params := slices.Concat(param.List(&Spec{}), param.List(&History{}), param.List(&Simulate{}))
	var kinds []string
	for _, k := range mechanism.Kinds() {
		kinds = append(kinds, k.Name)
		compare(k.Name, definitions["mechanism."+k.Name].(map[string]any), param.List(k.Default()))
	}
	for _, k := range monitor.Kinds() {
		kinds = append(kinds, k.Name)
		compare(k.Name, definitions["monitor."+k.Name].(map[string]any), param.List(k.Default()))
	}
	for _, k := range driver.Kinds() {
		kinds = append(kinds, k.Name)
		compare(k.Name, definitions["driver."+k.Name].(map[string]any), param.List(k.Default()))
	}
	compare("scenario", s, params, kinds...)
	if len(definitions) != len(kinds) {
		t.Errorf("%d definitions, expected one for each of %d kinds", len(definitions), len(kinds))
	}
}

// The words of a series' kind and unit are those of package data.
func TestSeriesWords(t *testing.T) {
	for _, f := range param.Fields(reflect.TypeFor[Series]()) {
		for _, word := range f.OneOf {
			if err := parseWord(f.Name, word); err != nil {
				t.Error(err)
			}
		}
	}
}

func parseWord(field, word string) error {
	if field == "kind" {
		_, err := data.ParseKind(word)
		return err
	}
	_, err := data.ParseUnit(word)
	return err
}
