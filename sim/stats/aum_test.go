package stats_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/ebb-sim/ebb/sim/stats"
)

// The week of crypto funds to 2026-01-26 in USD billion, to the digits of the
// closed forms, and cases that can be read off.
func TestMarketReturn(t *testing.T) {
	for _, c := range []struct {
		name             string
		timing           stats.FlowTiming
		start, end, flow float64
		want             float64
	}{
		{"at close", stats.FlowAtClose, 193, 178, -1.73, 179.73/193 - 1},
		{"at open", stats.FlowAtOpen, 193, 178, -1.73, 178/191.27 - 1},
		{"no flow, at close", stats.FlowAtClose, 100, 90, 0, -0.1},
		{"no flow, at open", stats.FlowAtOpen, 100, 90, 0, -0.1},
		{"flow alone, at close", stats.FlowAtClose, 100, 90, -10, 0},
		{"flow alone, at open", stats.FlowAtOpen, 100, 90, -10, 0},
		{"all is lost, at close", stats.FlowAtClose, 100, 10, 10, -1},
		{"all is lost, at open", stats.FlowAtOpen, 100, 0, 10, -1},
		{"all leave, at close", stats.FlowAtClose, 100, 0, -120, 0.2},
	} {
		r, err := c.timing.MarketReturn(c.start, c.end, c.flow)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		near(t, c.name, r, c.want)
		end, err := c.timing.EndAUM(c.start, c.flow, c.want)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if math.Abs(end-c.end) > 1e-12*c.start {
			t.Errorf("%s: AUM %v at the end, want %v", c.name, end, c.end)
		}
	}
	for timing, want := range map[stats.FlowTiming]float64{stats.FlowAtClose: -6.87565, stats.FlowAtOpen: -6.93784} {
		r, err := timing.MarketReturn(193e9, 178e9, -1.73e9)
		if err != nil || math.Abs(100*r-want) > 5e-6 {
			t.Errorf("timing %d: %.6f %%, %v, want %.5f", timing, 100*r, err, want)
		}
	}
}

// In USD the market has done the same, whenever the flow came: what is neither
// at the start nor flowed.
func TestMarketReturnProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := rapid.Float64Range(1, 1e12).Draw(t, "start")
		flow := start * rapid.Float64Range(-0.9, 2).Draw(t, "flow of start")
		end := max(0, flow) + start*rapid.Float64Range(0, 3).Draw(t, "rest of start")
		atClose, err := stats.FlowAtClose.MarketReturn(start, end, flow)
		if err != nil {
			t.Fatal(err)
		}
		atOpen, err := stats.FlowAtOpen.MarketReturn(start, end, flow)
		if err != nil {
			t.Fatal(err)
		}
		scale := 1e-12 * (start + end + math.Abs(flow))
		change := end - start - flow
		if math.Abs(atClose*start-change) > scale || math.Abs(atOpen*(start+flow)-change) > scale {
			t.Errorf("returns %v and %v, change %v", atClose, atOpen, change)
		}
	})
}

func TestMarketReturnRefuses(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		name             string
		timing           stats.FlowTiming
		start, end, flow float64
		want             error
	}{
		{"gap at the start", stats.FlowAtClose, nan, 1, 0, stats.ErrGap},
		{"gap at the end", stats.FlowAtClose, 1, nan, 0, stats.ErrGap},
		{"gap in the flow", stats.FlowAtOpen, 1, 1, nan, stats.ErrGap},
		{"infinite", stats.FlowAtClose, inf, 1, 0, stats.ErrNotFinite},
		{"overflow", stats.FlowAtClose, 1e-300, 1e300, 0, stats.ErrNotFinite},
		{"no assets", stats.FlowAtClose, 0, 1, 1, stats.ErrArgument},
		{"negative assets", stats.FlowAtOpen, -1, 1, 3, stats.ErrArgument},
		{"negative end", stats.FlowAtClose, 1, -1, -3, stats.ErrArgument},
		{"all leave at the open", stats.FlowAtOpen, 1, 0, -1, stats.ErrArgument},
		{"more than all leaves at the open", stats.FlowAtOpen, 1, 0, -2, stats.ErrArgument},
		{"more came at the close than is there", stats.FlowAtClose, 1, 1, 2, stats.ErrArgument},
		{"unknown timing", stats.FlowTiming(9), 1, 1, 0, stats.ErrArgument},
	} {
		r, err := c.timing.MarketReturn(c.start, c.end, c.flow)
		wantError(t, c.name, r, err, c.want)
	}
}

func TestEndAUMRefuses(t *testing.T) {
	for _, c := range []struct {
		name                string
		timing              stats.FlowTiming
		start, flow, simple float64
		want                error
	}{
		{"gap at the start", stats.FlowAtClose, nan, 0, 0, stats.ErrGap},
		{"gap in the return", stats.FlowAtOpen, 1, 0, nan, stats.ErrGap},
		{"overflow", stats.FlowAtClose, 1e300, 0, 1e300, stats.ErrNotFinite},
		{"no assets", stats.FlowAtClose, 0, 1, 0, stats.ErrArgument},
		{"more than everything is lost", stats.FlowAtClose, 1, 0, -1.1, stats.ErrPrice},
		{"more leaves than is left", stats.FlowAtClose, 1, -0.9, -0.5, stats.ErrArgument},
		{"unknown timing", stats.FlowTiming(-1), 1, 0, 0, stats.ErrArgument},
	} {
		end, err := c.timing.EndAUM(c.start, c.flow, c.simple)
		wantError(t, c.name, end, err, c.want)
	}
}
