// Package plots draws the charts of a memo. Each chart is a function from a
// plain data struct to a [Figure]; a figure writes itself as a PNG, an SVG or a PDF.
//
//	fig, err := plots.Price(plots.PriceData{Frame: …, Timeline: …, Price: …})
//	err = fig.PNG(w)
//
// In every series NaN means absent and leaves a gap; it is never drawn as 0.
// An optional series that is nil or wholly absent is left out. An infinite
// value, a length that does not match the timeline or a value a chart cannot
// show is an error, and all faults come back at once. Returns, drawdowns and
// other percentages are fractions (0.05 is 5 %), money is USD.
//
// The look lives in theme.go, the arrangement of a page in layout.go. Colours
// have fixed meanings: see [ColorOf]. The same data gives the same bytes, and
// figures may be drawn from several goroutines at once.
package plots
