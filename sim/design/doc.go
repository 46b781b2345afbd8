// Package design answers one question: at which points shall the model be run?
//
// A [Design] is a list of points in the unit cube, one coordinate for each parameter; a
// [Space] turns a point into values of the parameters. Which values a parameter has, and
// whether it is spread evenly or by its logarithm, is left to the [Axis].
//
//	[Grid]            every combination of levels: maps, and few parameters
//	[LatinHypercube]  each parameter spread evenly over n points: many parameters, few runs
//	[Sobol]           points that fill the cube evenly, also when more follow
//	[Morris]          walks that move one parameter at a time: which matter at all?
//	[Saltelli]        two samples and their crossings: which share of the variance?
//
// Package sensitivity reads what the model says at the points of the last two.
//
// Point i is a function of the arguments of the design and of i alone, whichever points were
// asked for before, so that every shard of a run finds its own. Random numbers are those of
// PCG (package math/rand/v2) and integers, and the same on every machine.
package design
