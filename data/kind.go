package data

import (
	"fmt"
	"slices"
	"strings"
)

// A Kind says how a series behaves in time: what to do on a day without a
// value, and how finer rows become a coarser one.
type Kind string

const (
	// Price is what one coin or share costs, in USD; greater than zero. It
	// may be carried forward for a few days.
	Price Kind = "price"
	// Flow is an amount that accrues over the row's period. It adds up, and
	// it is never carried: a missing flow is absent.
	Flow Kind = "flow"
	// Rate is a fraction: basis, premium, funding, yield. It may be carried
	// forward like a price.
	Rate Kind = "rate"
	// Level is a stock or an index: holdings, open interest, assets. It may
	// be carried forward like a price.
	Level Kind = "level"
)

var kinds = []Kind{Price, Flow, Rate, Level}

// Kinds lists the kinds of series.
func Kinds() []Kind { return slices.Clone(kinds) }

// Doc says in one line how a series of kind k behaves.
func (k Kind) Doc() string {
	switch k {
	case Price:
		return "what one coin or share costs, USD; carried over gaps up to an age"
	case Flow:
		return "an amount that accrues over a row's period; adds up, is never carried: a missing flow is absent"
	case Rate:
		return "a fraction: basis, premium, funding, yield; carried like a price"
	case Level:
		return "a stock or an index: holdings, open interest, assets; carried like a price"
	}
	return ""
}

// ParseKind reads a kind as written in files: price, flow, rate or level.
func ParseKind(s string) (Kind, error) {
	for _, k := range kinds {
		if s == string(k) {
			return k, nil
		}
	}
	return "", fmt.Errorf("unknown kind %s, expected price, flow, rate or level%s", Quote(s), DidYouMean(s, strs(kinds)))
}

// admits reports whether a series of kind k may be measured in u.
func (k Kind) admits(u Unit) bool {
	switch k {
	case Price:
		return u.Base() == USD
	case Rate:
		return u.Base() == Fraction
	case Flow:
		return u.Base() == USD || u.Base() == Coins || u.Base() == Count
	}
	return true
}

func strs[S ~string](list []S) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return out
}

func joined[S ~string](list []S) string { return strings.Join(strs(list), ", ") }
