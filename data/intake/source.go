package intake

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/ebb-sim/ebb/data"
)

// Limits of a file. What is larger is refused: [data.MaxSize] is as much as ebb
// reads of a file of its own.
const (
	MaxSize     = data.MaxSize // of the file, and of what a gzip file unpacks to
	MaxJSONSize = 64 << 20     // of a JSON file, which takes several times its size in memory
	maxLine     = 1 << 20
	maxColumns  = 2000
)

// A source is a file that is gone over row by row, once to recognise it and once to
// read it.
type source struct {
	name string
	raw  []byte
	gzip bool
	most int64 // bytes that it may unpack to
	json *tree // once it is read
}

// A row is one row of cells, and the line where it stands; of a JSON file the
// number of the record. Cells are valid until the next row.
type row struct {
	line  int
	cells []string
}

func newSource(name string, raw []byte) (*source, error) {
	s := &source{name: name, raw: raw, gzip: bytes.HasPrefix(raw, []byte("\x1f\x8b")), most: MaxSize}
	switch {
	case len(raw) == 0:
		return nil, s.fault("an empty file", "a file of rows")
	case bytes.HasPrefix(raw, []byte("PK\x03\x04")):
		return nil, s.fault("a zip archive, as Excel writes workbooks", "a text file: save the sheet as CSV, or unpack the archive")
	case bytes.HasPrefix(raw, []byte("PAR1")):
		return nil, s.fault("a Parquet file", "a text file: CSV, TSV or JSON")
	}
	return s, nil
}

func (s *source) fault(found, expected string) data.Faults {
	return data.Faults{{File: s.name, Found: found, Expected: expected}}
}

// oneLine stands for UTF-8 of which a line may be as long as the file.
const oneLine = "one line"

// text opens the file as UTF-8 without a byte order mark.
func (s *source) text(encoding string) (io.Reader, error) {
	var r io.Reader = bytes.NewReader(s.raw)
	if s.gzip {
		z, err := gzip.NewReader(r)
		if err != nil {
			return nil, s.fault("a gzip file that cannot be unpacked ("+err.Error()+")", "a whole one")
		}
		r = z
	}
	b := bufio.NewReaderSize(&limited{r: r, most: s.most, oneLine: encoding == oneLine}, 1<<16)
	mark, _ := b.Peek(3)
	switch {
	case bytes.HasPrefix(mark, []byte("\xef\xbb\xbf")):
		b.Discard(3)
	case bytes.HasPrefix(mark, []byte("\xff\xfe")), bytes.HasPrefix(mark, []byte("\xfe\xff")):
		encoding = "utf-16"
	}
	switch encoding {
	case "utf-16":
		return &wide{r: b, big: bytes.HasPrefix(mark, []byte("\xfe\xff"))}, nil
	case "latin-1":
		return &latin{r: b}, nil
	}
	return b, nil
}

// limited ends with an error where a file or a line of it goes on for too long.
type limited struct {
	r       io.Reader
	most    int64
	read    int64
	line    int
	oneLine bool // the file may be one
}

func (l *limited) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	if l.read += int64(n); l.read > l.most {
		return 0, fmt.Errorf("is larger than %d MiB, the most that is read", l.most>>20)
	}
	if i := bytes.LastIndexByte(p[:n], '\n'); i >= 0 {
		l.line = n - i
	} else if l.line += n; l.line > maxLine && !l.oneLine {
		return 0, fmt.Errorf("has a line of more than %d MiB", maxLine>>20)
	}
	return n, err
}

// wide turns UTF-16 into UTF-8.
type wide struct {
	r    *bufio.Reader
	big  bool
	rest []byte
}

func (w *wide) Read(p []byte) (int, error) {
	for len(w.rest) == 0 {
		x, err := w.unit()
		if err != nil {
			return 0, err
		}
		if x == 0xfeff {
			continue
		}
		if utf16.IsSurrogate(x) {
			y, err := w.unit()
			if err != nil {
				return 0, err
			}
			x = utf16.DecodeRune(x, y)
		}
		w.rest = utf8.AppendRune(w.rest[:0], x)
	}
	n := copy(p, w.rest)
	w.rest = w.rest[n:]
	return n, nil
}

func (w *wide) unit() (rune, error) {
	a, err := w.r.ReadByte()
	if err != nil {
		return 0, err
	}
	b, err := w.r.ReadByte()
	if err != nil {
		return 0, io.ErrUnexpectedEOF
	}
	if w.big {
		a, b = b, a
	}
	return rune(a) | rune(b)<<8, nil
}

// latin turns ISO 8859-1 into UTF-8.
type latin struct {
	r    *bufio.Reader
	rest []byte
}

