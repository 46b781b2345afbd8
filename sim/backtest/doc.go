// Package backtest answers one question: would the rule have worked?
//
// A [Decider] says after every close how much of what it wants to hold; [Run]
// keeps its accounts over a history. A decision for step k is taken at the close
// of step k−1 and fills at the open or the close of step k:
//
//	close of k−1   the Decider sees State and sets one Target an asset
//	until the open interest over a gap between the steps, if there is one
//	open of k      orders fill (FillOpen); the order is sized at this price
//	until close    interest over the step, on what is then held
//	close of k     orders fill (FillClose); positions are marked
//
// An order pays the mid price, half the spread, its own impact and the fee:
//
//	price = mid · (1 ± spread/2) · mean of e^{r(q)} for q from 0 to Q
//
// where r is the asset's impact law and Q = coins·mid: the order walks through the
// law. The history itself is not moved; whether its path would have been another
// one, the [Agent] tells in a simulation. The accounts are exact:
//
//	change of equity = price + interest − fees − spread − impact − borrow
//
// Units: USD, coins, UTC; rates are a year of 365 days, simple, credited in every
// step; returns are simple.
package backtest
