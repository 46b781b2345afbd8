package trial

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"sync"
)

// answers sums up what the rules said on the paths of a scenario: the same in whatever
// order the paths end.
type answers struct {
	sync.Mutex
	idle      int // paths on which the rules ordered nothing
	closes    int // of all paths
	undecided map[string]Undecided
}

// add takes in one path, at its end. Of several reasons it keeps the first in their
// order: which path ends last is chance.
func (a *answers) add(ordered bool, closes int, undecided []Undecided) {
	a.Lock()
	defer a.Unlock()
	if !ordered {
		a.idle++
	}
	a.closes += closes
	for _, u := range undecided {
		if known, ok := a.undecided[u.Rule]; ok {
			u.Steps += known.Steps
			u.Reason = min(u.Reason, known.Reason)
		}
		a.undecided[u.Rule] = u
	}
}

// list is what could not be answered, in the order of the rules' names.
func (a *answers) list() []Undecided {
	return slices.SortedFunc(maps.Values(a.undecided), func(u, v Undecided) int { return cmp.Compare(u.Rule, v.Rule) })
}

// warnings tell of paths on which there was nothing to see, and why.
func (s *Simulated) warnings() (list []string) {
	paths, idle := fmt.Sprintf("the %d paths of %s", s.Paths, s.Study.Scenario.Name), fmt.Sprintf("%d of ", s.Idle)
	if s.Paths == 1 {
		paths, idle = "the path of "+s.Study.Scenario.Name, ""
	}
	if s.Idle > 0 {
		list = append(list, "the rules order nothing on "+idle+paths)
	}
	for _, u := range s.Undecided {
		list = append(list, u.of(s.Closes, "closes on "+paths))
	}
	return list
}
