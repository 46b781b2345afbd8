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
//
// # Profiles
//
// The performance libraries disagree, so a [Summary] names its [Profile]: ebb, or that of
// quantstats, empyrical or vectorbt, which give the digits of their library on the same
// returns. testdata/golden holds three series of returns and what the libraries say of
// them, with their versions. The risk-free rate is annual in every profile.
//
// # Departures
//
// Where a profile does not give what a library gives, and why; [Profile.Departures] has the
// same list.
//
//   - ebb against quantstats: best_week (steps of a week from one New Year to the next): the
//     library joins days at both ends of a calendar year that have the ISO week's number in
//     common; they are a year apart.
//   - ebb against quantstats: best_day, worst_day (steps shorter than a day; steps of a week
//     from one New Year to the next): the library takes a step for a day; a day is a day of
//     the calendar.
//   - ebb against quantstats: gain_to_pain (steps shorter than a day): the library adds steps
//     up to days; every other ratio is one of steps.
//   - ebb against quantstats: autocorrelation_penalty, smart_sharpe, smart_sortino: the
//     library drops the sign of the autocorrelation and takes the whole sample for the
//     horizon; returns that take turns lower the risk of a year, and the ratio is annual.
//   - ebb against quantstats: ulcer_performance_index, treynor: the library subtracts the
//     risk-free rate of a year from the return of the whole sample; the annual return is
//     comparable between samples of any length.
//   - ebb against quantstats: serenity_index: the library subtracts the risk-free rate of a
//     year from the sum of returns, and takes distances from the high for normal; the annual
//     return is comparable, and the distances are far from normal.
//   - ebb against quantstats: recovery_factor: the library drops the sign, so that a loss
//     looks like a gain, and subtracts the risk-free rate of a year; the sign is the message.
//   - ebb against quantstats: var_5, cvar_5: the library takes returns for normal; the tails
//     of crypto returns are not.
//   - ebb against quantstats: alpha: the library leaves the risk-free rate out; Jensen's alpha
//     is of returns above it.
//   - ebb against quantstats: longest_drawdown_length, average_drawdown_length: the library
//     counts days under water, from the first to the last; a length in steps from the peak to
//     the recovery needs no dates.
//   - ebb against empyrical: skewness, excess_kurtosis: the library does not correct the
//     moments for their bias; corrected ones are comparable between samples of any size.
//   - ebb against empyrical: cvar_5 (several returns equal to the 5 % quantile): the library
//     counts returns instead of comparing them; equal returns are treated alike.
//   - ebb against empyrical: alpha: the library compounds the alpha of a step over a year;
//     Jensen's alpha is an intercept, which adds up.
//   - ebb against empyrical: up_capture, down_capture: the library compounds and annualises
//     steps that do not follow one another; a market that only rises for a year makes the
//     ratio one of exponentials.
//   - ebb against vectorbt: max_drawdown, calmar, average_drawdown, time_under_water,
//     ulcer_index, ulcer_performance_index: the library begins after the first return; a loss
//     in the first step is a loss.
//   - ebb against vectorbt: longest_drawdown_length, average_drawdown_length: the library
//     begins after the first return and leaves the step of the recovery out; the price is back
//     at its peak only after that step.
//   - ebb against vectorbt: common_sense_ratio: the library multiplies the tail ratio by 1 +
//     annual return; the ratio was proposed as profit factor × tail ratio.
//   - ebb against vectorbt: cvar_5 (several returns equal to the 5 % quantile): the library
//     counts returns instead of comparing them; equal returns are treated alike.
//   - ebb against vectorbt: alpha: the library compounds the alpha of a step over a year;
//     Jensen's alpha is an intercept, which adds up.
//   - ebb against vectorbt: up_capture, down_capture: the library compounds and annualises
//     steps that do not follow one another; a market that only rises for a year makes the
//     ratio one of exponentials.
//   - ebb against vectorbt: deflated_sharpe: the library does not correct the moments for
//     their bias; the report shows the corrected ones.
//   - quantstats: every statistic (no loss and a gain above 100 %): the library takes the
//     returns for prices and computes the returns of these; a sample says what it is.
//   - quantstats: sharpe, smart_sharpe (all returns equal): the library gives an infinite
//     value; a ratio to nothing is no number.
//   - quantstats: profit_factor, common_sense_ratio (all returns equal; no loss; one return):
//     the library gives an infinite value; a ratio to nothing is no number.
//   - quantstats: profit_factor, win_rate (all returns 0): the library gives 0; nothing was
//     won or lost.
//   - quantstats: autocorrelation_penalty (all returns 0; all returns equal; one return; two
//     returns): the library gives 1; the autocorrelation is not known.
//   - quantstats: smart_sharpe, smart_sortino (two returns): the library takes a penalty of 1;
//     the autocorrelation is not known.
//   - quantstats: alpha, beta, treynor (a benchmark that does not move; one return): the
//     library gives 0; beta is not known.
//   - quantstats: treynor (all returns 0; all returns equal): the library gives 0; a ratio to
//     a beta of 0 is no number.
//   - quantstats: information_ratio (returns equal to those of the benchmark; two returns):
//     the library gives 0 for a lead that does not vary; a ratio to nothing is no number.
//   - quantstats: var_5 (all returns 0; all returns equal): the library gives no value; the
//     value is the one return there is.
//   - quantstats: cvar_5, tail_ratio (one return): the library gives a value; one return says
//     nothing of a tail.
//   - quantstats: longest_drawdown_length, average_drawdown, average_drawdown_length (a loss
//     in the first step that is never made up): the library does not see the drawdown;
//     max_drawdown of the same library does.
//   - empyrical: sharpe (all returns equal): the library gives an infinite value; a ratio to
//     nothing is no number.
//   - empyrical: sortino (all returns equal; no loss; no loss and a gain above 100 %): the
//     library gives an infinite value; a ratio to nothing is no number.
//   - empyrical: information_ratio (two returns): the library gives an infinite value for a
//     lead that does not vary; a ratio to nothing is no number.
//   - empyrical: capture (a benchmark that does not move): the library gives an infinite
//     value; a ratio to nothing is no number.
//   - empyrical: var_5, cvar_5, tail_ratio, downside_deviation (one return): the library gives
//     a value; one return says nothing of a tail.
//   - vectorbt: sharpe (all returns 0; all returns equal): the library gives an infinite
//     value; a ratio to nothing is no number.
//   - vectorbt: sortino, omega (all returns 0; all returns equal; no loss; no loss and a gain
//     above 100 %): the library gives an infinite value; a ratio to nothing is no number.
//   - vectorbt: tail_ratio, common_sense_ratio (all returns 0): the library gives an infinite
//     value; a ratio to nothing is no number.
//   - vectorbt: information_ratio (returns equal to those of the benchmark; two returns): the
//     library gives an infinite value for a lead that does not vary; a ratio to nothing is no
//     number.
//   - vectorbt: capture (a benchmark that does not move): the library gives an infinite value;
//     a ratio to nothing is no number.
//   - vectorbt: longest_drawdown_length, time_under_water (all returns 0; all returns equal;
//     no loss; no loss and a gain above 100 %; a loss in the first step that is never made
//     up): the library gives no value; a path that is never below its high spends no time
//     there.
//   - vectorbt: omega (one return): the library gives an infinite value; a ratio to nothing is
//     no number.
//   - vectorbt: var_5, cvar_5, tail_ratio, common_sense_ratio, downside_deviation,
//     max_drawdown, ulcer_index (one return): the library gives a value; one return says
//     nothing of a tail, and without a price before it nothing of a drawdown.
package stats
