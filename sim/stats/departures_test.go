package stats_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ebb-sim/ebb/sim/stats"
)

// A difference is a statistic for which a profile does not give what a library gives.
type difference struct {
	profile, library stats.Profile
	when, statistic  string
}

// likePrices is the case in which quantstats computes something else altogether.
const likePrices = "no loss and a gain above 100 %"

// The departures that are listed are those that there are: none is missing, and none
// is left of an older version.
func TestDeparturesAreThoseOfTheGoldenValues(t *testing.T) {
	found, listed := map[difference]bool{}, map[difference]bool{}
	l := readLibraries(t)
	l.ownDifferences(t, found)
	l.ebbDifferences(t, found)
	for _, p := range stats.Profiles() {
		for _, d := range p.Departures() {
			for _, when := range whenOf(d) {
				for _, name := range statisticsOf(d) {
					listed[difference{d.Profile, d.From, when, name}] = true
				}
			}
		}
	}
	if diff := cmp.Diff(lines(listed), lines(found)); diff != "" {
		t.Errorf("(-listed +found)\n%s", diff)
	}
}

func whenOf(d stats.Departure) []string {
	if len(d.When) == 0 {
		return []string{""}
	}
	return d.When
}

func statisticsOf(d stats.Departure) []string {
	if len(d.Statistics) == 0 {
		return []string{""}
	}
	return d.Statistics
}

func lines(set map[difference]bool) []string {
	var list []string
	for d := range maps.Keys(set) {
		list = append(list, fmt.Sprintf("%s from %s: %s: %s", d.profile, d.library, d.when, d.statistic))
	}
	slices.Sort(list)
	return list
}

// ownDifferences compares each profile with its library on the hard cases.
func (l libraries) ownDifferences(t *testing.T, found map[difference]bool) {
	for i, h := range l.Hard {
		for p, values := range h.Values {
			d := difference{profile: p, library: p, when: h.Case}
			for _, r := range p.Describe(l.hardSample(t, i, p)).Statistics {
				if same(t, r.Value, values[r.Name]) {
					continue
				}
				if d.statistic = r.Name; p == stats.QuantStats && h.Case == likePrices {
					d.statistic = ""
				}
				found[d] = true
			}
		}
	}
}

// ebbDifferences compares ebb with each library on the golden series, and on the cases
// that only its definitions tell apart.
func (l libraries) ebbDifferences(t *testing.T, found map[difference]bool) {
	compare := func(sample stats.Sample, library stats.Profile, when string, values map[string]string) {
		for _, r := range stats.EBB.Describe(sample).Statistics {
			d := difference{stats.EBB, library, "", r.Name}
			if text, known := values[r.Name]; known && !found[d] && !same(t, r.Value, text) {
				d.when = when
				found[d] = true
			}
		}
	}
	for _, g := range l.Golden {
		sample := goldenSample(t, g.Series)
		sample.RiskFree, sample.Trials, sample.TrialVariance = g.RiskFree, l.Trials, l.TrialVariance
		sample.PeriodsPerYear = g.Profile.Describe(sample).PeriodsPerYear
		compare(sample, g.Profile, "", g.Values)
	}
	for i, h := range l.Hard {
		if h.Hours == 24 && len(h.Returns) < 20 {
			continue
		}
		for _, p := range stats.Profiles()[1:] {
			compare(l.hardSample(t, i, p), p, h.Case, h.Values[p])
		}
	}
}

// same compares a value, absent where the library has none.
func same(t *testing.T, got float64, text string) bool {
	if text == "error" || text == "nan" {
		return math.IsNaN(got)
	}
	return agree(got, parse(t, text))
}

func TestDeparturesAreComplete(t *testing.T) {
	for _, p := range stats.Profiles() {
		list := p.Departures()
		if len(list) == 0 {
			t.Errorf("%s departs nowhere", p)
		}
		for _, d := range list {
			if d.Profile != p || d.From == "" || d.Gives == "" || d.Reason == "" {
				t.Errorf("%+v", d)
			}
		}
	}
	if list := stats.Profile("none").Departures(); list != nil {
		t.Errorf("an unknown profile departs: %v", list)
	}
}

// The documentation of the package lists every departure, and no other.
func TestDocumentationListsTheDepartures(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "doc.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(file.Doc.Text(), "# Departures\n")
	if !found {
		t.Fatal("doc.go has no section Departures")
	}
	_, section, _ = strings.Cut(section, "\n  - ")
	var documented, want []string
	for _, item := range strings.Split(section, "\n  - ") {
		documented = append(documented, strings.Join(strings.Fields(item), " "))
	}
	for _, p := range stats.Profiles() {
		for _, d := range p.Departures() {
			want = append(want, d.String())
		}
	}
	if diff := cmp.Diff(want, documented); diff != "" {
		t.Errorf("(-departures +doc.go)\n%s", diff)
	}
}
