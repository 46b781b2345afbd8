package data

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A position is a place in a file; lines and columns count from 1, columns in
// bytes.
type position struct{ line, column int32 }

// maxColumns bounds the columns of a file; spreadsheets end there.
const maxColumns = 1 << 14

// A csvFile is a CSV file of which the header is read. Its rows are left in its
// text, to be gone over with walk: as strings they would take several times
// the memory and most of the time.
type csvFile struct {
	file    string
	text    []byte
	head    []string // comment lines before the header; the first is line 1
	header  header
	body    place           // of the rows
	leftOut func(*row) bool // rows that are no data; may be nil
	cut     Faults          // of the rows up to the header
	faults  Faults          // of what the columns are
}

type header struct {
	texts []string
	at    []position
	place
}

// A place is where a line starts in the text, and its number.
type place struct{ offset, line int }

// cutFile cuts the header off b. Broken quotes before it become faults of the
// result; only a file without a header is an error.
func cutFile(file string, b []byte) (*csvFile, error) {
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	if !utf8.Valid(b) || bytes.IndexByte(b, 0) >= 0 {
		return nil, Faults{{File: file, Found: "bytes that are not UTF-8 text", Expected: "a CSV file in UTF-8"}}
	}
	s := &csvFile{file: file, text: b}
	s.body = s.cutHead()
	w := s.walk()
	if !w.record() {
		return nil, append(w.faults, Fault{File: file, Found: "no rows", Expected: "a header line and rows of data"})
	}
	if w.row.at == nil {
		w.row.cut()
	}
	if n := w.row.len(); n > maxColumns {
		return nil, append(w.faults, cellFault(file, w.row.position(0), "", fmt.Sprintf("%d columns", n), fmt.Sprintf("at most %d", maxColumns)))
	}
	s.cut = w.faults
	s.header = header{w.row.strings(), w.row.positions(), w.start}
	for i, name := range s.header.texts {
		s.header.texts[i] = strings.TrimSpace(name)
	}
	s.body = w.next
	return s, nil
}

// cutHead takes the comment lines off the start of the text, and returns where
// they end.
func (s *csvFile) cutHead() place {
	end := place{0, 1}
	for b := s.text; len(b) > 0 && b[0] == '#'; b = s.text[end.offset:] {
		line, rest, _ := bytes.Cut(b, []byte("\n"))
		s.head = append(s.head, strings.TrimSuffix(string(line), "\r"))
		end = place{len(s.text) - len(rest), end.line + 1}
	}
	return end
}

// broken returns the faults of how the rows are cut into cells.
func (s *csvFile) broken() Faults {
	w := s.walk()
	for w.step() {
	}
	return append(s.cut, w.faults...)
}

// fault adds a fault at a cell. Column is the name of its column, or "".
func (s *csvFile) fault(at position, column, found, expected string) {
	if s.faults.full() {
		return
	}
	s.faults = append(s.faults, cellFault(s.file, at, column, found, expected))
}

func cellFault(file string, at position, column, found, expected string) Fault {
	f := Fault{File: file, Line: int(at.line), Column: int(at.column), Found: found, Expected: expected}
	if column != "" {
		f.Text = "column " + column
	}
	return f
}

// checkHeader adds a fault for every empty, unprintable or repeated column name.
func (s *csvFile) checkHeader() {
	seen := make(map[string]bool, len(s.header.texts))
	for i, name := range s.header.texts {
		key := strings.ToLower(name)
		switch {
		case name == "":
			s.fault(s.header.at[i], "", "an empty column name", "a name for every column")
		case strings.ContainsFunc(name, unicode.IsControl):
			s.fault(s.header.at[i], "", "column "+Quote(name), "a name without control characters")
		case seen[key]:
			s.fault(s.header.at[i], "", "column "+Quote(name)+" twice", "each column name once")
		}
		seen[key] = true
	}
}

// find returns the index of the first column whose lower-case name is one of
// names, or -1.
func (s *csvFile) find(names ...string) int {
	for _, name := range names {
		for i, h := range s.header.texts {
			if strings.ToLower(h) == name {
				return i
			}
		}
	}
	return -1
}

// missing adds the fault that a column is not there, and names the column of
// the file that is most likely it misspelt.
func (s *csvFile) missing(name string) {
	expected := "a column " + Quote(name)
	if near := nearest(name, s.header.texts); near != "" {
		expected += "; is it " + near + "?"
	}
	s.fault(position{line: s.header.at[0].line}, "", "columns "+s.columnNames(), expected)
}

// columnNames lists the header; names that cannot be seen as they are, and long
// ones, in quotes.
func (s *csvFile) columnNames() string {
	const most = 40
	var names []string
	for _, name := range s.header.texts[:min(len(s.header.texts), most)] {
		switch shown := Quote(name); {
		case name == "":
			name = `""`
		case shown != `"`+name+`"`:
			name = shown
		}
		names = append(names, name)
	}
	if more := len(s.header.texts) - len(names); more > 0 {
		names = append(names, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(names, ", ")
}
