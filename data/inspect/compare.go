package inspect

import (
	"fmt"
	"math"
	"time"

	"github.com/ebb-sim/ebb/data"
)

// A Source is one of the two series that are compared. Numbers are in its base unit.
type Source struct {
	File   string    `json:"file"`
	Column string    `json:"column"`
	SHA256 string    `json:"sha256"`
	Rows   int       `json:"rows"`
	First  time.Time `json:"first"`
	Last   time.Time `json:"last"`
}

// A Lag is how well B fits A when the row of A is held against the row of B that is
// Rows later.
type Lag struct {
	Rows   int `json:"rows"`
	Common int `json:"common"`
	// Misfit is, of two series above 0, the median absolute deviation of the changes of
	// ln(B/A) from row to row, which a basis that drifts leaves small; of others 1 minus
	// their correlation. Neither depends on the unit of B.
	Misfit float64 `json:"misfit"`
}

// A Comparison holds two sources of one series against each other. Differences are B
// over A minus 1 of series above 0, else B minus A, on the days that both have.
type Comparison struct {
	A            Source    `json:"a"`
	B            Source    `json:"b"`
	Relative     bool      `json:"relative"` // differences are fractions of A
	Common       int       `json:"common"`   // rows with the same date
	OnlyA        int       `json:"only_a"`   // rows of A inside the time of B that B lacks
	OnlyB        int       `json:"only_b"`
	Same         int       `json:"same"` // common rows with the same number
	Bias         float64   `json:"bias"` // mean difference
	MeanAbsolute float64   `json:"mean_absolute"`
	MaxAbsolute  float64   `json:"max_absolute"`
	MaxAt        time.Time `json:"max_at"`
	Ratio        float64   `json:"ratio"` // median of B/A where A is not 0; 0 if it is nowhere
	Lags         []Lag     `json:"lags"`
	Findings     []Finding `json:"findings"`
}

// Compare holds series b, of table tb, against series a, of table ta. Rows belong
// together if their dates fall into the same step. Series of different steps, or
// without three days in common, are an error.
func Compare(ta, tb *data.Table, a, b data.Series) (Comparison, error) {
	if stepOf(a) != stepOf(b) {
		return Comparison{}, fmt.Errorf("found rows of %v in %s and of %v in %s, expected the same length", a.Step(), a.Provenance().File, b.Step(), b.Provenance().File)
	}
	if a.Unit() != b.Unit() {
		return Comparison{}, fmt.Errorf("found %s in %s and %s in %s, expected the same unit", a.Unit(), a.Provenance().File, b.Unit(), b.Provenance().File)
	}
	p := pair(baseColumn(ta, a), baseColumn(tb, b), stepOf(a))
	p.relative = positive(p.a.v) && positive(p.b.v)
	if len(p.i) < 3 {
		return Comparison{}, fmt.Errorf("found %d dates that both %s and %s have, expected at least 3", len(p.i), a.Provenance().File, b.Provenance().File)
	}
	c := Comparison{A: sourceOf(a), B: sourceOf(b), Common: len(p.i), Relative: p.relative, Lags: p.lags(), Findings: []Finding{}}
	onlyA, onlyB := without(p.a, p.i, p.b.at, stepOf(a)), without(p.b, p.k, p.a.at, stepOf(a))
	c.OnlyA, c.OnlyB = len(onlyA), len(onlyB)
	c.measure(p)
	if size := math.Abs(c.Bias) + c.MeanAbsolute + math.Abs(c.Ratio); math.IsInf(size, 0) || math.IsNaN(size) {
		return Comparison{}, fmt.Errorf("the differences of %s and %s are beyond any number", a.Provenance().File, b.Provenance().File)
	}
	c.Findings = append(c.Findings, c.shifted()...)
	c.Findings = append(c.Findings, c.scaled(p)...)
	if len(c.Findings) == 0 {
		c.Findings = append(c.Findings, c.differing(p)...)
	}
	c.Findings = append(c.Findings, c.stamped(p)...)
	c.Findings = append(c.Findings, p.a.found(Note, "only", "rows that only the first source has", onlyA)...)
	inLines(ta, c.Findings)
	ofB := p.b.found(Note, "only", "rows that only the second source has", onlyB)
	inLines(tb, ofB)
	c.Findings = append(c.Findings, ofB...)
	sorted(c.Findings)
	return c, nil
}

// baseColumn is a series with its rows in the table, in base units.
func baseColumn(t *data.Table, s data.Series) *column {
	c := newColumn(t, Column{Series: s, Kind: s.Kind()})
	for i := range c.v {
		c.v[i] = s.Provenance().Unit.ToBase(c.v[i])
	}
	return c
}

func sourceOf(s data.Series) Source {
	first, _ := s.At(0)
	last, _ := s.At(s.Len() - 1)
	p := s.Provenance()
	return Source{p.File, p.Column, p.SHA256, s.Len(), first, last}
}

// measure fills in what the common rows say.
func (c *Comparison) measure(p pairing) {
	for n := range p.i {
		a, b := p.a.v[p.i[n]], p.b.v[p.k[n]]
		d := c.difference(a, b)
		c.Bias += d / float64(len(p.i))
		c.MeanAbsolute += math.Abs(d) / float64(len(p.i))
		if math.Abs(d) > c.MaxAbsolute || n == 0 {
			c.MaxAbsolute, c.MaxAt = math.Abs(d), p.a.at[p.i[n]]
		}
		if same(a, b) {
			c.Same++
		}
	}
	if ratios := p.ratios(); len(ratios) > 0 {
		c.Ratio = median(ratios)
	}
}

func (c *Comparison) difference(a, b float64) float64 {
	if c.Relative {
		return b/a - 1
	}
	return b - a
}

// same reports whether two numbers differ by no more than the noise of arithmetic.
func same(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(math.Abs(a), math.Abs(b)) }

// ofB is a warning about the whole second series.
func (c *Comparison) ofB(check, text string) []Finding {
	return []Finding{{Severity: Warning, Check: check, Columns: []string{c.B.Column}, Text: text}}
}

// differing lists the rows on which two sources differ: all that do if nine of ten are
// the same, and else those whose difference is 8 robust standard deviations from the usual.
func (c *Comparison) differing(p pairing) []Finding {
	const last = 3
	d := make([]float64, len(p.i))
	for n := range p.i {
		d[n] = c.difference(p.a.v[p.i[n]], p.b.v[p.k[n]])
	}
	revised := 10*c.Same >= 9*c.Common
	centre, spread := robust(d)
	var places []Place
	atEnd := 0
	for n := range d {
		a, b := p.a.v[p.i[n]], p.b.v[p.k[n]]
		if revised && same(a, b) || !revised && math.Abs(d[n]-centre) <= Defaults.Spike*spread+c.slack(a) {
			continue
		}
		text := fmt.Sprintf("%s, the other %s", number(a), number(b))
		if c.Relative {
			text += fmt.Sprintf(" (%+.2f %%)", 100*d[n])
		}
		places = append(places, p.a.place(p.i[n], text))
		if n >= len(d)-last {
			atEnd++
		}
	}
	if !revised {
		return p.a.found(Warning, "differ", "differs far more than it usually does", places)
	}
	if atEnd == len(places) {
		return p.a.found(Note, "revision", "differs only in the last three common rows, which may have been partial and revised", places)
	}
	return p.a.found(Warning, "differ", "differs, where nearly all other rows are the same; revised, or a mistake?", places)
}

// slack is a difference that is not worth a word: a thousandth of the value.
func (c *Comparison) slack(a float64) float64 {
	if c.Relative {
		return .001
	}
	return .001 * math.Abs(a)
}
