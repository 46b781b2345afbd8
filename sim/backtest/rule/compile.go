package rule

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
)

// Limits of what a rule becomes with its signals put in.
const (
	maxTerms = 2000
	maxChain = 64 // of signals that read signals
)

// Compile reads a rule over names, which must be of the kind that is wanted
// ([Number], [Duration] or [Flag]). An error is of type [Faults].
//
// A series stands for its latest value wherever a number is asked for.
func Compile(text string, names Names, want Kind) (rule *Rule, err error) {
	c := &compiler{names: names, parameters: names.parameters(), signals: map[string]term{}, series: map[int]bool{}, used: map[string]bool{}}
	defer func() { // expr is not ours and the text may be anything
		if cause := recover(); cause != nil {
			rule, err = nil, Faults{{Width: len([]rune(text)), Found: fmt.Sprintf("what cannot be read (%v)", cause), Expected: "a rule"}}
		}
	}()
	root := c.text("", text, want)
	if len(c.faults) > 0 {
		return nil, c.faults
	}
	return c.rule(text, root), nil
}

// compiler makes terms of a rule and of the signals it reads.
type compiler struct {
	names      Names
	parameters []string
	signals    map[string]term
	chain      []string // signals that are being read
	faults     Faults

	series map[int]bool // that are read
	used   map[string]bool
	states bool
}

func (c *compiler) rule(text string, root term) *Rule {
	r := &Rule{text: text, root: root, parameters: slices.Sorted(maps.Keys(c.used)), signals: slices.Sorted(maps.Keys(c.signals))}
	r.series = slices.SortedFunc(maps.Keys(c.series), func(a, b int) int { return strings.Compare(c.names.Series[a], c.names.Series[b]) })
	for _, i := range r.series {
		r.reads = append(r.reads, c.names.Series[i])
	}
	if len(r.parameters) > 0 {
		r.given = len(c.parameters)
	}
	if c.states {
		r.states = len(c.names.States)
	}
	return r
}

// text compiles the text of the rule, or of a signal.
func (c *compiler) text(signal, text string, want Kind) term {
	runes, tokens, faults := lex(signal, text)
	if len(faults) > 0 {
		c.faults = append(c.faults, faults...)
		return term{kind: broken}
	}
	tree, fault := parse(signal, tokens)
	if fault != nil {
		c.faults = append(c.faults, *fault)
		return term{kind: broken}
	}
	s := &source{compiler: c, signal: signal, text: runes, tree: tree, token: tokens, terms: map[ast.Node]term{}}
	root := s.term(tree.root)
	if want != either {
		root = s.as(s.value(root), want, want.example())
	}
	if root.size > maxTerms && root.kind != broken {
		s.blame(root, fmt.Sprintf("more than %d terms, those of its signals included", maxTerms), "a shorter rule")
		root.kind = broken
	}
	slices.SortStableFunc(s.faults, func(a, b Fault) int { return cmp.Compare(a.Offset, b.Offset) })
	c.faults = append(c.faults, s.faults...)
	return root
}

// A source is one text that is being compiled.
type source struct {
	*compiler
	signal string
	text   []rune
	tree   tree
	token  []token
	terms  map[ast.Node]term // a chained comparison has a node twice
	faults Faults
}

// A term is a part of an expression, ready to be evaluated.
type term struct {
	kind   Kind
	number func(*Moment) float64 // of Number and Duration; NaN is not known
	flag   func(*Moment) truth
	series int

	fixed       bool // the same at every moment, given the parameters
	settled     bool // and whatever they are
	size        int  // terms it is made of
	first, last int  // its tokens
}

// place is where a term stands in its text, with both of each pair of brackets.
func (s *source) place(t term) (offset, width int) {
	from, to := t.first, t.last
	for _, token := range s.token[t.first : t.last+1] {
		switch token.text {
		case "(":
			to = max(to, token.other)
		case ")":
			from = min(from, token.other)
		}
	}
	first, last := s.token[from], s.token[to]
	return first.offset, last.offset + last.width - first.offset
}

// blame reports a fault of a term.
func (s *source) blame(t term, found, expected string) {
	offset, width := s.place(t)
	s.faults = append(s.faults, Fault{Signal: s.signal, Offset: offset, Width: width, Found: found, Expected: expected})
}

// maxExcerpt is how much of a rule a reason repeats, in runes.
const maxExcerpt = 60

// excerpt is a term as it is written, for the reason why it is not known.
func (s *source) excerpt(t term) string {
	offset, width := s.place(t)
	text := strings.Join(strings.Fields(string(s.text[offset:offset+min(width, maxExcerpt)])), " ")
	if width > maxExcerpt {
		text += "…"
	}
	return text
}

// term compiles a node. A kind of node that is not here is not part of the
// language.
func (s *source) term(n ast.Node) term {
	if t, twice := s.terms[n]; twice {
		return t
	}
	at := s.tree.at(n)
	var t term
	switch n := n.(type) {
	case *ast.IntegerNode:
		t = s.literal(at)
	case *ast.IdentifierNode:
		t = s.name(at)
	case *ast.UnaryNode:
		t = s.unary(at, n)
	case *ast.BinaryNode:
		t = s.binary(n)
	case *ast.ConditionalNode:
		t = s.conditional(n)
	case *ast.CallNode:
		t = s.call(at, n)
	default:
		t = term{kind: broken, first: at, last: at}
		s.blame(t, fmt.Sprintf("an expression that rules do not have (%T)", n), "names, numbers, operators and calls")
	}
	s.terms[n] = t
	return t
}

