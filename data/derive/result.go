package derive

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ebb-sim/ebb/data"
)

// A Result is a rate that was made from files, and what is to be said of it.
type Result struct {
	Name   string // of its column
	Source string // what it was made from: files, columns and hashes
	Status string // that of the files, such as "reconstructed, not market data"
	Notes  []data.Note
	Times  []time.Time // labels: starts of the periods, as in the files
	Values []float64   // fractions
}

// drop notes rows that were left out.
func (r *Result) drop(why string, rows []time.Time) {
	if len(rows) == 0 {
		return
	}
	n := data.Note{Text: why, Count: len(rows)}
	for _, at := range rows {
		n.Ranges = append(n.Ranges, data.Range{From: at, To: at})
	}
	r.Notes = append(r.Notes, n)
}

func (r *Result) say(format string, args ...any) {
	r.Notes = append(r.Notes, data.Note{Text: fmt.Sprintf(format, args...)})
}

func (r *Result) add(at time.Time, v float64) {
	r.Times, r.Values = append(r.Times, at), append(r.Values, v)
}

// CSV writes r in ebb's own format. Values have eight decimals, a millionth of a basis
// point being less than any of the prices is exact to.
func (r Result) CSV() []byte {
	var b strings.Builder
	fmt.Fprintln(&b, "# ebb history 1")
	if r.Status != "" {
		fmt.Fprintln(&b, "# status: "+oneLine(r.Status))
	}
	fmt.Fprintln(&b, "# source: "+oneLine(r.Source))
	for _, n := range r.Notes {
		fmt.Fprintln(&b, "# note: "+oneLine(n.String()))
	}
	fmt.Fprintf(&b, "# column %s: rate fraction\n", r.Name)
	fmt.Fprintln(&b, "date,"+r.Name)
	daily := true
	for _, at := range r.Times {
		daily = daily && at.Equal(at.Truncate(24*time.Hour))
	}
	layout := time.DateOnly
	if !daily {
		layout = time.RFC3339Nano
	}
	for i, at := range r.Times {
		fmt.Fprintln(&b, at.UTC().Format(layout)+","+strconv.FormatFloat(r.Values[i], 'f', 8, 64))
	}
	return []byte(b.String())
}

// oneLine keeps the text of a file from ending the line of the head that it stands in.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// origin names a series by file, column and hash.
func origin(s data.Series) string {
	p := s.Provenance()
	text := p.File + " column " + p.Column
	if p.SHA256 != "" {
		text += " (sha256 " + p.SHA256 + ")"
	}
	return text
}

// statusOf joins what files say of themselves, each once.
func statusOf(series ...data.Series) string {
	var said []string
	for _, s := range series {
		status := s.Provenance().Status
		if status != "" && !strings.Contains(strings.Join(said, "; "), status) {
			said = append(said, status)
		}
	}
	return strings.Join(said, "; ")
}

// checkPrices refuses what is no price.
func checkPrices(series ...data.Series) error {
	for _, s := range series {
		if s.Kind() != data.Price {
			return fmt.Errorf("%s: found a %s in column %s, expected a price", s.Provenance().File, s.Kind(), s.Provenance().Column)
		}
	}
	return nil
}
