package rule

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/ebb-sim/ebb/sim/param"
)

// Limits of a rule: they bound the time of the parser and the depth of its
// recursion.
const (
	maxText   = 4096 // bytes
	maxTokens = 1000
	maxDepth  = 64 // of brackets
)

type tokenKind int

const (
	name tokenKind = iota
	literal
	operator // and all other signs, and the words and, or, not
)

// A token is a word of a rule.
type token struct {
	kind          tokenKind
	text          string
	offset, width int // in runes of the rule's text
	other         int // of a bracket: the token that closes or opens it

	value float64 // of a literal
	is    Kind
}

// signs are what a rule is written with besides names and literals; the longest
// comes first.
var signs = []string{"**", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "<", ">", "?", ":", ",", "(", ")"}

// A foreigner is a sign of another language, and what stands for it here.
type foreigner struct{ sign, here string }

var foreign = []foreigner{
	{"&&", "and"}, {"||", "or"}, {"<>", "!="}, {"..", "a window, such as sum(btc.etf_flow, 5d)"}, {"//", "/"},
	{"=", "=="}, {"!", "not"}, {"^", "**"}, {"≤", "<="}, {"≥", ">="}, {"≠", "!="}, {"×", "*"}, {"−", "-"},
}

// lexer takes a text apart.
type lexer struct {
	signal string
	text   []rune
	at     int
	tokens []token
	open   []int // opening brackets that are not closed yet
	faults Faults
}

func lex(signal, text string) ([]rune, []token, Faults) {
	l := &lexer{signal: signal, text: []rune(text)}
	switch {
	case len(text) > maxText:
		l.fault(0, 0, fmt.Sprintf("%d bytes", len(text)), fmt.Sprintf("a rule of at most %d", maxText))
	case !utf8.ValidString(text):
		l.fault(slices.Index(l.text, utf8.RuneError), 1, "bytes that are not text in UTF-8", "a rule")
	case strings.TrimSpace(text) == "":
		l.fault(0, len(l.text), "nothing", "a rule, such as sum(btc.etf_flow, 5d) > 0")
	default:
		l.run()
	}
	return l.text, l.tokens, l.faults
}

func (l *lexer) fault(offset, width int, found, expected string) {
	l.faults = append(l.faults, Fault{Signal: l.signal, Offset: offset, Width: width, Found: found, Expected: expected})
}

func (l *lexer) run() {
	for l.at < len(l.text) {
		r := l.text[l.at]
		switch {
		case unicode.IsSpace(r):
			l.at++
		case digit(r) || r == '.' && digit(l.peek(1)):
			l.number()
		case letter(r):
			l.word()
		case r == '"' || r == '\'' || r == '`':
			l.quoted(r)
		default:
			l.sign()
		}
		if len(l.tokens) > maxTokens || len(l.open) > maxDepth {
			l.tooMuch()
			return
		}
	}
	for _, i := range l.open {
		l.fault(l.tokens[i].offset, 1, "( that is never closed", ")")
	}
}

func (l *lexer) tooMuch() {
	last := l.tokens[len(l.tokens)-1]
	if len(l.open) > maxDepth {
		l.fault(last.offset, last.width, "brackets nested too deep", fmt.Sprintf("at most %d levels", maxDepth))
		return
	}
	l.fault(last.offset, last.width, "too long a rule", fmt.Sprintf("at most %d names, numbers and signs", maxTokens))
}

// peek is the rune n further on; 0 behind the end.
func (l *lexer) peek(n int) rune {
	if l.at+n < len(l.text) {
		return l.text[l.at+n]
	}
	return 0
}

func digit(r rune) bool  { return '0' <= r && r <= '9' }
func letter(r rune) bool { return r == '_' || unicode.IsLetter(r) }

// add makes a token of the next n runes.
func (l *lexer) add(kind tokenKind, n int) *token {
	l.tokens = append(l.tokens, token{kind: kind, text: string(l.text[l.at : l.at+n]), offset: l.at, width: n})
	l.at += n
	return &l.tokens[len(l.tokens)-1]
}

