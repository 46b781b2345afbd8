package scenarios

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/sim/driver"
	"github.com/ebb-sim/ebb/sim/mechanism"
)

var update = flag.Bool("update", false, "rewrite the expected faults in testdata")

// Each scenario of testdata/broken stands beside a text with what ebb says
// about it. Comments that read --set key=value at its top are overrides.
func TestBroken(t *testing.T) {
	broken(t, "testdata/broken", 30, func(src []byte, set []Override) error {
		_, err := Parse("x.yaml", src, set)
		return err
	})
}

func TestBrokenStrategies(t *testing.T) {
	broken(t, "testdata/strategies", 10, func(src []byte, set []Override) error {
		_, err := ParseStrategy("x.yaml", src, set)
		return err
	})
}

func broken(t *testing.T, folder string, least int, parse func([]byte, []Override) error) {
	files, err := filepath.Glob(folder + "/*.yaml")
	if err != nil || len(files) < least {
		t.Fatalf("found %d broken files in %s (%v), expected at least %d", len(files), folder, err, least)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, strings.TrimSuffix(file, ".yaml")+".txt", faultsOf(t, src, parse))
		})
	}
}

func faultsOf(t *testing.T, src []byte, parse func([]byte, []Override) error) string {
	t.Helper()
	var set []Override
	for line := range strings.Lines(string(src)) {
		if assignment, ok := strings.CutPrefix(line, "# --set "); ok {
			key, value, _ := strings.Cut(strings.TrimSpace(assignment), "=")
			set = append(set, Override{Key: key, Value: value})
		}
	}
	err := parse(src, set)
	var faults data.Faults
	if !errors.As(err, &faults) {
		t.Fatalf("Parse returned %v, expected data.Faults", err)
	}
	// The lists of kinds grow; the messages stay.
	return strings.NewReplacer(
		strings.Join(names(mechanism.Kinds(), func(k mechanism.Kind) string { return k.Name }), ", "), "{mechanisms}",
		strings.Join(names(driver.Kinds(), func(k driver.Kind) string { return k.Name }), ", "), "{drivers}",
	).Replace(err.Error()) + "\n"
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", file, diff)
	}
}
