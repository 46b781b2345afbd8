package scenarios

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/ebb-sim/ebb/data"
)

// Limits of a scenario file; they keep a hostile one from exhausting memory and
// patience: the parser's time grows with the square of the size.
const (
	maxSize    = 128 << 10 // bytes
	maxDepth   = 64        // of nesting
	maxRefused = 20        // faults before the rest is not worth reading
)

// read turns YAML into a tree: one document without anchors, aliases, tags and
// directives, which would make a file mean other than what it shows.
func (s *source) read(src []byte) (*node, data.Faults) {
	if fault := s.unreadable(src); fault != nil {
		return nil, data.Faults{*fault}
	}
	return s.parse(string(bytes.TrimPrefix(src, []byte("\ufeff"))))
}

// unreadable finds what is wrong with a file before it is YAML at all.
func (s *source) unreadable(src []byte) *data.Fault {
	f := data.Fault{File: s.name}
	switch {
	case len(src) > maxSize:
		f.Found, f.Expected = fmt.Sprintf("%d bytes", len(src)), fmt.Sprintf("a scenario of at most %d", maxSize)
	case !utf8.Valid(src):
		f.Found, f.Expected = "bytes that are not text in UTF-8", "YAML"
		for i, line := range bytes.Split(src, []byte("\n")) {
			if !utf8.Valid(line) {
				f.Line = i + 1
				break
			}
		}
	default:
		return nil
	}
	return &f
}

// parse makes the tree. The parser is not ours and its input may be anything:
// if it panics, that is a fault of the file.
func (s *source) parse(text string) (root *node, faults data.Faults) {
	defer func() {
		if cause := recover(); cause != nil {
			root, faults = nil, data.Faults{{File: s.name, Text: fmt.Sprintf("the YAML cannot be read (%v)", cause)}}
		}
	}()
	tokens := lexer.Tokenize(text)
	if faults := s.refused(tokens); len(faults) > 0 {
		return nil, faults
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, data.Faults{s.syntax(err)}
	}
	return s.document(file)
}

// document takes the one document out of a file.
func (s *source) document(file *ast.File) (*node, data.Faults) {
	c := converter{source: s}
	var root *node
	for _, d := range file.Docs {
		if d.Body == nil {
			continue
		}
		if root != nil {
			return nil, data.Faults{c.node(d.Body).fault("", "a second document", "one scenario a file")}
		}
		root = c.node(d.Body)
	}
	if root == nil {
		return nil, data.Faults{{File: s.name, Found: "an empty file", Expected: s.what}}
	}
	return root, c.faults
}

// refused finds what YAML has and scenarios do not, and nesting without end.
func (s *source) refused(tokens token.Tokens) data.Faults {
	var faults data.Faults
	depth, dashes, dashLine := 0, 0, 0
	for _, t := range tokens {
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			depth++
		case token.SequenceEndType, token.MappingEndType:
			depth--
		case token.SequenceEntryType:
			if t.Position.Line != dashLine {
				dashes, dashLine = 0, t.Position.Line
			}
			dashes++
		}
		if depth > maxDepth || dashes > maxDepth || t.Position.IndentLevel > maxDepth {
			f := s.at(t, 1)
			f.Found, f.Expected = "nesting too deep", fmt.Sprintf("at most %d levels", maxDepth)
			return append(faults, f)
		}
		if what := foreignTokens[t.Type]; what != "" && len(faults) < maxRefused {
			f := s.at(t, len([]rune(t.Value)))
			f.Found, f.Expected = what, "plain YAML: write the value where it is used"
			faults = append(faults, f)
		}
	}
	return faults
}

var foreignTokens = map[token.Type]string{
	token.AnchorType:     "an anchor",
	token.AliasType:      "an alias",
	token.MergeKeyType:   "a merge key",
	token.TagType:        "a tag",
	token.DirectiveType:  "a directive",
	token.MappingKeyType: "a ? key",
}

// at points at a token.
func (s *source) at(t *token.Token, width int) data.Fault {
	return s.fault(t.Position.Line, t.Position.Column, width)
}

