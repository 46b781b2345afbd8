package stats

import "math"

// horizonPenalty is the factor by which the volatility of q periods exceeds √q times
// that of one, when the autocorrelation at lag k is rho^k:
//
//	√(1 + 2 Σ_{0<k<q} (1 - k/q) rho^k)
//
// Lo (2002), Financial Analysts Journal 58(4), for an autoregression of order 1. The sum is
// taken in closed form, since q may be a year of minutes. Below 1 the periods take turns.
func horizonPenalty(rho, q float64) (float64, error) {
	if q <= 1 {
		return 1, nil
	}
	away := 1 - rho
	if away*q < 1e-5 { // the closed form cancels: two terms of its series do
		return finite(math.Sqrt(q - away*(q*q-1)/3))
	}
	rest := 1 - math.Pow(rho, q)
	if rho > 0 {
		rest = -math.Expm1(q * math.Log(rho))
	}
	sum := rho/away - rho*rest/(q*away*away)
	return finite(math.Sqrt(max(0, 1+2*sum)))
}

// annualPenalty is horizonPenalty for a year of whole periods and the signed
// autocorrelation at lag 1.
func annualPenalty(simple []float64, s Sample) (float64, error) {
	if err := checkPeriods(s.PeriodsPerYear); err != nil {
		return absent, err
	}
	rho, err := Autocorrelation(simple, 1)
	if err != nil {
		return absent, err
	}
	return horizonPenalty(rho, math.Round(s.PeriodsPerYear))
}

// unsignedPenalty is horizonPenalty for a horizon of all periods and the size of
// Pearson's correlation of the returns with the ones before: never below 1.
func unsignedPenalty(simple []float64, _ Sample) (float64, error) {
	if err := checkValues(simple, 3); err != nil {
		return absent, err
	}
	rho, err := Correlation(simple[:len(simple)-1], simple[1:])
	if err != nil {
		return absent, err
	}
	return horizonPenalty(math.Abs(rho), float64(len(simple)))
}

type ofSimple = func(simple []float64, s Sample) (float64, error)

// penalised divides a ratio by a penalty for autocorrelation.
func penalised(ratio, penalty ofSimple) ofSimple {
	return func(simple []float64, s Sample) (float64, error) {
		value, err := ratio(simple, s)
		if err != nil {
			return absent, err
		}
		factor, err := penalty(simple, s)
		if err != nil {
			return absent, err
		}
		return divide(value, factor, "the periods cancel out over the horizon")
	}
}
