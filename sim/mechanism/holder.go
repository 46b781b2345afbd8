package mechanism

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"unicode"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/param"
)

// yearDays is the number of days in a year of interest and obligations.
const yearDays = 365

// HolderSeries is the name of a holder's published series: "Bhutan sovereign
// fund" and "units" give "bhutan_sovereign_fund.units".
func HolderSeries(holder, quantity string) string { return slug(holder) + "." + quantity }

// GroupSeries is the name of a series that a mechanism publishes of its own
// traders in one asset: "btc", "vol control" and "weight" give
// "btc.vol_control_weight".
func GroupSeries(asset, label, quantity string) string {
	return asset + "." + slug(label) + "_" + quantity
}

// slug writes a name as part of a series' name.
func slug(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return '_'
	}, name)
}

// level and flow describe a holder's published series.
func level(holder, quantity, title string, unit sim.ReportUnit) sim.Report {
	return sim.Report{Name: HolderSeries(holder, quantity), Title: holder + ": " + title, Unit: unit, Kind: sim.Level}
}

func flow(holder, quantity, title string) sim.Report {
	return sim.Report{Name: HolderSeries(holder, quantity), Title: holder + ": " + title, Unit: sim.USD, Kind: sim.Flow}
}

// distinct blames holders whose names give the same series.
func distinct[H any](holders []H, name func(H) string) error {
	var faults []error
	seen := map[string]string{}
	for i, h := range holders {
		s := HolderSeries(name(h), "")
		if other, twice := seen[s]; twice {
			faults = append(faults, &param.Error{Path: fmt.Sprintf("holders[%d].name", i),
				Found: fmt.Sprintf("%q", name(h)), Expected: fmt.Sprintf("a name apart from %q", other)})
		}
		seen[s] = name(h)
	}
	return errors.Join(faults...)
}

// absent turns a ratio without a denominator into the absent value.
func absent(x float64) float64 {
	if math.IsInf(x, 0) {
		return math.NaN()
	}
	return x
}

// fork gives the state of a trader to an empty one of its kind.
func fork(from sim.Trader, into sim.Restorer) sim.Trader {
	into.Restore(from)
	return into
}
