package stats

// library makes the table of a library from its statistics.
func library(version string, list ...Statistic) []Statistic {
	for i := range list {
		list[i].Source = version + ", " + list[i].Source
	}
	return list
}

// as is a statistic that a library computes as ebb does, under a name of its own.
func as(name, theirs string) Statistic {
	s, _ := lookup(ebbTable, name)
	s.Source = theirs
	return s
}

// redefined is a statistic that a library computes in its own way.
func redefined(name, theirs, definition string, compute func(Sample) (float64, error)) Statistic {
	s := as(name, theirs)
	s.Definition, s.compute = definition, compute
	return s
}

// in gives the statistic another unit.
func (s Statistic) in(unit string) Statistic {
	s.Unit = unit
	return s
}
