// Package inspect answers one question: may these numbers be believed?
//
// [Table] looks at every column of a file that could be read and says what a
// careful reader would ask about: holes, prices that jump and return, values far
// outside their own history, values that stand still, totals that are not the sum
// of their parts, zeros that mean "closed" or "no data", a last row that is not
// finished. [Compare] holds two sources of one series against each other: which
// days differ, by how much, and whether one is a row late or in another unit.
//
// A finding is a question and not a proof; nothing is repaired. Thresholds stand
// in [Options] with their sources.
package inspect