func (l *latin) Read(p []byte) (int, error) {
	if len(l.rest) == 0 {
		b, err := l.r.ReadByte()
		if err != nil {
			return 0, err
		}
		l.rest = utf8.AppendRune(l.rest[:0], rune(b))
	}
	n := copy(p, l.rest)
	l.rest = l.rest[n:]
	return n, nil
}

// isJSON tells a JSON file by its first character.
func (s *source) isJSON() (bool, error) {
	r, err := s.text("utf-8")
	if err != nil {
		return false, err
	}
	b := bufio.NewReader(r)
	for {
		c, err := b.ReadByte()
		switch {
		case err != nil:
			return false, s.broken(err)
		case c == '{' || c == '[':
			return true, nil
		case c != ' ' && c != '\t' && c != '\r' && c != '\n':
			return false, nil
		}
	}
}

// broken says what keeps a file from being read to its end.
func (s *source) broken(err error) error {
	var p *csv.ParseError
	switch {
	case errors.As(err, &p):
		return data.Faults{{File: s.name, Line: p.Line, Column: p.Column, Text: p.Err.Error(), Expected: "quotes around the whole cell, and doubled inside it"}}
	case errors.Is(err, io.EOF):
		return s.fault("no rows", "a file of rows")
	case s.gzip && (errors.Is(err, gzip.ErrChecksum) || errors.Is(err, gzip.ErrHeader) || errors.Is(err, io.ErrUnexpectedEOF)):
		return s.fault("a gzip file that is cut off or damaged", "a whole one")
	}
	return data.Faults{{File: s.name, Text: err.Error()}}
}

// tooWide refuses a row of more columns than a table of numbers has.
func (s *source) tooWide(line, columns int) error {
	if columns <= maxColumns {
		return nil
	}
	return data.Faults{{File: s.name, Line: line, Found: fmt.Sprintf("%d columns", columns), Expected: fmt.Sprintf("at most %d", maxColumns)}}
}

var separators = map[string]rune{"comma": ',', "tab": '\t', "semicolon": ';', "bar": '|'}

// errStop ends a walk over the rows early.
var errStop = errors.New("stop")

// rows goes over the rows of a text file, the header among them, until each returns
// an error.
func (s *source) rows(m Mapping, each func(row) error) error {
	if m.Separator == "json" {
		return s.records(m, each)
	}
	text, err := s.text(m.Encoding)
	if err != nil {
		return err
	}
	r := csv.NewReader(text)
	r.Comma, r.FieldsPerRecord, r.ReuseRecord, r.TrimLeadingSpace = separators[m.Separator], -1, true, false
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return s.broken(err)
		}
		line, _ := r.FieldPos(0)
		if err := s.tooWide(line, len(cells)); err != nil {
			return err
		}
		for _, c := range cells {
			if !utf8.ValidString(c) || strings.IndexByte(c, 0) >= 0 {
				return data.Faults{{File: s.name, Line: line, Found: "bytes that are not UTF-8 text", Expected: "UTF-8, or another encoding in a mapping file"}}
			}
		}
		if err := each(row{line, cells}); err != nil {
			if errors.Is(err, errStop) {
				return nil
			}
			return err
		}
	}
}

// separator finds what stands between the cells of the first line.
func (s *source) separator() (string, error) {
	text, err := s.text("utf-8")
	if err != nil {
		return "", err
	}
	line := ""
	for r := bufio.NewReader(text); strings.TrimSpace(line) == ""; {
		if line, err = r.ReadString('\n'); err != nil && line == "" {
			return "", s.broken(err)
		}
	}
	best, most := "", 0
	for _, name := range []string{"comma", "tab", "semicolon", "bar"} {
		if n := strings.Count(line, string(separators[name])); n > most {
			best, most = name, n
		}
	}
	if best == "" {
		return "", data.Faults{{File: s.name, Line: 1, Found: data.Quote(strings.TrimSpace(line)), Expected: "cells separated by commas, tabs, semicolons or bars"}}
	}
	return best, nil
}

// positionName is the name of a column without one.
func positionName(i int) string { return strconv.Itoa(i + 1) }

// names are the names of the columns: those of the header, and the position of a
// column that has none. A name that comes twice gets its position behind it.
func names(header []string) []string {
	out := make([]string, len(header))
	seen := map[string]bool{}
	for i, name := range header {
		name = strings.Join(strings.Fields(name), " ")
		if name == "" {
			name = positionName(i)
		}
		if seen[strings.ToLower(name)] {
			name += "#" + positionName(i)
		}
		seen[strings.ToLower(name)] = true
		out[i] = name
	}
	return out
}
