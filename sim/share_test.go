package sim_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/impact"
)

// The division of a wave is the mean over all orders of arrival, here taken one
// by one.
func TestSharesAreMeansOverArrivals(t *testing.T) {
	law := impact.SquareRoot{Y: 1, Volatility: 1, Volume: 1}
	full := sim.Liquidity{Depth: 1}
	for _, orders := range [][]float64{{-1, 1 + 1e-9}, {.3, -2, 1.7}, {-1, -.5, 2, .25}, {1, 1e-6, -1, -1e-6, .5, -2}} {
		want, arrivals := make([]float64, len(orders)), 0.0
		var arrive func(seen int, sum float64, gains []float64)
		arrive = func(seen int, sum float64, gains []float64) {
			if seen == 1<<len(orders)-1 {
				arrivals++
				for i, g := range gains {
					want[i] += g
				}
				return
			}
			for i, q := range orders {
				if seen>>i&1 == 0 {
					next := append([]float64(nil), gains...)
					next[i] = law.Return(sum+q, full) - law.Return(sum, full)
					arrive(seen|1<<i, sum+q, next)
				}
			}
		}
		arrive(0, 0, make([]float64, len(orders)))
		var entries []sim.Mechanism
		for i, q := range orders {
			entries = append(entries, burst{string(rune('a' + i)), []float64{q}})
		}
		path := run(t, onePlan(1, law, entries...))
		for i := range orders {
			near(t, "share", path.Ledger.Return[i][0][0], want[i]/arrivals, 1e-8) // √ of rounding
		}
	}
}

// Two equal sellers share a concave impact equally; a lone order beside one
// that cancels it keeps its sign.
func TestSharesUnderConcaveLaw(t *testing.T) {
	law := impact.SquareRoot{Y: 1, Volatility: 1, Volume: 1}
	path := run(t, onePlan(1, law, burst{"a", []float64{-.5}}, burst{"b", []float64{-.5}}))
	near(t, "first of two equals", path.Ledger.Return[0][0][0], -.5, 1e-15)

	path = run(t, onePlan(1, law, burst{"a", []float64{-1}}, burst{"b", []float64{1}}))
	near(t, "seller", path.Ledger.Return[0][0][0], -1, 1e-15)
	near(t, "buyer", path.Ledger.Return[1][0][0], 1, 1e-15)

	// three traders by hand: orders −1, −1, +1 on √: mean over the six orders of arrival
	s := math.Sqrt2
	path = run(t, onePlan(1, law, burst{"a", []float64{-1}}, burst{"b", []float64{-1}}, burst{"c", []float64{1}}))
	near(t, "buyer of three", path.Ledger.Return[2][0][0], (2*1+2*1+2*(s-1))/6, 1e-14)
	near(t, "all", path.LogPrice[0][1]-path.LogPrice[0][0], -1, 1e-14)
}

// Above eight traders equals have equal shares, unequal ones come near their
// exact mean, and all add up.
func TestSampledShares(t *testing.T) {
	law := impact.SquareRoot{Y: 1, Volatility: 1, Volume: 1}
	sellers := func(usd ...float64) []float64 {
		var entries []sim.Mechanism
		for i, q := range usd {
			entries = append(entries, burst{string(rune('a' + i)), []float64{q}})
		}
		path := run(t, onePlan(1, law, entries...))
		var shares []float64
		sum := 0.0
		for row := range path.Ledger.Rows {
			shares = append(shares, path.Ledger.Return[row][0][0])
			sum += shares[row]
		}
		near(t, "sum of the shares", sum, path.LogPrice[0][1]-path.LogPrice[0][0], 1e-14)
		return shares
	}
	for _, share := range sellers(-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1) {
		near(t, "one of twelve equals", share, -math.Sqrt(12)/12, 1e-15)
	}

	// one seller of 4 among eleven of 1: it comes after 0, 1, …, 11 of them
	exact := 0.0
	for before := range 12 {
		exact -= (math.Sqrt(float64(before+4)) - math.Sqrt(float64(before))) / 12
	}
	shares := sellers(-1, -1, -1, -1, -1, -4, -1, -1, -1, -1, -1, -1)
	near(t, "the large seller", shares[5], exact, 1e-14)
	near(t, "a small seller", shares[0], (-math.Sqrt(15)-exact)/11, .02)
}

