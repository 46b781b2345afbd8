package data

import (
	"strconv"
	"strings"
)

// DidYouMean returns "; did you mean X?" when a known word is close to s.
func DidYouMean(s string, known []string) string {
	if near := nearest(s, known); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}

// nearest returns the known words, quoted, that a typing slip would most
// likely have turned into s, or "". It names all that are equally near: for
// usd_mn, to say usd_bn alone would be worse than to say nothing.
func nearest(s string, known []string) string {
	var best []string
	distance := 2
	for _, k := range known {
		d := edits(strings.ToLower(s), strings.ToLower(k))
		switch {
		case d > distance || 3*d > len(k)+1: // "low" is not "fbtc"
		case d < distance:
			best, distance = []string{Quote(k)}, d
		default:
			best = append(best, Quote(k))
		}
	}
	return strings.Join(best, " or ")
}

// edits counts the insertions, deletions, replacements and swaps of
// neighbours that lead from a to b (optimal string alignment).
func edits(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}

// Quote shows a cell as it was written, cut where it is too long to read.
func Quote(s string) string {
	const most = 60
	if s == "" {
		return "nothing"
	}
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return strconv.Quote(s)
}
