package intake

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// Merge makes one import of several files of the same series, such as vintages of a
// table that is revised. Where two files have a value for one time the later file
// in the list counts.
func Merge(list []*Import) (*Import, error) {
	merged := &Import{File: list[0].File, Mapping: list[0].Mapping}
	for _, im := range list {
		merged.Rows += im.Rows
		merged.sources = append(merged.sources, im.sources...)
		for _, r := range im.Rules {
			r.Text = base(im.File) + ": " + r.Text
			merged.Rules = append(merged.Rules, r)
		}
		for _, t := range im.Tables {
			i := slices.IndexFunc(merged.Tables, func(o Table) bool { return o.Key == t.Key && o.Group == t.Group })
			if i < 0 {
				merged.Tables = append(merged.Tables, t)
				continue
			}
			if !alike(merged.Tables[i], t) {
				return nil, fmt.Errorf("%s and %s cannot be merged: found other columns, kinds or units of one series", list[0].File, im.File)
			}
			table, notes := revise(merged.Tables[i], t, base(im.File))
			merged.Tables[i], merged.Rules = table, append(merged.Rules, notes...)
		}
	}
	return merged, nil
}

// alike reports whether two tables hold the same series.
func alike(a, b Table) bool {
	return slices.EqualFunc(a.Columns, b.Columns, func(c, d Column) bool {
		return c.Name == d.Name && c.Kind == d.Kind && c.Unit == d.Unit && c.Published == d.Published
	})
}

// revise puts the rows of a later table over those of an earlier one.
func revise(old, fresh Table, name string) (Table, []Rule) {
	notes := report{noun: "line"}
	merged := Table{Key: old.Key, Group: old.Group, Columns: old.Columns, Values: make([][]float64, len(old.Columns))}
	add := func(at time.Time, line int, value func(k int) float64) {
		merged.Times, merged.lines = append(merged.Times, at), append(merged.lines, line)
		for k := range merged.Values {
			merged.Values[k] = append(merged.Values[k], value(k))
		}
	}
	i, j := 0, 0
	for i < len(old.Times) || j < len(fresh.Times) {
		switch {
		case j == len(fresh.Times) || i < len(old.Times) && old.Times[i].Before(fresh.Times[j]):
			add(old.Times[i], old.lines[i], func(k int) float64 { return old.Values[k][i] })
			i++
		case i == len(old.Times) || fresh.Times[j].Before(old.Times[i]):
			add(fresh.Times[j], fresh.lines[j], func(k int) float64 { return fresh.Values[k][j] })
			j++
		default:
			add(fresh.Times[j], fresh.lines[j], func(k int) float64 {
				was, is := old.Values[k][i], fresh.Values[k][j]
				switch {
				case math.IsNaN(is) && !math.IsNaN(was):
					notes.at(fresh.lines[j], "%s: a blank cell where an earlier file has a number: that number kept", name)
					return was
				case was != is && !math.IsNaN(was):
					notes.at(fresh.lines[j], "%s: numbers that differ from an earlier file: the later counts", name)
				}
				return is
			})
			i, j = i+1, j+1
		}
	}
	return merged, notes.rules
}
