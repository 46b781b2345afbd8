package stats

var quantStatsDepartures = []Departure{
	{When: []string{likePrices},
		Gives: "takes the returns for prices and computes the returns of these", Reason: "a sample says what it is"},
	{Statistics: []string{"sharpe", "smart_sharpe"}, When: []string{allEqual}, Gives: givesInfinity, Reason: nothingBelow},
	{Statistics: []string{"profit_factor", "common_sense_ratio"}, When: []string{allEqual, withoutLoss, oneReturn},
		Gives: givesInfinity, Reason: nothingBelow},
	{Statistics: []string{"profit_factor", "win_rate"}, When: []string{allZero}, Gives: "gives 0", Reason: "nothing was won or lost"},
	{Statistics: []string{"autocorrelation_penalty"}, When: []string{allZero, allEqual, oneReturn, twoReturns},
		Gives: "gives 1", Reason: "the autocorrelation is not known"},
	{Statistics: []string{"smart_sharpe", "smart_sortino"}, When: []string{twoReturns},
		Gives: "takes a penalty of 1", Reason: "the autocorrelation is not known"},
	{Statistics: []string{"alpha", "beta", "treynor"}, When: []string{stillMarket, oneReturn}, Gives: "gives 0", Reason: "beta is not known"},
	{Statistics: []string{"treynor"}, When: []string{allZero, allEqual}, Gives: "gives 0", Reason: "a ratio to a beta of 0 is no number"},
	{Statistics: []string{"information_ratio"}, When: []string{sameAsMarket, twoReturns},
		Gives: "gives 0 for a lead that does not vary", Reason: nothingBelow},
	{Statistics: []string{"var_5"}, When: []string{allZero, allEqual}, Gives: "gives no value", Reason: "the value is the one return there is"},
	{Statistics: []string{"cvar_5", "tail_ratio"}, When: []string{oneReturn}, Gives: "gives a value", Reason: noTail},
	{Statistics: []string{"longest_drawdown_length", "average_drawdown", "average_drawdown_length"}, When: []string{firstLoss},
		Gives: "does not see the drawdown", Reason: "max_drawdown of the same library does"},
}

var empyricalDepartures = []Departure{
	{Statistics: []string{"sharpe"}, When: []string{allEqual}, Gives: givesInfinity, Reason: nothingBelow},
	{Statistics: []string{"sortino"}, When: []string{allEqual, withoutLoss, likePrices}, Gives: givesInfinity, Reason: nothingBelow},
	{Statistics: []string{"information_ratio"}, When: []string{twoReturns}, Gives: givesInfinity + " for a lead that does not vary", Reason: nothingBelow},
	{Statistics: []string{"capture"}, When: []string{stillMarket}, Gives: givesInfinity, Reason: nothingBelow},
	{Statistics: []string{"var_5", "cvar_5", "tail_ratio", "downside_deviation"}, When: []string{oneReturn}, Gives: "gives a value", Reason: noTail},
}

var vectorBTDepartures = []Departure{
	{Statistics: []string{"sharpe"}, When: []string{allZero, allEqual}, Gives: givesInfinity, Reason: nothingBelow},
	{Statistics: []string{"sortino", "omega"}, When: []string{allZero, allEqual, withoutLoss, likePrices}, Gives: givesInfinity, Reason: nothingBelow},
	{Statistics: []string{"tail_ratio", "common_sense_ratio"}, When: []string{allZero}, Gives: givesInfinity, Reason: nothingBelow},
	{Statistics: []string{"information_ratio"}, When: []string{sameAsMarket, twoReturns}, Gives: givesInfinity + " for a lead that does not vary", Reason: nothingBelow},
	{Statistics: []string{"capture"}, When: []string{stillMarket}, Gives: givesInfinity, Reason: nothingBelow},
	{Statistics: []string{"longest_drawdown_length", "time_under_water"}, When: []string{allZero, allEqual, withoutLoss, likePrices, firstLoss},
		Gives: "gives no value", Reason: "a path that is never below its high spends no time there"},
	{Statistics: []string{"omega"}, When: []string{oneReturn}, Gives: givesInfinity, Reason: nothingBelow},
	{Statistics: []string{"var_5", "cvar_5", "tail_ratio", "common_sense_ratio", "downside_deviation", "max_drawdown", "ulcer_index"}, When: []string{oneReturn},
		Gives: "gives a value", Reason: "one return says nothing of a tail, and without a price before it nothing of a drawdown"},
}
