package sweep

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"sync"

	"github.com/ebb-sim/ebb/scenarios/study"
	"github.com/ebb-sim/ebb/sim/stats"
	"golang.org/x/sync/errgroup"
)

// A Row is a finished cell.
type Row struct {
	Cell     int       `json:"cell"`
	Values   []string  `json:"values"`             // of the axes, as written
	Outcomes []Figures `json:"outcomes,omitempty"` // those of the scenario, in its order
	Failed   string    `json:"failed,omitempty"`   // why there are none
	Warning  string    `json:"warning,omitempty"`  // what to know before the figures are used
}

// Figures are an outcome over the paths of a cell. All are absent where the cell's
// scenario has not got it.
type Figures struct {
	Mean   stats.Estimate `json:"mean"`
	Median stats.Estimate `json:"median"`
	Q05    stats.Estimate `json:"q05"`
	Q95    stats.Estimate `json:"q95"`
}

// A Journal keeps finished cells. Add is called by one goroutine at a time, and has
// the cell safe when it returns.
type Journal interface {
	Done() []Row // of earlier sittings, in any order
	Add(Row) error
}

// Options say how to run, never what comes out.
type Options struct {
	Workers  int                   // 0 = all cores
	Progress func(done, total int) // may be nil; one call at a time
	// Cell tells whether a cell is to be run here; nil for all of them.
	Cell func(cell int) bool
}

// Run runs the cells that the journal has not got, and returns all that it then has,
// in their order. When ctx ends, finished cells are in the journal.
func (p *Plan) Run(ctx context.Context, st *study.Study, journal Journal, o Options) ([]Row, error) {
	rows := slices.Clone(journal.Done())
	wanted := p.wanted(rows, o)
	total := len(rows) + len(wanted)
	workers := o.Workers
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	beside := max(1, min(workers, len(wanted)))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(beside)
	var adding sync.Mutex
	for _, cell := range wanted {
		if ctx.Err() != nil {
			break
		}
		group.Go(func() error {
			row, err := p.run(ctx, st, cell, workers/beside)
			if err != nil {
				return err
			}
			adding.Lock()
			defer adding.Unlock()
			if err := journal.Add(row); err != nil {
				return err
			}
			rows = append(rows, row)
			if o.Progress != nil {
				o.Progress(len(rows), total)
			}
			return nil
		})
	}
	err := group.Wait()
	if err == nil && len(rows) < total {
		err = context.Cause(ctx)
	}
	slices.SortFunc(rows, func(a, b Row) int { return cmp.Compare(a.Cell, b.Cell) })
	return rows, err
}

// wanted are the cells that are to be run.
func (p *Plan) wanted(rows []Row, o Options) []int {
	have := map[int]bool{}
	for _, r := range rows {
		have[r.Cell] = true
	}
	var list []int
	for cell := range p.cells {
		if !have[cell] && (o.Cell == nil || o.Cell(cell)) {
			list = append(list, cell)
		}
	}
	return list
}

// run runs one cell. What is wrong with the cell is in its row; an error is the end of
// the sweep.
func (p *Plan) run(ctx context.Context, st *study.Study, cell, workers int) (Row, error) {
	row := Row{Cell: cell, Values: p.Values(cell)}
	run, err := st.Vary(ctx, p.Label(cell), p.Set(cell), study.Options{Workers: workers})
	if ctx.Err() != nil {
		return row, context.Cause(ctx)
	}
	if err != nil {
		row.Failed = err.Error()
		return row, nil
	}
	row.Warning = run.Imprecise()
	for _, o := range st.Base.Outcomes {
		e, ok := run.Estimates(o.Name)
		if !ok {
			row.Outcomes = append(row.Outcomes, none())
			continue
		}
		row.Outcomes = append(row.Outcomes, Figures{e.Mean, e.Median, e.Low5, e.High95})
	}
	return row, nil
}
