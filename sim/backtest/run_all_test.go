package backtest_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ebb-sim/ebb/sim/backtest"
)

// Side by side every decider gets what it gets alone, a ruined one among them, and
// all of them are asked at the times they are told.
func TestRunAll(t *testing.T) {
	m := daily(backtest.Asset{Name: "btc", Fee: .001, Spread: .002}, 100, 110, 90, 60, 20, 30, 45)
	o := backtest.Options{Capital: 10_000, Fill: backtest.FillClose}
	var deciders []backtest.Decider
	plans := []plan{{1: {weight(1)}, 4: {weight(.3)}}, {1: {weight(3)}}, {2: {weight(-.5)}, 5: {weight(0)}}, {}}
	for _, p := range plans {
		deciders = append(deciders, p)
	}
	var asked []time.Time
	results, err := backtest.RunAll(m, deciders, o, func(at time.Time) error {
		asked = append(asked, at)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range plans {
		if diff := cmp.Diff(run(t, m, p, o), results[i], cmpopts.EquateNaNs()); diff != "" {
			t.Errorf("decider %d alone and beside others (-alone +beside):\n%s", i, diff)
		}
	}
	if results[1].Ruined < 0 {
		t.Error("the second decider is not ruined: the test shows nothing of it")
	}
	if len(asked) != len(m.Times) || !asked[0].Equal(m.Times[0].Add(m.Step)) {
		t.Errorf("asked at %v", asked)
	}
	if _, err := backtest.RunAll(m, deciders, o, func(time.Time) error { return errors.New("stop") }); err == nil || err.Error() != "stop" {
		t.Errorf("error %v, want stop", err)
	}
	if _, err := backtest.RunAll(m, []backtest.Decider{plans[0], nil}, o, nil); err == nil {
		t.Error("a decider that is none is no error")
	}
}