// Twelve traders with permanent shares of their own under a concave law: the
// names by which they are sorted change no more than rounding, equal orders of
// which one stays and one fades among them.
func TestNamesOfManyTraders(t *testing.T) {
	const traders, steps = 12, 20
	rng := rand.New(rand.NewPCG(4, 4))
	orders, stays := make([][]float64, traders), make([]float64, traders)
	for i := range orders {
		stays[i] = float64(i) / traders
		for range steps {
			orders[i] = append(orders[i], rng.NormFloat64())
		}
	}
	orders[3] = orders[8]
	path := func(names []int) *sim.Path {
		p := onePlan(steps, impact.SquareRoot{Y: 1, Volatility: .01, Volume: 1})
		p.Assets[0].Kernel = sim.Kernel{Decay: .5}
		for i, usd := range orders {
			p.Entries = append(p.Entries, sim.Entry{Mechanism: burst{string(rune('a' + names[i])), usd}, Permanent: &stays[i]})
		}
		return run(t, p)
	}
	straight, renamed := path([]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}), path([]int{7, 2, 11, 5, 0, 9, 3, 6, 1, 10, 8, 4})
	for k, want := range straight.LogPrice[0] {
		near(t, "log price under other names", renamed.LogPrice[0][k], want, 1e-9)
	}
}

// byWave trades given amounts, one in each wave.
type byWave struct{ burst }

type waver struct {
	byWave
	wave int
}

func (b byWave) Start(*sim.Market) sim.Trader { return &waver{byWave: b} }
func (w *waver) Begin(*sim.Market)            { w.wave = 0 }
func (w *waver) Settle(*sim.Market)           {}
func (w *waver) Trade(_ *sim.Market, o []float64) {
	if w.wave < len(w.usd) {
		o[0] += w.usd[w.wave]
	}
	w.wave++
}

// Orders that cancel but for rounding, under a law that is steepest there: the
// shares still add up to the move.
func TestSharesOfOrdersThatCancel(t *testing.T) {
	for traders := 2; traders <= 12; traders += 5 {
		var entries []sim.Mechanism
		for i := range traders {
			orders := []float64{0, .02 / float64(traders-1)}
			if i == 0 {
				orders = []float64{.1, -.12}
			}
			entries = append(entries, byWave{burst{string(rune('a' + i)), orders}})
		}
		path := run(t, onePlan(1, impact.SquareRoot{Y: 1, Volatility: 1, Volume: 1}, entries...))
		sum := 0.0
		for row := range path.Ledger.Rows {
			sum += path.Ledger.Return[row][0][0]
		}
		near(t, fmt.Sprintf("sum of %d shares", traders), sum, path.LogPrice[0][1]-path.LogPrice[0][0], 1e-14)
	}
}

// An order that is no number ends in an error, however many trade beside it.
func TestOrderThatIsNoNumber(t *testing.T) {
	for _, traders := range []int{1, 3, 12} {
		var entries []sim.Mechanism
		for i := range traders {
			entries = append(entries, burst{string(rune('a' + i)), []float64{float64(i) - 1}})
		}
		entries[0] = burst{"a", []float64{math.NaN()}}
		plan := compile(t, onePlan(1, impact.SquareRoot{Y: 1, Volatility: 1, Volume: 1}, entries...))
		if err := sim.NewRunner(plan).Run(script{}, plan.NewPath(true)); err == nil || !strings.Contains(err.Error(), "orders of a: NaN USD") {
			t.Errorf("%d traders: got %v", traders, err)
		}
	}
}

func BenchmarkShares(b *testing.B) {
	for _, traders := range []int{2, 5, 8, 12} {
		b.Run(fmt.Sprint(traders), func(b *testing.B) {
			const steps = 100
			p := onePlan(steps, impact.SquareRoot{Y: 1, Volatility: .01, Volume: 1})
			p.Assets[0].Permanent = .5
			for i := range traders {
				usd := make([]float64, steps)
				for k := range usd {
					usd[k] = math.Sin(float64(7*k + 3*i + 1))
				}
				p.Entries = append(p.Entries, sim.Entry{Mechanism: burst{string(rune('a' + i)), usd}})
			}
			plan, err := sim.Compile(p)
			if err != nil {
				b.Fatal(err)
			}
			runner, path := sim.NewRunner(plan), plan.NewPath(false)
			b.ReportAllocs()
			for b.Loop() {
				if err := runner.Run(script{}, path); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/steps, "ns/wave")
		})
	}
}
