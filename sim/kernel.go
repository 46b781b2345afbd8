package sim

import "math"

// Kernel says how the transient share of an impact decays over steps. The zero
// Kernel lets it vanish in the next step.
type Kernel struct {
	// Decay is ρ, what is left of it after one step: ρ = e^{−κΔt} (Obizhaeva
	// and Wang 2013).
	Decay float64
	// Power is β of the propagator (1+t)^{−β} (Bouchaud, Gefen, Potters and
	// Wyart 2004); 0 means the exponential kernel.
	Power float64
}

func (k Kernel) check(asset string, fault func(string, ...any)) {
	if !(k.Decay >= 0 && k.Decay < 1) {
		fault("asset %s: decay is %v, expected at least 0 and less than 1", asset, k.Decay)
	}
	if !(k.Power >= 0) || math.IsInf(k.Power, 1) {
		fault("asset %s: power is %v, expected at least 0", asset, k.Power)
	}
	if k.Power > 0 && k.Decay > 0 {
		fault("asset %s: a kernel is exponential or a power law, not both", asset)
	}
}

// propagator is what is left of an impact after t steps, (1+t)^{−β}, up to a
// number of steps; nil for the exponential kernel.
func (k Kernel) propagator(steps int) []float64 {
	if k.Power == 0 {
		return nil
	}
	left := make([]float64, steps+1)
	for t := range left {
		left[t] = math.Pow(float64(1+t), -k.Power)
	}
	return left
}

// remembers is the transient impact of one ledger row on one asset.
type remembers struct {
	level   float64   // transient impact still in the price
	impacts []float64 // of every step so far, for the power law only
}

// reversal is the return by which the transient impact decays at the start of
// the next step.
func (t *remembers) reversal(k Kernel, propagator []float64) float64 {
	if propagator == nil {
		return (k.Decay - 1) * t.level
	}
	left := 0.0
	for s, c := range t.impacts {
		left += c * propagator[len(t.impacts)-s]
	}
	return left - t.level
}

// settle takes the step's reversal and new transient impact into the state.
func (t *remembers) settle(k Kernel, reversal, impact float64) {
	t.level += reversal + impact
	if k.Power > 0 {
		t.impacts = append(t.impacts, impact)
	}
}
