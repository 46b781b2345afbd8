package reconstruct

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/ebb-sim/ebb/data"
)

// A bar is one day of Bitcoin in whole dollars.
type bar struct{ open, high, low, close int }

// tries is how many paths are drawn for a week, one of which is taken.
const tries = 512

// bitcoin makes the bars of all weeks. A bar opens at the close before it.
func (s source) bitcoin() []bar {
	var bars []bar
	for k := range s.weeks {
		w := s.bitcoinWeek(k)
		bars = append(bars, w.bars(s.random(bitcoinPrice, k))...)
	}
	return bars
}

func closesOf(bars []bar) prices {
	p := prices{before: float64(bars[0].open)}
	for _, b := range bars {
		p.closes = append(p.closes, float64(b.close))
	}
	return p
}

// A bitcoinWeek is what is known of a week from Saturday to Friday.
type bitcoinWeek struct {
	open            int    // the Friday close before; 0 in the first week, which has none
	knots           []knot // what is known of closes, by day; the last is the Friday's
	high, low       int
	highDay, lowDay int     // the days of the week's high and low, -1 where unknown
	falls           []int   // the days on which the price fell hard
	sd              float64 // of daily log returns
}

// A knot is a day whose close is known, or known to lie in a range.
type knot struct{ day, low, high int }

// bitcoinWeek gathers the facts on week k.
func (s source) bitcoinWeek(k int) bitcoinWeek {
	week := s.weeks[k]
	w := bitcoinWeek{
		high:    btcHigh.ticks(week),
		low:     btcLow.ticks(week),
		highDay: s.dayIn(k, s.dated.peak),
		lowDay:  -1,
		sd:      dailyStdDev(week),
	}
	if k > 0 {
		w.open = btcClose.ticks(s.weeks[k-1])
	}
	for _, day := range s.dated.lows {
		w.lowDay = max(w.lowDay, s.dayIn(k, day))
	}
	for _, day := range s.dated.falls {
		if i := s.dayIn(k, day); i >= 0 {
			w.falls = append(w.falls, i)
		}
	}
	if w.highDay >= 0 { // the highest close too: above all that other weeks reach
		w.knots = append(w.knots, knot{w.highDay, s.highBeside(k) + 1, w.high})
	}
	if day := s.dayIn(k, s.dated.close.day); day >= 0 {
		price := btcClose.round(s.dated.close.value)
		w.knots = append(w.knots, knot{day, price, price})
	}
	friday := btcClose.ticks(week)
	w.knots = append(w.knots, knot{daysPerWeek - 1, friday, friday})
	slices.SortStableFunc(w.knots, func(a, b knot) int { return cmp.Compare(a.day, b.day) })
	return w
}

// highBeside is the highest price of all weeks but k.
func (s source) highBeside(k int) int {
	highest := 0
	for j, week := range s.weeks {
		if j != k {
			highest = max(highest, btcHigh.ticks(week))
		}
	}
	return highest
}

// dailyStdDev is the standard deviation of daily log returns in a week, by its
// range (Parkinson, The extreme value method, Journal of Business 53, 1980).
func dailyStdDev(w data.Week) float64 {
	return math.Log(float64(w.BTCHigh/w.BTCLow)) / math.Sqrt(4*math.Ln2*daysPerWeek)
}

// bars draws the week: many paths of closes, of which one is taken in
// proportion to how likely it is that it reaches just the week's high and low;
// then the days of these, and how far the other days go.
func (w bitcoinWeek) bars(r *rand.Rand) []bar {
	top, bottom := w.sides()
	var path []int // the opens and closes: 8 prices
	var sum float64
	for range tries {
		candidate := w.path(r, w.sd)
		if !w.admits(candidate) {
			continue
		}
		likelihood := total(top.days(candidate)) * total(bottom.days(candidate))
		if sum += likelihood; r.Float64()*sum < likelihood {
			path = candidate
		}
	}
	if path == nil { // the straight line keeps all but the size of hard falls
		path = w.path(r, 0)
	}
	highs, lows := top.extremes(r, path), bottom.extremes(r, path)
	bars := make([]bar, daysPerWeek)
	for i := range bars {
		o, c := path[i], path[i+1]
		bars[i] = bar{o, max(o, c, highs[i]), min(o, c, lows[i]), c}
	}
	return bars
}

// admits reports whether a path has what is known of single days: the highest
// close on the day of the high, where that day is known, and a loss of at least
// one standard deviation on the days of hard falls.
func (w bitcoinWeek) admits(path []int) bool {
	for i, price := range path {
		if w.highDay >= 0 && i != w.highDay+1 && price >= path[w.highDay+1] {
			return false
		}
	}
	for _, day := range w.falls {
		if math.Log(float64(path[day+1])/float64(path[day])) > -w.sd {
			return false
		}
	}
	return true
}

// path draws a random walk in log price through the knots: the open of the
// first day and the closes of all.
func (w bitcoinWeek) path(r *rand.Rand, sd float64) []int {
	path := make([]int, 1, daysPerWeek+1)
	path[0] = w.open
	if w.open == 0 { // the free end: as far from the Friday as a week goes
		friday := w.knots[len(w.knots)-1].low
		path[0] = round(float64(friday) * math.Exp(normals(r, 1, sd*math.Sqrt(daysPerWeek))[0]))
	}
	for _, k := range w.knots {
		start := math.Log(float64(path[len(path)-1]))
		end := k.low + r.IntN(k.high-k.low+1)
		shocks := normals(r, k.day+2-len(path), sd)
		condition(shocks, ones(len(shocks)), math.Log(float64(end))-start)
		for _, shock := range shocks[:len(shocks)-1] {
			start += shock
			path = append(path, round(math.Exp(start)))
		}
		path = append(path, end)
	}
	return path
}

func total(weights []float64) float64 {
	var sum float64
	for _, w := range weights {
		sum += w
	}
	return sum
}
