package stats_test

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/sim/stats"
)

// libraries is what the libraries say of the series beside it, and of cases on which they
// give way. Each was called as its users do: quantstats with a series of returns and an
// annual risk-free rate, empyrical with the rate of one of 252 periods, vectorbt with the
// rate of one of 365, steps of a day, 20 trials and a variance of their annual Sharpe
// ratios of 0.25. The values are the shortest text that gives the same float64, or "error".
type libraries struct {
	Versions      map[string]string `json:"versions"`
	Trials        int               `json:"trials"`
	TrialVariance float64           `json:"trial_variance"`
	Golden        []struct {
		Series   string
		RiskFree float64 `json:"risk_free"`
		Profile  stats.Profile
		Values   map[string]string
	}
	Hard []struct {
		Case               string
		Start              time.Time
		Hours              int // from one step to the next
		Returns, Benchmark []float64
		Values             map[stats.Profile]map[string]string
	}
}

func readLibraries(t *testing.T) libraries {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "golden", "libraries.json"))
	if err != nil {
		t.Fatal(err)
	}
	var l libraries
	if err := json.Unmarshal(text, &l); err != nil {
		t.Fatal(err)
	}
	return l
}

// goldenSample is a series of the golden files; the profile chooses the periods per year.
func goldenSample(t *testing.T, series string) stats.Sample {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", "golden", series+".csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var returns, benchmark []float64
	var times []time.Time
	for _, row := range rows[1:] {
		times = append(times, date(t, row[0]))
		returns = append(returns, parse(t, row[1]))
		benchmark = append(benchmark, parse(t, row[2]))
	}
	return sampleOf(t, times, returns, benchmark)
}

// sampleOf puts a day before the first return.
func sampleOf(t *testing.T, times []time.Time, returns, benchmark []float64) stats.Sample {
	t.Helper()
	return stats.Sample{
		Prices:    wealth(t, returns),
		Times:     append([]time.Time{times[0].AddDate(0, 0, -1)}, times...),
		Benchmark: wealth(t, benchmark),
	}
}

func parse(t *testing.T, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// agree compares to the tenth digit; what is 0 but for rounding agrees with 0.
func agree(got, want float64) bool {
	return math.Abs(got-want) <= 1e-10*math.Abs(want)+1e-16
}

func TestProfilesAgreeWithTheirLibraries(t *testing.T) {
	l := readLibraries(t)
	compared := 0
	for _, g := range l.Golden {
		sample := goldenSample(t, g.Series)
		sample.RiskFree, sample.Trials, sample.TrialVariance = g.RiskFree, l.Trials, l.TrialVariance
		for _, r := range g.Profile.Describe(sample).Statistics {
			text, known := g.Values[r.Name]
			if !known {
				t.Errorf("%s: %s is in the profile and not in the golden values", g.Profile, r.Name)
				continue
			}
			if want := parse(t, text); !agree(r.Value, want) {
				t.Errorf("%s of %s, risk-free %v: %s = %.17g (%s), the library %.17g", g.Series, g.Profile, g.RiskFree, r.Name, r.Value, r.Reason, want)
			}
			compared++
		}
		if listed := len(g.Profile.Statistics()); listed != len(g.Values) {
			t.Errorf("%s: %d statistics in the profile, %d golden values", g.Profile, listed, len(g.Values))
		}
	}
	if compared < 3*2*(3*20) {
		t.Errorf("%d values were compared", compared)
	}
}

// hardSample is a case on which libraries give way, with their own periods per year.
func (l libraries) hardSample(t *testing.T, i int, library stats.Profile) stats.Sample {
	t.Helper()
	h := l.Hard[i]
	step := time.Duration(h.Hours) * time.Hour
	times := make([]time.Time, len(h.Returns)+1)
	for k := range times {
		times[k] = h.Start.Add(time.Duration(k-1) * step)
	}
	s := stats.Sample{Prices: wealth(t, h.Returns), Benchmark: wealth(t, h.Benchmark), Times: times,
		Trials: l.Trials, TrialVariance: l.TrialVariance, PeriodsPerYear: 252}
	if library == stats.VectorBT {
		s.PeriodsPerYear = 365
	}
	return s
}
