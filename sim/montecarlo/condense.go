package montecarlo

import (
	"fmt"
	"slices"
)

// digest is what is left of a series once it is condensed.
type digest struct {
	fan   *Fan
	flags []flagged // by step
}

// flagged is what [Series.flags] answered.
type flagged struct {
	ones, present int
	fault         error
}

// Condense lets go of the series by path and of their histograms, except for those
// named. What stays is what [Ensemble.Fan] says at these probabilities, bit for bit,
// and what [Ensemble.Share] says: all that is asked of most series, while those by
// path are nearly all of the memory of a run.
func (e *Ensemble) Condense(probabilities []float64, except ...string) error {
	for k, s := range e.Series {
		if slices.Contains(except, s.Name) {
			continue
		}
		fan, err := e.Fan(s.Name, probabilities)
		if err != nil {
			return err
		}
		d := &digest{fan: fan, flags: make([]flagged, s.steps())}
		for step := range d.flags {
			f := &d.flags[step]
			f.ones, f.present, f.fault = s.flags(step)
		}
		e.Series[k] = Series{Report: s.Report, digest: d}
	}
	return nil
}

// pick takes some of the probabilities.
func (d *digest) pick(series string, probabilities []float64) (*Fan, error) {
	f := newFan(len(d.fan.Quantiles), probabilities)
	copy(f.Present, d.fan.Present)
	for i, p := range probabilities {
		at := slices.Index(d.fan.Probabilities, p)
		if at < 0 {
			return nil, fmt.Errorf("found probability %v of %s, expected one of %v: the others were let go", p, series, d.fan.Probabilities)
		}
		for step, q := range d.fan.Quantiles {
			f.Quantiles[step][i] = q[at]
		}
	}
	return f, nil
}

// lost is the answer to a question about single paths.
func (d *digest) lost(series string) error {
	return fmt.Errorf("%s by path was let go: of this run only quantiles and shares are kept", series)
}
