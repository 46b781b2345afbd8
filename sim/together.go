package sim

// Together is a Driver whose paths k·Group, …, k·Group + Group − 1 are drawn together,
// as antithetic pairs are: each path has the driver's law, and groups are independent
// of each other.
type Together interface {
	Driver
	Group() int
	Alone() Driver // the driver with every path for itself
}

// GroupOf is the number of paths that a driver draws together: 1 unless it is a
// [Together].
func GroupOf(d Driver) int {
	if t, ok := d.(Together); ok {
		return t.Group()
	}
	return 1
}

// Alone is the driver with every path for itself, for whoever takes the paths as
// independent.
func Alone(d Driver) Driver {
	if t, ok := d.(Together); ok {
		return t.Alone()
	}
	return d
}
