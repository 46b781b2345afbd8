package data

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// sameNumber compares a cell as decimal reads it, if it does, with strconv, bit
// for bit; the bytes after the cell are those of the next ones.
func sameNumber(t interface{ Errorf(string, ...any) }, text, after string) (read bool) {
	row := []byte(text + after)
	got, n := decimal(row[:len(text)])
	if n == 0 || n < len(text) {
		return false
	}
	want, err := strconv.ParseFloat(text, 64)
	if err != nil || math.Float64bits(got) != math.Float64bits(want) {
		t.Errorf("%q: got %v (%x), want %v (%x), %v", text, got, math.Float64bits(got), want, math.Float64bits(want), err)
	}
	return true
}

func TestDecimal(t *testing.T) {
	tests := []struct {
		text string
		read bool
	}{
		{"0", true}, {"-0", true}, {"+5", true}, {"5.", true}, {".5", true}, {"-.5", true}, {"0.1", true},
		{"28923.63", true}, {"28923.63000000", true}, {"1234567.8", true}, {"12345678.9", true}, {"123456789", true},
		{"00000000.1", true}, {"9007199254740992", true}, {"9007199254740993", false}, {"-900719925474.0992", true},
		{"0.00000000000001", true}, {"1234567.123456", true}, {"12345678.12345", true}, {"123456789.12345", true},
		{"", false}, {".", false}, {"-", false}, {"+", false}, {"+-1", false}, {"--1", false}, {"1-", false}, {"1.2.3", false},
		{"1.23456789.1234", false}, {"1e5", false}, {" 1", false}, {"1 ", false}, {"0x10", false}, {"1,5", false},
		{"12345678:", false}, {"/2345678", false}, {"1_000", false}, {"NaN", false}, {"Inf", false}, {"１", false}, {"\xff", false},
		{"12345678901234567", false}, {"9007199254740.9921", false}, {"0.0000000000000000001", false}, {"0.00000000000000001", true},
	}
	for _, tt := range tests {
		for _, after := range []string{"", ",", "\n", ",7.5,9\n", ",12345678901234567890"} {
			if got := sameNumber(t, tt.text, after); got != tt.read {
				t.Errorf("%q before %q: read %v, want %v", tt.text, after, got, tt.read)
			}
		}
	}
}

func TestDecimalIsExact(t *testing.T) {
	written := rapid.StringMatching(`[-+]?[0-9]{0,12}\.?[0-9]{0,12}`)
	broken := rapid.StringMatching(`[-+0-9.eE x/:,_]{0,18}`)
	after := rapid.StringMatching(`[0-9,.\n]{0,9}`)
	read := 0
	rapid.Check(t, func(t *rapid.T) {
		if sameNumber(t, written.Draw(t, "number"), after.Draw(t, "after")) {
			read++
		}
		sameNumber(t, broken.Draw(t, "text"), after.Draw(t, "after"))
	})
	if read == 0 {
		t.Error("none was read")
	}
}

func FuzzDecimal(f *testing.F) {
	f.Add("28923.63", ",1")
	f.Fuzz(func(t *testing.T, text, after string) { sameNumber(t, text, after) })
}

// What dateTime reads is what the layouts say.
func sameTime(t interface{ Errorf(string, ...any) }, text string) (read bool) {
	got, ok := dateTime([]byte(text))
	if !ok {
		return false
	}
	want, known := parseTime(text)
	if _, offset := want.Zone(); !known || offset != 0 || !got.time().Equal(want) {
		t.Errorf("%q: got %v, want %v, %v", text, got.time(), want, known)
	}
	return true
}

func TestDateTime(t *testing.T) {
	tests := []struct {
		text string
		read bool
	}{
		{"2025-10-06", true}, {"2025-10-06 12:30:59", true}, {"2025-10-06T12:30:59", true}, {"2025-10-06T00:00:00Z", true},
		{"2025-10-06 00:00:00Z", true}, {"2025-10-06 00:00:00+00:00", true}, {"2025-10-06T00:00:00+00:00", true},
		{"1900-01-01", true}, {"2199-12-31 23:59:59", true}, {"1970-01-01", true}, {"1969-12-31 23:59:59", true},
		{"2024-02-29", true}, {"2000-02-29", true}, {"1609459200", true}, {"1609459200000", true}, {"1609459200000123", true},
		{"0000000000", true}, {"7258118399", true}, {"7258118399999", true}, {"7258118399999999", true},
		{"1899-12-31", false}, {"2200-01-01", false}, {"2023-02-29", false}, {"1900-02-29", false}, {"2025-02-30", false},
		{"2025-13-01", false}, {"2025-00-01", false}, {"2025-01-00", false}, {"2025-04-31", false}, {"2025-10-06 24:00:00", false},
		{"2025-10-06 00:60:00", false}, {"2025-10-06 00:00:60", false}, {"2025-10-06 1:00:00", false}, {"2025-10-06 00:00", false},
		{"2025-10-06T00:00:00.5", false}, {"2025-10-06T00:00:00+02:00", false}, {"2025/10/06", false}, {"6 Oct 2025", false},
		{"7258118400", false}, {"9999999999999", false}, {"160945920", false}, {"16094592000", false}, {"-160945920", false},
		{"2025-1-006", false}, {"202510-06-", false}, {"2025-10-06 12-30:00", false}, {"", false}, {"2025-10-0x", false},
	}
	for _, tt := range tests {
		if got := sameTime(t, tt.text); got != tt.read {
			t.Errorf("%q: read %v, want %v", tt.text, got, tt.read)
		}
	}
}

func TestDateTimeIsExact(t *testing.T) {
	written := rapid.StringMatching(`(19|20|21)[0-9][0-9]-[01][0-9]-[0-3][0-9]([ T][0-2][0-9]:[0-6][0-9]:[0-6][0-9](Z|\+00:00|\+02:00| UTC)?)?`)
	number := rapid.StringMatching(`[0-9]{9,17}`)
	read := 0
	rapid.Check(t, func(t *rapid.T) {
		text := written.Draw(t, "date")
		if sameTime(t, text) {
			read++
		}
		sameTime(t, number.Draw(t, "epoch"))
		at := rapid.IntRange(0, len(text)-1).Draw(t, "at")
		sameTime(t, text[:at]+rapid.StringMatching(`[-:0-9 TZx]?`).Draw(t, "slip")+text[at+1:])
	})
	if read == 0 {
		t.Error("none was read")
	}
}

func FuzzDateTime(f *testing.F) {
	f.Add("2025-10-06 12:30:59+00:00")
	f.Add("1609459200000")
	f.Fuzz(func(t *testing.T, text string) { sameTime(t, strings.TrimSpace(text)) })
}
