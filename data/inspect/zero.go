package inspect

import (
	"github.com/ebb-sim/ebb/data"
)

// zeros are the zeros of a column that otherwise is never 0 or less, in which 0 may
// stand for "no data".
func zeros(c *column, _ Options) []Finding {
	if c.kind == data.Rate {
		return nil
	}
	var places []Place
	zero := 0
	for i := 0; i < len(c.v); i++ {
		switch {
		case c.v[i] < 0:
			return nil
		case c.v[i] > 0:
			continue
		}
		k := i
		for k+1 < len(c.v) && c.v[k+1] == 0 {
			k++
		}
		places, zero = append(places, c.run(i, k, "")), zero+k-i+1
		i = k
	}
	severity, text := Note, "0 in a column that has no negative value; none, or no data?"
	switch {
	case zero == len(c.v) && zero > 1 && c.kind == data.Flow && zero < 60:
		return nil // a fund may be quiet for a while
	case zero == len(c.v) && zero > 1:
		return []Finding{{Severity: Warning, Check: "zero", Columns: []string{c.name}, Text: "every value is 0; no data?"}}
	case c.moves && 10*zero < 9*len(c.v):
		severity, text = Warning, "0 in a column that is otherwise greater; no data?"
	case 10*zero > len(c.v):
		return nil // zeros are usual here
	}
	found := c.found(severity, "zero", text, places)
	if len(found) > 0 {
		found[0].Count = zero
	}
	return found
}
