package data

import (
	"bytes"
	"fmt"
	"slices"
	"time"
)

// A decoder reads the rows of a file into the columns of its table.
type decoder struct {
	*Table
	walk    *walk
	plan    *plan
	latest  instant // dates after it are faults
	roles   []int   // of the columns of the file: which of the table they are, or as below
	cells   []float64
	dates   Faults
	numbers []Faults // of each column
	wrong   int      // faults in dates and numbers
	offsets diary    // rows whose day may not be the one that is written
}

const (
	isDate  = -1
	notRead = -2
)

// decode reads all rows of t. The faults stand in the order of what they are about:
// the rows, the columns, the dates, and the numbers column by column.
func (t *Table) decode(p *plan, latest instant) Faults {
	d := decoder{
		Table: t, walk: t.rows.walk(), plan: p, latest: latest,
		roles:   make([]int, len(t.rows.header.texts)),
		cells:   make([]float64, len(t.columns)),
		numbers: make([]Faults, len(t.columns)),
		offsets: diary{series: t.file, step: day},
	}
	for i := range d.roles {
		d.roles[i] = notRead
	}
	rows := mostRows(t.rows)
	t.times = make([]instant, 0, rows)
	for k := range t.columns {
		t.columns[k].values = make([]float64, 0, rows)
		d.roles[t.columns[k].index] = k
	}
	d.roles[p.date] = isDate
	for d.walk.record() && !d.full() {
		if !d.takeUsual() && d.walk.fits() {
			d.take(&d.walk.row)
		}
	}
	t.notes = append(t.notes, d.offsets.notes...)
	faults := slices.Concat(t.rows.cut, d.walk.faults, t.rows.faults, d.dates)
	if !ascending(t.times) {
		faults = append(faults, t.misordered(p.date)...)
	}
	return append(faults, slices.Concat(d.numbers...)...)
}

// mostRows bounds the rows of data by the lines and by the shortest date there is.
// A file that has more has a fault in each of these.
func mostRows(s *csvFile) int {
	const shortest = len("2 Jan 2006")
	body := s.text[s.body.offset:]
	return min(bytes.Count(body, []byte("\n"))+1, len(body)/(shortest+len(s.header.texts))+1)
}

// takeUsual takes a row of which every cell is written as in nearly all files,
// without cutting it first. It leaves any other to take.
func (d *decoder) takeUsual() bool {
	row := &d.walk.row
	if row.at != nil || d.rows.leftOut != nil {
		return false
	}
	var at instant
	rest := row.text
	for i, role := range d.roles {
		n, ok := 0, true
		switch {
		case role >= 0:
			d.cells[role], n = decimal(rest)
			ok = n > 0
		default:
			if n = bytes.IndexByte(rest, ','); n < 0 {
				n = len(rest)
			}
			if role == isDate {
				at, ok = dateTime(rest[:n])
				ok = ok && at <= d.latest
			}
		}
		if i == len(d.roles)-1 {
			if !ok || n < len(rest) {
				return false
			}
			break
		}
		if !ok || n == len(rest) || rest[n] != ',' {
			return false
		}
		rest = rest[n+1:]
	}
	d.add(at)
	return true
}

// full tells whether there are faults enough.
func (d *decoder) full() bool { return d.wrong >= mostFaults }

// add adds a row with the numbers in cells.
func (d *decoder) add(at instant) {
	d.times = append(d.times, at)
	for k := range d.columns {
		c := &d.columns[k]
		c.values = append(c.values, d.cells[k])
	}
}

// take takes a row and adds a fault for each of its cells that cannot be read.
func (d *decoder) take(r *row) {
	at := d.readDate(r)
	for k := range d.columns {
		d.cells[k] = d.readNumber(r, k)
	}
	d.add(at)
}

func (d *decoder) readDate(r *row) instant {
	at, offset := readInstant(r.cell(d.plan.date))
	switch {
	case at == never:
		d.dates = append(d.dates, d.fault(r, d.plan.date, knownDates))
	case at > d.latest:
		d.dates = append(d.dates, d.fault(r, d.plan.date, "a date not after today, "+d.latest.time().Format(time.DateOnly)))
	}
	if offset {
		d.offsets.add("times with an offset were taken to UTC", at.time())
	}
	return at
}

func (d *decoder) readNumber(r *row, k int) float64 {
	c := &d.columns[k]
	v, form := readNumber(r.cell(c.index))
	expected := ""
	switch {
	case form == accounting && d.plan.accounting:
		form = plain
	case form == dash && d.plan.accounting:
		form = absent
	case form == accounting:
		expected = "a number without parentheses or thousands separators"
	case form == dash || form == broken:
		expected = "a number"
	}
	if expected != "" {
		d.wrong++
		f := cellFault(d.file, r.position(c.index), c.Name, Quote(r.string(c.index)), expected)
		d.numbers[k] = append(d.numbers[k], f)
	}
	if form != plain {
		c.mark(len(d.times), form)
	}
	return v
}

// fault is that of cell i of a row, of which expected says what it should be.
func (d *decoder) fault(r *row, i int, expected string) Fault {
	d.wrong++
	return cellFault(d.file, r.position(i), d.rows.header.texts[i], Quote(r.string(i)), expected)
}

// misordered returns a fault for every date that is not after the last readable
// one before it. A file that runs backwards throughout is one fault, not one on
// every line.
func (t *Table) misordered(date int) Faults {
	var wrong Faults
	var before struct {
		text string
		line int32
	}
	first, last, steps := instant(never), instant(never), 0
	w := t.rows.walk()
	for _, at := range t.times {
		if wrong.full() {
			break
		}
		w.step()
		if at == never {
			continue
		}
		text, place := w.row.string(date), w.row.position(date)
		if last != never {
			steps++
			if at <= last {
				found, expected := Quote(text)+" after "+Quote(before.text), "ascending dates"
				if at == last {
					found = fmt.Sprintf("%s again, as on line %d", Quote(text), before.line)
					expected = "each date once"
				}
				wrong = append(wrong, cellFault(t.file, place, t.rows.header.texts[date], found, expected))
			}
		} else {
			first = at
		}
		last, before.text, before.line = at, text, place.line
	}
	if steps > 1 && len(wrong) == steps && last != first {
		wrong = wrong[:1]
		wrong[0].Expected = "ascending dates; all of this file runs from new to old"
	}
	return wrong
}

func ascending(times []instant) bool {
	for i := 1; i < len(times); i++ {
		if times[i] <= times[i-1] {
			return false
		}
	}
	return true
}
