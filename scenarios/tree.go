package scenarios

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/ebb-sim/ebb/data"
)

// A source is a text that nodes come from: the file, or one --set.
type source struct {
	name  string
	what  string   // a scenario or a strategy, in faults of the whole file
	lines []string // nil for a --set, whose name shows it whole
}

// A form is the shape of a node.
type form int

const (
	absent form = iota // a key with nothing behind it
	scalar
	list
	section // keys with values
)

// A node is a piece of YAML with its place. Trees are never changed once they
// are shared: overrides work on a clone.
type node struct {
	form    form
	text    string // of a scalar, without its quotes
	items   []*node
	entries []entry

	source       *source
	line, column int // from 1; column in characters
	width        int // characters to mark
}

type entry struct{ key, value *node }

// get returns the value of a key, or nil.
func (n *node) get(key string) *node {
	if e := n.entry(key); e != nil {
		return e.value
	}
	return nil
}

func (n *node) entry(key string) *entry {
	if n == nil {
		return nil
	}
	for i := range n.entries {
		if n.entries[i].key.text == key {
			return &n.entries[i]
		}
	}
	return nil
}

// put sets the value of a key and keeps its place among the others.
func (n *node) put(key, value *node) {
	if e := n.entry(key.text); e != nil {
		*e = entry{key, value}
		return
	}
	n.form = section
	n.entries = append(n.entries, entry{key, value})
}

// remove takes a key away.
func (n *node) remove(key string) {
	n.entries = slices.DeleteFunc(n.entries, func(e entry) bool { return e.key.text == key })
}

func (n *node) keys() []string {
	keys := make([]string, len(n.entries))
	for i, e := range n.entries {
		keys[i] = e.key.text
	}
	return keys
}

func (n *node) clone() *node {
	if n == nil {
		return nil
	}
	c := *n
	c.items = make([]*node, len(n.items))
	for i, item := range n.items {
		c.items[i] = item.clone()
	}
	c.entries = make([]entry, len(n.entries))
	for i, e := range n.entries {
		c.entries[i] = entry{e.key.clone(), e.value.clone()}
	}
	return &c
}

// only returns the one entry of a section with a single key, or nil.
func (n *node) only() *entry {
	if n == nil || n.form != section || len(n.entries) != 1 {
		return nil
	}
	return &n.entries[0]
}

// String shows the node as it may be quoted in a message.
func (n *node) String() string {
	switch n.form {
	case absent:
		return "nothing"
	case list:
		return "a list"
	case section:
		return "a section of keys"
	}
	return shown(n.text)
}

// shown quotes a text, cut where it is too long to read.
func shown(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return strconv.Quote(s)
}

// fault points at the node.
func (n *node) fault(text, found, expected string) data.Fault {
	f := n.source.fault(n.line, n.column, n.width)
	f.Text, f.Found, f.Expected = text, found, expected
	return f
}

// fault points at a place in the source, counted in characters, and shows it.
func (s *source) fault(line, column, width int) data.Fault {
	f := data.Fault{File: s.name}
	if line < 1 || line > len(s.lines) {
		return f
	}
	text := []rune(s.lines[line-1])
	column = min(max(column, 1), len(text)+1)
	f.Line, f.Column = line, len(string(text[:column-1]))+1
	width = max(1, min(width, len(text)+1-column))
	f.Snippet = snippet(text, line, column, width)
	return f
}

// maxShown is the longest line shown whole; of a longer one the part around
// the fault is.
const maxShown = 120

// snippet is the line and, under it, carets below the place. [data.Fault]
// prints the number of the line before it; the second line makes up for that.
func snippet(text []rune, line, column, width int) string {
	start, end := 0, len(text)
	if end > maxShown {
		start = max(0, min(column-1-maxShown/3, end-maxShown))
		end = min(end, start+maxShown)
	}
	shown := string(text[start:end])
	if end < len(text) {
		shown += "…"
	}
	under := blanks(text[start : column-1])
	if start > 0 {
		shown, under = "…"+shown, " "+under
	}
	margin := strings.Repeat(" ", 4+len(strconv.Itoa(line)))
	return fmt.Sprintf("%s\n%s | %s%s", shown, margin, under, strings.Repeat("^", max(1, min(width, start+maxShown+1-column))))
}

// blanks is as wide as the text: a tab is as wide below as above.
func blanks(text []rune) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, string(text))
}

// lines splits a text at its line ends, of any system.
func lines(text string) []string {
	text = strings.ToValidUTF8(text, string(utf8.RuneError))
	return strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n")
}
