package trial_test

import (
	"math"
	"strings"
	"testing"

	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/scenarios/trial"
	"github.com/ebb-sim/ebb/sim/stats"
)

func statistic(t *testing.T, s stats.Summary, name string) stats.Result {
	t.Helper()
	for _, r := range s.Statistics {
		if r.Name == name {
			return r
		}
	}
	t.Fatalf("no statistic %s", name)
	return stats.Result{}
}

// An account that stays in cash earns the yield and nothing above it: what divides by the
// spread or the risk of that is absent, and no ratio of rounding errors. Days of 1/365 of the
// yield compound to the annual return.
func TestCashEarnsNothingAboveItself(t *testing.T) {
	f := files{"price.csv": history("close: price usd", monday, 100, 110, 95, 120, 80, 100, 90, 95, 93, 99)}
	for _, yield := range []string{"4%", "3.7%", "-1%"} {
		tr := execute(t, parse(t, "x", strings.Replace(holds, `"true"`, `"false"`, 1), scenarios.Override{Key: "account.yield", Value: yield}), f, trial.Options{})
		annual := math.Pow(1+tr.Strategy.Account.Yield/365, 365) - 1
		near(t, "annual return at "+yield, statistic(t, tr.Statistics, "annual_return").Value, annual, 1e-10)
		near(t, "downside deviation at "+yield, statistic(t, tr.Statistics, "downside_deviation").Value, 0, 0)
		for _, name := range []string{"sharpe", "sortino", "omega", "probabilistic_sharpe"} {
			if r := statistic(t, tr.Statistics, name); !math.IsNaN(r.Value) {
				t.Errorf("%s of cash at %s is %v", name, yield, r.Value)
			}
		}
		near(t, "alpha at "+yield, statistic(t, tr.Statistics, "alpha").Value, 0, 1e-12)
	}
}

// What an exit says of a position is not missed before there is one: only closes at which
// an unknown rule kept the account from deciding are counted.
func TestUndecided(t *testing.T) {
	f := files{"price.csv": history("close: price usd", monday, 100, 101, 102, 103, 104, 105, 106)}
	src := strings.Replace(holds, `enter: "true"`, `enter: "return(btc.price, 2d) > 0", exit: "gain > 100% or lowest(btc.price, 4d) < 50"`, 1)
	tr := execute(t, parse(t, "x", src), f, trial.Options{})
	got := tr.Undecided
	// The entry is not known at the first two closes. It is decided at that of day 2 and filled
	// at that of day 3, from where on the exit is known.
	if len(got) != 1 || got[0].Rule != "rules.btc.enter" || got[0].Steps != 2 {
		t.Errorf("undecided: %+v", got)
	}
	if len(tr.Result.Fills) != 1 || tr.Result.Fills[0].Step != 3 {
		t.Errorf("fills %+v", tr.Result.Fills)
	}
}
