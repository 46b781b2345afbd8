package plots

import (
	"cmp"
	"image/color"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ebb-sim/ebb/sim/stats"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// MonthlyData is what was earned in each calendar month.
type MonthlyData struct {
	Frame
	Months []stats.Month // at most one for each month, in any order; an absent return is blank
}

// Monthly shows a table of returns, a row for each year and a column for each month and
// the year, which compounds its months. Gains are blue and losses vermilion, the stronger
// the darker; the printed number carries the sign. Months and years of which only a part
// is covered have an asterisk.
func Monthly(d MonthlyData) (Figure, error) {
	c := check{chart: "monthly"}
	years := c.years(d.Months)
	c.few(len(years))
	if err := c.err(); err != nil {
		return Figure{}, err
	}
	p := panel{heading: "Simple return of each month, %", weight: 2, note: partialMonths(years)}
	p.categories, p.cells = []category{{strong: true}}, [][]tableCell{monthNames()}
	strong := strength(years)
	for _, y := range years {
		p.categories = append(p.categories, category{name: strconv.Itoa(y.year), strong: true})
		p.cells = append(p.cells, y.row(strong))
	}
	x := xAxis{pos: []float64{0, yearColumn + 1}, ticks: func(scale, func(string) int) []plot.Tick { return nil }}
	return Figure{d.Frame, x, nil, []panel{p}}, nil
}

// yearColumn is where the column of years begins, a little apart from December.
const yearColumn = 12.15

// yearRow is a year with its months; NaN is absent.
type yearRow struct {
	year   int
	months [12]float64
	part   [12]bool
}

// years orders the months, with the years between that have none.
func (c *check) years(months []stats.Month) []yearRow {
	rows := map[int]*yearRow{}
	first, end := math.MaxInt, math.MinInt
	for i, m := range months {
		switch {
		case m.Month < time.January || m.Month > time.December || m.Year < 1 || m.Year > 9999:
			c.fault("months[%d] is month %d of the year %d, expected 1 to 12 of 1 to 9999", i, m.Month, m.Year)
			continue
		case math.IsNaN(c.number("the return of "+m.Month.String()+" "+strconv.Itoa(m.Year), m.Return)):
			continue
		case m.Return < -1:
			c.fault("the return of %v %d is %v, which loses more than everything", m.Month, m.Year, m.Return)
		}
		if rows[m.Year] == nil {
			rows[m.Year] = &yearRow{year: m.Year}
			copy(rows[m.Year].months[:], nan(12))
		}
		row, k := rows[m.Year], m.Month-1
		if !math.IsNaN(row.months[k]) {
			c.fault("two returns of %v %d", m.Month, m.Year)
		}
		row.months[k], row.part[k] = m.Return, !m.Whole
		first, end = min(first, m.Year), max(end, m.Year)
	}
	if len(rows) == 0 {
		c.fault("no month has a return")
		return nil
	}
	if end-first >= mostCategories {
		c.fault("%d years, expected at most %d", end-first+1, mostCategories)
		return nil
	}
	var list []yearRow
	for year := first; year <= end; year++ {
		row := yearRow{year: year}
		copy(row.months[:], nan(12))
		list = append(list, *cmp.Or(rows[year], &row))
	}
	return list
}

// total compounds the months; it is a part if one of them is or is absent.
func (y yearRow) total() (total float64, part bool) {
	wealth, some := 1., false
	for k, r := range y.months {
		if math.IsNaN(r) {
			part = true
			continue
		}
		wealth, some, part = wealth*(1+r), true, part || y.part[k]
	}
	if !some {
		return math.NaN(), true
	}
	return wealth - 1, part
}

// tableCell is a cell of a table of numbers; the zero one is blank.
type tableCell struct {
	from, to float64
	value    float64
	text     string // in place of the value
	mark     string // after it
	fill     color.NRGBA
	strong   bool
}

func monthNames() []tableCell {
	var row []tableCell
	for k := range 12 {
		row = append(row, tableCell{from: float64(k), to: float64(k + 1), text: time.Month(k + 1).String()[:3]})
	}
	return append(row, tableCell{from: yearColumn, to: yearColumn + 1, text: "Year"})
}

func (y yearRow) row(strong float64) []tableCell {
	var row []tableCell
	for k, r := range y.months {
		if !math.IsNaN(r) {
			row = append(row, tableCell{from: float64(k), to: float64(k + 1), value: r, mark: asterisk(y.part[k]), fill: heat(r / strong)})
		}
	}
	if total, part := y.total(); !math.IsNaN(total) {
		row = append(row, tableCell{from: yearColumn, to: yearColumn + 1, value: total, mark: asterisk(part), strong: true})
	}
	return row
}

func asterisk(part bool) string {
	if part {
		return "*"
	}
	return ""
}

// partialMonths explains the asterisk where there is one.
func partialMonths(years []yearRow) string {
	for _, y := range years {
		if _, part := y.total(); part {
			return "* covers only a part of the month or of the year"
		}
	}
	return ""
}

// strength is the size of the return that has the full colour: one of ten months is
// stronger, so that a single one does not bleach all others.
func strength(years []yearRow) float64 {
	var sizes []float64
	for _, y := range years {
		for _, r := range y.months {
			if r != 0 && !math.IsNaN(r) {
				sizes = append(sizes, math.Abs(r))
			}
		}
	}
	if len(sizes) == 0 {
		return 1
	}
	slices.Sort(sizes)
	return sizes[(len(sizes)-1)*9/10]
}

// heat is the colour of a return as a share of the strongest: light enough for dark text.
func heat(share float64) color.NRGBA {
	hue := blue
	if share < 0 {
		hue = vermilion
	}
	return tint(hue, 1-.6*min(1, math.Abs(share)))
}

// drawCells draws the cells of a table and the names of its rows.
func (b block) drawCells(a area) {
	for i, row := range b.cells {
		style, write := fitting(a, b.cells[1:])
		for _, cell := range row {
			low, high := a.at(cell.from, -float64(i)-.5), a.at(cell.to, -float64(i)+.5)
			if cell.fill != (color.NRGBA{}) {
				gap := a.theme.pt(.5)
				a.FillPolygon(cell.fill, rectangle(a.snap(low.X+gap), a.snap(low.Y+gap), a.snap(high.X-gap), a.snap(high.Y-gap)))
			}
			s := style
			if cell.strong {
				s.font.Weight = a.theme.strong.font.Weight
			}
			text := cell.text
			if text == "" {
				text = write(cell.value) + cell.mark
			} else if s = a.theme.foot; s.width(text) > high.X-low.X {
				text = text[:1]
			}
			s.write(a, (low.X+high.X)/2, (low.Y+high.Y)/2-s.middle(), center, text)
		}
		b.categories[i].write(a, float64(i), b.names[i])
	}
}

// fitting is how the numbers of a table are written so that all fit in their cells: with
// one decimal or none, and smaller if need be. Numbers that never fit are rounded.
func fitting(a area, rows [][]tableCell) (textStyle, func(float64) string) {
	cell := a.at(1, 0).X - a.at(0, 0).X - a.theme.pt(2)
	smaller := a.theme.foot.in(ink)
	smaller.font.Size *= .86
	for _, style := range []textStyle{a.theme.label.in(ink), a.theme.foot.in(ink), smaller} {
		for places := 1; places >= 0; places-- {
			write := func(v float64) string { return Number.wrap(100*v, 1, places, "") }
			if fits(style, cell, rows, write) {
				return style, write
			}
		}
	}
	return smaller, func(v float64) string { return strings.Replace(Number.short(math.Round(100*v)), ".0", "", 1) }
}

func fits(style textStyle, width vg.Length, rows [][]tableCell, write func(float64) string) bool {
	for _, row := range rows {
		for _, cell := range row {
			if style.width(write(cell.value)+cell.mark) > width {
				return false
			}
		}
	}
	return true
}
