// Package sim answers one question: what happens in one step?
//
// A step begins with news. Then the market goes through waves: in every wave
// each mechanism sees the price as it stands and adds the orders it still
// wants; the impact law moves the price; a wave in which nobody trades ends the
// step. At last every mechanism settles. A ledger books each part of the
// step's return to the news or to the mechanism that caused it:
//
//	news + Σ mechanisms = log return of the step
//
// A replay of what was observed may leave a rest, which is booked as unexplained.
//
// The package does no input or output and knows no mechanism, driver or impact
// law by name: they come in through the interfaces [Mechanism], [Driver] and
// [Law].
//
// Units: prices are USD per coin, orders and flows USD (buy > 0), returns
// natural logarithms, volatilities standard deviations per step, times UTC.
package sim
