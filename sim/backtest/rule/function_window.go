package rule

import (
	"math"
	"slices"
)

var (
	ofOne  = []Kind{series, Duration}
	ofTwo  = []Kind{series, series, Duration}
	ofPair = []Kind{series, Number}
)

// daysPerYear is the year of a market that never closes.
const daysPerYear = 365

var windowFunctions = []*Function{
	{
		Name: "sum", Signature: "sum(x, d)", Doc: "sum of the values published in the window", takes: ofOne,
		window: func(w window) (float64, cause) { return sum(w.x.value), known },
	},
	{
		Name: "mean", Signature: "mean(x, d)", Doc: "mean of the values in the window", takes: ofOne,
		window: func(w window) (float64, cause) { return mean(w.x.value), known },
	},
	{
		Name: "sd", Signature: "sd(x, d)", Doc: "standard deviation of the values in the window (ddof 1)", takes: ofOne,
		window: func(w window) (float64, cause) { return deviation(w.x.value) },
	},
	{
		Name: "lowest", Signature: "lowest(x, d)", Doc: "lowest value in the window", takes: ofOne,
		window: func(w window) (float64, cause) { return slices.Min(w.x.value), known },
	},
	{
		Name: "highest", Signature: "highest(x, d)", Doc: "highest value in the window", takes: ofOne,
		window: func(w window) (float64, cause) { return slices.Max(w.x.value), known },
	},
	{
		Name: "median", Signature: "median(x, d)", Doc: "median of the values in the window; of an even number of them the mean of the middle two", takes: ofOne,
		window: median,
	},
	{
		Name: "count", Signature: "count(x, d)", Doc: "how many values were published in the window; 0 is known too", takes: ofOne, hollow: true,
		window: func(w window) (float64, cause) { return float64(len(w.x.value)), known },
	},
	{
		Name: "change", Signature: "change(x, d)", Doc: "latest value minus the one known d ago", takes: ofOne, anchored: true,
		window: func(w window) (float64, cause) { return w.x.latest() - w.x.before, known },
	},
	{
		Name: "return", Signature: "return(x, d)", Doc: "simple return of a price: latest value / the one known d ago − 1", takes: ofOne, anchored: true,
		window: simpleReturn,
	},
	{
		Name: "lag", Signature: "lag(x, d)", Doc: "value known d ago: the last one published at or before then", takes: ofOne, anchored: true, hollow: true,
		window: func(w window) (float64, cause) { return w.x.before, known },
	},
	{
		Name: "ema", Signature: "ema(x, d)", Doc: "exponential moving average with a span of n = d / step values: weight 2/(n+1) on each new value, starting at the first value there is (pandas: ewm(span=n, adjust=False))", takes: ofOne, paced: true,
		window: exponentialMean,
	},
	{
		Name: "zscore", Signature: "zscore(x, d)", Doc: "(latest value − mean) / standard deviation (ddof 1) of the window", takes: ofOne,
		window: zscore,
	},
	{
		Name: "rank", Signature: "rank(x, d)", Doc: "share of the values in the window that are at most the latest, above 0 and up to 1", takes: ofOne,
		window: rank,
	},
	{
		Name: "vol", Signature: "vol(x, d)", Doc: "annualised volatility of a price: standard deviation (ddof 1) of the log returns that end in the window × √(returns in 365 days at the pace of the window)", takes: ofOne, anchored: true,
		window: volatility,
	},
	{
		Name: "drawdown", Signature: "drawdown(x, d)", Doc: "of a price: latest value / highest in the window − 1; at most 0", takes: ofOne,
		window: drawdown,
	},
	{
		Name: "rsi", Signature: "rsi(x, d)", Doc: "relative strength index, 0 to 100, with n = d / step changes (Wilder, 1978, New Concepts in Technical Trading Systems): means of gains and losses of the first n changes there are, then smoothed with weight 1/n; not known where there was no change", takes: ofOne, paced: true,
		window: relativeStrength,
	},
	{
		Name: "corr", Signature: "corr(x, y, d)", Doc: "correlation of the values in the window that were published at the same times (of the values themselves: of prices one rarely wants it)", takes: ofTwo,
		window: correlation,
	},
	{
		Name: "beta", Signature: "beta(x, y, d)", Doc: "least-squares slope of x on y, of the values in the window that were published at the same times", takes: ofTwo,
		window: beta,
	},
	{
		Name: "slope", Signature: "slope(x, d)", Doc: "least-squares slope of the values in the window over their publication times, per day", takes: ofOne,
		window: slope,
	},
	{
		Name: "crosses_above", Signature: "crosses_above(x, a)", Doc: "the latest value is above a and the one before it was not; it stays so until the next value is published. a is taken at the decision", takes: ofPair, gives: Flag,
		cross: func(before, latest, level float64) bool { return before <= level && latest > level },
	},
	{
		Name: "crosses_below", Signature: "crosses_below(x, a)", Doc: "the latest value is below a and the one before it was not; it stays so until the next value is published. a is taken at the decision", takes: ofPair, gives: Flag,
		cross: func(before, latest, level float64) bool { return before >= level && latest < level },
	},
}

func sum(x []float64) float64 {
	s := 0.0
	for _, v := range x {
		s += v
	}
	return s
}

// mean takes the deviations from the first value: the mean of equal values is
// that value, and their deviation exactly 0.
func mean(x []float64) float64 {
	s := 0.0
	for _, v := range x {
		s += v - x[0]
	}
	return x[0] + s/float64(len(x))
}

