package mechanism

import (
	"slices"
	"strings"

	"github.com/ebb-sim/ebb/sim"
)

// present lists the labels of the scenario's mechanisms of some kinds, but for
// those named elsewhere: the default of a parameter that names others. They are
// sorted, so that the order of a scenario's lines cannot matter.
func (e *Env) present(elsewhere []string, kinds ...string) []string {
	var labels []string
	for i, label := range e.Mechanisms {
		kind := label
		if i < len(e.Kinds) {
			kind = e.Kinds[i]
		}
		if slices.Contains(kinds, kind) && !slices.Contains(elsewhere, label) {
			labels = append(labels, label)
		}
	}
	slices.Sort(labels)
	return labels
}

// overlap tells whether two names of mechanisms, or of parts of them, share a row
// of the ledger.
func overlap(a, b string) bool {
	return a == b || strings.HasPrefix(a, b+".") || strings.HasPrefix(b, a+".")
}

// spotRows lists the ledger's rows of mechanisms, or of parts of them, whose
// orders press on the spot price: each once, however often it is named.
func spotRows(m *sim.Market, names []string) []int {
	hedged := m.HedgedRows()
	var rows []int
	for _, name := range names {
		for _, row := range m.RowsOf(name) {
			if !slices.Contains(hedged, row) && !slices.Contains(rows, row) {
				rows = append(rows, row)
			}
		}
	}
	return rows
}

// hedgedRows lists the rows of hedged orders, but for those of one mechanism.
func hedgedRows(m *sim.Market, but string) []int {
	own := m.RowsOf(but)
	return slices.DeleteFunc(m.HedgedRows(), func(row int) bool { return slices.Contains(own, row) })
}

// traded is what rows of the ledger have traded in this step: USD, buy > 0.
func traded(m *sim.Market, rows []int, asset int) float64 {
	sum := 0.0
	for _, row := range rows {
		sum += m.Traded(row, asset)
	}
	return sum
}
