package param

import (
	"errors"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/data/datatest/bounded"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		unit, text string
		want       float64
	}{
		{"usd", "1.73e9", 1.73e9},
		{"usd", "1.73bn", 1.73e9},
		{"usd", "-290m", -290e6},
		{"usd", "−290m", -290e6}, // the minus sign of print
		{"usd", "17.1m", 17.1e6},
		{"usd", "5k", 5000},
		{"usd", "1.2tn", 1.2e12},
		{"usd", "+.5k", 500},
		{"usd", "3.", 3},
		{"usd", "0", 0},
		{"usd", "-0", 0},
		{"usd_per_coin", "76052", 76052},
		{"usd_per_return", "2.82222bn", 2.82222e9},
		{"coins", "713502", 713502},
		{"coins", "19.9m", 19.9e6},
		{"count", "10k", 10000},
		{"count", "2.5k", 2500},
		{"fraction", "3.4%", .034},
		{"fraction", "25bp", .0025},
		{"fraction", "0.034", .034},
		{"fraction", "1", 1},
		{"rate", "-120%", -1.2},
		{"rate", "49%", .49},
		{"ratio", "1.25", 1.25},
		{"ratio", "83%", .83},
		{"factor", "0.94", .94},
		{"amount", "-1.73bn", -1.73e9},
		{"amount", "25bp", .0025},
		{"years", "1.5", 1.5},
		{"years", "1.5y", 1.5},
		{"duration", "6w", 6 * 7 * 86400},
	} {
		got, err := Parse(tt.unit, tt.text)
		if err != nil || got != tt.want {
			t.Errorf("Parse(%q, %q) = %v, %v, expected %v", tt.unit, tt.text, got, err, tt.want)
		}
	}
}

func TestParseFaults(t *testing.T) {
	usd := "USD, such as 1.73bn, -290m or 5k"
	duration := "a duration, such as 5m, 4h, 1d or 6w"
	for _, tt := range []struct{ unit, text, found, expected string }{
		{"usd", "", `""`, usd},
		{"usd", "3%", `"3%", a percentage`, usd},
		{"usd", "6w", `"6w", a duration`, usd},
		{"usd", "3BN", `"3BN"`, usd},
		{"usd", "3 bn", `"3 bn"`, usd},
		{"usd", "$3bn", `"$3bn", with a currency sign`, usd},
		{"usd", "1,730,000", `"1,730,000", with a thousands separator`, "1730000"},
		{"usd", "1_730", `"1_730", with a thousands separator`, "1730"},
		{"usd", "0x1f", `"0x1f"`, usd},
		{"usd", "NaN", `"NaN"`, usd},
		{"usd", "Inf", `"Inf"`, usd},
		{"usd", "-.inf", `"-.inf"`, usd},
		{"usd", "1e400", "1e400, which is too large", usd},
		{"usd", "1e9bn", "1e9bn, with an exponent and a unit", "one of the two"},
		{"usd", "--3", `"--3"`, usd},
		{"usd", strings.Repeat("9", 65), "99999999… of 65 characters", usd},
		{"coins", "3%", `"3%", a percentage`, "coins, such as 713502 or 19.9m"},
		{"count", "1.5", "1.5", "a whole number, such as 500 or 10k"},
		{"fraction", "49", "49, without a unit", "49%, or 4900% if that is meant"},
		{"fraction", "5m", `"5m", in millions or minutes`, "a fraction, such as 3.4%, 25bp or 0.034"},
		{"rate", "3bn", `"3bn", a multiple`, "a rate, such as 3.4%, 25bp or 0.034"},
		{"factor", "50%", `"50%", a percentage`, "a plain number, such as 0.94"},
		{"duration", "5", "5, without a unit", duration},
		{"duration", "0", "0, without a unit", duration},
		{"duration", "5 days", `"5 days"`, duration},
		{"duration", "3%", `"3%", a percentage`, duration},
		{"duration", "1e3d", `"1e3d", a duration`, duration},
		{"duration", "1000000w", "1000000w, which is not a whole number of nanoseconds within 292 years", duration},
		{"duration", ".0000000001s", ".0000000001s, which is not a whole number of nanoseconds within 292 years", duration},
	} {
		_, err := Parse(tt.unit, tt.text)
		var wrong *WrittenError
		if !errors.As(err, &wrong) {
			t.Errorf("Parse(%q, %q) returned %v, expected a WrittenError", tt.unit, tt.text, err)
			continue
		}
		if diff := cmp.Diff(WrittenError{tt.found, tt.expected}, *wrong); diff != "" {
			t.Errorf("Parse(%q, %q) (-want +got):\n%s", tt.unit, tt.text, diff)
		}
	}
}

