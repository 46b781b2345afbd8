package scenarios

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/ebb-sim/ebb/data"
)

// Whatever a file holds, Parse gives a scenario or faults.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/broken/*.yaml")
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds (%v)", err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src, "market.btc.price", "3")
	}
	f.Add([]byte(full), "redemption.response", "{a: [1, ~]}")
	f.Add([]byte(full), "history.series.btc.price.file", "x")
	f.Fuzz(func(t *testing.T, src []byte, key, value string) {
		s, err := Parse("x.yaml", src, []Override{{Key: key, Value: value}})
		var faults data.Faults
		switch {
		case err != nil && !errors.As(err, &faults):
			t.Fatalf("%v is not data.Faults", err)
		case err != nil:
			_ = err.Error()
			return
		}
		s.Hash()
		s.At(key)
		for i := range s.Compare {
			if _, err := s.Variant(i); err != nil {
				t.Fatalf("variant %d of a scenario without faults: %v", i, err)
			}
		}
	})
}

// Whatever a file holds, ParseStrategy gives a strategy or faults.
func FuzzParseStrategy(f *testing.F) {
	files, err := filepath.Glob("testdata/strategies/*.yaml")
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds (%v)", err)
	}
	for _, file := range append(files, "strategies/trend-target.yaml", "strategies/recovery-lights.yaml") {
		src, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src, "rules.btc.enter", "btc.price > 3")
	}
	f.Fuzz(func(t *testing.T, src []byte, key, value string) {
		s, err := ParseStrategy("x.yaml", src, []Override{{Key: key, Value: value}})
		var faults data.Faults
		switch {
		case err != nil && !errors.As(err, &faults):
			t.Fatalf("%v is not data.Faults", err)
		case err != nil:
			_ = err.Error()
			return
		}
		s.Hash()
		s.Listed()
		s.Within(key, 3, 1)
		for _, asset := range s.Assets() {
			if rules := s.Compiled(asset); rules.Enter == nil || rules.Size == nil {
				t.Fatalf("a strategy without faults has no rules for %s", asset)
			}
		}
	})
}
