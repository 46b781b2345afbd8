package scenarios

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/impact"
)

func TestLaw(t *testing.T) {
	const daily = .02
	for _, tt := range []struct {
		market Market
		want   sim.Law
	}{
		{Market{Impact: Linear, Depth1Pct: 3e9}, impact.Linear{Depth1Pct: 3e9}},
		{Market{Impact: SquareRoot, Prefactor: 1, Volume: 60e9}, impact.SquareRoot{Y: 1, Volatility: daily, Volume: 60e9}},
		{Market{Impact: Exponential, C: .4, Volume: 60e9, Floor: .2}, impact.Exponential{Depth: .4 * 60e9 / daily, Floor: .2}},
		{Market{Impact: Inelastic, Multiplier: 5, Supply: 19.9e6}, impact.Inelastic{Multiplier: 5, Supply: 19.9e6}},
	} {
		if diff := cmp.Diff(tt.want, tt.market.Law(daily)); diff != "" {
			t.Errorf("law of %s differs (-want +got):\n%s", tt.market.Impact, diff)
		}
	}
	if got, want := (Market{Volatility: .49}).DailyVolatility(), .49/math.Sqrt(365); got != want {
		t.Errorf("daily volatility is %v, expected %v", got, want)
	}
}

func TestKernel(t *testing.T) {
	day := 24 * time.Hour
	for _, tt := range []struct {
		market Market
		want   sim.Kernel
	}{
		{Market{}, sim.Kernel{}},
		{Market{Power: .5}, sim.Kernel{Power: .5}},
		{Market{HalfLife: day}, sim.Kernel{Decay: .5}},
		{Market{HalfLife: day / 2}, sim.Kernel{Decay: .25}},
	} {
		if got := tt.market.Kernel(day); got != tt.want {
			t.Errorf("kernel of %+v is %v, expected %v", tt.market, got, tt.want)
		}
	}
}
