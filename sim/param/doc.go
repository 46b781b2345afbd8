// Package param answers one question: which parameters does a thing have, and
// how are they written?
//
// It reads the struct tags described in package mechanism ([Fields], [List])
// and the quantities people write: 1.73bn, 3.4%, 25bp, 6w ([Parse], [Format]).
package param
