package montecarlo

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/impact"
)

type calm struct{}

func (calm) Name() string                  { return "calm" }
func (calm) Start(_, _ uint64) sim.Source  { return calm{} }
func (calm) Next(_ int, news, _ []float64) { clear(news) }

// Histograms that outgrow the memory end a run at the next block.
func TestHistogramsThatOutgrowTheMemory(t *testing.T) {
	plan, err := sim.Compile(sim.Plan{Step: time.Hour, Steps: 2, MaxWaves: 1, Assets: []sim.Asset{{Name: "btc", Price: 1, Law: impact.Linear{Depth1Pct: 1e9}, Volatility: .01, VolatilityDecay: .94}}})
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Paths: 1 << 30, To: 1 << 30, Workers: 1}
	e := newEnsemble(Subject{Plan: plan, Driver: calm{}}, o)
	work := newQueue(o)
	e.grown.Add(MemoryLimit)
	newWorker([]*Ensemble{e}, work).run(context.Background())
	if from, to := work.take(); from != to {
		t.Errorf("the paths from %d on are still to come", from)
	}
	if err := e.fits(); err == nil || !strings.Contains(err.Error(), "the histograms of 1 series at 3 steps need more than 2 GiB of memory") {
		t.Errorf("got %v", err)
	}
}
