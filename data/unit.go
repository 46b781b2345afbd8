package data

import "fmt"

// A Unit is what a number in a file is measured in. Values are converted to
// the unit's base when they are loaded.
type Unit string

// The units a file or a request may name.
const (
	USD         Unit = "usd"
	USDThousand Unit = "usd_k"
	USDMillion  Unit = "usd_m"
	USDBillion  Unit = "usd_bn"
	Fraction    Unit = "fraction"
	Percent     Unit = "percent"
	BasisPoints Unit = "bp"
	Coins       Unit = "coins"
	Count       Unit = "count"  // of trades, contracts, addresses
	Points      Unit = "points" // of an index
)

type scale struct {
	unit, base Unit
	mul, div   float64
}

// scales lists every unit with its base and the exact factor between them: a
// base value is the file's value times mul, divided by div. Dividing by 100
// rounds once; multiplying by .01 would round twice.
var scales = []scale{
	{USD, USD, 1, 1},
	{USDThousand, USD, 1e3, 1},
	{USDMillion, USD, 1e6, 1},
	{USDBillion, USD, 1e9, 1},
	{Fraction, Fraction, 1, 1},
	{Percent, Fraction, 1, 100},
	{BasisPoints, Fraction, 1, 10000},
	{Coins, Coins, 1, 1},
	{Count, Count, 1, 1},
	{Points, Points, 1, 1},
}

// units returns every unit there is.
func units() []Unit {
	known := make([]Unit, len(scales))
	for i, sc := range scales {
		known[i] = sc.unit
	}
	return known
}

// ParseUnit reads a unit as written in files.
func ParseUnit(s string) (Unit, error) {
	if u := Unit(s); u.Base() != "" {
		return u, nil
	}
	return "", fmt.Errorf("unknown unit %s, expected one of %s%s", Quote(s), joined(units()), DidYouMean(s, strs(units())))
}

// Base returns the unit that values of u are held in, or "" if u is unknown.
func (u Unit) Base() Unit {
	for _, sc := range scales {
		if u == sc.unit {
			return sc.base
		}
	}
	return ""
}

// ToBase converts a value in u to the base unit. A value in an unknown unit
// is returned as it is; [ParseUnit] is where unknown units are refused.
func (u Unit) ToBase(v float64) float64 { return u.scale().toBase(v) }

func (u Unit) scale() scale {
	for _, sc := range scales {
		if u == sc.unit {
			return sc
		}
	}
	return scale{u, u, 1, 1}
}

func (sc scale) isBase() bool { return sc.mul == 1 && sc.div == 1 }

func (sc scale) toBase(v float64) float64 { return v * sc.mul / sc.div }
