package inspect

import (
	"fmt"
	"slices"

	"github.com/ebb-sim/ebb/data"
)

// lastRows is with how many rows before it a last row is compared.
const lastRows = 60

// lastVolume suspects a last row in progress: what adds up over a row and is never
// negative, such as a volume, is less than in any of the 60 rows before and less
// than half of their median. A flow of exactly 0 after rows that were never 0 is
// suspected too. Where nobody says the kind, it has to be less than a quarter.
func lastVolume(c *column, _ Options) []Finding {
	last := len(c.v) - 1
	if c.kind != data.Flow && c.kind != "" || last < lastRows/2 {
		return nil
	}
	low := .5
	if c.kind == "" {
		low = .25 // it may be a price
	}
	before := slices.Clone(c.v[max(0, last-lastRows):last])
	v, lowest := c.v[last], slices.Min(before)
	usual := median(slices.Clone(before))
	switch {
	case v == 0 && !slices.Contains(before, 0):
		text := fmt.Sprintf("0, which none of the %d rows before is", len(before))
		return c.found(Warning, "last", "the last row looks as if it had not been reported yet", []Place{c.place(last, text)})
	case lowest >= 0 && v < lowest && v < low*usual:
		text := fmt.Sprintf("%s, %.2g %% of the usual %s and less than any of the %d rows before", number(v), 100*v/usual, number(usual), len(before))
		return c.found(Warning, "last", "the last row looks as if its period were not over", []Place{c.place(last, text)})
	}
	return nil
}

// lastBlank finds columns without a cell in the last row that had one in each of the
// five before: of a table of funds, those that have not reported yet.
func lastBlank(t *data.Table, columns []*column) []Finding {
	last := t.Len() - 1
	var names []string
	for _, c := range columns {
		if _, ok := t.Value(c.name, last); ok || last < 5 {
			continue
		}
		reported := true
		for i := last - 5; i < last; i++ {
			_, ok := t.Value(c.name, i)
			reported = reported && ok
		}
		if reported {
			names = append(names, c.name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	place := Place{Line: last + 1, From: t.Time(last), To: t.Time(last)}
	return []Finding{{
		Severity: Warning, Check: "last", Columns: names, Count: 1, Places: []Place{place},
		Text: "no value in the last row, which may be partial, after one in each of the five before",
	}}
}
