package reconstruct_test

import (
	"strings"
	"testing"

	"github.com/ebb-sim/ebb/data"
)

// Where Friday is a holiday, the week's close is that of the session before, as
// a fund has it: on Good Friday, 2026-04-03, and in the first week of all.
func TestFridayWithoutSession(t *testing.T) {
	for name, first := range map[string]string{"inside": "2026-03-06", "first": "2026-04-03"} {
		facts := bundledFacts(t)
		facts.Weekly = facts.Weekly[:9] // none of their days is dated
		var end data.Date
		if err := end.UnmarshalCSV(first); err != nil {
			t.Fatal(err)
		}
		goodFriday := -1
		for k := range facts.Weekly {
			facts.Weekly[k].End = data.Date{Time: end.AddDate(0, 0, 7*k)}
			if facts.Weekly[k].End.String() == "2026-04-03" {
				goodFriday = k
			}
		}
		h := parse(t, rebuild(t, facts, bundledSeed))
		w := facts.Weekly[goodFriday]
		for file, want := range map[string]data.Number{
			"nasdaq100_etf.csv": w.Nasdaq100Close, "software_etf.csv": w.SoftwareClose, "ai_etf.csv": w.AIClose,
			"silver_etf.csv": w.SilverClose, "mstr.csv": w.MSTRClose,
		} {
			if closing := h[file].span("close", "2026-04-02", "2026-04-03"); len(closing) != 1 || closing[0] != float64(want) {
				t.Errorf("%s: %s: closes %v from Thursday to Good Friday, want %v alone", name, file, closing, want)
			}
			if name == "first" && h[file].days[0] != "2026-04-02" {
				t.Errorf("%s starts on %s", file, h[file].days[0])
			}
		}
		if sol := h["sol_usd.csv"].on(t, "close", "2026-04-03"); strings.TrimRight(sol, "0") != w.SOLClose.String() {
			t.Errorf("%s: Solana closes at %s, want %s", name, sol, w.SOLClose)
		}
	}
}
