// Package stats turns price paths and simulated outcomes into numbers that say
// what they are.
//
// Conventions, the same everywhere:
//
//   - A return is a fraction: 0.05 is 5 %. A loss is negative, and so are a
//     drawdown's depth, the value at risk and the expected shortfall.
//   - A price path starts before the first return: n+1 prices give n returns, and
//     a loss on the first step counts in the drawdown.
//   - Parameters say which returns they expect: simple, log, or, when called x or
//     returns, any sample.
//   - A number is finite, or it is absent: a function returns NaN with an error
//     that says why, a [Result] or [Estimate] is written to JSON as null. There is
//     no 0 in place of a number nobody knows.
//   - A gap (NaN) is never skipped. Whether a missing day is dropped or carried
//     over is the caller's decision, because it changes the answer.
//   - An estimate from simulated paths is an [Estimate]: a value with its interval.
//     One from observed periods is a [Measured], which has a standard error too.
//
// Nothing here draws random numbers, and no argument is altered.
package stats
