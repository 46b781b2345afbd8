package data

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"fmt"
	"math/bits"
)

// maxRow is the longest row that is read, in bytes.
const maxRow = 1 << 20

// A walk goes over the rows of a file without a string or a structure for
// each. A line without quotes is cut here; a row with quotes is left to
// [csv.Reader], whose rules these are.
type walk struct {
	file   *csvFile
	row    row
	faults Faults // of the rows passed over: broken quotes, too few or too many cells

	start  place         // of the row
	next   place         // of the line after it
	quote  int           // where the first quote not before start is, or was when looked for
	source *bufio.Reader // of rows with quotes
}

// walk starts at the row below the header.
func (s *csvFile) walk() *walk { return &walk{file: s, next: s.body, quote: -1} }

// A row is one row of cells, valid until the walk goes on.
type row struct {
	text   []byte
	starts []int32    // of each cell in text, and one more as if another cell followed
	line   int        // in the file
	at     []position // of the cells, where quotes make it differ from starts
	own    []byte     // what text is cut from where quotes make it differ from the file
}

func (r *row) len() int { return len(r.starts) - 1 }

func (r *row) cell(i int) []byte { return r.text[r.starts[i] : r.starts[i+1]-1] }

func (r *row) string(i int) string { return string(r.cell(i)) }

func (r *row) strings() []string {
	texts := make([]string, r.len())
	for i := range texts {
		texts[i] = r.string(i)
	}
	return texts
}

func (r *row) position(i int) position {
	if r.at != nil {
		return r.at[i]
	}
	return position{int32(r.line), r.starts[i] + 1}
}

func (r *row) positions() []position {
	at := make([]position, r.len())
	for i := range at {
		at[i] = r.position(i)
	}
	return at
}

// step goes to the next row of data, and reports whether there is one.
func (w *walk) step() bool {
	for w.record() {
		if w.fits() {
			return true
		}
	}
	return false
}

// fits cuts the row into cells, and reports whether it is one of data and has as many
// of them as the header.
func (w *walk) fits() bool {
	if w.row.at == nil {
		w.row.cut()
	}
	if got, want := w.row.len(), len(w.file.header.texts); got != want {
		w.faults = append(w.faults, w.miscounted(got, want))
		return false
	}
	return w.file.leftOut == nil || !w.file.leftOut(&w.row)
}

func (w *walk) miscounted(got, want int) Fault {
	expected := fmt.Sprintf("%d as in the header", want)
	if got > want {
		expected += " (a number with a thousands separator needs quotes)"
	}
	return cellFault(w.file.file, w.row.position(0), "", fmt.Sprintf("%d cells", got), expected)
}

// record goes to the next row whatever its cells, which are cut already where it has
// quotes. Blank lines are no rows.
func (w *walk) record() bool {
	text := w.file.text
	for w.next.offset < len(text) && !w.faults.full() {
		w.start = w.next
		end, after := len(text), len(text)
		if n := bytes.IndexByte(text[w.start.offset:], '\n'); n >= 0 {
			end = w.start.offset + n
			after = end + 1
		}
		if w.quoteBefore(end) {
			if w.quoted() {
				return true
			}
			continue
		}
		w.next = place{after, w.start.line + 1}
		line := text[w.start.offset:end]
		if n := len(line); n > 0 && line[n-1] == '\r' {
			line = line[:n-1]
		}
		if len(line) > maxRow {
			w.faults = append(w.faults, w.tooLong())
			continue
		}
		if len(line) > 0 {
			w.row.line, w.row.text, w.row.at = w.start.line, line, nil
			return true
		}
	}
	return false
}

func (w *walk) tooLong() Fault {
	return Fault{File: w.file.file, Line: w.start.line, Found: "a row that is longer", Expected: fmt.Sprintf("at most %s", showSize(maxRow))}
}

// quoteBefore reports whether the line that ends there has a quote in it.
func (w *walk) quoteBefore(end int) bool {
	if from := w.start.offset; w.quote < from {
		w.quote = len(w.file.text)
		if n := bytes.IndexByte(w.file.text[from:], '"'); n >= 0 {
			w.quote = from + n
		}
	}
	return w.quote < end
}

// cut cuts a row without quotes at its commas, eight bytes at a time.
func (r *row) cut() {
	const (
		commas = 0x2c2c2c2c2c2c2c2c
		low    = 0x7f7f7f7f7f7f7f7f
	)
	line, starts, i := r.text, append(r.starts[:0], 0), 0
	for ; i+8 <= len(line); i += 8 {
		x := binary.LittleEndian.Uint64(line[i:]) ^ commas
		// The top bit of each byte that is a comma, now 0, and of no other.
		found := ^((x&low + low) | x | low)
		for ; found != 0; found &= found - 1 {
			starts = append(starts, int32(i+bits.TrailingZeros64(found)/8+1))
		}
	}
	for ; i < len(line); i++ {
		if line[i] == ',' {
			starts = append(starts, int32(i+1))
		}
	}
	r.starts = append(starts, int32(len(line)+1))
}

// quoted reads the row at start with csv.Reader, and reports whether its quotes
// are in order. Where a row is too long, the rest of the file is passed over: it may be
// that of a cell that was never closed.
func (w *walk) quoted() bool {
	rest := w.file.text[w.start.offset:]
	long := len(rest) > maxRow
	if long {
		rest = rest[:maxRow]
	}
	if w.source == nil {
		w.source = bufio.NewReader(nil)
	}
	w.source.Reset(bytes.NewReader(rest))
	r := csv.NewReader(w.source) // which reads from source itself, without a buffer of its own
	texts, err := r.Read()
	read := int(r.InputOffset())
	w.next = place{w.start.offset + read, w.start.line + bytes.Count(rest[:read], []byte("\n"))}
	before := w.start.line - 1
	if long && read >= maxRow {
		w.next.offset = len(w.file.text)
		w.faults = append(w.faults, w.tooLong())
		return false
	}
	if err != nil {
		w.faults = append(w.faults, quoteFault(w.file.file, before, err))
		return false
	}
	w.row.take(r, texts, before)
	return true
}

// take takes a row from r, which has not seen the first lines of the file.
func (r *row) take(from *csv.Reader, texts []string, before int) {
	r.own, r.starts, r.at = r.own[:0], append(r.starts[:0], 0), make([]position, len(texts))
	for i, text := range texts {
		r.own = append(append(r.own, text...), ',')
		r.starts = append(r.starts, int32(len(r.own)))
		line, column := from.FieldPos(i)
		r.at[i] = position{int32(before + line), int32(column)}
	}
	r.text = r.own
}

// quoteFault turns an error of csv.Reader, which has not seen the first lines
// of the file, into a fault.
func quoteFault(file string, before int, err error) Fault {
	var p *csv.ParseError
	if !errors.As(err, &p) {
		return Fault{File: file, Text: err.Error()}
	}
	f := Fault{File: file, Line: p.Line + before, Column: p.Column, Text: p.Err.Error()}
	switch p.Err {
	case csv.ErrBareQuote:
		f.Text, f.Found, f.Expected = "", `a " inside a cell without quotes`, `a quoted cell with the " doubled`
	case csv.ErrQuote:
		f.Text, f.Found, f.Expected = "", `a quoted cell that is not closed, or text after its end`, `"…" around the whole cell`
		f.Line = p.StartLine + before
		if p.StartLine != p.Line {
			f.Column = 0 // the column is that of the end of the file
		}
	}
	return f
}
