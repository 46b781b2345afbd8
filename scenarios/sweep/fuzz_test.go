package sweep_test

import (
	"math"
	"testing"

	"github.com/ebb-sim/ebb/data/datatest/bounded"
	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/scenarios/sweep"
)

// Whatever --vary says, ReadAxis gives an error that says what, or an axis of numbers
// that can be read, of which a plan has no more than it may.
func FuzzAxis(f *testing.F) {
	s, err := scenarios.Parse("loop.yaml", []byte(loop), nil)
	if err != nil {
		f.Fatal(err)
	}
	for _, text := range []string{
		"redemption.response=0,1bn,2bn", "redemption.response=0..4bn/5", "market.btc.depth_1pct=1bn..9bn/log5", "redemption.response=0..4bn", "market.btc.depth_1pct=1bn..9bn/log",
		"redemption.response=0..4bn/1000000000000", "redemption.aum=1..2/10000000", "market.btc.volatility=1%..90%/7", "shocks[0].news=-10%..10%/3", "waves.max=1..9/3", "x=", "=1", "a=1..", "a=..1/",
		"market.btc.depth_1pct=1e-300..1e300/log9", "market.btc.half_life=1d..9d/4", "simulate.paths=1..1e15/9", "name=1,2", "redemption.response=1e308..-1e308", "redemption.response=-1e308..1e308/3",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		bounded.By(t, 256<<20+10000*uint64(len(text)), func() {
			a, err := sweep.ReadAxis(text, s)
			if err != nil {
				if err.Error() == "" {
					t.Fatal("an error without words")
				}
				return
			}
			values := a.Values
			if a.Range() {
				values = []string{a.At(0), a.At(.5), a.At(1)}
			}
			for _, written := range values {
				if v, err := a.Value(written); err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
					t.Fatalf("%q has the value %q, which is read %v, %v", text, written, v, err)
				}
			}
			if len(values) > 20 {
				return // a plan would try each
			}
			if p, err := sweep.NewPlan(s, []sweep.Axis{a}, sweep.Design{Name: sweep.Grid}); err == nil && p.Len() != len(a.Values) {
				t.Fatalf("%d cells of %d values", p.Len(), len(a.Values))
			}
		})
	})
}
