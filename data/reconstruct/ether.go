package reconstruct

import (
	"math"

	"gonum.org/v1/gonum/stat"
)

// ether makes the closes of Ether as a regression on Bitcoin's daily returns,
// with the slope and the residual of the weekly facts; the residual is a bridge
// to the Friday close. It walks back from there: each week to the Friday
// before, the first week to a free start.
func (s source) ether(bitcoin prices) prices {
	beta, residual := s.etherOnBitcoin()
	p := prices{closes: make([]float64, len(bitcoin.closes))}
	for k, week := range s.weeks {
		first, last := k*daysPerWeek, (k+1)*daysPerWeek-1
		shocks := normals(s.random(etherPrice, k), daysPerWeek, residual/math.Sqrt(daysPerWeek))
		if k > 0 {
			whole := math.Log(float64(week.ETHClose / s.weeks[k-1].ETHClose))
			condition(shocks, ones(daysPerWeek), whole-beta*bitcoin.logReturn(first-1, last))
		}
		price := float64(week.ETHClose)
		for t := last; t >= first; t-- {
			p.closes[t] = price
			price *= math.Exp(-beta*bitcoin.logReturn(t-1, t) - shocks[t-first])
		}
		if k == 0 {
			p.before = price
		}
	}
	return p
}

// etherOnBitcoin regresses weekly log returns: the slope, and the standard
// deviation of the residual.
func (s source) etherOnBitcoin() (beta, residual float64) {
	var bitcoin, ether []float64
	for k, week := range s.weeks[1:] {
		bitcoin = append(bitcoin, math.Log(float64(week.BTCClose/s.weeks[k].BTCClose)))
		ether = append(ether, math.Log(float64(week.ETHClose/s.weeks[k].ETHClose)))
	}
	rho, sd := stat.Correlation(bitcoin, ether, nil), stat.StdDev(ether, nil)
	return rho * sd / stat.StdDev(bitcoin, nil), sd * math.Sqrt(1-rho*rho)
}
