package inspect

import (
	"strings"
	"time"

	"github.com/ebb-sim/ebb/data"
)

// Options are the thresholds of a check. Zero means what [Defaults] says.
type Options struct {
	// Now is the time of the check; zero leaves out whether the last period is over.
	Now time.Time
	// Spike is how many robust standard deviations of one-row changes nearby a jump
	// must be that is taken back in the next row.
	Spike float64
	// Outlier is how many robust standard deviations a flow or a rate must lie from
	// the median of its column.
	Outlier float64
	// Stale is the chance below which a run of equal values is reported.
	Stale float64
}

// Defaults are the thresholds that hold where none is given. They are set so that
// daily and hourly crypto prices, whose changes have tails as heavy as Student's t
// with three degrees of freedom (Cont, Empirical properties of asset returns, 2001),
// give hardly any false alarm.
var Defaults = Options{Spike: 8, Outlier: 25, Stale: 1e-6}

func (o Options) orDefaults() Options {
	if o.Spike == 0 {
		o.Spike = Defaults.Spike
	}
	if o.Outlier == 0 {
		o.Outlier = Defaults.Outlier
	}
	if o.Stale == 0 {
		o.Stale = Defaults.Stale
	}
	return o
}

// A Column is one column of a table to look at.
type Column struct {
	Series data.Series // its rows, with the name of the column in its provenance
	Kind   data.Kind   // "" if nobody knows
}

// A column is a column with what every look needs of it. Values are those of the
// file, in its unit, so that a reader finds them there.
type column struct {
	series   data.Series
	name     string
	kind     data.Kind
	rows     []int // of the table
	at       []time.Time
	v        []float64
	calendar data.Calendar
	moves    bool // a price or a level, whose rows follow from those before
}

// A look is one kind of check of one column.
type look func(c *column, o Options) []Finding

var looks = []look{gaps, spikes, jumps, outliers, sizes, standstill, zeros, closedDays, lastVolume}

// Table returns what is odd about the columns of t, by severity and then by line; the
// notes that t was read with are among it.
func Table(t *data.Table, columns []Column, o Options) []Finding {
	o = o.orDefaults()
	findings := readingNotes(t)
	var all []*column
	for _, given := range columns {
		c := newColumn(t, given)
		all = append(all, c)
		for _, l := range looks {
			findings = append(findings, l(c, o)...)
		}
	}
	findings = append(findings, totals(t, all)...)
	findings = append(findings, copies(t, all)...)
	findings = append(findings, lastBlank(t, all)...)
	findings = gathered(findings)
	for i := range findings {
		f := &findings[i]
		n := len(f.Columns)
		f.every = n > 1 && n == len(t.Columns()) && !f.byRow() && f.Check != "file" // which is of columns that are not read
	}
	inLines(t, findings)
	return sorted(findings)
}

func newColumn(t *data.Table, given Column) *column {
	name := given.Series.Provenance().Column
	c := &column{series: given.Series, name: name, kind: given.Kind, calendar: data.CalendarOf(given.Series)}
	row := 0
	for i := range given.Series.Len() {
		at, _ := given.Series.At(i)
		for row < t.Len() && t.Time(row).Before(at) {
			row++
		}
		v, ok := t.Value(name, row)
		if !ok {
			continue
		}
		c.rows, c.at, c.v = append(c.rows, row), append(c.at, at), append(c.v, v)
	}
	switch c.kind {
	case data.Price, data.Level:
		c.moves = true
	case "":
		c.moves = persistent(c.v)
	}
	return c
}

// persistent reports whether values behave like a price or a level: all are 0 or
// more, and those that are more change little from row to row beside how much they
// vary.
func persistent(v []float64) bool {
	var kept []float64
	for _, x := range v {
		switch {
		case x < 0:
			return false
		case x > 0:
			kept = append(kept, x)
		}
	}
	if len(kept) < 20 || 2*len(kept) < len(v) {
		return false
	}
	kept = logs(kept)
	return correlation(kept[1:], kept[:len(kept)-1]) > .9
}

// place is that of value i of c. Its line is the row of the table until inLines
// has turned it into one of the file.
func (c *column) place(i int, text string) Place {
	return Place{Line: c.rows[i] + 1, From: c.at[i], To: c.at[i], Column: c.name, Text: text}
}

// run is the place of values i to k.
func (c *column) run(i, k int, text string) Place {
	p := c.place(i, text)
	p.To = c.at[k]
	return p
}

// found makes a finding of places in c, or nothing of none.
func (c *column) found(s Severity, check, text string, places []Place) []Finding {
	if len(places) == 0 {
		return nil
	}
	return []Finding{{Severity: s, Check: check, Columns: []string{c.name}, Text: text, Count: len(places), Places: places}}
}

// inLines turns 1 + the row of a table, which places hold until then, into the line of
// its file. The file is gone over again only where there is something to turn.
func inLines(t *data.Table, findings []Finding) {
	var lines []int
	for i := range findings {
		for k := range findings[i].Places {
			p := &findings[i].Places[k]
			if p.Line == 0 {
				continue
			}
			if lines == nil {
				lines = t.Lines()
			}
			p.Line = lines[p.Line-1]
		}
	}
}

// readingNotes are what was noted when t was read, but for what [totals] says line by
// line. Columns that are not read stand in one finding.
func readingNotes(t *data.Table) []Finding {
	var out []Finding
	for _, n := range t.Notes() {
		f := Finding{Severity: Note, Check: "file", Text: n.Text, Count: n.Count, Places: placesOf(n.Ranges)}
		if name, ok := strings.CutPrefix(n.Text, "column "); ok && strings.HasSuffix(name, " is not read") {
			f.Columns, f.Text = []string{strings.TrimSuffix(name, " is not read")}, "not read"
		}
		if n.Text != data.TotalDiffers {
			out = append(out, f)
		}
	}
	return out
}

func placesOf(ranges []data.Range) []Place {
	var places []Place
	for _, r := range ranges {
		places = append(places, Place{From: r.From, To: r.To})
	}
	return places
}

// gaps are the open steps without a value and what else [data.Check] says.
func gaps(c *column, o Options) []Finding {
	var out []Finding
	for _, n := range data.Check(c.series, o.Now) {
		f := Finding{Severity: Note, Check: "last", Columns: []string{c.name}, Text: n.Text, Count: n.Count, Places: placesOf(n.Ranges)}
		switch {
		case strings.HasPrefix(n.Text, data.NoRow) && n.Count > len(c.v) && 3*len(n.Ranges) > len(c.v):
			// A file of events, such as the holdings of a company, has no rows to miss.
			f = Finding{Severity: Note, Check: "rare", Columns: f.Columns, Text: "most steps have no row, at uneven distances: not checked for gaps"}
		case strings.HasPrefix(n.Text, data.NoRow):
			f.Severity, f.Check = Warning, "gap"
		case strings.HasPrefix(n.Text, data.BlankCell):
			f.Check = "blank"
		}
		out = append(out, f)
	}
	return out
}
