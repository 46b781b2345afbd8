// Package intake answers one question: whose file is this? [Recognise] compares
// the first rows of a vendor's file with a table of known formats and returns the
// [Mapping] that reads it; [Read] does what a mapping says and returns the series
// as files in ebb's own format, with a report of every rule that changed or left
// out a row.
//
// A mapping never guesses. What a file does not tell, such as the zone of its
// times, stands in its mapping as "?" and is a question to the user, who answers
// it with a flag or in the mapping file.
package intake
