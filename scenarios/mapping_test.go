package scenarios

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ebb-sim/ebb/data/datatest"
	"github.com/ebb-sim/ebb/data/intake"
)

// What recognition finds can be written down as a mapping file and read again.
func TestMappingsReadBack(t *testing.T) {
	for name, text := range vendorFiles {
		readsBack(t, name, []byte(text))
	}
}

var vendorFiles = map[string]string{
	"flows":     "Date,AAA,B-B,Total\n11 Jan 2024,1.5,,1.5\n",
	"bitfinex":  "1420070400000,10,12,13,9,1.5\n",
	"questions": "time;kurs;y\n2024-01-01 08:00;1,5;n\n",
	"no dates":  "name,true,null\nABC,1,2\n",
	"json":      `{"a":1,"rows":[{"date":"2024-01-05","x y":1.5}]}`,
	"lists":     `{"dates":["2024-01-05"],"closes":[1],"futures":[2],"basis":[3]}`,
}

func TestMappingsOfRealFilesReadBack(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(datatest.Folder(t), "*", "*", "*.csv"))
	if err != nil || len(files) < 30 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, path := range files {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		readsBack(t, path, raw)
	}
}

func readsBack(t *testing.T, name string, raw []byte) {
	t.Helper()
	want, _, err := intake.Recognise(name, raw)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	got, err := ParseMapping(name, []byte(want.String()))
	if err != nil {
		t.Fatalf("%v\n%s", err, want)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: -want +got\n%s", name, diff)
	}
}
