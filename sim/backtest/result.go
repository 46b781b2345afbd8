package backtest

import "time"

// Result is what a rule would have done and earned. The tables by step hold one
// value for each step of the market; what [Options.Record] leaves out is nil.
type Result struct {
	Assets   []string
	Times    []time.Time // labels: the start of each step
	Equity   []float64   // USD at the close; that of step 0 is the capital
	Cash     []float64   // USD at the close
	Coins    [][]float64 // asset × step, at the close
	Gross    []float64   // exposure at the close: long and short together, share of equity
	Net      []float64   // long less short, share of equity
	Turnover []float64   // bought and sold at mid prices in the step, share of equity before
	Flows    []Flow      // what changed equity in the step

	Fills     []Fill
	Trades    []Trade
	Decisions []Decision // every target that was set; their steps are 1 to len(Times)

	Total   Flow // over all steps
	Orders  int  // filled
	Clipped int  // orders that a limit on positions made smaller
	Held    int  // closes after step 0 with a position

	// Ruined is the step in which equity fell to 0 or below, −1 where it never did.
	// Positions and equity are 0 from its close on and nothing is decided any more.
	Ruined    int
	Shortfall float64 // USD that was then missing to pay what was owed
}

// Fill is one executed order.
type Fill struct {
	Step     int
	Asset    int
	Decided  time.Time // close at which it was decided
	Filled   time.Time
	Coins    float64 // sales < 0
	Mid      float64 // USD per coin, without costs
	Price    float64 // USD per coin on average, with half the spread and impact
	Notional float64 // |Coins|·Price
	Fee      float64 // USD
	Spread   float64 // USD
	Impact   float64 // USD
	Reason   string
	Clipped  bool // made smaller by a limit on positions
}

// Decision is one target that was set for a step.
type Decision struct {
	Step  int
	Asset int
	Target
}

// Returns are the simple returns of equity from step 1 on: −1 in the step of ruin
// and NaN after it.
func (r *Result) Returns() []float64 {
	list := make([]float64, max(0, len(r.Equity)-1))
	for k := range list {
		list[k] = r.Equity[k+1]/r.Equity[k] - 1 // of nothing: NaN
	}
	return list
}

// TimeInMarket is the share of closes after step 0 with a position; NaN where
// there is no such close.
func (r *Result) TimeInMarket() float64 {
	return float64(r.Held) / float64(len(r.Equity)-1)
}

// Holding is the mean length of the trades that ended, in steps; NaN where none
// has.
func (r *Result) Holding() float64 {
	steps, ended := 0, 0
	for _, t := range r.Trades {
		if !t.Open {
			steps += t.Steps
			ended++
		}
	}
	return float64(steps) / float64(ended)
}
