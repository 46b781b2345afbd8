package inspect

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ebb-sim/ebb/data"
)

// A Severity says how much a finding should worry.
type Severity string

const (
	// Error is what cannot be true, such as a total that is not the sum of its parts.
	Error Severity = "error"
	// Warning is what is probably a mistake of the file.
	Warning Severity = "warning"
	// Note is what a reader should know and is probably as it should be.
	Note Severity = "note"
)

// severities in the order of a report.
var severities = []Severity{Error, Warning, Note}

// A Finding is one thing that looks odd in one or more columns of a file.
type Finding struct {
	Severity Severity `json:"severity"`
	Check    string   `json:"check"`             // which look found it: gap, spike, total, …
	Columns  []string `json:"columns,omitempty"` // none if it is about the whole file
	Text     string   `json:"text"`
	Count    int      `json:"count,omitempty"` // rows or steps it is about; 0 if the text says what there is to count
	Places   []Place  `json:"places,omitempty"`

	every bool // Columns are all of the file
}

// A Place is where a finding was made: a row, or a stretch of time.
type Place struct {
	Line   int       `json:"line,omitempty"` // counted from 1; 0 where the file has no row
	From   time.Time `json:"from"`
	To     time.Time `json:"to"` // From, of a single row
	Column string    `json:"column,omitempty"`
	Text   string    `json:"text,omitempty"` // what stands there and beside it
}

// String returns "line 14, 2025-07-04: text", leaving out what is empty.
func (p Place) String() string {
	s := (data.Range{From: p.From, To: p.To}).String()
	if p.Line > 0 {
		s = "line " + strconv.Itoa(p.Line) + ", " + s
	}
	if p.Text != "" {
		s += ": " + p.Text
	}
	return s
}

// String returns one line: columns, text, count and up to three places.
func (f Finding) String() string {
	s := f.Text
	if who := f.who(); who != "" {
		s = who + ": " + s
	}
	if f.Count > 0 && len(f.Places) > 0 {
		s += ": " + strconv.Itoa(f.Count)
	}
	if len(f.Places) > 0 {
		s += " (" + f.where() + ")"
	}
	return s
}

// who returns "IBIT, FBTC, BITB and 9 more".
func (f Finding) who() string {
	if f.every {
		return "every column"
	}
	const most = 3
	who := strings.Join(f.Columns[:min(len(f.Columns), most)], ", ")
	if more := len(f.Columns) - most; more > 0 {
		who += fmt.Sprintf(" and %d more", more)
	}
	return who
}

// where names at most three places: the first two and the last. Places with a text
// are parted by semicolons.
func (f Finding) where() string {
	between := ", "
	var names []string
	for i, p := range f.Places {
		if p.Text != "" || p.Line > 0 {
			between = "; "
		}
		switch {
		case len(f.Places) <= 3 || i < 2 || i == len(f.Places)-1:
			if name := p.String(); p.Column != "" && len(f.Columns) > 1 {
				names = append(names, p.Column+" "+name)
			} else {
				names = append(names, name)
			}
		case i == 2:
			names = append(names, fmt.Sprintf("%d more", len(f.Places)-3))
		}
	}
	return strings.Join(names, between)
}

// firstLine is that of the first place which has one.
func (f Finding) firstLine() int {
	for _, p := range f.Places {
		if p.Line > 0 {
			return p.Line
		}
	}
	return 0
}

// sorted orders findings by severity and then by where they are first made.
func sorted(findings []Finding) []Finding {
	slices.SortStableFunc(findings, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(slices.Index(severities, a.Severity), slices.Index(severities, b.Severity)),
			cmp.Compare(a.firstLine(), b.firstLine()),
		)
	})
	return findings
}

// Worst returns the highest severity of findings, "" of none.
func Worst(findings []Finding) Severity {
	for _, s := range severities {
		if slices.ContainsFunc(findings, func(f Finding) bool { return f.Severity == s }) {
			return s
		}
	}
	return ""
}

// gathered joins what is said alike of several columns: places that are the same in
// each stand once, others side by side with their columns.
func gathered(findings []Finding) []Finding {
	var out []Finding
	for _, f := range findings {
		at := slices.IndexFunc(out, func(o Finding) bool {
			return o.Severity == f.Severity && o.Check == f.Check && o.Text == f.Text && (samePlaces(o, f) || f.byRow())
		})
		switch {
		case at < 0:
			out = append(out, f)
		case samePlaces(out[at], f):
			out[at].Columns = append(out[at].Columns, f.Columns...)
		default:
			o := &out[at]
			o.Columns, o.Places = append(o.Columns, f.Columns...), append(o.Places, f.Places...)
			o.Count += f.Count
			slices.SortStableFunc(o.Places, func(a, b Place) int { return a.From.Compare(b.From) })
		}
	}
	return out
}

// byRow reports whether the places of f are rows of a column.
func (f Finding) byRow() bool { return len(f.Places) > 0 && f.Places[0].Column != "" }

func samePlaces(a, b Finding) bool {
	return slices.EqualFunc(a.Places, b.Places, func(p, q Place) bool {
		return p.Line == q.Line && p.From.Equal(q.From) && p.To.Equal(q.To) && p.Text == q.Text
	})
}

// number writes a value of a file as short as it can be.
func number(v float64) string { return strconv.FormatFloat(v, 'g', 8, 64) }
