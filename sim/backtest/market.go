package backtest

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/ebb-sim/ebb/sim"
)

// Asset is something to trade and what trading it costs.
type Asset struct {
	Name   string
	Law    sim.Law // how far an order moves the price it pays; nil: not at all
	Fee    float64 // share of the USD paid or received
	Spread float64 // between bid and ask, share of the mid price
	Borrow float64 // a year, on the value of coins sold short
}

// Market is the history on which a rule is tried.
type Market struct {
	Assets []Asset
	Times  []time.Time   // start of each step, at least Step apart
	Step   time.Duration // from the open to the close of a step
	Open   [][]float64   // asset × step, USD per coin; NaN = no price. Only FillOpen reads it
	Close  [][]float64   // asset × step, USD per coin; NaN = no price
}

func (m Market) check(fill FillAt) error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if len(m.Assets) == 0 {
		fault("the market has no asset, expected at least one")
	}
	if len(m.Times) == 0 {
		fault("the market has no step, expected at least one")
	}
	if m.Step <= 0 {
		fault("the step's length is %v, expected more than 0", m.Step)
	}
	for k := 1; k < len(m.Times); k++ {
		if gap := m.Times[k].Sub(m.Times[k-1]); gap < m.Step {
			fault("step %d starts %v after the one before it, expected at least %v", k, gap, m.Step)
			break
		}
	}
	names := map[string]bool{}
	for _, a := range m.Assets {
		if names[a.Name] {
			fault("two assets are named %q", a.Name)
		}
		names[a.Name] = true
		a.check(fault)
	}
	m.checkPrices("close", m.Close, fault)
	if fill == FillOpen {
		m.checkPrices("open", m.Open, fault)
	}
	return errors.Join(faults...)
}

func (a Asset) check(fault func(string, ...any)) {
	if !(a.Fee >= 0 && a.Fee < 1) {
		fault("asset %s: fee is %v, expected at least 0 and less than 1", a.Name, a.Fee)
	}
	if !(a.Spread >= 0 && a.Spread < 2) {
		fault("asset %s: spread is %v, expected at least 0 and less than 2", a.Name, a.Spread)
	}
	if !(a.Borrow >= 0) || math.IsInf(a.Borrow, 1) {
		fault("asset %s: borrow rate is %v, expected at least 0", a.Name, a.Borrow)
	}
}

// checkPrices blames the first price of each asset that is none.
func (m Market) checkPrices(kind string, prices [][]float64, fault func(string, ...any)) {
	if len(prices) != len(m.Assets) {
		fault("%s prices of %d assets, expected %d", kind, len(prices), len(m.Assets))
		return
	}
	for a, row := range prices {
		if len(row) != len(m.Times) {
			fault("asset %s: %d %s prices, expected one for each of %d steps", m.Assets[a].Name, len(row), kind, len(m.Times))
			continue
		}
		for k, p := range row {
			if p <= 0 || math.IsInf(p, 1) {
				fault("asset %s: %s of step %d is %v, expected a positive number, or NaN where there is none", m.Assets[a].Name, kind, k, p)
				break
			}
		}
	}
}

// closed is the time of the close of a step.
func (m *Market) closed(step int) time.Time { return m.Times[step].Add(m.Step) }
