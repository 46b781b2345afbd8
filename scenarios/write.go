package scenarios

import (
	"encoding/json"
	"regexp"
	"strings"
)

// YAML is the scenario as a file that says the same, with what was set from outside in
// its place: [Parse] gives a scenario of the same [Scenario.Hash]. Comments are gone,
// and what the file does not say is not in it.
func (s *Scenario) YAML() string { return yamlOf(s.root) }

// YAML is the strategy as a file; see [Scenario.YAML].
func (s *Strategy) YAML() string { return yamlOf(s.base.root) }

func yamlOf(root *node) string {
	var w yamlWriter
	w.entries(root, "")
	return w.String()
}

// lineWidth is how long a line becomes before what is in braces gets lines of its own.
const lineWidth = 110

// yamlWriter writes a tree.
type yamlWriter struct{ strings.Builder }

func (w *yamlWriter) entries(n *node, indent string) {
	for i, e := range n.entries {
		if i > 0 || indent == "" {
			w.WriteString(indent)
		}
		w.WriteString(quoted(e.key.text) + ":")
		w.value(e.value, indent)
	}
}

// value writes what stands behind a key: on its line where it fits.
func (w *yamlWriter) value(n *node, indent string) {
	inner := indent + "  "
	line := oneLine(n)
	switch {
	case n.form == scalar || len(indent)+len(line) < lineWidth-20 && indent != "" || len(n.items)+len(n.entries) == 0:
		w.WriteString(" " + line + "\n")
	case n.form == list:
		w.WriteByte('\n')
		for _, item := range n.items {
			w.WriteString(inner + "- ")
			w.item(item, inner+"  ")
		}
	default:
		w.WriteString("\n" + inner)
		w.entries(n, inner)
	}
}

// item writes an entry of a list behind its dash.
func (w *yamlWriter) item(n *node, indent string) {
	if line := oneLine(n); n.form != section || len(n.entries) == 0 || len(indent)+len(line) < lineWidth {
		w.WriteString(line + "\n")
		return
	}
	w.entries(n, indent)
}

// oneLine is a value on one line.
func oneLine(n *node) string {
	switch n.form {
	case scalar:
		return quoted(n.text)
	case list:
		return "[" + inOrder(n.items, oneLine) + "]"
	case section:
		return "{" + inOrder(n.entries, func(e entry) string { return quoted(e.key.text) + ": " + oneLine(e.value) }) + "}"
	}
	return "~"
}

// bare is a text that means itself without quotes anywhere in a file.
var bare = regexp.MustCompile(`^[\pL\d$.+−-][\pL\d$.+−_/%()-]*( [\pL\d$.+−_/%()-]+)*$`)

// meaning is what YAML takes for nothing, a list entry or the end of a document.
var meaning = regexp.MustCompile(`^(null|Null|NULL|-|- .*|---.*|\.\.\..*)$`)

// quoted is a text with quotes where it needs them.
func quoted(text string) string {
	if bare.MatchString(text) && !meaning.MatchString(text) {
		return text
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.Encode(text) // a builder takes everything
	return strings.TrimSuffix(b.String(), "\n")
}
