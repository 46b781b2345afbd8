package reconstruct

import (
	"math"

	"github.com/ebb-sim/ebb/data"
	"gonum.org/v1/gonum/stat"
)

// How daily fund flows behave: as ebb's redemption mechanism is fitted on the
// flows of all US spot Bitcoin funds, 2024-01-11 to 2026-02-10. To serve Ether
// too, the two answers to price are in standard deviations of flow per standard
// deviation of a day's return.
const (
	// flowPersistence is what is left of a flow on the next session (.43489).
	flowPersistence = 0.435
	// flowResponse answers to the return from the day of the flow before to
	// yesterday ($2.82bn per unit log return).
	flowResponse = 0.17
	// flowSameDay is the correlation with the day's own return (R² of .13118).
	flowSameDay = 0.36
)

// flows makes the daily flows of one group of funds from its weekly sums, both
// in ticks. They are by day; a day without a session has none. An
// autoregression that answers to the price is bridged to each week's sum.
func (s source) flows(series stream, sums []int, p prices) map[int]int {
	sd := dailyFlowStdDev(sums)
	perReturn := sd / s.dailyReturnStdDev(p)
	noise := sd * math.Sqrt(1-flowPersistence*flowPersistence-flowResponse*flowResponse-flowSameDay*flowSameDay)
	flows := make(map[int]int)
	last, lastDay := 0.0, -1
	for k, sum := range sums {
		sessions := s.sessions(data.NYSE, k)
		drive := normals(s.random(series, k), len(sessions), noise)
		for i, day := range sessions {
			drive[i] += perReturn * (flowResponse*p.logReturn(lastDay-1, day-1) + flowSameDay*p.logReturn(day-1, day))
			lastDay = day
		}
		drive[0] += flowPersistence * last
		condition(drive, sumPowers(flowPersistence, len(drive)), float64(sum))
		week := autoregression(flowPersistence, drive)
		last = week[len(week)-1]
		for i, flow := range wholes(week, sum) {
			flows[sessions[i]] = flow
		}
	}
	return flows
}

// autoregression adds to each shock what persists of the value before.
func autoregression(phi float64, shocks []float64) []float64 {
	values := make([]float64, len(shocks))
	var x float64
	for i, shock := range shocks {
		x = phi*x + shock
		values[i] = x
	}
	return values
}

// wholes rounds values that add up to sum, but for floating-point error, to
// whole numbers that add up to it exactly: it rounds the running total.
func wholes(values []float64, sum int) []int {
	rounded := make([]int, len(values))
	var running float64
	before := 0
	for i, value := range values {
		running += value
		total := round(running)
		if i == len(values)-1 {
			total = sum
		}
		rounded[i] = total - before
		before = total
	}
	return rounded
}

// dailyFlowStdDev is the standard deviation of a day's flow for which the sums
// of five sessions vary as the weekly ones do.
func dailyFlowStdDev(sums []int) float64 {
	const sessions = 5
	weekly := make([]float64, len(sums))
	for k, sum := range sums {
		weekly[k] = float64(sum)
	}
	variance := float64(sessions)
	for lag := 1; lag < sessions; lag++ {
		variance += 2 * float64(sessions-lag) * math.Pow(flowPersistence, float64(lag))
	}
	return stat.StdDev(weekly, nil) / math.Sqrt(variance)
}

func (s source) dailyReturnStdDev(p prices) float64 {
	returns := make([]float64, len(p.closes))
	for t := range returns {
		returns[t] = p.logReturn(t-1, t)
	}
	return stat.StdDev(returns, nil)
}
