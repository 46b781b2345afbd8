package data

import (
	"fmt"
	"time"
)

// A Request asks a table for one column as a series. What the file or its
// format states need not be said again, and must not be contradicted.
type Request struct {
	Name   string         // the series' name, such as btc.price; "" for the column's
	Column string         // "" for close, Total, or the only column
	Kind   Kind           // "" for what the file says
	Unit   Unit           // "" for what the file says
	Lag    *time.Duration // publication lag; nil for what the file says
	Source string         // added to the file's own
	Status string         // added to the file's own
}

// Series returns one column as a series in its base unit. A column that is
// not there, a kind or unit that nobody stated, and one that contradicts the
// file are errors, as are prices that are not positive.
func (t *Table) Series(r Request) (Series, error) {
	c, err := t.choose(r.Column)
	if err != nil {
		return Series{}, err
	}
	kind, err := t.settleKind(c, r.Kind)
	if err != nil {
		return Series{}, err
	}
	unit, err := t.settleUnit(c, kind, r.Unit)
	if err != nil {
		return Series{}, err
	}
	if faults := t.unfit(c, kind, unit); len(faults) > 0 {
		return Series{}, faults
	}
	m := Meta{
		Name: r.Name, Kind: kind, Unit: unit.Base(), Lag: c.Lag, Notes: t.notes,
		Provenance: Provenance{
			File: t.file, Column: c.Name, Format: t.format, Unit: unit, SHA256: t.sha256,
			Source: both(t.source, r.Source), Status: both(t.status, r.Status),
		},
	}
	if m.Name == "" {
		m.Name = c.Name
	}
	if r.Lag != nil {
		m.Lag = *r.Lag
	}
	return t.take(c, m, unit)
}

// take builds the series of column c. Where nothing is absent or converted it shares
// the rows of the table.
func (t *Table) take(c *column, m Meta, unit Unit) (Series, error) {
	if err := checkMeta(m); err != nil {
		return Series{}, t.requestFault(c, err)
	}
	times, values, scale := t.times, c.values, unit.scale()
	if c.hasAbsent() {
		times, values = nil, nil
		for i, at := range t.times {
			if !c.has(i) {
				m.Absent = append(m.Absent, at.time())
				continue
			}
			times, values = append(times, at), append(values, c.values[i])
		}
	}
	if !scale.isBase() {
		base := make([]float64, len(values))
		for i, v := range values {
			base[i] = scale.toBase(v)
		}
		values = base
	}
	s, err := newSeries(m, times, values)
	if err != nil {
		return Series{}, t.requestFault(c, err)
	}
	return s, nil
}

// Choose returns the named column, whatever its letter case, or the one that is meant
// if the name is empty: close, Total, or the only one. It is an error, as [Faults], if
// there is none.
func (t *Table) Choose(name string) (Column, error) {
	c, err := t.choose(name)
	if err != nil {
		return Column{}, err
	}
	return c.Column, nil
}

func (t *Table) choose(name string) (*column, error) {
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = c.Name
	}
	if name == "" {
		name = t.byDefault
	}
	if c := t.column(name); c != nil {
		return c, nil
	}
	f := Fault{File: t.file, Found: "columns " + joined(names), Expected: "column " + Quote(name) + DidYouMean(name, names)}
	if name == "" {
		f.Expected = "a choice of one of them"
	}
	return nil, Faults{f}
}

func (t *Table) settleKind(c *column, request Kind) (Kind, error) {
	word, err := settle("kind", c, string(c.Kind), string(request), strs(kinds))
	if err != nil {
		return "", t.requestFault(c, err)
	}
	kind, err := ParseKind(word)
	return kind, t.requestFault(c, err)
}

// settleUnit takes the unit of a price for USD where nobody says, because a
// price has no other.
func (t *Table) settleUnit(c *column, k Kind, request Unit) (Unit, error) {
	file := c.Unit
	if file == "" && k == Price {
		file = USD
	}
	if !c.Fixed && !k.admits(file) {
		file = "" // the habit of the format is that of another kind
	}
	word, err := settle("unit", c, string(file), string(request), strs(units()))
	if err != nil {
		return "", t.requestFault(c, err)
	}
	unit, err := ParseUnit(word)
	if err == nil && !k.admits(unit) {
		err = fmt.Errorf("a %s cannot be in %s", k, unit)
	}
	return unit, t.requestFault(c, err)
}

// settle returns what the request asks for, or else what the file says. They
// may differ only if the file's word is its format's habit and not a statement.
func settle(what string, c *column, file, request string, known []string) (string, error) {
	switch {
	case request == "" && file == "":
		return "", fmt.Errorf("%s missing, expected one of %s", what, joined(known))
	case request == "":
		return file, nil
	case file != "" && c.Fixed && file != request:
		return "", fmt.Errorf("found %s %s in the request, expected %s, which the file or its format states", what, Quote(request), file)
	}
	return request, nil
}

func (t *Table) requestFault(c *column, err error) error {
	if err == nil {
		return nil
	}
	return Faults{{File: t.file, Text: "column " + c.Name + ": " + err.Error()}}
}

// both joins what the file and the request say, if they differ.
func both(file, request string) string {
	switch {
	case file == "":
		return request
	case request == "" || request == file:
		return file
	}
	return file + "; " + request
}
