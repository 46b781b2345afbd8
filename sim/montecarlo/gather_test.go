package montecarlo_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/ebb-sim/ebb/sim/montecarlo"
)

// gather hands on parts, and then an error where there is one.
func gather(err error, parts ...*montecarlo.Ensemble) (*montecarlo.Ensemble, error) {
	return montecarlo.Gather(func(yield func(*montecarlo.Ensemble, error) bool) {
		for _, part := range parts {
			if !yield(part, nil) {
				return
			}
		}
		if err != nil {
			yield(nil, err)
		}
	})
}

// Parts one by one give what all of them at once give.
func TestGather(t *testing.T) {
	list := subjects(t, 2)
	for _, size := range sizes {
		o := size.o
		want := together(t, list, o)
		parts := make([][]*montecarlo.Ensemble, len(list))
		for shard := range 3 {
			o.From, o.To = shard*o.Paths/3, (shard+1)*o.Paths/3
			for i, e := range together(t, list, o) {
				parts[i] = append(parts[i], e)
			}
		}
		for i := range list {
			got, err := gather(nil, parts[i]...)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(encode(t, got), encode(t, want[i])) {
				t.Errorf("%s, %s: other bytes", size.name, list[i].Label)
			}
		}
	}
}

func TestGatherFaults(t *testing.T) {
	list := subjects(t, 3)
	part := func(subject, paths, from, to int, seed uint64) *montecarlo.Ensemble {
		return together(t, list[subject:subject+1], montecarlo.Options{Paths: paths, From: from, To: to, Seed: seed})[0]
	}
	condensed := part(0, 90, 30, 90, 1)
	if err := condensed.Condense(nil); err != nil {
		t.Fatal(err)
	}
	lost := errors.New("the disk is gone")
	for want, parts := range map[string][]*montecarlo.Ensemble{
		"found no part of a run":                              nil,
		"found a part from path 60, expected one from path 0": {part(0, 90, 60, 90, 1), part(0, 90, 0, 60, 1)},
		"found a part from path 20, expected one":             {part(0, 90, 0, 30, 1), part(0, 90, 20, 90, 1)},
		"found 60 paths, expected all 90":                     {part(0, 90, 0, 60, 1)},
		"found seed 2, expected 1":                            {part(0, 90, 0, 30, 1), part(0, 90, 30, 90, 2)},
		"btc.price by path was let go":                        {part(0, 90, 0, 30, 1), condensed},
	} {
		if _, err := gather(nil, parts...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if _, err := gather(lost, part(0, 90, 0, 30, 1)); !errors.Is(err, lost) {
		t.Errorf("got %v", err)
	}
}
