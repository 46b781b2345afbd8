package stats

import (
	"fmt"
	"slices"
	"strings"
)

// A Departure is a place where a profile does not give what a library gives.
type Departure struct {
	Profile    Profile
	From       Profile  // of the library
	Statistics []string // by name; none means every one
	When       []string // what the sample is, or none: any sample
	Gives      string   // what the library does
	Reason     string   // why the profile does not
}

// String says it in one line.
func (d Departure) String() string {
	who, what, when := string(d.Profile), strings.Join(d.Statistics, ", "), ""
	if d.From != d.Profile {
		who += " against " + string(d.From)
	}
	if len(d.Statistics) == 0 {
		what = "every statistic"
	}
	if len(d.When) > 0 {
		when = " (" + strings.Join(d.When, "; ") + ")"
	}
	return fmt.Sprintf("%s: %s%s: the library %s; %s.", who, what, when, d.Gives, d.Reason)
}

// Departures lists where the profile departs on purpose: ebb from each library by its
// definitions, the others from their own library where that has no answer to give.
func (p Profile) Departures() []Departure {
	list := slices.Clone(p.departures())
	for i := range list {
		list[i].Profile = p
		if list[i].From == "" {
			list[i].From = p
		}
	}
	return list
}

func (p Profile) departures() []Departure {
	switch p {
	case EBB:
		return ebbDepartures
	case QuantStats:
		return quantStatsDepartures
	case Empyrical:
		return empyricalDepartures
	case VectorBT:
		return vectorBTDepartures
	}
	return nil
}

// Samples on which libraries have no answer to give.
const (
	allZero       = "all returns 0"
	allEqual      = "all returns equal"
	oneReturn     = "one return"
	twoReturns    = "two returns"
	withoutLoss   = "no loss"
	likePrices    = "no loss and a gain above 100 %"
	firstLoss     = "a loss in the first step that is never made up"
	sameAsMarket  = "returns equal to those of the benchmark"
	stillMarket   = "a benchmark that does not move"
	intraday      = "steps shorter than a day"
	tiedQuantile  = "several returns equal to the 5 % quantile"
	weeksOfAYear  = "steps of a week from one New Year to the next"
	givesInfinity = "gives an infinite value"
	nothingBelow  = "a ratio to nothing is no number"
	noTail        = "one return says nothing of a tail"
)
