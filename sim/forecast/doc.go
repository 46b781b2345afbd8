// Package forecast answers one question: did the model forecast?
//
// From each of many closes, the origins, a model gives an ensemble of what the log
// return to a later close may be, knowing no more than had been published at the
// origin. What came is then held against the ensemble: by its continuous ranked
// probability score, by its place in the ensemble, and by whether the ensemble's
// intervals and its lower tail hold as often as they claim. [Roll] does so for several
// models on the same origins.
//
// Forecasts of a horizon longer than the time between origins overlap: what came of one
// is part of what came of the next. Means then have errors that allow for it, and tests
// that do not are made on origins that stand a horizon apart.
package forecast
