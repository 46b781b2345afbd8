package data

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A position is a place in a file; lines and columns count from 1, columns in
// bytes.
type position struct{ line, column int32 }

// A csvFile is a CSV file cut into cells, each with its place, and nothing yet
// said about what the cells mean.
type csvFile struct {
	file   string
	head   []string // comment lines before the header; the first is line 1
	header csvRow
	rows   []csvRow // rows with as many cells as the header
	faults Faults
}

type csvRow struct {
	texts []string
	at    []position
}

// cutFile cuts b into cells. Broken quotes and rows with too few or too many
// cells become faults of the result; only a file without a header is an error.
func cutFile(file string, b []byte) (*csvFile, error) {
	s := &csvFile{file: file}
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	if !utf8.Valid(b) || bytes.IndexByte(b, 0) >= 0 {
		return nil, Faults{{File: file, Found: "bytes that are not UTF-8 text", Expected: "a CSV file in UTF-8"}}
	}
	b = s.cutHead(b)
	r := csv.NewReader(bytes.NewReader(b))
	r.FieldsPerRecord = -1 // counted here, so that one bad row does not hide the next
	for {
		texts, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			s.faults = append(s.faults, s.quoteFault(err))
			continue
		}
		s.add(s.place(r, texts))
	}
	if s.header.texts == nil {
		return nil, append(s.faults, Fault{File: file, Found: "no rows", Expected: "a header line and rows of data"})
	}
	return s, nil
}

// cutHead takes the comment lines off the start of b.
func (s *csvFile) cutHead(b []byte) []byte {
	for len(b) > 0 && b[0] == '#' {
		line, rest, _ := bytes.Cut(b, []byte("\n"))
		s.head = append(s.head, strings.TrimSuffix(string(line), "\r"))
		b = rest
	}
	return b
}

// place returns the row r has just read with the place of each cell. csv.Reader
// counts blank lines and lines inside quotes, which a row count would miss.
func (s *csvFile) place(r *csv.Reader, texts []string) csvRow {
	row := csvRow{texts, make([]position, len(texts))}
	for i := range texts {
		line, column := r.FieldPos(i)
		row.at[i] = position{int32(line + len(s.head)), int32(column)}
	}
	return row
}

func (s *csvFile) add(row csvRow) {
	if s.header.texts == nil {
		for i, h := range row.texts {
			row.texts[i] = strings.TrimSpace(h)
		}
		s.header = row
		return
	}
	if got, want := len(row.texts), len(s.header.texts); got != want {
		expected := fmt.Sprintf("%d as in the header", want)
		if got > want {
			expected += " (a number with a thousands separator needs quotes)"
		}
		s.fault(row.at[0], "", fmt.Sprintf("%d cells", got), expected)
		return
	}
	s.rows = append(s.rows, row)
}

// fault adds a fault at a cell. Column is the name of its column, or "".
func (s *csvFile) fault(at position, column, found, expected string) {
	s.faults = append(s.faults, cellFault(s.file, at, column, found, expected))
}

func cellFault(file string, at position, column, found, expected string) Fault {
	f := Fault{File: file, Line: int(at.line), Column: int(at.column), Found: found, Expected: expected}
	if column != "" {
		f.Text = "column " + column
	}
	return f
}

func (s *csvFile) quoteFault(err error) Fault {
	var p *csv.ParseError
	if !errors.As(err, &p) {
		return Fault{File: s.file, Text: err.Error()}
	}
	f := Fault{File: s.file, Line: p.Line + len(s.head), Column: p.Column, Text: p.Err.Error()}
	switch p.Err {
	case csv.ErrBareQuote:
		f.Text, f.Found, f.Expected = "", `a " inside a cell without quotes`, `a quoted cell with the " doubled`
	case csv.ErrQuote:
		f.Text, f.Found, f.Expected = "", `a quoted cell that is not closed, or text after its end`, `"…" around the whole cell`
		f.Line = p.StartLine + len(s.head)
		if p.StartLine != p.Line {
			f.Column = 0 // the column is that of the end of the file
		}
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
			s.fault(s.header.at[i], "", "column "+quote(name), "a name without control characters")
		case seen[key]:
			s.fault(s.header.at[i], "", "column "+quote(name)+" twice", "each column name once")
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
	expected := "a column " + quote(name)
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
		switch shown := quote(name); {
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
