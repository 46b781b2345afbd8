package data

import (
	"math"
	"slices"
	"strings"
)

// ohlcvFormat is a table of daily or finer bars, with its columns in any
// order and letter case; Yahoo writes Close, High, Low, Open.
//
//	Date,Close,High,Low,Open,Volume
//	2014-09-17,457.33,468.17,452.42,465.86,21056800
//	2014-09-18,424.44,456.86,413.10,456.86,34483200
//
// Prices are in USD. The unit of the volume differs from file to file (coins,
// shares, USD), so that a request for it must name one. Other columns are
// left out with a note.
var ohlcvFormat = format{
	name:      "ohlcv",
	about:     "date, open, high, low, close and perhaps volume, in any order",
	recognise: recogniseOHLCV,
	plan:      planOHLCV,
}

// barPrices are the four prices of a bar.
var barPrices = []string{"open", "high", "low", "close"}

// recogniseOHLCV asks for three of the four prices, so that a misspelt one is
// a fault of an ohlcv file and not a file of another format.
func recogniseOHLCV(s *csvFile) bool {
	n := 0
	for _, name := range barPrices {
		if s.find(name) >= 0 {
			n++
		}
	}
	return n >= 3
}

func planOHLCV(s *csvFile) *plan {
	p := &plan{date: s.find(dateNames...), byDefault: "close", check: checkBars}
	if p.date < 0 {
		s.missing("date")
	}
	for _, name := range barPrices {
		if s.find(name) < 0 {
			s.missing(name)
		}
	}
	for i, name := range s.header.texts {
		lower := strings.ToLower(name)
		switch {
		case i == p.date:
		case slices.Contains(barPrices, lower) || lower == "adj close":
			p.columns = append(p.columns, column{Column: Column{Name: lower, Kind: Price, Unit: USD}, index: i})
		case lower == "volume":
			p.columns = append(p.columns, column{Column: Column{Name: lower, Kind: Flow}, index: i})
		case name != "":
			known := append([]string{"volume"}, barPrices...)
			p.notes = append(p.notes, Note{Series: s.file, Text: "column " + name + " is not read" + DidYouMean(name, known)})
		}
	}
	return p
}

// checkBars refuses a bar without a close, a high below its low, an open or a
// close outside of both, and a negative volume.
func checkBars(t *Table) Faults {
	var faults Faults
	locator := locator{t: t}
	open, high, low, last := t.column("open"), t.column("high"), t.column("low"), t.column("close")
	for i := range t.Len() {
		if faults.full() {
			break
		}
		if last != nil && last.form(i) == absent {
			faults = append(faults, locator.fault(last, i, "an empty cell", "a price; leave out the row if there is none"))
		}
		if low == nil || high == nil || !low.has(i) || !high.has(i) {
			continue
		}
		l, h := low.values[i], high.values[i]
		if above(l, h) {
			faults = append(faults, locator.fault(high, i, show(h), "a high at or above the low, "+show(l)))
			continue // the range means nothing to compare with
		}
		for _, c := range [...]*column{open, last} {
			if c == nil || !c.has(i) {
				continue
			}
			if v := c.values[i]; above(v, h) || above(l, v) {
				faults = append(faults, locator.fault(c, i, show(v), "a price from low to high, "+show(l)+" to "+show(h)))
			}
		}
	}
	return append(faults, checkVolume(t)...)
}

func checkVolume(t *Table) Faults {
	c := t.column("volume")
	if c == nil {
		return nil
	}
	var faults Faults
	locator := locator{t: t}
	for i, v := range c.values {
		if faults.full() {
			break
		}
		if v < 0 && c.has(i) {
			faults = append(faults, locator.fault(c, i, show(v), "a volume of 0 or more"))
		}
	}
	return faults
}

// above reports whether a > b beyond the noise that single precision and
// dividend adjustment leave in vendors' prices.
func above(a, b float64) bool {
	const noise = 1e-6
	return a-b > noise*math.Abs(b)
}
