package rule

import (
	"math"

	"github.com/expr-lang/expr/ast"
)

func (s *source) unary(at int, n *ast.UnaryNode) term {
	inner := s.value(s.term(n.Node))
	if n.Operator == "not" {
		inner = s.as(inner, Flag, "a flag behind not; it binds closer than comparisons: not (a > b)")
		t := joined(Flag, inner)
		t.first = at
		t.flag = func(m *Moment) truth { return inner.flag(m).not() }
		return t
	}
	if inner.kind == Flag {
		s.blame(inner, "a flag", "a number or a duration behind "+n.Operator)
		inner.kind = broken
	}
	t := joined(inner.kind, inner)
	t.first, t.number = at, inner.number
	if n.Operator == "-" {
		t.number = func(m *Moment) float64 { return -inner.number(m) }
	}
	return t
}

func (s *source) conditional(n *ast.ConditionalNode) term {
	condition := s.as(s.value(s.term(n.Cond)), Flag, "a flag before ?")
	then, other := s.value(s.term(n.Exp1)), s.value(s.term(n.Exp2))
	if n.Cond == n.Exp1 {
		s.blame(condition, "nothing between ? and :", "what holds if it is so")
		condition.kind = broken
	}
	if then.kind != broken {
		other = s.as(other, then.kind, then.kind.String()+", as before the :")
	}
	t := joined(then.kind, condition, then, other)
	if t.kind == Flag {
		t.flag = func(m *Moment) truth {
			switch condition.flag(m) {
			case yes:
				return then.flag(m)
			case no:
				return other.flag(m)
			}
			return unknown
		}
		return t
	}
	t.number = func(m *Moment) float64 {
		switch condition.flag(m) {
		case yes:
			return then.number(m)
		case no:
			return other.number(m)
		}
		return math.NaN()
	}
	return t
}

func (s *source) binary(n *ast.BinaryNode) term {
	left, right := s.value(s.term(n.Left)), s.value(s.term(n.Right))
	switch n.Operator {
	case "and", "&&", "or": // && joins the parts of a chained comparison
		return s.logic(n.Operator, left, right)
	case "<", ">", "<=", ">=", "==", "!=":
		return s.comparison(n.Operator, left, right)
	case "+", "-", "*", "/", "%", "**":
		return s.arithmetic(n.Operator, left, right)
	}
	t := joined(broken, left, right)
	s.blame(t, "the operator "+n.Operator, "one that rules have")
	return t
}

// logic is Kleene's: one side that decides is enough, whatever the other is, and
// whichever stands first.
func (s *source) logic(op string, left, right term) term {
	left, right = s.as(left, Flag, "a flag before "+op), s.as(right, Flag, "a flag behind "+op)
	t := joined(Flag, left, right)
	decides := no
	if op == "or" {
		decides = yes
	}
	t.flag = func(m *Moment) truth {
		cause, where := m.cause, m.where
		l := left.flag(m)
		if l == decides {
			return l
		}
		r := right.flag(m)
		if r == decides {
			m.cause, m.where = cause, where // that of the left side does not matter
			return r
		}
		if l == unknown {
			return l
		}
		return r
	}
	return t
}

// comparison compares two of a kind.
func (s *source) comparison(op string, left, right term) term {
	t := joined(Flag, left, right)
	if t.kind == broken {
		return t
	}
	equality := op == "==" || op == "!="
	if left.kind != right.kind || left.kind == Flag && !equality {
		expected := "two numbers or two durations"
		if equality {
			expected = "two of a kind"
		}
		s.blame(t, left.kind.String()+" "+op+" "+right.kind.String(), expected)
		t.kind = broken
		return t
	}
	if left.kind == Flag {
		t.flag = sameFlag(op == "==", left.flag, right.flag)
		return t
	}
	holds := comparisons[op]
	l, r := left.number, right.number
	t.flag = func(m *Moment) truth {
		a, b := l(m), r(m)
		if a != a || b != b { // NaN
			return unknown
		}
		return truthOf(holds(a, b))
	}
	return t
}

var comparisons = map[string]func(a, b float64) bool{
	"<":  func(a, b float64) bool { return a < b },
	">":  func(a, b float64) bool { return a > b },
	"<=": func(a, b float64) bool { return a <= b },
	">=": func(a, b float64) bool { return a >= b },
	"==": func(a, b float64) bool { return a == b },
	"!=": func(a, b float64) bool { return a != b },
}

func sameFlag(equal bool, left, right func(*Moment) truth) func(*Moment) truth {
	return func(m *Moment) truth {
		l, r := left(m), right(m)
		if l == unknown || r == unknown {
			return unknown
		}
		return truthOf((l == r) == equal)
	}
}

// A pairing is an operator between two kinds.
type pairing struct {
	left  Kind
	op    string
	right Kind
}

// pairings tells what comes of them; what is not here is at fault.
var pairings = map[pairing]Kind{
	{Number, "+", Number}: Number, {Number, "-", Number}: Number, {Number, "*", Number}: Number,
	{Number, "/", Number}: Number, {Number, "%", Number}: Number, {Number, "**", Number}: Number,
	{Duration, "+", Duration}: Duration, {Duration, "-", Duration}: Duration, {Duration, "/", Duration}: Number,
	{Duration, "*", Number}: Duration, {Number, "*", Duration}: Duration, {Duration, "/", Number}: Duration,
}

func (s *source) arithmetic(op string, left, right term) term {
	t := joined(broken, left, right)
	if left.kind == broken || right.kind == broken {
		return t
	}
	kind, ok := pairings[pairing{left.kind, op, right.kind}]
	if !ok {
		s.blame(t, left.kind.String()+" "+op+" "+right.kind.String(), "two numbers, or what durations allow: d + d, d - d, 2 * d, d / 2, d / d")
		return t
	}
	t.kind = kind
	l, r, where, compute := left.number, right.number, s.excerpt(t), operations[op]
	t.number = func(m *Moment) float64 {
		a, b := l(m), r(m)
		if a != a || b != b { // NaN
			return math.NaN()
		}
		v, why := compute(a, b)
		if why != known {
			return m.absent(where, why)
		}
		if v-v != 0 { // NaN or an infinity
			return m.absent(where, large)
		}
		return v
	}
	return t
}

var operations = map[string]func(a, b float64) (float64, cause){
	"+":  func(a, b float64) (float64, cause) { return a + b, known },
	"-":  func(a, b float64) (float64, cause) { return a - b, known },
	"*":  func(a, b float64) (float64, cause) { return a * b, known },
	"/":  func(a, b float64) (float64, cause) { return a / b, divisor(b) },
	"%":  func(a, b float64) (float64, cause) { return remainder(a, b), divisor(b) },
	"**": power,
}

// remainder has the sign of b, as in Python: -1 % 7 is 6.
func remainder(a, b float64) float64 {
	r := math.Mod(a, b)
	if r != 0 && (r < 0) != (b < 0) {
		r += b
	}
	return r
}

func divisor(b float64) cause {
	if b == 0 {
		return zero
	}
	return known
}

func power(a, b float64) (float64, cause) {
	v := math.Pow(a, b)
	switch {
	case a == 0 && b < 0:
		return 0, zero
	case v != v:
		return 0, undefined
	}
	return v, known
}
