// Package rule answers one question: what does a rule say, given what has been
// published?
//
// A rule is an expression over named series, as a researcher writes it:
//
//	premium > 0 and sum(btc.etf_flow, 5d) > 0 and sd(btc.basis, 20d) < 2%
//
// # Language
//
// Numbers may have a unit attached: 2% is 0.02, 10bp is 0.001, 5k, 290m, 1.5bn
// and 2tn are multiples. Durations are 45s, 30min, 4h, 5d, 6w; because 30m is
// thirty million, minutes are written min. A % with a space before it is the
// remainder of a division, with the sign of the divisor: -1 % 7 is 6.
//
// Names, also with dots inside, are series, parameters, states and signals; see
// [Names]. Operators, from the loosest: ?: for a choice, or, and, the comparisons
// (0 < premium < 2% is both), + and -, not, * / %, the sign -, **. Note that not
// binds closer than a comparison: it is written not (premium > 0). The functions
// are those of [Functions].
//
// Kinds are checked: numbers, durations and flags do not mix, but for what a
// duration allows (d + d, d − d, 2 * d, d / 2, d / d). A series stands for its
// latest value where a number is asked for. There is nothing else in the
// language: no texts, lists, loops, variables.
//
// # What is published
//
// A rule reads a [Tape], and there only what was published at or before the time
// of the decision. A window of length d holds the values published in
// (now − d, now]; days without a value, such as weekends of fund flows, are not
// in it. A value is absent
//   - of a series before its first publication,
//   - of a window until it could have been full: until a first value is at least
//     as old as d less one step of the series; for functions that compare with
//     the value known at now − d (change, return, lag, vol), until there is one,
//   - of a window in which nothing was published, but for count and lag.
//
// Absent values, and results that are not defined or infinite, make an answer not
// known: never 0 and never false. Flags follow Kleene's logic: false and unknown
// is false, true or unknown is true, whichever stands first, and everything else
// with unknown in it is unknown.
//
// # How it works
//
// expr (github.com/expr-lang/expr) reads the shape of a rule; names, kinds and
// values are this package's. A rule becomes Go closures instead of a program for
// expr's machine: that has no third truth value, allocates on every run, and
// would have to be kept from everything else it can do. The time of an answer is
// bounded by the terms of a rule (2,000, signals put in), times the values in a
// window of at most 3,660 days; each window is computed once a moment.
package rule
