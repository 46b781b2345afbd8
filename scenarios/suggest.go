package scenarios

import "strings"

// didYouMean returns "; did you mean X?" when a known word is close to s.
func didYouMean(s string, known []string) string {
	best, distance := "", 3
	for _, k := range known {
		// A third of the letters may differ, so that "low" is not "fbtc".
		if d := edits(strings.ToLower(s), strings.ToLower(k)); d < distance && 3*d <= len(k)+1 {
			best, distance = k, d
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + shown(best) + "?"
}

// edits counts the insertions, deletions and replacements that lead from a to
// b. A word much longer than b is not worth counting.
func edits(a, b string) int {
	if len(a) > 2*len(b) {
		return len(a)
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := diagonal
			if a[i-1] != b[j-1] {
				cost++
			}
			diagonal, row[j] = row[j], min(row[j]+1, row[j-1]+1, cost)
		}
	}
	return row[len(b)]
}
