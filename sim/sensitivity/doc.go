// Package sensitivity answers one question: which parameter matters?
//
// It reads the outcomes of runs at the points of a design: [Morris] finds effects, to drop
// the parameters that have none; [Sobol] finds the shares of the variance. Both take
// parameters for independent and spread as the design spread them: what matters depends on
// the ranges, and says nothing about what lies outside of them, nor what causes what in
// a market.
//
// A run without an outcome is NaN. It takes with it its block, the trajectory or crossing
// it belongs to, because the rest of one is no sample of anything; how many were left out
// is part of the result, and more than [Options.MostLost] are an error. Runs rarely fail at
// random: what is left describes the part of the cube where the model runs.
//
// Intervals are those of a bootstrap of blocks, its percentiles. It takes blocks for
// independent; on scrambled Sobol points, which are more even, its intervals are too wide
// rather than too narrow. An [stats.Estimate] here has the number of blocks for its N.
//
// # Departures
//
// On the same sample the estimators agree with SALib 1.6.0 (analyze.sobol, analyze.morris)
// to 1e-12, the order of parameters aside. Where this package differs, and why:
//
//   - intervals: SALib adds and subtracts a multiple of the bootstrap's standard deviation,
//     without the mean of each draw; these are percentiles of the whole estimator, which
//     are not symmetric where the estimator is not. SALib has none for mu and sigma.
//   - constant outcomes: SALib gives indices of 0; a share of no variance is absent.
//   - failed runs: SALib gives indices that are NaN, or fails; these blocks are left out.
//   - trajectories: SALib takes every step from the point before; radial ones are read too.
//   - steps: SALib divides by the step that the number of levels implies; this package
//     by the step there is.
package sensitivity
