package reconstruct

import (
	"math"

	"github.com/ebb-sim/ebb/data"
)

// A follower is an asset whose days are drawn given those of other assets.
type follower struct {
	file     string
	closes   column // of the weeks
	series   stream
	calendar data.Calendar
	leaders  []column // the closes of Bitcoin or of followers above
}

// followers are the assets beside Bitcoin. Each is drawn given its leaders, so
// that all together move as the weekly facts do; the Nasdaq-100 carries what
// the equity funds have in common.
var followers = []follower{
	{"eth_usd.csv", ethClose, etherPrice, data.EveryDay, []column{btcClose}},
	{"sol_usd.csv", solClose, solanaPrice, data.EveryDay, []column{btcClose, ethClose}},
	{"nasdaq100_etf.csv", nasdaqClose, nasdaqPrice, data.NYSE, []column{btcClose}},
	{"software_etf.csv", softwareClose, softwarePrice, data.NYSE, []column{btcClose, nasdaqClose}},
	{"ai_etf.csv", aiClose, aiPrice, data.NYSE, []column{btcClose, nasdaqClose}},
	{"silver_etf.csv", silverClose, silverPrice, data.NYSE, nil},
	{"mstr.csv", mstrClose, strategyPrice, data.NYSE, []column{btcClose}},
}

// follow makes the closes of all followers, by the name of their column, beside
// those of Bitcoin.
func (s source) follow(bitcoin prices, laws []regression) map[string]prices {
	made := map[string]prices{btcClose.name: bitcoin}
	for i, f := range followers {
		var leaders []prices
		for _, c := range f.leaders {
			leaders = append(leaders, made[c.name])
		}
		made[f.closes.name] = s.followed(f, laws[i], leaders)
	}
	return made
}

// followed makes the closes of an asset: its return from session to session is
// what its leaders' returns over the same days explain, and a residual. The
// residual is a bridge to the week's fact, which is the close of its last
// session: the Friday's, or of the session before where Friday is a holiday. It
// walks back from there: each week to the fact before, the first week to a free
// start. A day without a session keeps the close before it.
func (s source) followed(f follower, law regression, leaders []prices) prices {
	p := prices{closes: make([]float64, s.days())}
	last := -1 // the session before
	for k, week := range s.weeks {
		sessions := s.sessions(f.calendar, k)
		residuals := normals(s.random(f.series, k), len(sessions), law.residual/math.Sqrt(sessionsPerWeek(f.calendar)))
		explained := make([]float64, len(sessions))
		for i, day := range sessions {
			for j, leader := range leaders {
				explained[i] += law.slopes[j] * leader.logReturn(last, day)
			}
			last = day
		}
		if k > 0 {
			whole := math.Log(float64(f.closes.value(week) / f.closes.value(s.weeks[k-1])))
			condition(residuals, ones(len(residuals)), whole-total(explained))
		}
		price := float64(f.closes.value(week))
		for i := len(sessions) - 1; i >= 0; i-- {
			p.closes[sessions[i]] = price
			price *= math.Exp(-explained[i] - residuals[i])
		}
		if k == 0 {
			p.before = price
		}
	}
	for t, price := range p.closes {
		if price == 0 {
			p.closes[t] = p.at(t - 1)
		}
	}
	return p
}

// sessionsPerWeek is how many there are on average, holidays counted.
func sessionsPerWeek(c data.Calendar) float64 {
	return daysPerWeek * c.DaysPerYear() / data.EveryDay.DaysPerYear()
}
