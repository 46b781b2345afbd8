package sim

import (
	"math"
	"time"
)

// Path is one run: prices and published series, and, where asked for, the
// ledger and the waves.
type Path struct {
	Plan     *Plan
	LogPrice [][]float64 // asset × (steps+1), from the starting close
	Opening  []float64   // by report: a level at the starting close; NaN = absent, as every flow is
	Reports  [][]float64 // report × steps; NaN = absent. A row set to nil is not kept, nor worked out unless others read it
	Waves    []int       // by step
	Capped   int         // steps that reached the cap on waves
	Profiles []Profiled  // holdings by price; nil without ledger
	Ledger   *Ledger     // nil unless asked for
	Trace    [][]float64 // step → log price of the first asset after each wave, news first; nil without ledger
}

// Profiled is a holding by price along a path.
type Profiled struct {
	Profile
	Values [][]float64 // step × bucket, in the profile's unit
}

// NewPath makes room for a run of the plan.
func (p *Plan) NewPath(ledger bool) *Path {
	path := &Path{Plan: p, LogPrice: Matrix(len(p.Assets), p.Steps+1), Opening: make([]float64, len(p.reports)), Reports: Matrix(len(p.reports), p.Steps),
		Waves: make([]int, p.Steps)}
	if ledger {
		path.Ledger = newLedger(p)
		for _, e := range p.Entries {
			if profiler, ok := e.Mechanism.(Profiler); ok {
				for _, profile := range profiler.Profiles() {
					path.Profiles = append(path.Profiles, Profiled{profile, Matrix(p.Steps, len(profile.Edges)-1)})
				}
			}
		}
		path.Trace = make([][]float64, p.Steps)
	}
	return path
}

// Price is the price of an asset after k steps, USD per coin; k = 0 is the
// starting close.
func (p *Path) Price(asset, k int) float64 { return math.Exp(p.LogPrice[asset][k]) }

// Times are the labels of the starting close and every step after it; nil where
// the plan has no dates.
func (p *Path) Times() []time.Time {
	if p.Plan.Start.IsZero() {
		return nil
	}
	times := make([]time.Time, p.Plan.Steps+1)
	for k := range times {
		times[k] = p.Plan.Time(k - 1)
	}
	return times
}

// Ledger books every step's return to its causes.
type Ledger struct {
	Rows        []Row
	News        [][]float64   // asset × step, log return
	Unexplained [][]float64   // asset × step, what no news could reach in a replay
	Return      [][][]float64 // row × asset × step, log return, reversals of transient impact included
	Orders      [][][]float64 // row × asset × step, USD, buy > 0
}

func newLedger(p *Plan) *Ledger {
	l := &Ledger{Rows: p.rows, News: Matrix(len(p.Assets), p.Steps), Unexplained: Matrix(len(p.Assets), p.Steps)}
	for range p.rows {
		l.Return = append(l.Return, Matrix(len(p.Assets), p.Steps))
		l.Orders = append(l.Orders, Matrix(len(p.Assets), p.Steps))
	}
	return l
}

// Matrix is a table of zeros by row and column; its rows lie in one block.
func Matrix(rows, columns int) [][]float64 {
	block := make([]float64, rows*columns)
	m := make([][]float64, rows)
	for i := range m {
		m[i] = block[i*columns : (i+1)*columns : (i+1)*columns]
	}
	return m
}
