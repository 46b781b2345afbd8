package reconstruct

import (
	"math"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/data"
)

// closing is a source of the weeks from 2025-11-07 on, in which Bitcoin, Ether
// and the Nasdaq-100 fund have the given log returns.
func closing(btc, eth, nasdaq []float64) source {
	s := source{weeks: []data.Week{{BTCClose: 100000, ETHClose: 4000, Nasdaq100Close: 600}}}
	for k := range btc {
		w := s.weeks[k]
		s.weeks = append(s.weeks, data.Week{
			BTCClose:       w.BTCClose * data.Number(math.Exp(btc[k])),
			ETHClose:       w.ETHClose * data.Number(math.Exp(eth[k])),
			Nasdaq100Close: w.Nasdaq100Close * data.Number(math.Exp(nasdaq[k])),
		})
	}
	for k := range s.weeks {
		s.weeks[k].End = data.Date{Time: time.Date(2025, time.November, 7+daysPerWeek*k, 0, 0, 0, 0, time.UTC)}
	}
	return s
}

func TestRegress(t *testing.T) {
	// Three patterns that are orthogonal to each other and to a constant.
	pattern := func(a, b, c, drift float64) []float64 {
		returns := make([]float64, 4)
		for k, sign := range [][3]float64{{-1, -1, 1}, {1, -1, -1}, {-1, 1, -1}, {1, 1, 1}} {
			returns[k] = a*sign[0] + b*sign[1] + c*sign[2] + drift
		}
		return returns
	}
	one := math.Sqrt(4.0 / 3) // the standard deviation of a pattern
	tests := []struct {
		name             string
		btc, eth, nasdaq []float64
		leaders          []column
		slopes           []float64
		residual         float64
	}{
		{"no leader", pattern(.1, 0, 0, 0), pattern(0, .1, 0, 0), pattern(.03, 0, .04, 0), nil, nil, .05 * one},
		{"a multiple and a drift", pattern(.1, 0, 0, 0), pattern(0, .1, 0, 0), pattern(.2, 0, 0, .3), []column{btcClose}, []float64{2}, 0},
		{"nothing in common", pattern(.1, 0, 0, 0), pattern(0, .1, 0, 0), pattern(0, 0, .1, 0), []column{btcClose}, []float64{0}, .1 * one},
		{"two leaders", pattern(.1, 0, 0, .2), pattern(0, .1, 0, 0), pattern(.2, -.05, .02, 0), []column{btcClose, ethClose}, []float64{2, -.5}, .02 * one},
		{"two that are alike", pattern(.1, 0, 0, 0), pattern(.1, .1, 0, 0), pattern(.2, -.05, .02, 0), []column{btcClose, ethClose}, []float64{2.5, -.5}, .02 * one},
		{"the second left out", pattern(.1, 0, 0, 0), pattern(.1, .1, 0, 0), pattern(.2, -.05, 0, 0), []column{btcClose}, []float64{2}, .05 * one},
	}
	for _, test := range tests {
		law, err := closing(test.btc, test.eth, test.nasdaq).regress(follower{closes: nasdaqClose, leaders: test.leaders})
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if len(law.slopes) != len(test.slopes) || math.Abs(law.residual-test.residual) > 1e-7 {
			t.Errorf("%s: slopes %v and residual %v, want %v and %v", test.name, law.slopes, law.residual, test.slopes, test.residual)
			continue
		}
		for j, want := range test.slopes {
			if math.Abs(law.slopes[j]-want) > 1e-12 {
				t.Errorf("%s: slope %d is %v, want %v", test.name, j, law.slopes[j], want)
			}
		}
	}
}

// On sessions a fund takes what its leader did since the session before, over a
// weekend or a holiday the sum, and what then lacks in the week is shared.
func TestFollowedTakesTheSumOverClosedDays(t *testing.T) {
	s := closing([]float64{0.01, -0.1, 0.05}, []float64{0, 0, 0}, []float64{0.03, -0.04, 0.02})
	bitcoin := prices{before: 100000, closes: make([]float64, s.days())}
	for day := range bitcoin.closes {
		bitcoin.closes[day] = 100000 * math.Exp(0.01*float64(day%5)-0.002*float64(day))
	}
	const slope = 0.5
	f := follower{closes: nasdaqClose, series: nasdaqPrice, calendar: data.NYSE, leaders: []column{btcClose}}
	p := s.followed(f, regression{slopes: []float64{slope}}, []prices{bitcoin})
	last := -1
	for k, week := range s.weeks {
		sessions := s.sessions(data.NYSE, k)
		friday := sessions[len(sessions)-1]
		var share float64 // no fact tells what the first week lacks
		if k > 0 {
			whole := math.Log(float64(week.Nasdaq100Close / s.weeks[k-1].Nasdaq100Close))
			share = (whole - slope*bitcoin.logReturn(last, friday)) / float64(len(sessions))
		}
		for _, day := range sessions {
			want := slope*bitcoin.logReturn(last, day) + share
			if got := p.logReturn(last, day); math.Abs(got-want) > 1e-12 {
				t.Errorf("%s: return %v, want %v", s.day(day).Format(time.DateOnly), got, want)
			}
			last = day
		}
		if p.closes[friday] != float64(week.Nasdaq100Close) {
			t.Errorf("week ending %s: %v, want %v", week.End, p.closes[friday], week.Nasdaq100Close)
		}
	}
	thanksgiving := int(time.Date(2025, time.November, 27, 0, 0, 0, 0, time.UTC).Sub(s.firstDay()).Hours() / 24)
	for _, day := range []int{0, 1, 7, 8, thanksgiving} {
		if p.at(day) != p.at(day-1) {
			t.Errorf("%s: %v after %v on a day without a session", s.day(day).Format(time.DateOnly), p.at(day), p.at(day-1))
		}
	}
}
