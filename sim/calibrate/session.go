package calibrate

import "math"

// A session is one observed flow with the returns around it. Figures that were not
// observed are NaN.
type session struct {
	step  int
	flow  float64 // USD
	last  float64 // flow of the session before
	since float64 // log return since, and including, the day of the session before, up to the day of this one
	day   float64 // log return of its own day
}

// sessions lists the observed flows. On Monday since is the return of Friday, Saturday
// and Sunday: investors who decide in a session know all of it.
func (in *Input) sessions() []session {
	var list []session
	for t, flow := range in.Flow {
		if math.IsNaN(flow) {
			continue
		}
		open := in.midnight(t)
		s := session{step: t, flow: flow, last: math.NaN(), since: math.NaN(), day: in.change(open, in.endOfDay(t))}
		if n := len(list); n > 0 {
			s.last, s.since = list[n-1].flow, in.change(in.midnight(list[n-1].step), open)
		}
		list = append(list, s)
	}
	return list
}

// A figure of a session.
type figure func(s session) float64

func flow(s session) float64   { return s.flow }
func last(s session) float64   { return s.last }
func since(s session) float64  { return s.since }
func ownDay(s session) float64 { return s.day }
func rise(s session) float64   { return max(s.since, 0) }
func fall(s session) float64   { return min(s.since, 0) }

// gather puts figures into columns, for the observations that have all of them, and tells
// which those are.
func gather(list []session, figures ...figure) (columns sample, kept []int) {
	columns = make(sample, len(figures))
	row := make([]float64, len(figures))
	for i, s := range list {
		known := true
		for j, f := range figures {
			row[j] = f(s)
			known = known && !math.IsNaN(row[j])
		}
		if !known {
			continue
		}
		kept = append(kept, i)
		for j := range figures {
			columns[j] = append(columns[j], row[j])
		}
	}
	return columns, kept
}
