package intake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/ebb-sim/ebb/data"
)

// A tree is a JSON value that keeps the order of its keys.
type tree struct {
	form  json.Delim // '{', '[', or 0 for a scalar
	keys  []string
	items []*tree
	text  string // of a scalar; null and "" are blank
}

// Limits of what a JSON file may hold.
const (
	maxDepth  = 32
	maxValues = 4_000_000
)

// tree reads the whole file, once.
func (s *source) tree() (*tree, error) {
	if s.json != nil {
		return s.json, nil
	}
	if len(s.raw) > MaxJSONSize {
		return nil, s.fault(fmt.Sprintf("a JSON file of %d MiB", len(s.raw)>>20), fmt.Sprintf("at most %d MiB", MaxJSONSize>>20))
	}
	var r io.Reader = bytes.NewReader(s.raw)
	if s.gzip {
		text, err := s.text(oneLine)
		if err != nil {
			return nil, err
		}
		b, err := io.ReadAll(io.LimitReader(text, MaxJSONSize+1))
		if err != nil {
			return nil, s.broken(err)
		}
		if len(b) > MaxJSONSize {
			return nil, s.fault("a JSON file of more once unpacked", fmt.Sprintf("at most %d MiB", MaxJSONSize>>20))
		}
		r = bytes.NewReader(b)
	}
	d := json.NewDecoder(r)
	d.UseNumber()
	values := 0
	t, err := readTree(d, 0, &values)
	if err == nil {
		if _, more := d.Token(); more != io.EOF {
			err = fmt.Errorf("something after the end")
		}
	}
	if err != nil {
		return nil, s.fault(fmt.Sprintf("JSON that cannot be read at byte %d (%v)", d.InputOffset(), err), "one JSON value")
	}
	s.json = t
	return t, nil
}

func readTree(d *json.Decoder, depth int, values *int) (*tree, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("nested more than %d deep", maxDepth)
	}
	if *values++; *values > maxValues {
		return nil, fmt.Errorf("more than %d values", maxValues)
	}
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	t := &tree{}
	switch x := token.(type) {
	case json.Delim:
		t.form = x
		for d.More() {
			if x == '{' {
				key, err := d.Token()
				if err != nil {
					return nil, err
				}
				t.keys = append(t.keys, key.(string)) // what else stands there is a syntax error
			}
			item, err := readTree(d, depth+1, values)
			if err != nil {
				return nil, err
			}
			t.items = append(t.items, item)
		}
		_, err = d.Token()
	case json.Number:
		t.text = x.String()
	case string:
		t.text = x
	case bool:
		t.text = fmt.Sprint(x)
	}
	return t, err
}

// A record is a row of a JSON file: keys and their texts. Keys of an object inside
// have its key and a point before them; scalars beside a list on the way to the row
// belong to all its rows.
type record struct {
	keys, texts []string
}

func (r *record) set(key, text string) {
	if i := slices.Index(r.keys, key); i >= 0 {
		r.texts[i] = text
		return
	}
	if len(r.keys) <= maxColumns { // one more shows that there are too many
		r.keys, r.texts = append(r.keys, key), append(r.texts, text)
	}
}

func (r record) clone() record { return record{slices.Clone(r.keys), slices.Clone(r.texts)} }

// take adds the scalars of an object, and those of objects in it.
func (r *record) take(t *tree, prefix string) {
	for i, key := range t.keys {
		switch item := t.items[i]; item.form {
		case 0:
			r.set(prefix+key, item.text)
		case '{':
			r.take(item, prefix+key+".")
		}
	}
}

// find gathers the records at the path below t.
func (t *tree) find(path []string, context record) []record {
	if len(path) == 0 {
		return t.recordsBelow(context)
	}
	context = context.clone()
	for i, key := range t.keys {
		if t.items[i].form == 0 {
			context.set(key, t.items[i].text)
		}
	}
	var found []record
	for i, item := range t.items {
		if path[0] == "*" || t.form == '{' && t.keys[i] == path[0] {
			found = append(found, item.find(path[1:], context)...)
		}
	}
	return found
}

// recordsBelow makes records of a list of objects, a list of lists, or an object
// of lists, which are columns side by side.
func (t *tree) recordsBelow(context record) []record {
	var found []record
	switch t.form {
	case '[':
		for _, item := range t.items {
			r := context.clone()
			if item.form == '[' {
				for i, x := range item.items {
					if x.form == 0 {
						r.set(positionName(i), x.text)
					}
				}
			}
			r.take(item, "")
			found = append(found, r)
		}
	case '{':
		for i := range t.longest() {
			r := context.clone()
			for k, column := range t.items {
				if column.form == '[' && i < len(column.items) && column.items[i].form == 0 {
					r.set(t.keys[k], column.items[i].text)
				}
			}
			found = append(found, r)
		}
	}
	return found
}

func (t *tree) longest() int {
	n := 0
	for _, item := range t.items {
		if item.form == '[' {
			n = max(n, len(item.items))
		}
	}
	return n
}

// records goes over the rows of a JSON file as if it were a table with a header.
func (s *source) records(m Mapping, each func(row) error) error {
	t, err := s.tree()
	if err != nil {
		return err
	}
	var all []record
	for _, path := range m.Rows {
		var steps []string
		if path != "" {
			steps = strings.Split(path, ".")
		}
		found := t.find(steps, record{})
		if len(found) == 0 {
			return s.fault("nothing at "+data.Quote(path), "a list of rows there")
		}
		all = append(all, found...)
	}
	var header []string
	index := map[string]int{}
	for _, r := range all {
		for _, key := range r.keys {
			if _, ok := index[key]; !ok {
				index[key], header = len(header), append(header, key)
			}
		}
	}
	if err := s.tooWide(0, len(header)); err != nil {
		return err
	}
	if err := each(row{0, header}); err != nil {
		return stopped(err)
	}
	cells := make([]string, len(header))
	for i, r := range all {
		clear(cells)
		for k, key := range r.keys {
			cells[index[key]] = r.texts[k]
		}
		if err := each(row{i + 1, cells}); err != nil {
			return stopped(err)
		}
	}
	return nil
}

func stopped(err error) error {
	if err == errStop {
		return nil
	}
	return err
}
