package montecarlo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
)

// A Stretch is every series at every step of a few paths in a row.
type Stretch struct {
	From, Paths int
	runs        []*running // by subject
}

// At is the value of a series of a subject, in the order of [Ensemble.Series], at a
// step of a path, both counted from 0: the starting close and the first path of them.
// NaN = absent.
func (t *Stretch) At(subject, series, step, path int) float64 {
	r := t.runs[subject]
	return r.series[series][path*(r.ensemble.Plan.Steps+1)+step]
}

// Stream runs the paths of several subjects, for their series and not their outcomes,
// and keeps none of them. It hands on size of them at a time, the same ones whatever
// the number of workers: take is called by several workers at once, each with a stretch
// of its own, and what take returns is called in the order of the paths, one at a time,
// before the stretch is used again. So a file can be written in order while its parts
// are made side by side, and no more stretches are in memory than there are workers.
// The error is the first in the order of the paths.
func Stream(ctx context.Context, subjects []Subject, o Options, size int, take func(*Stretch) (put func() error, err error)) error {
	o.OutcomesOnly = true // the series are not kept
	err := o.settle(subjects)
	if size < 1 {
		err = errors.Join(err, fmt.Errorf("found stretches of %d paths, expected at least 1", size))
	}
	if err != nil || len(subjects) == 0 {
		return err
	}
	s := &stream{subjects: subjects, options: o, size: size, take: take, next: o.From, put: o.From}
	s.turn.L = &s.mu
	var workers sync.WaitGroup
	for range min(cmp.Or(o.Workers, runtime.GOMAXPROCS(0)), (o.To-o.From+size-1)/size) {
		workers.Go(func() { s.work(ctx) })
	}
	workers.Wait()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return s.err
}

type stream struct {
	subjects []Subject
	options  Options
	size     int
	take     func(*Stretch) (func() error, error)

	mu   sync.Mutex
	turn sync.Cond
	next int // first path not yet handed out
	put  int // first path of the stretch whose turn it is
	err  error
}

// work makes stretches until there are none left, or one before has failed.
func (s *stream) work(ctx context.Context) {
	t := s.newStretch()
	for s.deal(t) {
		var put func() error
		err := s.fill(ctx, t)
		if err == nil {
			put, err = s.take(t)
		}
		if !s.inTurn(t, put, err) {
			return
		}
	}
}

func (s *stream) newStretch() *Stretch {
	t := &Stretch{}
	for _, subject := range s.subjects {
		e := &Ensemble{Plan: subject.Plan, Driver: subject.Driver, Seed: s.options.Seed}
		for _, r := range reports(subject.Plan) {
			e.Series = append(e.Series, Series{Report: r})
		}
		t.runs = append(t.runs, newRunning(e, s.size))
	}
	return t
}

// deal gives a stretch its paths.
func (s *stream) deal(t *Stretch) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	t.From, t.Paths = s.next, min(s.size, s.options.To-s.next)
	s.next += t.Paths
	return t.Paths > 0 && s.err == nil
}

// fill runs the paths of a stretch.
func (s *stream) fill(ctx context.Context, t *Stretch) error {
	for i := range t.Paths {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		for k, r := range t.runs {
			if err := r.runner.Run(r.ensemble.source(t.From+i), r.path); err != nil {
				return s.subjects[k].blame(fmt.Errorf("path %d of seed %d: %w", t.From+i, s.options.Seed, err))
			}
			r.keep(i)
		}
	}
	return nil
}

// inTurn waits until all before this one are put, and puts it.
func (s *stream) inTurn(t *Stretch, put func() error, err error) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.put != t.From && s.err == nil {
		s.turn.Wait()
	}
	defer s.turn.Broadcast()
	if s.err != nil {
		return false
	}
	if err == nil {
		err = put()
	}
	s.put, s.err = t.From+t.Paths, err
	if err == nil && s.options.Progress != nil {
		s.options.Progress(s.put - s.options.From)
	}
	return err == nil
}
