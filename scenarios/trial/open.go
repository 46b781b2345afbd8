package trial

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/sim/backtest"
	"github.com/ebb-sim/ebb/sim/param"
)

// open makes the market of the strategy's panel, from the first day of the
// account to the last.
func (t *Trial) open() error {
	first, last, err := t.window()
	if err != nil {
		return err
	}
	if err := t.checkOpens(); err != nil {
		return err
	}
	t.First = first
	t.Market = backtest.Market{Step: t.Panel.Step(), Assets: t.assets(), Times: t.Panel.Times()[first : last+1]}
	for _, a := range t.Market.Assets {
		t.Market.Close = append(t.Market.Close, t.own(scenarios.PriceSeries(a.Name), first, last))
		if t.fill() == backtest.FillOpen {
			t.Market.Open = append(t.Market.Open, t.own(scenarios.OpenSeries(a.Name), first, last))
		}
	}
	t.Weights = t.Strategy.Benchmark
	if len(t.Weights) == 0 {
		t.Weights = map[string]float64{}
		for _, name := range t.Strategy.Assets() {
			t.Weights[name] = 1 / float64(len(t.Strategy.Assets()))
		}
	}
	return nil
}

// checkOpens refuses opens of other periods than the history's steps. The open of a day
// would stand in the last hour of it, where a price of long ago could be traded at; of
// the opens of hours the last one would stand for the day.
func (t *Trial) checkOpens() error {
	if t.fill() != backtest.FillOpen {
		return nil
	}
	var faults data.Faults
	for _, asset := range t.names() {
		name := scenarios.OpenSeries(asset)
		if s, ok := t.Panel.Series(name); ok && s.Step() != t.Panel.Step() {
			f := t.Strategy.At("history.series." + name)
			f.Text, f.Found = name, "opens of every "+param.FormatDuration(s.Step())
			f.Expected = "those of steps of " + param.FormatDuration(t.Panel.Step()) + ", at which orders fill, or account: {fill: close}"
			faults = append(faults, f)
		}
	}
	return faults.Err()
}

// names are the assets that the account or its benchmark trades.
func (t *Trial) names() []string { return slices.Sorted(maps.Keys(t.Strategy.Market)) }

func (t *Trial) assets() []backtest.Asset {
	var list []backtest.Asset
	account := t.Strategy.Account
	for _, name := range t.names() {
		m := t.Strategy.Market[name]
		list = append(list, backtest.Asset{Name: name, Law: m.Law(m.DailyVolatility()), Fee: account.Fee, Spread: account.Spread, Borrow: account.ShortFee})
	}
	return list
}

func (t *Trial) limits() backtest.Limits {
	a := t.Strategy.Account
	return backtest.Limits{Gross: a.Gross, Position: a.Position, Order: a.Order}
}

// window finds the rows of the panel that the account lives in.
func (t *Trial) window() (first, last int, err error) {
	p, s := t.Panel, t.Strategy
	first, last = 0, p.Len()-1
	for first <= last && (p.Time(first).Before(s.From) || s.From.IsZero() && !t.priced(first)) {
		first++
	}
	for last >= first && !s.To.IsZero() && p.Time(last).After(s.To.Add(day-p.Step())) {
		last--
	}
	if last-first < 1 {
		f := s.At("from")
		f.Text, f.Found = "the account's days", fmt.Sprintf("%d steps of the history from %s to %s", max(0, last-first+1), param.FormatDate(p.Time(0)), param.FormatDate(p.Time(p.Len()-1)))
		f.Expected = "at least 2 on which what it trades has prices"
		return 0, 0, data.Faults{f}
	}
	return first, last, nil
}

// priced tells whether every asset has had a price by a row.
func (t *Trial) priced(row int) bool {
	return !slices.ContainsFunc(t.names(), func(name string) bool {
		_, ok := t.Panel.Value(scenarios.PriceSeries(name), row)
		return !ok
	})
}

// own are the values of a series in some rows, NaN where it has none of its own: a
// price that is carried over is none that anybody could trade at.
func (t *Trial) own(name string, first, last int) []float64 {
	list := make([]float64, 0, last-first+1)
	for i := first; i <= last; i++ {
		v, ok := t.Panel.Value(name, i)
		if !ok || t.Panel.Carried(name, i) {
			v = math.NaN()
		}
		list = append(list, v)
	}
	return list
}

// between are the steps of the market from one up to another.
func (t *Trial) between(from, to int) backtest.Market {
	m := t.Market
	m.Times, m.Open, m.Close = m.Times[from:to], nil, nil
	for a := range t.Market.Close {
		m.Close = append(m.Close, t.Market.Close[a][from:to])
		if t.Market.Open != nil {
			m.Open = append(m.Open, t.Market.Open[a][from:to])
		}
	}
	return m
}
