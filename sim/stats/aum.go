package stats

import "fmt"

// A FlowTiming says when in a period a fund's flow comes, which a report of
// assets under management and flows leaves open. Either way the market has
// changed the assets by end - start - flow; the return differs in what it is
// measured on.
type FlowTiming int

const (
	// FlowAtClose lets the period's return apply to the assets at its start:
	// end = start·(1+r) + flow.
	FlowAtClose FlowTiming = iota
	// FlowAtOpen lets it apply to what the flow has left:
	// end = (start+flow)·(1+r).
	FlowAtOpen
)

// EndAUM gives the assets at the end of a period from those at its start, the
// net flow, all in one unit, and the simple return of what the funds hold.
func (t FlowTiming) EndAUM(start, flow, simple float64) (float64, error) {
	base, after, err := t.split(start, flow)
	if err != nil {
		return absent, err
	}
	if err := checkValues([]float64{simple}, 1); err != nil {
		return absent, fmt.Errorf("return: %w", err)
	}
	if simple < -1 {
		return absent, fmt.Errorf("%w: return %v loses more than everything", ErrPrice, simple)
	}
	end, err := finite(base*(1+simple) + after)
	if err == nil && end < 0 {
		return absent, fmt.Errorf("%w: outflow %v is more than the %v there is", ErrArgument, -flow, base*(1+simple))
	}
	return end, err
}

// MarketReturn gives the simple return of what funds hold, from the assets at
// the start and at the end of a period and the net flow, all in one unit. It is
// as exact as they are: AUM rounded to a billion of 193 leaves the return open
// by half a point.
func (t FlowTiming) MarketReturn(start, end, flow float64) (float64, error) {
	base, after, err := t.split(start, flow)
	if err != nil {
		return absent, err
	}
	if err := checkValues([]float64{end}, 1); err != nil {
		return absent, fmt.Errorf("AUM at the end: %w", err)
	}
	if end < 0 || end < after {
		return absent, fmt.Errorf("%w: AUM of %v at the end, expected 0 or more, and no less than a flow at the close", ErrArgument, end)
	}
	return finite((end-after)/base - 1)
}

// split gives the assets that earn the return and the flow that comes after it.
func (t FlowTiming) split(start, flow float64) (base, after float64, err error) {
	if err := checkValues([]float64{start, flow}, 2); err != nil {
		return absent, absent, fmt.Errorf("AUM at the start and flow: %w", err)
	}
	switch t {
	case FlowAtClose:
		base, after = start, flow
	case FlowAtOpen:
		base = start + flow
	default:
		return absent, absent, fmt.Errorf("%w: unknown FlowTiming(%d)", ErrArgument, int(t))
	}
	if start <= 0 || base <= 0 {
		return absent, absent, fmt.Errorf("%w: AUM of %v and flow %v at the start, expected something to earn a return", ErrArgument, start, flow)
	}
	return base, after, nil
}
