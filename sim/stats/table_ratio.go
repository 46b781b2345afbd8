package stats

// ratioTable says what was earned for the risk.
var ratioTable = []Statistic{
	{
		Name: "volatility", Title: "Volatility", Unit: unitPerYear,
		Definition: "standard deviation of simple returns (ddof 1) × √p with p periods per year",
		Source:     "as quantstats and empyrical",
		compute: ofReturns(func(simple []float64, s Sample) (float64, error) {
			return Volatility(simple, s.PeriodsPerYear)
		}),
	},
	{
		Name: "downside_deviation", Title: "Downside deviation", Unit: unitPerYear,
		Definition: "√(Σ min(e,0)²/n) × √p over all n returns e above the risk-free one",
		Source:     "Sortino and Price (1994), Journal of Investing 3(3)",
		compute:    ofReturns(downsideDeviation),
	},
	{
		Name: "sharpe", Title: "Sharpe ratio", Unit: unitRatio,
		Definition: "mean / standard deviation (ddof 1) × √p of simple returns above (1 + annual risk-free rate)^(1/p) - 1",
		Source:     "Sharpe (1994), Journal of Portfolio Management 21(1)",
		compute: ofReturns(func(simple []float64, s Sample) (float64, error) {
			return Sharpe(simple, s.RiskFree, s.PeriodsPerYear)
		}),
	},
	{
		Name: "smart_sharpe", Title: "Sharpe ratio less autocorrelation", Unit: unitRatio,
		Definition: "Sharpe ratio / autocorrelation penalty",
		Source:     "Lo (2002), Financial Analysts Journal 58(4)",
		compute:    ofReturns(penalised(sharpe, annualPenalty)),
	},
	{
		Name: "sortino", Title: "Sortino ratio", Unit: unitRatio,
		Definition: "mean / downside deviation of one step × √p of simple returns above (1 + annual risk-free rate)^(1/p) - 1",
		Source:     "Sortino and Price (1994), Journal of Investing 3(3)",
		compute:    ofReturns(sortino),
	},
	{
		Name: "smart_sortino", Title: "Sortino ratio less autocorrelation", Unit: unitRatio,
		Definition: "Sortino ratio / autocorrelation penalty",
		Source:     "Lo (2002), Financial Analysts Journal 58(4), applied to the Sortino ratio",
		compute:    ofReturns(penalised(sortino, annualPenalty)),
	},
	{
		Name: "autocorrelation_penalty", Title: "Autocorrelation penalty", Unit: unitRatio,
		Definition: "√(1 + 2 Σ (1 - k/p) ρ^k) over lags k below p, with the autocorrelation ρ at lag 1 and its sign: volatility of a year over √p × that of a step",
		Source:     "Lo (2002), Financial Analysts Journal 58(4), for returns of the first autoregressive order",
		compute:    ofReturns(annualPenalty),
	},
	{
		Name: "probabilistic_sharpe", Title: "Probability of a Sharpe ratio above 0", Unit: unitFraction,
		Definition: "Φ(SR √(n-1) / √(1 - γ₃ SR + (γ₄-1)/4 SR²)) with the Sharpe ratio SR of one step and the corrected skewness γ₃ and raw kurtosis γ₄ of the returns",
		Source:     "Bailey and López de Prado (2012), Journal of Risk 15(2)",
		compute:    ofReturns(probabilisticSharpe),
	},
	{
		Name: "deflated_sharpe", Title: "Deflated Sharpe ratio", Unit: unitFraction,
		Definition: "probability of a Sharpe ratio above the highest to be expected of that many trials without skill",
		Source:     "Bailey and López de Prado (2014), Journal of Portfolio Management 40(5)",
		compute:    ofReturns(deflatedSharpe(Skewness, ExcessKurtosis)),
	},
	{
		Name: "calmar", Title: "Calmar ratio", Unit: unitRatio,
		Definition: "annual return / size of the maximum drawdown, over the whole sample",
		Source:     "Young (1991), Futures 20(1); as empyrical",
		compute:    calmar,
	},
	{
		Name: "omega", Title: "Omega", Unit: unitRatio,
		Definition: "sum of simple returns above the risk-free one / sum of those below it",
		Source:     "Keating and Shadwick (2002), Journal of Performance Measurement 6(3)",
		compute:    ofReturns(omega),
	},
	{
		Name: "gain_to_pain", Title: "Gain to pain", Unit: unitRatio,
		Definition: "sum of simple returns / size of the sum of those below 0",
		Source:     "Schwager (2012), Hedge Fund Market Wizards",
		compute:    ofReturns(func(simple []float64, _ Sample) (float64, error) { return gainToPain(simple) }),
	},
}