func TestFormat(t *testing.T) {
	for _, tt := range []struct {
		unit string
		v    float64
		want string
	}{
		{"usd", 1.73e9, "1.73bn"},
		{"usd", -290e6, "-290m"},
		{"usd", 5000, "5k"},
		{"usd", 12345.5, "12345.5"},
		{"usd", 1.2e12, "1.2tn"},
		{"usd", 1e300, "1e+300"},
		{"usd", 1e-10, "1e-10"},
		{"fraction", 1e-10, "1e-10"},
		{"usd_per_coin", 76052, "76052"},
		{"coins", 713502, "713502"},
		{"fraction", .034, "3.4%"},
		{"fraction", 1, "100%"},
		{"fraction", 0, "0%"},
		{"rate", -.00025, "-0.025%"},
		{"factor", .43489, "0.43489"},
		{"ratio", 1.25, "1.25"},
		{"years", 1.5, "1.5y"},
		{"count", 10000, "10000"},
		{"amount", -1.73e9, "-1.73bn"},
	} {
		if got := Format(tt.unit, tt.v); got != tt.want {
			t.Errorf("Format(%q, %v) = %q, expected %q", tt.unit, tt.v, got, tt.want)
		}
	}
}

// Whatever Format writes, Parse reads back to the last bit, and Pattern admits.
func TestFormatParse(t *testing.T) {
	for unit := range units {
		if unit == "duration" {
			continue
		}
		pattern := regexp.MustCompile(Pattern(unit))
		rapid.Check(t, func(t *rapid.T) {
			v := rapid.Float64().Draw(t, "v")
			if unit == "count" {
				v = math.Trunc(v)
			}
			if unit == "fraction" || unit == "rate" {
				v = math.Mod(v, 1e60)
			}
			text := Format(unit, v)
			got, err := Parse(unit, text)
			if err != nil || got != v {
				t.Fatalf("%s: %v is written %s and read %v, %v", unit, v, text, got, err)
			}
			if !pattern.MatchString(text) {
				t.Fatalf("%s: %s does not match %s", unit, text, pattern)
			}
		})
	}
}

func TestDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"5m": 5 * time.Minute, "4h": 4 * time.Hour, "1d": 24 * time.Hour, "6w": 42 * 24 * time.Hour,
		"1.5d": 36 * time.Hour, "90s": 90 * time.Second, "-1d": -24 * time.Hour, "0d": 0,
	} {
		if got, err := ParseDuration(text); err != nil || got != want {
			t.Errorf("ParseDuration(%q) = %v, %v, expected %v", text, got, err, want)
		}
	}
	for d, want := range map[time.Duration]string{
		36 * time.Hour: "36h", 48 * time.Hour: "2d", 14 * 24 * time.Hour: "2w", 90 * time.Second: "90s", 0: "0s", 1500 * time.Millisecond: "1.5s",
	} {
		if got := FormatDuration(d); got != want {
			t.Errorf("FormatDuration(%v) = %q, expected %q", d, got, want)
		}
	}
	pattern := regexp.MustCompile(Pattern("duration"))
	rapid.Check(t, func(t *rapid.T) {
		d := time.Duration(rapid.Int64().Draw(t, "d"))
		text := FormatDuration(d)
		if got, err := ParseDuration(text); err != nil || got != d || !pattern.MatchString(text) {
			t.Fatalf("%d is written %s and read %d, %v", d, text, got, err)
		}
	})
}

