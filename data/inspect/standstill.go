package inspect

import (
	"fmt"
	"math"

	"github.com/ebb-sim/ebb/data"
)

// standstill finds runs of one value that are longer than chance would have them.
// With q the share of rows elsewhere that repeat the row before them (of 20 or
// more rows with this value, if they repeat more often), a run of n or more somewhere among the N
// rows of a column has about the chance 1 − exp(−N(1−q)q^(n−1)); Feller, An
// Introduction to Probability Theory, vol. 1, XIII.7. Zeros are no run: a quiet
// fund has many, and [zeros] looks at those of other columns.
func standstill(c *column, o Options) []Finding {
	n := len(c.v)
	if n < 20 {
		return nil
	}
	repeats := 0
	for i := 1; i < n; i++ {
		if c.v[i] == c.v[i-1] {
			repeats++
		}
	}
	usual := repeatsByValue(c.v)
	var places []Place
	for i := 0; i < n; {
		k := i
		for k+1 < n && c.v[k+1] == c.v[i] {
			k++
		}
		if length := k - i + 1; length >= 3 && c.v[i] != 0 {
			if chance := runChance(n, length, repeats, usual[c.v[i]]); chance < o.Stale {
				places = append(places, c.run(i, k, fmt.Sprintf("%s in %d rows%s", number(c.v[i]), length, chanceText(chance))))
			}
		}
		i = k + 1
	}
	severity := Warning
	if c.kind == data.Rate || c.kind == "" && !c.moves {
		severity = Note // funding has a usual value and a cap
	}
	return c.found(severity, "stale", "the same value in row after row", places)
}

// A tally counts of one value its rows and how many repeat the row before.
type tally struct{ rows, repeats int }

func repeatsByValue(v []float64) map[float64]tally {
	all := map[float64]tally{}
	for i, x := range v {
		t := all[x]
		t.rows++
		if i > 0 && v[i-1] == x {
			t.repeats++
		}
		all[x] = t
	}
	return all
}

// runChance is that of a run of a length somewhere in n rows. The rows of the run
// itself do not count for how often rows repeat.
func runChance(n, length, repeats int, value tally) float64 {
	own := length - 1
	share := func(repeats, rows int) float64 { return float64(repeats-own+1) / float64(rows-own+2) }
	q := share(repeats, n-1)
	if value.rows-length >= 20 {
		q = max(q, share(value.repeats, value.rows))
	}
	q = min(q, .999)
	return -math.Expm1(-float64(n) * (1 - q) * math.Pow(q, float64(own)))
}

func chanceText(p float64) string {
	if p < 1e-12 {
		return ", by chance less than once in 10¹² such columns"
	}
	return fmt.Sprintf(", by chance once in %.0g such columns", 1/p)
}

// copies are rows of a table that repeat the row before in every column, if two
// columns have different values other than 0: one number may come twice, a whole
// row hardly.
func copies(t *data.Table, columns []*column) []Finding {
	if len(columns) < 2 {
		return nil
	}
	var places []Place
	for i := 1; i < t.Len(); i++ {
		if same, kinds := repeatsRow(t, columns, i); same && kinds >= 2 {
			places = append(places, Place{Line: i + 1, From: t.Time(i), To: t.Time(i)})
		}
	}
	if len(places) == 0 {
		return nil
	}
	return []Finding{{Severity: Warning, Check: "copy", Text: "the whole row is that of the row before", Count: len(places), Places: places}}
}

// repeatsRow reports whether row i has in every column the cell of the row before, and
// how many different numbers other than 0 these are.
func repeatsRow(t *data.Table, columns []*column, i int) (same bool, kinds int) {
	var seen []float64
	for _, c := range columns {
		v, ok := t.Value(c.name, i)
		before, had := t.Value(c.name, i-1)
		if ok != had || v != before {
			return false, 0
		}
		fresh := ok && v != 0
		for _, s := range seen {
			fresh = fresh && s != v
		}
		if fresh {
			seen = append(seen, v)
		}
	}
	return true, len(seen)
}
