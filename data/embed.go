package data

import "embed"

// Bundled holds the data that come with ebb: facts/*.csv, figures as reported
// with their sources, and histories/*.csv, daily series reconstructed from them
// that are not market data. The README beside the files says what is exact.
//
//go:embed facts/*.csv histories/*.csv
var Bundled embed.FS
