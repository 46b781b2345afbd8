package sensitivity

import (
	"errors"
	"fmt"
	"math"
)

// Options are those of every analysis.
type Options struct {
	Level    float64 // of the intervals, as .95
	Draws    int     // of the bootstrap, at least 4/(1−Level)
	Seed     uint64  // of the bootstrap
	MostLost float64 // share of blocks that may be left out because a run failed; 0: none
}

// Runs say what a result rests on.
type Runs struct {
	Runs   int `json:"runs"`
	Failed int `json:"failed"` // runs without an outcome
	Blocks int `json:"blocks"`
	Lost   int `json:"lost"` // blocks left out, because a run of theirs failed
}

// Used is the number of blocks that the result rests on.
func (r Runs) Used() int { return r.Blocks - r.Lost }

const (
	leastBlocks  = 2     // two have a spread
	fewBlocks    = 10    // Campolongo, Cariboni and Saltelli (2007), Environmental Modelling & Software 22(10): 10 to 50 trajectories
	largest      = 1e150 // the largest outcome; beyond it squares overflow
	mostReported = 5     // faults of one kind
)

// check finds faults in what does not depend on the analysis.
func (o Options) check() error {
	var faults []error
	if !(o.Level > 0 && o.Level < 1) {
		faults = append(faults, fmt.Errorf("sensitivity: found level %v, expected more than 0 and less than 1", o.Level))
	} else if least := math.Ceil(4/(1-o.Level) - 1e-9); float64(o.Draws) < least {
		faults = append(faults, fmt.Errorf("sensitivity: found %d draws, expected at least %.0f, so that two lie outside each end of an interval at level %v", o.Draws, least, o.Level))
	}
	if !(o.MostLost >= 0 && o.MostLost < 1) {
		faults = append(faults, fmt.Errorf("sensitivity: found a share of %v blocks that may be left out, expected 0 to less than 1", o.MostLost))
	}
	return errors.Join(faults...)
}

// checkNames finds parameters that cannot be told apart.
func checkNames(parameters []string) error {
	var faults []error
	if len(parameters) == 0 {
		faults = append(faults, errors.New("sensitivity: found no parameters, expected at least 1"))
	}
	seen := map[string]int{}
	for j, name := range parameters {
		if first, again := seen[name]; again {
			faults = append(faults, fmt.Errorf("sensitivity: found parameters[%d] %q, which parameters[%d] is too", j, name, first))
		} else if name == "" {
			faults = append(faults, fmt.Errorf("sensitivity: found parameters[%d] without a name", j))
		}
		seen[name] = j
	}
	return errors.Join(faults...)
}

// blocks cuts the outcomes into blocks of a size, finds those without a failed run, and
// counts the others.
func (o Options) blocks(outcomes []float64, size int, what string) (kept []int, runs Runs, err error) {
	if len(outcomes) < leastBlocks*size || len(outcomes)%size != 0 {
		return nil, runs, fmt.Errorf("sensitivity: found %d outcomes, expected whole %s of %d, at least %d of them", len(outcomes), what, size, leastBlocks)
	}
	if err := checkOutcomes(outcomes); err != nil {
		return nil, runs, err
	}
	runs = Runs{Runs: len(outcomes), Blocks: len(outcomes) / size}
	for b := range runs.Blocks {
		failed := 0
		for _, y := range outcomes[b*size : (b+1)*size] {
			if math.IsNaN(y) {
				failed++
			}
		}
		runs.Failed += failed
		if failed > 0 {
			runs.Lost++
		} else {
			kept = append(kept, b)
		}
	}
	if float64(runs.Lost) > o.MostLost*float64(runs.Blocks) || len(kept) < leastBlocks {
		return nil, runs, fmt.Errorf("sensitivity: %d of %d runs failed, and with them %d of %d %s; expected at most a share of %v, and at least %d left",
			runs.Failed, runs.Runs, runs.Lost, runs.Blocks, what, o.MostLost, leastBlocks)
	}
	return kept, runs, nil
}

func checkOutcomes(outcomes []float64) error {
	var faults []error
	more := 0
	for i, y := range outcomes {
		if !(math.Abs(y) > largest) {
			continue
		}
		if more++; more <= mostReported {
			faults = append(faults, fmt.Errorf("sensitivity: found outcomes[%d] %v, expected a number within ±%g, or NaN for a run that failed", i, y, largest))
		}
	}
	if more > mostReported {
		faults = append(faults, fmt.Errorf("sensitivity: and %d more outcomes beyond ±%g", more-mostReported, largest))
	}
	return errors.Join(faults...)
}

// warnings are those of the runs.
func (r Runs) warnings(what string) []string {
	var list []string
	if r.Lost > 0 {
		list = append(list, fmt.Sprintf("%d of %d runs failed: %d of %d %s are left out, and the result describes the rest", r.Failed, r.Runs, r.Lost, r.Blocks, what))
	}
	if r.Used() < fewBlocks {
		list = append(list, fmt.Sprintf("%d %s: intervals from fewer than %d are too narrow", r.Used(), what, fewBlocks))
	}
	return list
}
