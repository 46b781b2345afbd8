package forecast

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/stats"
)

// Options say from where, how far and how forecasts are judged.
type Options struct {
	Origins  []int // closes by their number, ascending and evenly apart
	Horizons []int // steps, ascending
	Paths    int   // members of an ensemble
	Central  []float64
	Tail     float64 // probability of the lower tail that is tested
	Parts    int     // of the histogram of places
	Level    float64 // of every interval and band
	Progress func(done, total int)
}

// Forecast is one ensemble and what came.
type Forecast struct {
	Origin int     // number of the close
	Return float64 // what came: log return over the horizon
	Median float64 // of the ensemble
	Low    float64 // quantile of the tail
	CRPS   float64 // fair score, log return
	Place  float64 // of what came in the ensemble, 0 to 1
}

// Scores are the forecasts of one model over one horizon, judged.
type Scores struct {
	Model     string
	Horizon   int // steps
	Overlap   int // forecasts a horizon is long: 1 where none overlap
	Forecasts []Forecast
	Paused    int    // origins from which the model gave no forecast
	Pause     string // why, the last time

	CRPS            stats.Estimate // mean
	Difference      stats.Estimate // mean score of the first model less this one's, from the same origins: below 0, the first is the better
	Compared        Test           // Diebold–Mariano of that
	Coverage        []Coverage     // of central intervals
	Violations      int            // of the lower tail
	ViolationsApart int            // of them, from origins a horizon apart: those that are tested

	Kupiec       Test
	Independence Test
	Conditional  Test
	Histogram    *Histogram // nil where there are no forecasts
}

// Roll lets every model forecast from every origin, and judges it. closes are the log
// closes, NaN where the asset was not traded; from an origin or to an end without one
// there is no forecast. The first model is that with which the others are compared. The
// scores come by horizon, then by model.
func Roll(ctx context.Context, closes []float64, models []Model, o Options) ([]Scores, error) {
	if err := o.check(closes, models); err != nil {
		return nil, err
	}
	list := make([]Scores, len(o.Horizons)*len(models))
	for h, horizon := range o.Horizons {
		for m, model := range models {
			list[h*len(models)+m] = Scores{Model: model.Name(), Horizon: horizon, Overlap: o.overlap(horizon)}
		}
	}
	drawn := sim.Matrix(len(o.Horizons), o.Paths)
	for i, origin := range o.Origins {
		within := 0 // horizons that end before the closes do
		for within < len(o.Horizons) && origin+o.Horizons[within] < len(closes) {
			within++
		}
		for m, model := range models {
			if err := ctx.Err(); err != nil {
				return nil, context.Cause(ctx)
			}
			if within == 0 {
				continue
			}
			err := model.Draw(ctx, origin, o.Horizons[:within], drawn[:within])
			var pause *Pause
			if err != nil && !errors.As(err, &pause) {
				return nil, fmt.Errorf("forecast from close %d by %s: %w", origin, model.Name(), err)
			}
			for h := range within {
				s := &list[h*len(models)+m]
				if pause != nil {
					s.Paused, s.Pause = s.Paused+1, pause.Reason
					continue
				}
				if err := s.add(closes, origin, drawn[h], o.Tail); err != nil {
					return nil, fmt.Errorf("forecast from close %d by %s: %w", origin, model.Name(), err)
				}
			}
		}
		if o.Progress != nil {
			o.Progress(i+1, len(o.Origins))
		}
	}
	for i := range list {
		if err := list[i].judge(&list[i-i%len(models)], o); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (o Options) check(closes []float64, models []Model) error {
	var faults []error
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("%w: "+format, append([]any{stats.ErrArgument}, args...)...))
	}
	if len(models) == 0 {
		fault("no models")
	}
	if len(o.Origins) == 0 || len(o.Horizons) == 0 {
		fault("%d origins and %d horizons, expected at least 1 of each", len(o.Origins), len(o.Horizons))
	}
	for i, origin := range o.Origins {
		if origin < 0 || origin >= len(closes) || i > 0 && origin <= o.Origins[i-1] || i > 1 && origin-o.Origins[i-1] != o.Origins[1]-o.Origins[0] {
			fault("origin %d, expected closes of 0 to %d, ascending and evenly apart", origin, len(closes)-1)
			break
		}
	}
	for i, h := range o.Horizons {
		if h < 1 || i > 0 && h <= o.Horizons[i-1] {
			fault("horizons %v, expected whole steps, ascending", o.Horizons)
			break
		}
	}
	if o.Paths < 2 {
		fault("%d paths, expected at least 2", o.Paths)
	}
	if !(o.Tail > 0 && o.Tail < 1) || !(o.Level > 0 && o.Level < 1) || o.Parts < 2 {
		fault("a tail of %v, a level of %v, %d parts", o.Tail, o.Level, o.Parts)
	}
	for _, c := range o.Central {
		if !(c > 0 && c < 1) {
			fault("an interval of %v", c)
		}
	}
	return errors.Join(faults...)
}

