package plots

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

func svgTexts(t *testing.T, f Figure) string {
	t.Helper()
	var b bytes.Buffer
	if err := f.SVG(&b); err != nil {
		t.Fatal(err)
	}
	return strings.Join(texts(t, b.Bytes()), "\n")
}

func day(text string) time.Time {
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return at
}

// A line shown up to a date is labelled with its value there, and an event before
// the first date is gone.
func TestBetween(t *testing.T) {
	times := []time.Time{day("2026-01-01"), day("2026-01-02"), day("2026-01-03"), day("2026-01-04")}
	whole, err := Price(PriceData{Frame: Frame{Title: "whole"}, Timeline: Timeline{Times: times}, Price: []float64{100, 110, 120, 1130},
		Counterfactual: []float64{100, 110, 160, 130}, Events: []Event{{At: 1, Label: "early"}, {At: 2, Label: "late"}}})
	if err != nil {
		t.Fatal(err)
	}
	part, err := whole.Between(day("2026-01-01"), day("2026-01-03"))
	if err != nil {
		t.Fatal(err)
	}
	said := svgTexts(t, part)
	for _, want := range []string{"price $120", "counterfactual $160", "feedback −25" + nbsp + "%", "early", "late"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in:\n%s", want, said)
		}
	}
	if strings.Contains(said, "$1,") { // the axis ends with what is shown
		t.Errorf("a value that is not shown has left a tick:\n%s", said)
	}
	if part, err = whole.Between(day("2026-01-03"), time.Time{}); err != nil {
		t.Fatal(err)
	}
	if said := svgTexts(t, part); strings.Contains(said, "early") || !strings.Contains(said, "late") || !strings.Contains(said, "price $1,130") {
		t.Errorf("from 3 January:\n%s", said)
	}
	if said := svgTexts(t, whole); !strings.Contains(said, "price $1,130") || !strings.Contains(said, "early") {
		t.Errorf("the figure has changed with its view:\n%s", said)
	}
}

func TestRange(t *testing.T) {
	whole, err := Price(PriceData{Timeline: Timeline{Steps: 4}, Price: []float64{100, 110, 120, 500}})
	if err != nil {
		t.Fatal(err)
	}
	part, err := whole.Range(90, 130)
	if err != nil {
		t.Fatal(err)
	}
	said := strings.Split(svgTexts(t, part), "\n")
	for _, want := range []string{"$90", "$130", "price $500"} {
		if !slices.Contains(said, want) {
			t.Errorf("no %q in %q", want, said)
		}
	}
	if slices.Contains(said, "$200") {
		t.Errorf("a tick beyond the range in %q", said)
	}
}

func TestViewsThatCannotBe(t *testing.T) {
	dated, err := Price(priceData())
	if err != nil {
		t.Fatal(err)
	}
	steps, err := Price(PriceData{Timeline: Timeline{Steps: 3}, Price: []float64{1, 2, 3}})
	if err != nil {
		t.Fatal(err)
	}
	barred, err := Waterfall(waterfallData())
	if err != nil {
		t.Fatal(err)
	}
	logged, err := Fan(fanData())
	if err != nil {
		t.Fatal(err)
	}
	logged.panels[0].log = true
	for name, view := range map[string]func() (Figure, error){
		"dates of steps":             func() (Figure, error) { return steps.Between(day("2026-01-01"), time.Time{}) },
		"dates of bars":              func() (Figure, error) { return barred.Between(day("2026-01-01"), time.Time{}) },
		"dates before the data":      func() (Figure, error) { return dated.Between(time.Time{}, day("1999-01-01")) },
		"dates after the data":       func() (Figure, error) { return dated.Between(day("2099-01-01"), time.Time{}) },
		"a range below the data":     func() (Figure, error) { return dated.Range(1, 2) },
		"a range above the data":     func() (Figure, error) { return dated.Range(1e9, 2e9) },
		"a range of bars":            func() (Figure, error) { return barred.Range(0, 1) },
		"a log axis with a zero end": func() (Figure, error) { return logged.Range(0, 1e9) },
	} {
		var fault *ViewError
		if _, err := view(); !errors.As(err, &fault) || fault.Found == "" || fault.Expected == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Every chart can be shown from and to a date within it, and with the lower half of
// its values.
func TestEveryChartInPart(t *testing.T) {
	for _, g := range golden {
		t.Run(g.name, func(t *testing.T) {
			t.Parallel()
			whole, err := g.make()
			if err != nil {
				t.Fatal(err)
			}
			part := whole
			if whole.x.dates {
				n := len(whole.x.pos)
				if part, err = part.Between(fromSeconds(whole.x.pos[n/3]), fromSeconds(whole.x.pos[n-n/4])); err != nil {
					t.Fatal(err)
				}
			}
			var fault *ViewError
			lo, hi := part.panels[0].reach()
			if cut, err := part.Range(lo+(hi-lo)/4, lo+(hi-lo)/2); err == nil {
				part = cut
			} else if !errors.As(err, &fault) {
				t.Fatal(err)
			}
			for _, size := range []Size{FullWidth, HalfPage} {
				var b bytes.Buffer
				if err := part.Sized(size).SVG(&b); err != nil {
					t.Error(err)
				}
			}
		})
	}
}
