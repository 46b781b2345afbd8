package montecarlo_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/ebb-sim/ebb/sim/montecarlo"
)

// streamed puts what a stream hands on into the form of an ensemble: by subject, series,
// step and path.
func streamed(t *testing.T, list []montecarlo.Subject, o montecarlo.Options, size int, like []*montecarlo.Ensemble) [][][][]float64 {
	t.Helper()
	all := make([][][][]float64, len(list))
	for i, e := range like {
		for range e.Series {
			all[i] = append(all[i], make([][]float64, e.Plan.Steps+1))
		}
	}
	next := 0
	err := montecarlo.Stream(context.Background(), list, o, size, func(s *montecarlo.Stretch) (func() error, error) {
		return func() error {
			if s.From != next || s.Paths != min(size, o.Paths-next) {
				t.Errorf("%d paths from path %d, after %d", s.Paths, s.From, next)
			}
			next += s.Paths
			for i := range all {
				for k := range all[i] {
					for step := range all[i][k] {
						for path := range s.Paths {
							all[i][k][step] = append(all[i][k][step], s.At(i, k, step, path))
						}
					}
				}
			}
			return nil
		}, nil
	})
	if err != nil || next != o.Paths {
		t.Fatalf("%d paths, %v", next, err)
	}
	return all
}

// A stream has the paths of the run, in their order, whatever the size of a stretch and
// the number of workers.
func TestStream(t *testing.T) {
	list := subjects(t, 6)
	o := montecarlo.Options{Paths: 103, Seed: 3}
	want := together(t, list, o)
	for _, size := range []int{1, 7, 103, 1000} {
		for _, o.Workers = range []int{1, 2, 8} {
			got := streamed(t, list, o, size, want)
			for i, e := range want {
				for k, s := range e.Series {
					identical(t, e.Series[k].Name, s.Values, got[i][k])
				}
			}
		}
	}
}

// The first that fails stops the stream, be it a path or what is done with it; nothing
// behind it is put.
func TestStreamFails(t *testing.T) {
	plan := compile(t, 5)
	list := []montecarlo.Subject{{Label: "base", Plan: plan, Driver: broken{gbm(t), map[uint64]bool{37: true, 38: true, 390: true}}}}
	full := errors.New("no space left on device")
	for _, workers := range []int{1, 2, 8, 8} {
		put := 0
		o := montecarlo.Options{Paths: 400, Seed: 42, Workers: workers}
		err := montecarlo.Stream(context.Background(), list, o, 10, func(s *montecarlo.Stretch) (func() error, error) {
			return func() error { put = s.From + s.Paths; return nil }, nil
		})
		if err == nil || !strings.HasPrefix(err.Error(), "base: path 37 of seed 42: step 1") || put != 30 {
			t.Errorf("%d workers: %d paths put, %v", workers, put, err)
		}
		for _, late := range []bool{false, true} {
			err = montecarlo.Stream(context.Background(), list, o, 10, func(s *montecarlo.Stretch) (func() error, error) {
				fault := error(nil)
				if s.From == 20 {
					fault = full
				}
				if late {
					return func() error { return fault }, nil
				}
				return func() error { return nil }, fault
			})
			if !errors.Is(err, full) {
				t.Errorf("%d workers: %v", workers, err)
			}
		}
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	why := errors.New("the researcher went home")
	o := montecarlo.Options{Paths: math.MaxUint32, Workers: 4, Progress: func(int) { cancel(why) }}
	list[0].Driver = gbm(t)
	err := montecarlo.Stream(ctx, list, o, 10, func(*montecarlo.Stretch) (func() error, error) { return func() error { return nil }, nil })
	if !errors.Is(err, why) {
		t.Errorf("a stream that was stopped: %v", err)
	}
	if err := montecarlo.Stream(context.Background(), list, montecarlo.Options{Paths: 0}, 0, nil); err == nil || !strings.Contains(err.Error(), "paths is 0") || !strings.Contains(err.Error(), "stretches of 0 paths") {
		t.Errorf("nothing to run: %v", err)
	}
}
