package report

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// cell is a cell of a table on a page.
type cell struct {
	Parts    []string // its text; between parts a line may end
	Interval string   // of an estimate: on a line of its own where the column is narrow
	Number   bool     // its column holds numbers
	Class    string
}

func cellOf(text string, number bool) cell {
	c := cell{Number: number}
	if number {
		if at := strings.Index(text, " ["); at > 0 {
			text, c.Interval = text[:at], text[at+1:]
		}
	}
	var class []string
	if c.Number {
		class = append(class, "number")
	}
	if c.Interval == "" && utf8.RuneCountInString(text) <= shortCell {
		class = append(class, "short")
	}
	c.Parts = parts(text)
	if slices.ContainsFunc(c.Parts, func(p string) bool { return longestWord(p) > longWord }) {
		class = append(class, "long")
	}
	c.Class = strings.Join(class, " ")
	return c
}

const (
	shortCell = 14 // a cell of so few characters stays on one line
	longWord  = 24 // a longer word may break anywhere
)

// parts cuts words that are too long for a column after their dots and dashes.
func parts(text string) []string {
	var list []string
	from := 0
	for _, at := range breaks.FindAllStringIndex(text, -1) {
		word := strings.LastIndexByte(text[:at[0]], ' ') + 1
		end := len(text)
		if i := strings.IndexByte(text[at[1]:], ' '); i >= 0 {
			end = at[1] + i
		}
		if end-word > shortCell && at[1] < end {
			list = append(list, text[from:at[1]])
			from = at[1]
		}
	}
	return append(list, text[from:])
}

var breaks = regexp.MustCompile(`[A-Za-z][._/:]`)

func longestWord(text string) int {
	longest := 0
	for _, word := range strings.Fields(text) {
		longest = max(longest, utf8.RuneCountInString(word))
	}
	return longest
}

// unbroken keeps a sign with its number and a number with its unit.
func unbroken(text string) string { return together.Replace(text) }

var together = strings.NewReplacer("−$", "−\u2060$", " %", "\u00a0%", " pp", "\u00a0pp")

// number is a cell that holds a number: with its sign, its currency, its unit and its
// interval, but no words.
var number = regexp.MustCompile(`^[−+-]?\$?[0-9][0-9.,]*(e[−+-]?[0-9]+)? ?(%|pp|tn|bn|m|k|steps)?( \[[^a-zA-Z]*((pp|tn|bn|m|k)[^a-zA-Z]*)*\])?$`)

// numeric tells whether all cells of a column that hold anything hold a number.
func numeric(rows [][]string, column int) bool {
	some := false
	for _, row := range rows {
		if column >= len(row) || row[column] == "" || row[column] == "–" {
			continue
		}
		if !number.MatchString(row[column]) {
			return false
		}
		some = true
	}
	return some
}
