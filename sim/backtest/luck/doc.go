// Package luck asks of a backtest: was it luck?
//
// It knows returns and positions, and nothing of rules, orders or markets:
//
//   - [Windows] and [Walk] choose a cell of a grid of parameters on one stretch of history and
//     judge it on the next.
//   - [PBO] is the probability that the cell that was best in one half of the history is at
//     or below the median in the other; [Deflate] allows for the number of cells tried.
//   - [Bootstrap] asks how often blocks of the same returns, without their gain, do as well,
//     for one rule ([Bootstrap.Test]) or for the best of many ([Bootstrap.TestBest]).
//   - [RandomEntry] asks how often the same positions do as well at other times.
//
// A returns matrix is cell × step: returns[c][t] is the simple return of the account under
// cell c in step t, after costs, 0 where it holds nothing. Every cell is run once over the
// whole history. Steps are numbered from 0.
//
// A p-value is one-sided, the chance of at least the gain observed if there is no skill, and is
// (1+hits)/(1+draws): the sample itself is one of the draws (Davison and Hinkley, 1997,
// Bootstrap Methods and their Application, section 4.2); where everything that could be drawn
// is tried, it is the share that does as well. Its interval is the Monte Carlo error and
// nothing else. A small p-value speaks against this null and for no cause.
//
// Results depend on the arguments and the seed alone. Errors say what was
// found and what was expected, and wrap those of sim/stats where one fits.
package luck
