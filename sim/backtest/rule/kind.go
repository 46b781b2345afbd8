package rule

// Kind is what an expression or a name stands for.
type Kind int

const (
	Number   Kind = iota
	Duration      // in days
	Flag          // yes or no; 1 or 0 where it is given as a number
	series        // a name that a window function takes; elsewhere its latest value

	broken Kind = -1 // at fault, which is said already
	either Kind = -2 // whatever it is
)

// String says it as a fault does: "a number".
func (k Kind) String() string {
	switch k {
	case Number:
		return "a number"
	case Duration:
		return "a duration"
	case Flag:
		return "a flag"
	case series:
		return "a series"
	}
	return "nothing"
}

// example says what is expected where a kind is.
func (k Kind) example() string {
	switch k {
	case Duration:
		return "a duration, such as 5d"
	case Flag:
		return "a flag, such as btc.price > 0"
	case series:
		return "the name of a series"
	}
	return k.String()
}

// truth is a flag in Kleene's logic of three values (Kleene, 1952, Introduction
// to Metamathematics, section 64).
type truth int8

const (
	no truth = iota
	yes
	unknown
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

func (t truth) not() truth {
	if t == unknown {
		return unknown
	}
	return yes - t
}
