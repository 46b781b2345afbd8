package study

import (
	"context"

	"github.com/ebb-sim/ebb/sim/montecarlo"
)

// Stream runs all paths of the base and of its variants once more, the same ones, and
// hands on size of them at a time; see [montecarlo.Stream]. The subjects are those of
// [Study.Runs]. The study has been executed.
func (study *Study) Stream(ctx context.Context, opt Options, size int, take func(*montecarlo.Stretch) (put func() error, err error)) error {
	var subjects []montecarlo.Subject
	for _, run := range study.runs() {
		subjects = append(subjects, run.subject())
	}
	e := study.Base.Ensemble
	o := montecarlo.Options{Paths: e.Paths, Seed: e.Seed, Workers: opt.Workers}
	return montecarlo.Stream(ctx, subjects, opt.told(o, "paths to keep"), size, take)
}
