package intake

import (
	"bytes"
	"fmt"
	"math"
	"path/filepath"

	"strconv"
	"strings"

	"github.com/ebb-sim/ebb/data"
)

// A File is one history in ebb's own format.
type File struct {
	Name    string
	Content []byte
}

// base is the name of a file without its folder and endings, in plain letters.
func base(path string) string {
	name := filepath.Base(filepath.ToSlash(path))
	for _, ending := range []string{".gz", ".csv", ".tsv", ".txt", ".json"} {
		name = strings.TrimSuffix(name, ending)
	}
	return plainName(name)
}

// Files writes the tables as files in ebb's own format, called after prefix, or the
// imported file if that is "". Each is read back before it is returned.
func (im *Import) Files(prefix string) ([]File, error) {
	if prefix == "" {
		prefix = base(im.File)
	}
	var files []File
	taken := map[string]string{}
	for _, t := range im.Tables {
		name := prefix
		if len(im.Tables) > 1 {
			for _, part := range []string{t.Key, t.Group} {
				if part != "" {
					name += "-" + plainName(part)
				}
			}
		}
		if other, twice := taken[name]; twice {
			return nil, fmt.Errorf("%s: the series %s and %s would both be written to %s.csv; --only takes one", im.File, data.Quote(other), data.Quote(t.Key), name)
		}
		taken[name] = t.Key
		f := File{name + ".csv", im.write(t)}
		if _, err := data.Parse(f.Name, f.Content, data.ReadOptions{}); err != nil {
			return nil, fmt.Errorf("%s: what would be written does not read back: %w", im.File, err)
		}
		files = append(files, f)
	}
	return files, nil
}

// write puts what is known of the numbers into the head.
func (im *Import) write(t Table) []byte {
	var b bytes.Buffer
	fmt.Fprintln(&b, "# ebb history 1")
	source := oneWord(im.Mapping.Source)
	if source != "" {
		source += "; "
	}
	fmt.Fprintf(&b, "# source: %s%s\n", source, strings.Join(im.sources, "; "))
	fmt.Fprintf(&b, "# note: imported as %s\n", oneWord(im.Mapping.Format))
	if t.Key != "" {
		fmt.Fprintf(&b, "# note: the rows of %s\n", oneWord(t.Key))
	}
	for _, r := range im.Rules {
		fmt.Fprintf(&b, "# note: %s\n", oneWord(r.String()))
	}
	for _, c := range t.Columns {
		if c.Per != "" {
			fmt.Fprintf(&b, "# note: column %s is paid for 8 hours\n", c.Name)
		}
	}
	header := []string{"date"}
	for _, c := range t.Columns {
		fmt.Fprintf(&b, "# column %s: %s %s", c.Name, c.Kind, c.Unit)
		if c.Published != "" {
			fmt.Fprintf(&b, " published %s", c.Published)
		}
		b.WriteByte('\n')
		header = append(header, c.Name)
	}
	fmt.Fprintln(&b, strings.Join(header, ","))
	for i, at := range t.Times {
		b.WriteString(showTime(at))
		for k := range t.Columns {
			b.WriteByte(',')
			if v := t.Values[k][i]; !math.IsNaN(v) {
				b.WriteString(showNumber(v))
			}
		}
		b.WriteByte('\n')
	}
	return b.Bytes()
}

// oneWord keeps a text on its line.
func oneWord(s string) string { return strings.Join(strings.Fields(s), " ") }

// showNumber writes the fewest digits that read back as the same number.
func showNumber(v float64) string {
	if size := math.Abs(v); size != 0 && (size < 1e-6 || size >= 1e15) {
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}