func TestDate(t *testing.T) {
	day := time.Date(2026, 1, 26, 0, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"2026-01-26":                day,
		"2026-01-26 15:00":          day.Add(15 * time.Hour),
		"2026-01-26T15:00:30":       day.Add(15*time.Hour + 30*time.Second),
		"2026-01-26T15:00Z":         day.Add(15 * time.Hour),
		"2026-01-26T15:00:00+01:00": day.Add(14 * time.Hour),
	} {
		if got, err := ParseDate(text); err != nil || !got.Equal(want) || got.Location() != time.UTC {
			t.Errorf("ParseDate(%q) = %v, %v, expected %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "26.01.2026", "2026-02-30", "20260126", "yesterday", strings.Repeat("2", 100)} {
		if got, err := ParseDate(text); err == nil {
			t.Errorf("ParseDate(%q) = %v, expected an error", text, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(0, 1e10).Draw(t, "s"), rapid.Int64Range(0, 1e9-1).Draw(t, "ns")).UTC()
		if got, err := ParseDate(FormatDate(at)); err != nil || !got.Equal(at) {
			t.Fatalf("%v is written %s and read %v, %v", at, FormatDate(at), got, err)
		}
	})
}

// Whatever is written, reading it gives a [WrittenError] or a number that is the same
// when it is written and read again, within the pattern that the schema gives.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"1.73bn", "-290m", "3.4%", "25bp", "6w", "1e400", "713,502", "NaN", ".", "e", "%", "1e9bn", "−3", "1e-320", "5e-324%", "1" + strings.Repeat("0", 60),
		"1e999999999999", "0.1ns", ".5d", "9223372036854775807s", "2026-01-26 15:00", "2026-01-26T15:00:00+01:00", "9999-12-31", "é", "\xff",
	} {
		f.Add(text)
	}
	patterns := map[string]*regexp.Regexp{}
	for unit := range units {
		patterns[unit] = regexp.MustCompile(Pattern(unit))
	}
	f.Fuzz(func(t *testing.T, text string) {
		bounded.By(t, 1<<20+1000*uint64(len(text)), func() {
			for _, unit := range slices.Sorted(maps.Keys(units)) {
				v, err := Parse(unit, text)
				if isWritten(t, err) {
					continue
				}
				if math.IsNaN(v) || math.IsInf(v, 0) {
					t.Errorf("Parse(%q, %q) = %v", unit, text, v)
				}
				if unit == "duration" || math.Abs(v) > 1e60 { // see Format; durations are below
					continue
				}
				if again, err := Parse(unit, Format(unit, v)); err != nil || again != v || !patterns[unit].MatchString(Format(unit, v)) {
					t.Errorf("Parse(%q, %q) = %v is written %s and read %v, %v", unit, text, v, Format(unit, v), again, err)
				}
			}
			if d, err := ParseDuration(text); !isWritten(t, err) {
				if again, err := ParseDuration(FormatDuration(d)); err != nil || again != d {
					t.Errorf("ParseDuration(%q) = %d is written %s and read %d, %v", text, d, FormatDuration(d), again, err)
				}
			}
			if at, err := ParseDate(text); !isWritten(t, err) {
				if again, err := ParseDate(FormatDate(at)); err != nil || !again.Equal(at) {
					t.Errorf("ParseDate(%q) = %v is written %s and read %v, %v", text, at, FormatDate(at), again, err)
				}
			}
		})
	})
}

// isWritten tells whether there is an error, which must say what was found and what was
// expected.
func isWritten(t *testing.T, err error) bool {
	t.Helper()
	var wrong *WrittenError
	if err != nil && (!errors.As(err, &wrong) || wrong.Found == "" || wrong.Expected == "") {
		t.Errorf("%v is not a WrittenError", err)
	}
	return err != nil
}
