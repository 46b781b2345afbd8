package intake

import (
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
)

// String writes a mapping as a mapping file, with the flag that answers it beside
// each question.
func (m Mapping) String() string {
	var b strings.Builder
	var usual Mapping
	usual.Defaults()
	show(&b, reflect.ValueOf(m), reflect.ValueOf(usual), "")
	return b.String()
}

// show writes the fields of a struct that are not what they are by default.
func show(b *strings.Builder, v, usual reflect.Value, indent string) {
	for i := range v.NumField() {
		key, value := v.Type().Field(i).Tag.Get("yaml"), v.Field(i)
		if reflect.DeepEqual(value.Interface(), usual.Field(i).Interface()) {
			continue
		}
		switch x := value.Interface().(type) {
		case string:
			fmt.Fprintf(b, "%s%s: %s%s\n", indent, key, written(x), hint(key, x))
		case bool:
			fmt.Fprintf(b, "%s%s: %v\n", indent, key, x)
		case []string:
			words := make([]string, len(x))
			for k, word := range x {
				words[k] = written(word)
			}
			fmt.Fprintf(b, "%s%s: [%s]\n", indent, key, strings.Join(words, ", "))
		case Date:
			fmt.Fprintf(b, "%s%s:\n", indent, key)
			show(b, value, reflect.Zero(value.Type()), indent+"  ")
		case []Column:
			fmt.Fprintf(b, "%s%s:\n", indent, key)
			for _, c := range x {
				var column strings.Builder
				show(&column, reflect.ValueOf(c), reflect.ValueOf(Column{}), indent+"    ")
				b.WriteString(indent + "  - " + strings.TrimPrefix(column.String(), indent+"    "))
			}
		}
	}
}

// hint stands behind a question.
func hint(key, value string) string {
	if value != open {
		return ""
	}
	if key == "column" {
		return "  # the name of the column of dates"
	}
	return "  # not in the file; say it here, or with " + map[string]string{
		"layout": "--dates", "zone": "--zone", "stamp": "--stamp", "kind": "--kind", "unit": "--unit", "per": "--per", "published": "--published",
	}[key]
}

var bareWord = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.+-]*( [A-Za-z0-9_.+-]+)*$`)

// written quotes what YAML might read as something else than a text.
func written(s string) string {
	switch strings.ToLower(s) {
	case "true", "false", "null", "yes", "no", "on", "off", "y", "n":
		return strconv.Quote(s)
	}
	if bareWord.MatchString(s) {
		return s
	}
	return strconv.Quote(s)
}
