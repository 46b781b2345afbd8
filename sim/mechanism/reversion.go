package mechanism

import "math"

// reversion takes an Ornstein–Uhlenbeck process dx = speed·(mean − x)·dt +
// volatility·dW, time in days, exactly from step to step, so that steps of any
// length agree (Uhlenbeck and Ornstein 1930, Physical Review 36; Vasicek 1977,
// Journal of Financial Economics 5).
type reversion struct {
	kept  float64 // share of the gap to the mean that is left after a step
	noise float64 // standard deviation of what innovations bring in a step
}

func newReversion(speed, volatility, stepDays float64) reversion {
	days := stepDays // of noise that has not reverted yet
	if speed > 0 {
		days = -math.Expm1(-2*speed*stepDays) / (2 * speed)
	}
	return reversion{kept: math.Exp(-speed * stepDays), noise: volatility * math.Sqrt(days)}
}

// expected is where x is after a step without innovation.
func (p reversion) expected(x, mean float64) float64 { return mean + p.kept*(x-mean) }

// recall is the last observed value of a series, carried on without innovation
// over the steps since; otherwise, where none was observed.
func (p reversion) recall(observed []float64, mean, otherwise float64) float64 {
	for back := range observed {
		if last := observed[len(observed)-1-back]; !math.IsNaN(last) {
			return mean + math.Pow(p.kept, float64(back))*(last-mean)
		}
	}
	return otherwise
}
