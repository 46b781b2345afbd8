package data

import (
	"math"
	"slices"
	"strings"
	"time"
)

// farsideFormat is Farside's table of US fund flows, in millions of USD.
//
//	Date,IBIT,FBTC,GBTC,Total
//	11 Jan 2024,111.7,227.0,(95.1),243.6
//	12 Jan 2024,386.0,195.3,"(1,484.1)",-902.8
//
// An empty cell is a fund without a report, 0.0 a report of no flow. The rows
// Seed, Fee, Total, Average, Maximum and Minimum are no days and left out. A
// row with a blank for every fund and 0.0 for the total is a market holiday:
// its total is absent. Flows of a day are in the table by the end of the next,
// hence a publication lag of one day.
var farsideFormat = format{
	name:      "farside",
	about:     "Date as 11 Jan 2024, a column for each fund, Total",
	recognise: recogniseFarside,
	plan:      planFarside,
}

var summaryRows = []string{"seed", "fee", "fees", "total", "average", "maximum", "minimum"}

func isSummary(r *row, date int) bool {
	return slices.Contains(summaryRows, strings.ToLower(strings.TrimSpace(r.string(date))))
}

// recogniseFarside looks at the first day, because a file of one's own may
// also have the columns date and total.
func recogniseFarside(s *csvFile) bool {
	date := s.find("date")
	if date < 0 {
		return false
	}
	for w := s.walk(); w.step(); {
		if !isSummary(&w.row, date) {
			_, err := time.Parse("2 Jan 2006", strings.TrimSpace(w.row.string(date)))
			return err == nil
		}
	}
	return false
}

func planFarside(s *csvFile) *plan {
	p := &plan{date: s.find("date"), byDefault: "Total", accounting: true, source: "Farside Investors", check: checkFarside}
	if p.date < 0 {
		s.missing("Date")
		return p
	}
	if s.find("total") < 0 {
		s.missing("Total")
	}
	for i, name := range s.header.texts {
		if i == p.date {
			continue
		}
		if strings.EqualFold(name, p.byDefault) {
			name = p.byDefault
		}
		p.columns = append(p.columns, column{Column: Column{name, Flow, USDMillion, 24 * time.Hour, true}, index: i})
	}
	for w := s.walk(); w.step(); {
		if isSummary(&w.row, p.date) {
			p.notes = append(p.notes, Note{Series: s.file, Text: "row " + strings.TrimSpace(w.row.string(p.date)) + " is not a day and left out"})
		}
	}
	s.leftOut = func(r *row) bool { return isSummary(r, p.date) }
	return p
}

// TotalDiffers is the text of the note on days of a Farside table whose total is
// another than the sum of its funds.
const TotalDiffers = "the total differs from the sum of the funds by more than 0.15"

// checkFarside makes the totals of market holidays absent and notes totals
// that are not the sum of their funds. It finds no faults.
func checkFarside(t *Table) Faults {
	// Each number is rounded to a tenth of a million, and the table's own
	// totals are summed before rounding.
	const rounding = 0.15
	total := t.column("Total")
	if total == nil || len(t.columns) == 1 {
		return nil
	}
	notes := diary{series: t.file, step: 24 * time.Hour}
	for i := range t.Len() {
		day := t.Time(i)
		sum, reports := sumOfFunds(t, i)
		switch {
		case !total.has(i):
		case reports == 0 && total.values[i] == 0:
			total.mark(i, absent)
			notes.add("market holiday, no flow", day)
		case reports == 0:
			notes.add("a total without any fund's report", day)
		case math.Abs(sum-total.values[i]) > rounding:
			notes.add(TotalDiffers, day)
		}
	}
	t.notes = append(t.notes, notes.notes...)
	return nil
}

func sumOfFunds(t *Table, i int) (sum float64, reports int) {
	for k := range t.columns {
		if c := &t.columns[k]; c.Name != "Total" && c.has(i) {
			sum += c.values[i]
			reports++
		}
	}
	return sum, reports
}
