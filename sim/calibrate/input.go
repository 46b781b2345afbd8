package calibrate

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// Input is what was observed. Element t of every slice is of step t, and NaN where nothing
// was observed: a price carried over from an earlier step is not an observation.
type Input struct {
	Asset string        // name of the asset in scenario files: btc
	Start time.Time     // start of the first step
	Step  time.Duration // length of a step

	LogClose []float64 // natural logarithm of the price at the end of the step, USD per coin
	Flow     []float64 // net fund flow of the US session that ends in the step, USD; nil if unknown
	Basis    []float64 // annualised futures basis at the end of the step, a fraction; nil if unknown
	Premium  []float64 // Coinbase premium at the end of the step, a fraction; nil if unknown

	PeriodsPerYear float64 // steps of a year that have a price, to annualise volatilities
	Given          Given
}

// Given are numbers that a scenario needs beside the estimates and that these data do not
// tell. 0 is unknown.
type Given struct {
	Depth1Pct float64 // USD that move the price 1 % under the linear law of the market
	AUM       float64 // assets under management of the funds at the starting close, USD
	Volume    float64 // USD of a day, in which the premium's sensitivity is measured
}

// Options are choices of method.
type Options struct {
	Level     float64 // probability with which an interval covers the true value
	Lags      int     // over which Newey–West errors allow for correlation
	Horizon   int     // days of the local projections
	LookBacks []int   // days of the past returns whose momentum is estimated
	Draws     int     // of the bootstrap; 0 = no bootstrap
	Block     float64 // mean length of its blocks, in observations
	Seed      uint64  // of its random numbers

	Parts []string // names of the parts to estimate; nil = all
}

// DefaultOptions are the choices behind the published figures: 95 %, 5 lags, projections
// to 20 days; a bootstrap of 999 draws in blocks of 10 observations, the length that the
// bootstrap driver takes too.
func DefaultOptions() Options {
	return Options{Level: .95, Lags: 5, Horizon: 20, LookBacks: []int{7, 28, 84}, Draws: 999, Block: 10, Seed: 1}
}

func (in *Input) check() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if in.Asset == "" {
		fault("found no name of the asset, expected one such as btc")
	}
	if in.Step <= 0 {
		fault("found a step of %v, expected more than 0", in.Step)
	}
	if !(in.PeriodsPerYear > 0) || math.IsInf(in.PeriodsPerYear, 1) {
		fault("found %v periods per year, expected a positive number", in.PeriodsPerYear)
	}
	for _, s := range in.series() {
		if s.values != nil && len(s.values) != len(in.LogClose) {
			fault("found %d steps of the %s and %d of the log close, expected as many", len(s.values), s.name, len(in.LogClose))
		}
		for t, v := range s.values {
			if math.IsInf(v, 0) {
				fault("found %v in the %s of step %d, expected a finite number or NaN", v, s.name, t)
				break
			}
		}
	}
	for _, g := range []struct {
		name  string
		value float64
	}{{"depth", in.Given.Depth1Pct}, {"AUM", in.Given.AUM}, {"volume", in.Given.Volume}} {
		if !(g.value >= 0) || math.IsInf(g.value, 1) {
			fault("found a given %s of %v, expected a positive number, or 0 where it is unknown", g.name, g.value)
		}
	}
	return errors.Join(faults...)
}

type series struct {
	name   string
	values []float64
}

func (in *Input) series() []series {
	return []series{{"log close", in.LogClose}, {"flow", in.Flow}, {"basis", in.Basis}, {"premium", in.Premium}}
}

func (o *Options) check() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if !(o.Level > 0 && o.Level < 1) {
		fault("found level %v, expected more than 0 and less than 1", o.Level)
	}
	if o.Lags < 0 {
		fault("found %d lags, expected 0 or more", o.Lags)
	}
	if o.Horizon < 0 {
		fault("found a horizon of %d days, expected 0 or more", o.Horizon)
	}
	for _, days := range o.LookBacks {
		if days < 1 {
			fault("found a look-back of %d days, expected 1 or more", days)
		}
	}
	if o.Draws < 0 || o.Draws > 0 && o.Draws < leastDraws {
		fault("found %d draws of the bootstrap, expected 0 or at least %d", o.Draws, leastDraws)
	}
	if o.Draws > 0 && !(o.Block >= 1) {
		fault("found blocks of %v observations, expected at least 1", o.Block)
	}
	for _, name := range o.Parts {
		if !slices.ContainsFunc(kinds, func(k kind) bool { return k.Name == name }) {
			fault("found part %q, expected one of %s", name, strings.Join(partNames(), ", "))
		}
	}
	return errors.Join(faults...)
}

const day = 24 * time.Hour

// time is the start of a step.
func (in *Input) time(step int) time.Time { return in.Start.Add(time.Duration(step) * in.Step) }

func (in *Input) stepDays() float64 { return in.Step.Hours() / 24 }

// midnight is the last step that begins before the UTC day in which a step begins, or −1.
func (in *Input) midnight(step int) int {
	return max(-1, in.stepsUntil(in.time(step).Truncate(day))-1)
}

// endOfDay is the last step of the UTC day in which a step begins.
func (in *Input) endOfDay(step int) int {
	return max(step, in.stepsUntil(in.time(step).Truncate(day).Add(day))-1)
}

// stepsUntil is the number of steps that begin before a time.
func (in *Input) stepsUntil(at time.Time) int {
	return int((at.Sub(in.Start) + in.Step - 1) / in.Step)
}

// change is the log return from the close of one step to that of another; NaN where one
// of them was not observed.
func (in *Input) change(from, to int) float64 {
	if min(from, to) < 0 || max(from, to) >= len(in.LogClose) {
		return math.NaN()
	}
	return in.LogClose[to] - in.LogClose[from]
}

// returns are the log returns between observed closes that follow each other, the steps
// in which they end, and how many span more than one step.
func (in *Input) returns() (list []float64, steps []int, spans int) {
	last := -1
	for t, p := range in.LogClose {
		if math.IsNaN(p) {
			continue
		}
		if last >= 0 {
			list, steps = append(list, p-in.LogClose[last]), append(steps, t)
			if t > last+1 {
				spans++
			}
		}
		last = t
	}
	return list, steps, spans
}
