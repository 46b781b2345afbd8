package main

import (
	"bytes"
	"encoding/csv"
	"math"
	"strconv"
	"time"

	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/scenarios/study"
	"github.com/ebb-sim/ebb/sim"
)

// sheetWriter collects rows of a CSV file. An absent number is an empty cell.
type sheetWriter struct {
	buffer bytes.Buffer
	csv    *csv.Writer
	row    []string
}

// newTableFile begins a CSV file with what must stand over its numbers.
func newTableFile(status string, header ...string) *sheetWriter {
	w := &sheetWriter{}
	if status != "" {
		w.buffer.WriteString("# " + status + "\n")
	}
	w.csv = csv.NewWriter(&w.buffer)
	w.csv.Write(header) // a buffer takes everything
	return w
}

// newHistoryFile begins a table with the head of ebb's own format, which calls some
// columns prices.
func newHistoryFile(status string, prices []string, header ...string) *sheetWriter {
	w := newTableFile("", header...)
	w.csv.Flush()
	head := "# ebb history 1\n"
	if status != "" {
		head += "# status: " + status + "\n"
	}
	for _, name := range prices {
		head += "# column " + name + ": price usd\n"
	}
	table := w.buffer.String()
	w.buffer.Reset()
	w.buffer.WriteString(head + table)
	return w
}

func (w *sheetWriter) text(cells ...string) { w.row = append(w.row, cells...) }

func (w *sheetWriter) numbers(values ...float64) {
	for _, v := range values {
		cell := ""
		if !math.IsNaN(v) {
			cell = strconv.FormatFloat(v, 'g', -1, 64)
		}
		w.row = append(w.row, cell)
	}
}

func (w *sheetWriter) end() {
	w.csv.Write(w.row)
	w.row = w.row[:0]
}

func (w *sheetWriter) file(name string) file {
	w.csv.Flush()
	return file{name, w.buffer.Bytes()}
}

// stamp is the label of a step: a date, a time, or nothing in a run without.
func stamp(plan *sim.Plan, step int) string {
	t := plan.Time(step)
	switch {
	case t.IsZero():
		return ""
	case plan.Step%(24*time.Hour) == 0:
		return t.Format(time.DateOnly)
	}
	return t.Format(time.RFC3339)
}

// pathTable has one row a step, from the starting close: prices of the chosen
// path in every run, and all series that the base publishes.
func pathTable(st *study.Study) file {
	plan, base, runs := st.Base.Case.Plan, st.Base.Path, st.Runs()
	header := []string{"step", "date"}
	for _, run := range runs {
		for _, asset := range plan.Assets {
			header = append(header, seriesOf(st, run.Label, scenarios.PriceSeries(asset.Name)))
		}
	}
	for _, r := range plan.Reports() {
		header = append(header, r.Name)
	}
	w := newTableFile(status(st), header...)
	for k := range plan.Steps + 1 {
		w.text(strconv.Itoa(k), stamp(plan, k-1))
		for _, run := range runs {
			for a := range plan.Assets {
				w.numbers(run.Path.Price(a, k))
			}
		}
		for i := range plan.Reports() {
			if k == 0 {
				w.numbers(base.Opening[i])
				continue
			}
			w.numbers(base.Reports[i][k-1])
		}
		w.end()
	}
	return w.file("path.csv")
}

// ledgerTable has one row a step and asset: log returns and USD by cause.
func ledgerTable(st *study.Study) file {
	plan, path := st.Base.Case.Plan, st.Base.Path
	header := []string{"step", "date", "asset", "return", "news", "unexplained"}
	for _, row := range path.Ledger.Rows {
		header = append(header, row.Label+".return", row.Label+".orders_usd")
	}
	w := newTableFile(status(st), header...)
	for k := range plan.Steps {
		for a, asset := range plan.Assets {
			w.text(strconv.Itoa(k+1), stamp(plan, k), asset.Name)
			w.numbers(path.LogPrice[a][k+1]-path.LogPrice[a][k], path.Ledger.News[a][k], path.Ledger.Unexplained[a][k])
			for i := range path.Ledger.Rows {
				w.numbers(path.Ledger.Return[i][a][k], path.Ledger.Orders[i][a][k])
			}
			w.end()
		}
	}
	return w.file("ledger.csv")
}

// quantileTable has one row a run, series and step.
func quantileTable(st *study.Study) (file, error) {
	header := []string{"run", "series", "step", "date", "paths"}
	for _, p := range study.Quantiles {
		header = append(header, "q"+strconv.FormatFloat(100*p, 'f', -1, 64))
	}
	w := newTableFile(status(st), header...)
	for _, run := range st.Runs() {
		plan := run.Case.Plan
		for _, series := range run.Ensemble.Series {
			fan, err := run.Ensemble.Fan(series.Name, study.Quantiles)
			if err != nil {
				return file{}, err
			}
			for k := range plan.Steps + 1 {
				w.text(run.Label, series.Name, strconv.Itoa(k), stamp(plan, k-1), strconv.Itoa(fan.Present[k]))
				w.numbers(fan.Quantiles[k]...)
				w.end()
			}
		}
	}
	return w.file("quantiles.csv"), nil
}
