package stats

import "errors"

// A Skew is the performance of an asset against another one, apart for the periods in
// which the other fell and for those in which it rose. An asset that loses more than
// the other in its falls and gains no more in its rises is held to be skewed.
type Skew struct {
	Down Measured `json:"down"` // mean(r - r_X | r_X < 0)
	Up   Measured `json:"up"`   // mean(r - r_X | r_X > 0)
	Flat int      `json:"flat"` // periods in which the other did not move; they are in neither mean
}

// PerformanceSkew computes the [Skew] of an asset against another one from the simple
// returns of both over the same periods. Those are the other's own: where it trades on
// business days, a return of the asset runs from its price at one close of the other to
// the next, weekends included. A side without a period is absent and says so.
//
// The standard errors take the periods for independent. The means rest on a few dozen
// of them, so a window moved by two weeks can change them by as much as their standard
// error: a figure is worth little without the windows beside it.
func PerformanceSkew(returns, other []float64, level float64) (Skew, error) {
	err := checkLevel(level)
	if err == nil {
		err = checkPairs(returns, other, 1)
	}
	if err != nil {
		side, _ := unmeasured(level, 0, methodObservedMean, err)
		return Skew{Down: side, Up: side}, err
	}
	var down, up []float64
	skew := Skew{}
	for i, x := range other {
		switch ahead := returns[i] - x; {
		case x < 0:
			down = append(down, ahead)
		case x > 0:
			up = append(up, ahead)
		default:
			skew.Flat++
		}
	}
	var errDown, errUp error
	skew.Down, errDown = sideOfSkew(down, level, "fell")
	skew.Up, errUp = sideOfSkew(up, level, "rose")
	return skew, errors.Join(errDown, errUp)
}

func sideOfSkew(ahead []float64, level float64, moved string) (Measured, error) {
	if len(ahead) == 0 {
		e := estimate(absent, level, 0, methodObservedMean).warn("no period in which the other %s", moved)
		return Measured{e, absent}, nil
	}
	return measureMean(ahead, level)
}
