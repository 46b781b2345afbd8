// Package derive answers one question: what do two files say together?
//
// [Premium] is what a market pays over another, [Basis] what a future costs over
// spot, annualised. Both divide one price by another, so both prices must be of the
// same instant: half an hour of a falling market is worth more than a year of either.
// What does not match is refused, or left out and counted in a note; nothing is
// filled.
package derive
