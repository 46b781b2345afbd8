package rule

// cause is why a value is not known.
type cause int8

const (
	known cause = iota
	unpublished
	short
	empty
	few
	stepless
	zero
	undefined
	large
	valueless
	undated
)

func (c cause) String() string {
	switch c {
	case unpublished:
		return "nothing is published yet"
	case short:
		return "the window is longer than what is published"
	case empty:
		return "nothing was published within the window"
	case few:
		return "too few values are published"
	case stepless:
		return "the series has no step"
	case zero:
		return "division by zero"
	case undefined:
		return "not defined for this value"
	case large:
		return "too large for a number"
	case valueless:
		return "has no value"
	case undated:
		return "the run has no dates"
	}
	return "known"
}
