package scenarios

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/data/datatest/bounded"
	"github.com/ebb-sim/ebb/data/intake"
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
		bounded.By(t, mostUsed, func() {
			set := []Override{{Key: key, Value: value}}
			s, err := Parse("x.yaml", src, set)
			if err != nil {
				located(t, err, src, set)
				return
			}
			if again, err := Parse("x.yaml", src, set); err != nil || again.Hash() != s.Hash() {
				t.Fatalf("read again it is another scenario (%v)", err)
			}
			s.At(key)
			s.Parameters()
			for i := range s.Compare {
				if _, err := s.Variant(i); err != nil {
					t.Fatalf("variant %d of a scenario without faults: %v", i, err)
				}
			}
		})
	})
}

// mostUsed bounds the memory that the largest scenario may take.
const mostUsed = 1 << 30

// located expects faults that name the file or the override at fault, and a line that
// it has.
func located(t *testing.T, err error, src []byte, set []Override) {
	t.Helper()
	var faults data.Faults
	if !errors.As(err, &faults) || len(faults) == 0 {
		t.Fatalf("%v is not data.Faults", err)
	}
	lines := 1 + len(src) // the parser counts a carriage return as a line too
	for _, f := range faults {
		override := slices.ContainsFunc(set, func(o Override) bool { return f.File == "--set "+o.Key+"="+o.Value })
		if f.Text+f.Found+f.Expected == "" || f.Line < 0 || f.Column < 0 || !override && (f.File != "x.yaml" || f.Line > lines) {
			t.Fatalf("a fault of a file of %d bytes: %#v", len(src), f)
		}
	}
	_ = err.Error()
}

// Whatever --set says of a scenario without faults, the faults are those of --set, and
// a parameter that was accepted stands there as it was given, and can be given again.
func FuzzOverride(f *testing.F) {
	s, err := Parse("full.yaml", []byte(full), nil)
	if err != nil {
		f.Fatal(err)
	}
	for _, p := range s.Parameters() {
		f.Add(p.Path, p.Value)
	}
	for key, value := range map[string]string{
		"simulate.paths": "1e15", "simulate.steps": "1e12", "simulate": "{steps: 99999999999999999999, paths: 1}", "history.step": "1ns", "name": "../../x",
		"mechanisms": "[]", "shocks[0]": "~", "shocks[999999999999]": "1", "sweep": "{redemption.response: [1, 2]}", "charts": "[price, price]", "text": "|\n  x\n  y",
	} {
		f.Add(key, value)
	}
	f.Fuzz(func(t *testing.T, key, value string) {
		bounded.By(t, mostUsed, func() {
			set := []Override{{Key: key, Value: value}}
			changed, err := Parse("x.yaml", []byte(full), set)
			if err != nil {
				located(t, err, []byte(full), set)
				return
			}
			for _, p := range changed.Parameters() {
				if changed.UnitOf(p.Path) == "" {
					continue // no number
				}
				same, err := Parse("x.yaml", []byte(full), append(set, Override{Key: p.Path, Value: p.Value}))
				if err != nil || same.Hash() != changed.Hash() {
					t.Fatalf("%s=%s, as it stands there, changes the scenario (%v)", p.Path, p.Value, err)
				}
			}
		})
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
		bounded.By(t, mostUsed, func() {
			set := []Override{{Key: key, Value: value}}
			s, err := ParseStrategy("x.yaml", src, set)
			if err != nil {
				located(t, err, src, set)
				return
			}
			if again, err := ParseStrategy("x.yaml", src, set); err != nil || again.Hash() != s.Hash() {
				t.Fatalf("read again it is another strategy (%v)", err)
			}
			s.Listed()
			s.Within(key, 3, 1)
			for _, asset := range s.Assets() {
				if rules := s.Compiled(asset); rules.Enter == nil || rules.Size == nil {
					t.Fatalf("a strategy without faults has no rules for %s", asset)
				}
			}
		})
	})
}

// Whatever a mapping file holds, it is refused with words, or written and read back the
// same, and no file that is read as it says takes more than its size explains.
func FuzzParseMapping(f *testing.F) {
	for name, text := range vendorFiles {
		m, _, err := intake.Recognise(name, []byte(text))
		if err != nil {
			f.Fatal(err)
		}
		f.Add([]byte(m.String()), []byte(text))
	}
	f.Fuzz(func(t *testing.T, src, file []byte) {
		bounded.By(t, 256<<20+1000*uint64(len(src)+len(file)), func() {
			m, err := ParseMapping("x.yaml", src)
			if err != nil {
				located(t, err, src, nil)
				return
			}
			again, err := ParseMapping("x.yaml", []byte(m.String()))
			if diff := cmp.Diff(m, again); err != nil || diff != "" {
				t.Fatalf("%v\n%s\n-once +again\n%s", err, m, diff)
			}
			if im, err := intake.Read("file", file, m, intake.Options{}); err == nil {
				im.Files("")
			} else if err.Error() == "" {
				t.Error("an error without words")
			}
		})
	})
}
