package intake

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"
)

// A file that goes on for too long is refused after as much as is read at most.
func TestLimits(t *testing.T) {
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	for range 100_000 {
		if _, err := w.Write([]byte("2024-01-01,1\n")); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	endless := &source{name: "x.gz", raw: z.Bytes(), gzip: true, most: 1 << 20}
	tests := []struct {
		name   string
		source *source
		want   string
	}{
		{"unpacks to more", endless, "x.gz: is larger than 1 MiB, the most that is read"},
		{"one line", &source{name: "x", raw: []byte("date,price\n" + strings.Repeat("1", 2<<20)), most: MaxSize}, "x: has a line of more than 1 MiB"},
		{"too wide", &source{name: "x", raw: []byte("date" + strings.Repeat(",a", 3000) + "\n"), most: MaxSize}, "x:1: found 3001 columns, expected at most 2000"},
		{"cut off", &source{name: "x.gz", raw: z.Bytes()[:z.Len()/2], gzip: true, most: MaxSize}, "x.gz: found a gzip file that is cut off or damaged, expected a whole one"},
		{"no UTF-8", &source{name: "x", raw: []byte("date,price\n2024-01-01,\xff\n"), most: MaxSize}, "x:2: found bytes that are not UTF-8 text, expected UTF-8, or another encoding in a mapping file"},
	}
	for _, tt := range tests {
		rows := 0
		err := tt.source.rows(Mapping{Separator: "comma", Header: true}, func(row) error { rows++; return nil })
		if err == nil || err.Error() != tt.want {
			t.Errorf("%s: %v, expected %s", tt.name, err, tt.want)
		}
	}
}