// joined is a term of a kind made of others; it is broken if one of them is.
func joined(kind Kind, parts ...term) term {
	t := term{kind: kind, fixed: true, settled: true, size: 1, first: parts[0].first, last: parts[0].last}
	for _, p := range parts {
		if p.kind == broken {
			t.kind = broken
		}
		t.fixed, t.settled = t.fixed && p.fixed, t.settled && p.settled
		t.size = min(t.size+p.size, maxTerms+1)
		t.first, t.last = min(t.first, p.first), max(t.last, p.last)
	}
	return t
}

// as takes a term for a kind: a series for its latest value. What else it could
// have been is in expected.
func (s *source) as(t term, want Kind, expected string) term {
	switch {
	case t.kind == want || t.kind == broken:
		return t
	case t.kind == series && want == Number:
		return s.latest(t)
	}
	s.blame(t, t.kind.String(), expected)
	t.kind = broken
	return t
}

// value takes a term for whatever it is but a series.
func (s *source) value(t term) term {
	if t.kind == series {
		return s.latest(t)
	}
	return t
}

func (s *source) latest(t term) term {
	at, where := t.series, s.excerpt(t)
	t.kind = Number
	t.number = func(m *Moment) float64 {
		v, why := m.Tape.latest(at)
		if why != known {
			return m.absent(where, why)
		}
		return v
	}
	return t
}

func (s *source) literal(at int) term {
	token := s.token[at]
	t := term{kind: token.is, fixed: true, settled: true, size: 1, first: at, last: at}
	if t.kind == Flag {
		v := truthOf(token.value == 1)
		t.flag = func(*Moment) truth { return v }
		return t
	}
	t.number = func(*Moment) float64 { return token.value }
	return t
}

// name compiles what is not a call: a series, a parameter, a state or a signal.
func (s *source) name(at int) term {
	t := term{size: 1, first: at, last: at}
	name := s.token[at].text
	roles := s.names.roles(name)
	if len(roles) != 1 {
		s.unclear(t, name, roles)
		t.kind = broken
		return t
	}
	if i := slices.Index(s.names.Series, name); i >= 0 {
		s.series[i] = true
		t.kind, t.series = series, i
		return t
	}
	if kind, ok := s.names.Parameters[name]; ok {
		s.used[name] = true
		i, _ := slices.BinarySearch(s.parameters, name)
		t.fixed = true
		return s.given(t, kind, func(m *Moment) float64 { return m.Parameters[i] })
	}
	if i := s.names.state(name); i >= 0 {
		s.states = true
		return s.given(t, s.names.States[i].Kind, func(m *Moment) float64 { return m.States[i] })
	}
	return s.reference(t, name)
}

// given is a value that the moment brings along.
func (s *source) given(t term, kind Kind, value func(*Moment) float64) term {
	where := s.excerpt(t)
	read := func(m *Moment) float64 {
		v := value(m)
		if v-v != 0 { // NaN or an infinity
			return m.absent(where, valueless)
		}
		return v
	}
	t.kind, t.number = kind, read
	if kind == Flag {
		t.number = nil
		t.flag = func(m *Moment) truth {
			v := read(m)
			if v != v {
				return unknown
			}
			return truthOf(v != 0)
		}
	}
	return t
}

// unclear reports a name that is nothing, or several things.
func (s *source) unclear(t term, name string, roles []string) {
	if len(roles) > 1 {
		s.blame(t, fmt.Sprintf("%s, which is %s", name, strings.Join(roles, " and ")), "a name for each")
		return
	}
	if function(name) != nil {
		s.blame(t, "the function "+name+" without brackets", function(name).Signature)
		return
	}
	s.unknown(t, "unknown name "+name, name, s.names.all())
}

func (s *source) unknown(t term, found, name string, all []string) {
	expected := "one of " + strings.Join(all, ", ")
	if len(all) == 0 {
		expected = "a number, as there are no names"
	}
	s.blame(t, found, expected)
	f := &s.faults[len(s.faults)-1]
	f.Unknown, f.Known = name, all
}

// reference puts a signal in the place of its name.
func (s *source) reference(t term, name string) term {
	t.kind = broken
	if i := slices.Index(s.chain, name); i >= 0 {
		cycle := append(slices.Clone(s.chain[i:]), name)
		s.blame(t, "signal "+strings.Join(cycle, ", which reads "), "signals that do not read themselves")
		return t
	}
	if len(s.chain) == maxChain {
		s.blame(t, fmt.Sprintf("a chain of more than %d signals that read one another", maxChain), "a shorter one")
		return t
	}
	signal, compiled := s.signals[name]
	if !compiled {
		s.chain = append(s.chain, name)
		signal = s.compiler.text(name, s.names.Signals[name], either)
		s.chain = s.chain[:len(s.chain)-1]
		s.signals[name] = signal
	}
	signal.first, signal.last = t.first, t.last
	signal.size = min(signal.size+1, maxTerms+1)
	return signal
}