func deviation(x []float64) (float64, cause) {
	if len(x) < 2 {
		return 0, few
	}
	m, squares := mean(x), 0.0
	for _, v := range x {
		squares += (v - m) * (v - m)
	}
	return math.Sqrt(squares / float64(len(x)-1)), known
}

func median(w window) (float64, cause) {
	x := append((*w.scratch)[:0], w.x.value...)
	*w.scratch = x
	slices.Sort(x)
	middle := len(x) / 2
	if len(x)%2 == 1 {
		return x[middle], known
	}
	return x[middle-1] + (x[middle]-x[middle-1])/2, known
}

func simpleReturn(w window) (float64, cause) {
	switch {
	case w.x.before == 0:
		return 0, zero
	case w.x.before < 0:
		return 0, undefined
	}
	return w.x.latest()/w.x.before - 1, known
}

func zscore(w window) (float64, cause) {
	sd, why := deviation(w.x.value)
	if why == known && sd == 0 {
		why = zero
	}
	return (w.x.latest() - mean(w.x.value)) / sd, why
}

func rank(w window) (float64, cause) {
	atMost := 0
	for _, v := range w.x.value {
		if v <= w.x.latest() {
			atMost++
		}
	}
	return float64(atMost) / float64(len(w.x.value)), known
}

func volatility(w window) (float64, cause) {
	returns := (*w.scratch)[:0]
	for last := w.x.before; len(returns) < len(w.x.value); last = w.x.value[len(returns)-1] {
		price := w.x.value[len(returns)]
		if last <= 0 || price <= 0 {
			return 0, undefined
		}
		returns = append(returns, math.Log(price/last))
	}
	*w.scratch = returns
	sd, why := deviation(returns)
	return sd * math.Sqrt(daysPerYear*float64(len(returns))/w.days), why
}

func drawdown(w window) (float64, cause) {
	peak := slices.Max(w.x.value)
	if peak <= 0 {
		return 0, undefined
	}
	return w.x.latest()/peak - 1, known
}

func exponentialMean(w window) (float64, cause) {
	m, weight := w.memory, 2/(w.x.periods()+1)
	if m.seen == 0 {
		m.a, m.seen = w.x.past[0], 1
	}
	for ; m.seen < len(w.x.past); m.seen++ {
		m.a += weight * (w.x.past[m.seen] - m.a)
	}
	return m.a, known
}

// periods is the length of a window in steps, a whole number.
func (p part) periods() float64 { return max(1, math.Round(p.steps)) }

func relativeStrength(w window) (float64, cause) {
	m, n := w.memory, w.x.periods()
	if float64(len(w.x.past)) < n+1 {
		return 0, short
	}
	for m.seen = max(m.seen, 1); m.seen < len(w.x.past); m.seen++ {
		change := w.x.past[m.seen] - w.x.past[m.seen-1]
		gain, loss := max(change, 0), max(-change, 0)
		if float64(m.seen) <= n {
			m.a, m.b = m.a+gain/n, m.b+loss/n
			continue
		}
		m.a, m.b = (m.a*(n-1)+gain)/n, (m.b*(n-1)+loss)/n
	}
	if m.a+m.b == 0 {
		return 0, zero
	}
	return 100 * m.a / (m.a + m.b), known
}

// pairs calls f with the values of x and y that were published at the same times.
func (w window) pairs(f func(x, y float64)) {
	for i, j := 0, 0; i < len(w.x.at) && j < len(w.y.at); {
		switch {
		case w.x.at[i] < w.y.at[j]:
			i++
		case w.x.at[i] > w.y.at[j]:
			j++
		default:
			f(w.x.value[i], w.y.value[j])
			i, j = i+1, j+1
		}
	}
}

// products are the sums of squares and products of deviations from the means.
type products struct{ xx, yy, xy float64 }

// products goes over the pairs twice, the second time with their means; like
// mean it takes deviations from the first pair.
func (w window) products() (products, cause) {
	n, x0, y0, sumX, sumY := 0.0, 0.0, 0.0, 0.0, 0.0
	w.pairs(func(x, y float64) {
		if n == 0 {
			x0, y0 = x, y
		}
		n, sumX, sumY = n+1, sumX+x-x0, sumY+y-y0
	})
	if n < 2 {
		return products{}, few
	}
	var p products
	meanX, meanY := x0+sumX/n, y0+sumY/n
	w.pairs(func(x, y float64) {
		p.xx += (x - meanX) * (x - meanX)
		p.yy += (y - meanY) * (y - meanY)
		p.xy += (x - meanX) * (y - meanY)
	})
	return p, known
}

func correlation(w window) (float64, cause) {
	p, why := w.products()
	if why == known && (p.xx == 0 || p.yy == 0) {
		why = zero
	}
	return max(-1, min(1, p.xy/math.Sqrt(p.xx)/math.Sqrt(p.yy))), why
}

func beta(w window) (float64, cause) {
	p, why := w.products()
	if why == known && p.yy == 0 {
		why = zero
	}
	return p.xy / p.yy, why
}

func slope(w window) (float64, cause) {
	if len(w.x.value) < 2 {
		return 0, few
	}
	day := func(i int) float64 { return float64(w.x.at[i]-w.x.at[0]) / microsecondsPerDay }
	meanDay := 0.0
	for i := range w.x.at {
		meanDay += day(i) / float64(len(w.x.at))
	}
	squares, products, m := 0.0, 0.0, mean(w.x.value)
	for i, v := range w.x.value {
		squares += (day(i) - meanDay) * (day(i) - meanDay)
		products += (day(i) - meanDay) * (v - m)
	}
	if squares == 0 {
		return 0, zero
	}
	return products / squares, known
}