// hints tells what the parser's words about common slips mean for the writer.
var hints = []struct{ message, text string }{
	{"mapping value is not allowed", "a colon too many: quote a text that has one, or indent the line like its neighbours"},
	{"value is not allowed in this context", "the line is indented like none of its neighbours"},
	{"block sequence entries are not allowed", "a list entry where a value stands: the dash belongs on a line of its own"},
	{"flow mapping end token", "this { is never closed by a }"},
	{"sequence end token", "this [ is never closed by a ]"},
	{"',' or ']' must be specified", "a list in brackets goes on here: a comma or ] is missing"},
	{"',' or '}' must be specified", "a section in braces goes on here: a comma or } is missing"},
	{"end character of double-quoted text", "this \" is never closed"},
	{"end character of single-quoted text", "this ' is never closed"},
	{"non-map value is specified", "a line without a colon among keys"},
}

// syntax turns the parser's error into a fault.
func (s *source) syntax(err error) data.Fault {
	var e yaml.Error
	if !errors.As(err, &e) || e.GetToken() == nil {
		return data.Fault{File: s.name, Text: err.Error()}
	}
	at := e.GetToken()
	if at.Next != nil && at.Next.Type == token.MappingValueType {
		at = at.Next // the token ran on to the colon that is one too many
	}
	f := s.at(at, 1)
	f.Text = e.GetMessage()
	for _, h := range hints {
		if strings.Contains(f.Text, h.message) {
			f.Text = h.text
			break
		}
	}
	if line := at.Position.Line; s.tabbed(line) {
		f = s.fault(line, 1, 1)
		f.Found, f.Expected = "a tab at the start of the line", "spaces"
	}
	return f
}

// tabbed tells whether the indentation of a line has a tab.
func (s *source) tabbed(line int) bool {
	if line < 1 || line > len(s.lines) {
		return false
	}
	text := s.lines[line-1]
	return strings.Contains(text[:len(text)-len(strings.TrimLeft(text, " \t"))], "\t")
}

// A converter makes nodes of the parser's tree.
type converter struct {
	source *source
	faults data.Faults
}

func (c *converter) node(from ast.Node) *node {
	n := &node{source: c.source}
	c.place(n, from.GetToken())
	switch x := from.(type) {
	case *ast.MappingNode:
		n.form = section
		for _, v := range x.Values {
			c.add(n, v)
		}
		// A section in braces stands at its brace, another at its first key.
		if !x.IsFlowStyle && len(n.entries) > 0 {
			n.line, n.column, n.width = n.entries[0].key.line, n.entries[0].key.column, n.entries[0].key.width
		}
	case *ast.SequenceNode:
		n.form = list
		for _, v := range x.Values {
			n.items = append(n.items, c.node(v))
		}
	case *ast.NullNode:
		n.form = absent
	case *ast.LiteralNode:
		n.form, n.text = scalar, x.Value.Value
	case *ast.StringNode:
		n.form, n.text = scalar, x.Value
	case ast.ScalarNode:
		n.form, n.text = scalar, from.GetToken().Value
	default:
		c.faults = append(c.faults, n.fault("", strings.ToLower(from.Type().YAMLName()), "plain YAML"))
	}
	return n
}

func (c *converter) add(n *node, v *ast.MappingValueNode) {
	key, value := c.node(v.Key), c.node(v.Value)
	if key.form == absent { // a key that reads null or ~
		key.form, key.text = scalar, v.Key.GetToken().Value
	}
	if value.form == absent {
		value.line, value.column, value.width = key.line, key.column, key.width
	}
	if first := n.entry(key.text); first != nil {
		c.faults = append(c.faults, key.fault(shown(key.text), "the key a second time", fmt.Sprintf("it once; it is in line %d already", first.key.line)))
		return
	}
	n.entries = append(n.entries, entry{key, value})
}

// place tells where a token stands and how much of its line it fills.
func (c *converter) place(n *node, t *token.Token) {
	n.line, n.column, n.width = t.Position.Line, t.Position.Column, 1
	if t.Type == token.MappingStartType || t.Type == token.SequenceStartType {
		return
	}
	n.width = len([]rune(t.Value))
	if t.Type == token.DoubleQuoteType || t.Type == token.SingleQuoteType {
		n.width += 2
	}
}
