package reconstruct

import (
	"math"

	"gonum.org/v1/gonum/stat"
)

// rates makes a rate from the first Friday on, in ticks, through the Fridays
// and the other days that have been reported. Between them it bridges a
// first-order autoregression, which is an Ornstein–Uhlenbeck process in daily
// steps, with the mean, size and persistence of the Fridays.
func (s source) rates(series stream, c column, others []mark) []int {
	fridays := c.values(s.weeks)
	mean, phi := stat.Mean(fridays, nil), dailyPersistence(fridays)
	sd := stat.StdDev(fridays, nil) * math.Sqrt(1-phi*phi)
	x := fridays[0] - mean
	path := []int{c.round(fridays[0])}
	for k := 1; k < len(fridays); k++ {
		r := s.random(series, k)
		reached := -1 // the day of the week up to which the path is made
		for _, m := range append(s.within(k, others), mark{s.weeks[k].End.Time, fridays[k]}) {
			n := s.dayIn(k, m.day) - reached
			reached += n
			end := m.value - mean
			shocks := normals(r, n, sd)
			condition(shocks, powers(phi, n), end-math.Pow(phi, float64(n))*x)
			for _, shock := range shocks[:n-1] {
				x = phi*x + shock
				path = append(path, c.round(mean+x))
			}
			x = end
			path = append(path, c.round(m.value))
		}
	}
	return path
}

// dailyPersistence is the daily autocorrelation of a series whose readings a
// week apart are correlated like these.
func dailyPersistence(weekly []float64) float64 {
	n := len(weekly)
	rho := stat.Correlation(weekly[:n-1], weekly[1:], nil)
	return math.Pow(min(max(rho, 0.01), 0.99), 1.0/daysPerWeek)
}

// within gives the marks in week k that lie before its Friday.
func (s source) within(k int, marks []mark) []mark {
	var in []mark
	for _, m := range marks {
		if day := s.dayIn(k, m.day); day >= 0 && day < daysPerWeek-1 {
			in = append(in, m)
		}
	}
	return in
}