// word reads a name, which may have dots inside, or a word of the language.
func (l *lexer) word() {
	n := 1
	for letter(l.peek(n)) || unicode.IsDigit(l.peek(n)) || l.peek(n) == '.' && letter(l.peek(n+1)) {
		n++
	}
	t := l.add(name, n)
	switch t.text {
	case "and", "or", "not":
		t.kind = operator
	case "true":
		t.kind, t.is, t.value = literal, Flag, 1
	case "false":
		t.kind, t.is, t.value = literal, Flag, 0
	}
}

// number reads a number with the unit attached to it.
func (l *lexer) number() {
	n := l.digits(0)
	if l.peek(n) == '.' && l.peek(n+1) != '.' {
		n = l.digits(n + 1)
	}
	if e := l.peek(n); e == 'e' || e == 'E' {
		sign := 0
		if next := l.peek(n + 1); next == '+' || next == '-' {
			sign = 1
		}
		if digit(l.peek(n + 1 + sign)) {
			n = l.digits(n + 1 + sign)
		}
	}
	unit := n
	for letter(l.peek(n)) || n > unit && digit(l.peek(n)) {
		n++
	}
	if n == unit && l.peek(n) == '%' {
		n++
	}
	if l.grouped(n) {
		n += 4
		l.fault(l.at, n, string(l.text[l.at:l.at+n])+", with a thousands separator", "a number without one, or a space behind the comma")
		l.at += n
		return
	}
	t := l.add(literal, n)
	var err error
	if t.value, t.is, err = quantity(t.text[:unit], t.text[unit:]); err != nil {
		found, expected := t.text, describeLiteral
		if w := (*param.WrittenError)(nil); errors.As(err, &w) {
			found = w.Found
		}
		l.fault(t.offset, t.width, found, expected)
	}
}

func (l *lexer) digits(n int) int {
	for digit(l.peek(n)) {
		n++
	}
	return n
}

// grouped tells whether a comma and three digits go on right behind a number, as
// in 93,000: within a call this would be two numbers.
func (l *lexer) grouped(n int) bool {
	return digit(l.peek(n-1)) && l.peek(n) == ',' && l.digits(n+1) == n+4 && !letter(l.peek(n+4))
}

const describeLiteral = "a number, such as 0.5, 2%, 10bp, 5k, 290m or 1.5bn, or a duration, such as 30min, 4h, 5d or 6w"

// quantity reads a literal as sim/param does, but for minutes: m is a million
// here, and they are written min. A duration is in days.
func quantity(number, unit string) (float64, Kind, error) {
	switch unit {
	case "w", "d", "h", "s":
	case "min":
		unit = "m"
	default:
		v, err := param.Parse("amount", number+unit)
		return v, Number, err
	}
	d, err := param.ParseDuration(number + unit)
	return days(d), Duration, err
}

func days(d time.Duration) float64 { return float64(d) / float64(24*time.Hour) }

// quoted refuses a text in quotes, as one.
func (l *lexer) quoted(quote rune) {
	n := 1
	for l.at+n < len(l.text) && l.peek(n) != quote {
		n++
	}
	n = min(n+1, len(l.text)-l.at)
	l.fault(l.at, n, "a text in quotes", "a name, which stands without")
	l.at += n
}

// sign reads an operator or a bracket.
func (l *lexer) sign() {
	here := func(s string) bool {
		r := []rune(s)
		return slices.Equal(r, l.text[l.at:min(l.at+len(r), len(l.text))])
	}
	known := slices.IndexFunc(signs, here)
	i := slices.IndexFunc(foreign, func(f foreigner) bool { return here(f.sign) })
	if i >= 0 && (known < 0 || len(foreign[i].sign) > len(signs[known])) {
		n := utf8.RuneCountInString(foreign[i].sign)
		l.fault(l.at, n, foreign[i].sign, foreign[i].here)
		l.at += n
		return
	}
	if known < 0 {
		l.fault(l.at, 1, string(l.text[l.at]), "a name, a number or one of "+strings.Join(signs, " "))
		l.at++
		return
	}
	l.add(operator, len(signs[known]))
	switch i := len(l.tokens) - 1; {
	case signs[known] == "(":
		l.open = append(l.open, i)
	case signs[known] == ")" && len(l.open) > 0:
		open := l.open[len(l.open)-1]
		l.tokens[open].other, l.tokens[i].other = i, open
		l.open = l.open[:len(l.open)-1]
	}
}
