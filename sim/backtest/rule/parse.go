package rule

import (
	"errors"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
)

// A tree is the shape of a rule, as expr reads it.
//
// expr sees neither names nor numbers: every name is x to it and every literal
// 0, and the place of a node tells which token it is. So none of its functions,
// keywords and literals can be reached, whatever they will be in its next
// version, and every fault is where the writer sees it.
type tree struct {
	root   ast.Node
	tokens map[int]int // by place in what expr has read
}

// parse finds the shape of tokens, of which there is at least one.
func parse(signal string, tokens []token) (tree, *Fault) {
	t := tree{tokens: map[int]int{}}
	var shape strings.Builder
	for i, token := range tokens {
		t.tokens[shape.Len()] = i
		switch token.kind {
		case name:
			shape.WriteString("x ")
		case literal:
			shape.WriteString("0 ")
		default:
			shape.WriteString(token.text + " ")
		}
	}
	limits := conf.CreateNew()
	limits.MaxNodes = 2 * maxTokens // a chained comparison has a node that no token stands for
	read, err := parser.ParseWithConfig(shape.String(), limits)
	if err != nil {
		return t, t.fault(signal, tokens, err)
	}
	t.root = read.Node
	return t, nil
}

// fault says in the words of a rule where it cannot be read on.
func (t tree) fault(signal string, tokens []token, err error) *Fault {
	last := tokens[len(tokens)-1]
	f := Fault{Signal: signal, Offset: last.offset + last.width, Found: "the end"}
	before := len(tokens) - 1
	if e := (*file.Error)(nil); errors.As(err, &e) {
		if i, ok := t.tokens[e.From]; ok {
			f.Offset, f.Width, f.Found = tokens[i].offset, tokens[i].width, tokens[i].text
			before = i - 1
		}
	}
	f.Expected = "a name, a number, not, - or ("
	if before >= 0 && (tokens[before].kind != operator || tokens[before].text == ")") {
		f.Expected = "an operator, such as and, > or +, or the end"
		if f.Found == "the end" { // an operand may always be the last, but for this
			f.Expected = "a : and what holds otherwise"
		}
	}
	return &f
}

// at is the token of a node.
func (t tree) at(n ast.Node) int { return t.tokens[n.Location().From] }
