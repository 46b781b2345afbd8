package rule

import (
	"fmt"
	"math"
	"strings"

	"github.com/expr-lang/expr/ast"
)

// call compiles the call of a function, whose name is the token at.
func (s *source) call(at int, n *ast.CallNode) term {
	t := term{kind: broken, first: at, last: s.token[at+1].other}
	arguments := make([]term, len(n.Arguments))
	for i, a := range n.Arguments {
		arguments[i] = s.term(a)
	}
	name := s.token[at].text
	f := function(name)
	if f == nil {
		t.last = at
		s.unknown(t, "unknown function "+name, name, functionNames())
		return t
	}
	if len(arguments) < len(f.takes) || len(arguments) > len(f.takes) && !f.more {
		s.blame(t, fmt.Sprintf("%s with %s", name, plural(len(arguments), "argument")), f.Signature)
		return t
	}
	for i := range arguments {
		arguments[i] = s.argument(f, i, arguments[i])
	}
	t = joined(f.gives, append([]term{{first: t.first, last: t.last, fixed: f.date == nil, settled: f.date == nil}}, arguments...)...)
	switch {
	case t.kind == broken:
	case f.window != nil:
		s.overWindow(&t, f, arguments)
	case f.cross != nil:
		s.crossing(&t, f, arguments)
	case f.scalar != nil:
		s.scalar(&t, f, arguments)
	case f.date != nil:
		s.date(&t, f)
	}
	return t
}

func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// argument checks an argument of a function.
func (s *source) argument(f *Function, i int, t term) term {
	want := f.takes[min(i, len(f.takes)-1)]
	expected := want.example()
	if last := s.token[t.last]; want == Duration && last.kind == literal && strings.HasSuffix(last.text, "m") {
		expected += "; m is a million, minutes are written 30min"
	}
	t = s.as(t, want, expected+", in "+f.Signature)
	if want == Duration && t.kind == Duration {
		s.length(&t)
	}
	return t
}

// length checks the length of a window as far as it is known.
func (s *source) length(t *term) {
	const expected = "a literal or a parameter, such as 5d or 2 * horizon: a window does not depend on the moment"
	switch {
	case !t.fixed:
		s.blame(*t, "a duration that changes", expected)
	case t.settled && !allowed(t.number(&Moment{})):
		s.blame(*t, s.excerpt(*t), fmt.Sprintf("a window of more than 0 and at most %dd", maxWindow))
	default:
		return
	}
	t.kind = broken
}

func allowed(days float64) bool { return days*microsecondsPerDay >= 1 && days <= maxWindow }

// overWindow makes the call of a window function: series, then a duration.
func (s *source) overWindow(t *term, f *Function, arguments []term) {
	where, days := s.excerpt(*t), arguments[len(arguments)-1].number
	q := question{function: f, x: arguments[0].series, y: -1}
	if len(arguments) == 3 {
		q.y = arguments[1].series
	}
	t.fixed, t.settled = false, false
	t.number = func(m *Moment) float64 {
		d := days(m)
		if d != d {
			return d
		}
		if !allowed(d) {
			m.err = fmt.Errorf("%s: found a window of %v days, expected more than 0 and at most %d", where, d, maxWindow)
			return math.NaN()
		}
		q := q
		q.length = int64(math.Round(d * microsecondsPerDay))
		v, why := m.Tape.ask(q)
		if why != known {
			return m.absent(where, why)
		}
		return v
	}
}

// crossing makes the call of a function of a series' last two values.
func (s *source) crossing(t *term, f *Function, arguments []term) {
	where, at, level := s.excerpt(*t), arguments[0].series, arguments[1].number
	t.fixed, t.settled = false, false
	t.flag = func(m *Moment) truth {
		before, latest, why := m.Tape.latestTwo(at)
		if why != known {
			m.absent(where, why)
			return unknown
		}
		v := level(m)
		if v != v { // NaN
			return unknown
		}
		return truthOf(f.cross(before, latest, v))
	}
}

// scalar makes the call of a function of numbers; one that takes more of them
// goes on with its own result.
func (s *source) scalar(t *term, f *Function, arguments []term) {
	where := s.excerpt(*t)
	number := make([]func(*Moment) float64, max(3, len(arguments)))
	for i := range number {
		number[i] = func(*Moment) float64 { return 0 }
		if i < len(arguments) {
			number[i] = arguments[i].number
		}
	}
	further := number[len(f.takes):max(len(arguments), len(f.takes))]
	t.number = func(m *Moment) float64 {
		a, b, c := number[0](m), number[1](m), 0.0
		if !f.more {
			c = number[2](m)
		}
		if a != a || b != b || c != c { // NaN
			return math.NaN()
		}
		v := f.scalar(a, b, c)
		for _, next := range further {
			if b = next(m); b != b {
				return b
			}
			v = f.scalar(v, b, 0)
		}
		switch {
		case v != v:
			return m.absent(where, undefined)
		case v-v != 0:
			return m.absent(where, large)
		}
		return v
	}
}

// firstYear is the first that is a date: a run without dates begins in the year 1.
const firstYear = 1970

// date makes the call of a function of the calendar.
func (s *source) date(t *term, f *Function) {
	where := s.excerpt(*t)
	t.number = func(m *Moment) float64 {
		if m.Tape.clock.Year() < firstYear {
			return m.absent(where, undated)
		}
		return float64(f.date(m.Tape.clock))
	}
}
