package design

import (
	"errors"
	"fmt"
	"strings"
)

// Grid is every combination of levels[j] levels of coordinate j; the last coordinate
// changes fastest, as in nested loops. Levels are equally spaced with both ends, and a single
// one is in the middle ([Axis.Levels] are their values).
func Grid(levels ...int) (Design, error) {
	faults := []error{checkCount("coordinates of a grid", len(levels), 1, mostPoints)}
	n := 1
	for j, k := range levels {
		err := checkCount(fmt.Sprintf("levels of coordinate %d", j), k, 1, mostPoints)
		faults = append(faults, err)
		if err == nil && n <= mostPoints/k {
			n *= k
		} else if err == nil {
			faults = append(faults, fmt.Errorf("design: found a grid of more than %d points", mostPoints))
			break
		}
	}
	if err := errors.Join(faults...); err != nil {
		return Design{}, err
	}
	levels = append([]int(nil), levels...)
	return Design{gridMethod(levels), n, len(levels), func(i int, x []float64) {
		for j := len(levels) - 1; j >= 0; j-- {
			x[j] = level(i%levels[j], levels[j])
			i /= levels[j]
		}
	}}, nil
}

func gridMethod(levels []int) string {
	text := make([]string, len(levels))
	for j, k := range levels {
		text[j] = fmt.Sprint(k)
	}
	return "grid of " + strings.Join(text, " × ") + " levels"
}
