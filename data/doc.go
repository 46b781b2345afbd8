// Package data answers one question: what is in the file?
//
// [Open] reads a CSV file whole and strictly into a [Table]; every fault is
// reported at once with file, line, column, what was found and what was
// expected. [Table.Series] takes one column out of it as a typed, immutable
// [Series]: kind, unit, publication lag and provenance. [Align] puts several
// series on one UTC grid, the [Panel].
//
// Values are held in base units: usd, fraction, coins, count, points. Times
// are UTC and label the start of the period a row covers. A number that is
// not there is absent; it is never 0.
package data