// overlap is how many forecasts begin within a horizon.
func (o Options) overlap(horizon int) int {
	if len(o.Origins) < 2 {
		return 1
	}
	every := o.Origins[1] - o.Origins[0]
	return (horizon + every - 1) / every
}

// Apart is how many of the forecasts do not overlap.
func (s *Scores) Apart() int { return (len(s.Forecasts) + s.Overlap - 1) / s.Overlap }

// CoverageCurve is the coverage of the intervals that were asked for, and between them
// the shares, without an interval, of those of 10, 20, … 90 %: by what they claim.
func (s *Scores) CoverageCurve() []Coverage {
	list := slices.Clone(s.Coverage)
	for k := 1.0; k <= 9 && len(s.Forecasts) > 0; k++ {
		nominal := k / 10
		if slices.ContainsFunc(s.Coverage, func(c Coverage) bool { return math.Abs(c.Nominal-nominal) < 1e-9 }) {
			continue
		}
		share := noEstimate(s.CRPS.Level)
		share.Value, share.N, share.Warnings = float64(trues(s.inside(nominal)))/float64(len(s.Forecasts)), len(s.Forecasts), nil
		list = append(list, Coverage{nominal, share})
	}
	slices.SortFunc(list, func(a, b Coverage) int { return cmp.Compare(a.Nominal, b.Nominal) })
	return list
}

// inside tells of each forecast whether its central interval held what came.
func (s *Scores) inside(central float64) []bool {
	return each(s.Forecasts, func(f Forecast) bool { return math.Abs(f.Place-.5) <= central/2 })
}

// add takes one ensemble, unless it is not known what came.
func (s *Scores) add(closes []float64, origin int, ensemble []float64, tail float64) error {
	came := closes[origin+s.Horizon] - closes[origin]
	if math.IsNaN(came) {
		return nil
	}
	sorted, err := ordered(ensemble, came, 2)
	if err != nil {
		return err
	}
	f := Forecast{Origin: origin, Return: came, Place: place(sorted, came)}
	m := float64(len(sorted))
	f.CRPS = scored(sorted, came, m*(m-1))
	if f.Median, err = stats.Quantile(sorted, .5); err != nil {
		return err
	}
	if f.Low, err = stats.Quantile(sorted, tail); err != nil {
		return err
	}
	s.Forecasts = append(s.Forecasts, f)
	return nil
}

// judge holds the forecasts against what came, and against those of a first model.
func (s *Scores) judge(first *Scores, o Options) error {
	s.CRPS, s.Difference = noEstimate(o.Level), noEstimate(o.Level)
	var err error
	if len(s.Forecasts) == 0 {
		s.Compared = Test{Name: "Diebold–Mariano"}.absent("no forecasts")
		s.Kupiec = Kupiec(nil, o.Tail)
		s.Independence, s.Conditional = Christoffersen(nil, o.Tail)
		return nil
	}
	if s.CRPS, err = MeanScore(each(s.Forecasts, func(f Forecast) float64 { return f.CRPS }), s.Overlap, o.Level); err != nil {
		return err
	}
	for _, central := range o.Central {
		c, err := NewCoverage(s.inside(central), central, s.Overlap, o.Level)
		if err != nil {
			return err
		}
		s.Coverage = append(s.Coverage, c)
	}
	places := each(s.Forecasts, func(f Forecast) float64 { return f.Place })
	h, err := NewHistogram(places, o.Parts, s.Overlap, o.Level)
	if err != nil {
		return err
	}
	s.Histogram = &h
	below := each(s.Forecasts, func(f Forecast) bool { return f.Place < o.Tail })
	s.Violations = trues(below)
	alone := apart(below, s.Overlap)
	s.ViolationsApart = trues(alone)
	s.Kupiec = Kupiec(alone, o.Tail)
	s.Independence, s.Conditional = Christoffersen(alone, o.Tail)
	return s.compare(first, o.Level)
}

// compare sets the scores beside those of the first model from the same origins.
func (s *Scores) compare(first *Scores, level float64) error {
	s.Compared = Test{Name: "Diebold–Mariano"}
	if s.Model == first.Model {
		s.Compared = s.Compared.absent("it is the model with which others are compared")
		return nil
	}
	var a, b, gaps []float64
	for _, f := range s.Forecasts {
		at, ok := slices.BinarySearchFunc(first.Forecasts, f.Origin, func(g Forecast, origin int) int { return g.Origin - origin })
		if ok {
			a, b = append(a, first.Forecasts[at].CRPS), append(b, f.CRPS)
			gaps = append(gaps, a[len(a)-1]-f.CRPS)
		}
	}
	s.Compared = DieboldMariano(a, b, s.Overlap)
	if len(gaps) == 0 {
		return nil
	}
	var err error
	s.Difference, err = MeanScore(gaps, s.Overlap, level)
	return err
}

func noEstimate(level float64) stats.Estimate {
	return stats.Estimate{Value: math.NaN(), Low: math.NaN(), High: math.NaN(), Level: level, Warnings: []string{"no forecasts"}}
}

func each[A, B any](list []A, of func(A) B) []B {
	out := make([]B, len(list))
	for i, v := range list {
		out[i] = of(v)
	}
	return out
}
