// Package resample draws the rows of a history anew: which row comes next?
//
// It knows rows by their number only, so that whoever resamples prices, regressors or
// the returns of many rules draws them together by one walk.
package resample

import "math/rand/v2"

// Next is the row after row at in the stationary bootstrap of n rows: the following one
// round the history, or with probability fresh one drawn uniformly. Blocks are 1/fresh
// rows long on average; a walk begins with fresh = 1. (Politis and Romano, 1994, Journal
// of the American Statistical Association 89(428).)
func Next(source *rand.Rand, at, n int, fresh float64) int {
	if source.Float64() < fresh {
		return source.IntN(n)
	}
	if at++; at == n {
		return 0
	}
	return at
}

// Stationary fills rows with a walk of [Next] over len(rows) rows.
func Stationary(source *rand.Rand, rows []int, fresh float64) {
	if len(rows) == 0 {
		return
	}
	rows[0] = source.IntN(len(rows))
	for i := 1; i < len(rows); i++ {
		rows[i] = Next(source, rows[i-1], len(rows), fresh)
	}
}
