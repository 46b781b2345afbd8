package data

import (
	"fmt"
	"strings"
	"time"
)

// A format is one way in which histories are written as CSV.
type format struct {
	name      string
	about     string               // one line for the reader of a fault
	recognise func(*csvFile) bool  // by content; formats are asked in their order
	plan      func(*csvFile) *plan // says what the columns mean
}

// formats are asked in this order; the last takes any file with a date column.
var formats = []format{ebbFormat, klinesFormat, ohlcvFormat, farsideFormat, plainFormat}

// Formats returns the names that [ReadOptions] may force, in the order in
// which a file is compared with them.
func Formats() []string {
	names := make([]string, 0, len(formats))
	for _, f := range formats {
		names = append(names, f.name)
	}
	return names
}

// A plan says how to read the columns of one file.
type plan struct {
	date       int // index of the date column; -1 if it is missing
	columns    []column
	byDefault  string // the column meant if a request names none
	accounting bool   // numbers may be written as accountants do
	source     string
	status     string
	notes      []Note
	check      func(*Table) Faults // relations between columns; may be nil
}

// pick returns the format forced by name, or the first that recognises s.
func pick(s *csvFile, name string) (format, error) {
	for _, f := range formats {
		if f.name == name || name == "" && f.recognise(s) {
			return f, nil
		}
	}
	if name != "" {
		return format{}, fmt.Errorf("unknown format %s, expected one of %s%s", Quote(name), joined(Formats()), DidYouMean(name, Formats()))
	}
	if h := s.header.texts; len(h) == 1 && strings.ContainsAny(h[0], "\t;") {
		return format{}, Faults{{File: s.file, Line: int(s.header.at[0].line), Found: "cells separated by tabs or semicolons", Expected: "commas"}}
	}
	known := ""
	for _, f := range formats {
		known += "\n    " + f.name + ": " + f.about
	}
	return format{}, Faults{{
		File: s.file, Line: int(s.header.at[0].line), Text: "format not recognised",
		Found: "columns " + s.columnNames(), Expected: "one of" + known,
	}}
}

// A Column is one column of a table that holds numbers.
type Column struct {
	Name string
	Kind Kind          // "" if neither file nor format says
	Unit Unit          // as in the file; "" if neither file nor format says
	Lag  time.Duration // publication lag that file or format states
	// Fixed says that kind and unit are stated by the file or the format and
	// no request may contradict them.
	Fixed bool
}

// dateNames are what a date column may be called.
var dateNames = []string{"date", "time", "datetime", "timestamp", "day", "open_time", "snapped_at"}
