package mechanism

import (
	"slices"

	"github.com/ebb-sim/ebb/sim"
)

// present keeps the names that are mechanisms of the scenario: the default of a
// parameter that names others.
func (e *Env) present(names ...string) []string {
	return slices.DeleteFunc(names, func(name string) bool { return !slices.Contains(e.Mechanisms, name) })
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
