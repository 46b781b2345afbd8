package intake_test

import (
	"strings"
	"testing"

	"github.com/ebb-sim/ebb/data/intake"
)

// No file makes the importer panic, and what it accepts it can write and read back.
func FuzzImport(f *testing.F) {
	for _, seed := range []string{
		"date,price\n2024-01-02,10\n", "Date\tBTC Purchased\tAmount\tTotal Bitcoin\tTotal Dollars\n3/1/26 - 3/4/26\t1,000\t$1.5B\t2\t(3)\n",
		"1420070400000,10,12,13,9,1.5\n", `{"daily_flows":[{"date":"2024-07-03","flows":{"AAA":1.5},"total":1.5}]}`, `{"dates":["2024-01-05"],"closes":[1],"futures":[2],"basis":[3]}`,
		"\xff\xfed\x00,\x00a\x00\n\x00", "\x1f\x8b\x08", "Date,AAA,Total\nSeed,1,1\n11 Jan 2024,,0.0\n", "day;a;a;\n1.2.2024;1.234,5;x;\n",
	} {
		f.Add(seed)
	}
	answers := intake.Answers{
		Layout: "", Zone: "UTC+3", Stamp: "close", Kind: all("level"), Unit: all("usd"), Per: all("day"), Known: all("1d"),
	}
	f.Fuzz(func(t *testing.T, text string) {
		im, err := imported("x", text, answers, intake.Options{DropLast: true})
		if err != nil {
			if err.Error() == "" {
				t.Error("an error without a word")
			}
			return
		}
		if _, err := im.Files(""); err != nil && !strings.Contains(err.Error(), "would both be written") {
			t.Errorf("%q: %v", text, err)
		}
	})
}
