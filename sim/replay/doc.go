// Package replay answers one question: what was news, and what was feedback?
//
// [Identify] goes along an observed history and finds, step by step, the news
// and the innovations for which the step ends on what was observed. What no
// news can reach, because a cascade jumps over it, is booked as unexplained:
//
//	news + unexplained + Σ mechanisms = log return of the step
//
// What it has found can be run again ([Identified.Driver]): with the same
// mechanisms it gives the history back, with others the counterfactual.
// [Measure] tells how much the market would have multiplied a little more news.
//
// An answer holds under the mechanisms and the impact law of the plan: another
// calibration finds other news in the same history.
package replay
