package scenarios

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const chartless = "name: x\ntitle: X\nmarket: {btc: {price: 1, volatility: 50%, depth_1pct: 3bn}}\nsimulate: {steps: 2}\n"

func TestCharts(t *testing.T) {
	s, err := Parse("x.yaml", []byte(chartless+`language: de
charts:
  - fan
  - {chart: price, title: Der Preis, size: half, from: 2026-01-01, to: 2026-01-31, range: [50k, -2%], language: pl}
`), []Override{{Key: "charts.fan.subtitle", Value: "USD"}, {Key: "charts.price.range", Value: "[-1bn, 25bp]"}})
	if err != nil {
		t.Fatal(err)
	}
	want := []Chart{{Chart: "fan", Subtitle: "USD"}, {Chart: "price", Title: "Der Preis", Size: "half", From: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		To: time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC), Range: &ValueRange{-1e9, .0025}, Language: "pl"}}
	if diff := cmp.Diff(want, s.Charts); diff != "" {
		t.Errorf("charts differ (-want +got):\n%s", diff)
	}
	var listed []string
	for _, p := range s.Parameters() {
		if strings.HasPrefix(p.Path, "charts") || p.Path == "language" {
			listed = append(listed, p.Path+" = "+p.Value)
		}
	}
	if diff := cmp.Diff([]string{"charts.fan.chart = fan", "charts.fan.subtitle = USD", "charts.price.chart = price", "charts.price.title = Der Preis",
		"charts.price.size = half", "charts.price.from = 2026-01-01", "charts.price.to = 2026-01-31", "charts.price.range = [-1bn, 0.0025]",
		"charts.price.language = pl", "language = de"}, listed); diff != "" {
		t.Errorf("parameters differ (-want +got):\n%s", diff)
	}
}

// A chart by its bare name is the same scenario as one in a section; how a chart looks
// and where it stands are a part of what the scenario says.
func TestChartsInTheHash(t *testing.T) {
	hash := func(charts string) string {
		t.Helper()
		s, err := Parse("x.yaml", []byte(chartless+"charts: "+charts+"\n"), nil)
		if err != nil {
			t.Fatal(err)
		}
		return s.Hash()
	}
	bare := hash("[price, fan]")
	if other := hash("[{chart: price}, fan]"); other != bare {
		t.Error("the form of an entry changes the hash")
	}
	for _, charts := range []string{"[fan, price]", "[price]", "[{chart: price, title: X}, fan]", "[{chart: price, range: [0, 1]}, fan]"} {
		if hash(charts) == bare {
			t.Errorf("%s has the hash of [price, fan]", charts)
		}
	}
}

func TestChartFaults(t *testing.T) {
	for charts, want := range map[string]string{
		"price":                          `charts: found "price", expected a list`,
		"[[price]]":                      "charts[0]: found a list, expected keys: chart, title",
		"[pei]":                          `charts[0].chart: found "pei", expected one of price,`,
		"[{size: half}]":                 "charts[0].chart is missing",
		"[price, price]":                 `charts[1]: found "price" a second time`,
		"[{chart: price, range: [1]}]":   "charts[0].range: found [1], expected the lower and the upper end",
		"[{chart: price, range: 1}]":     `charts[0].range: found "1", expected the lower and the upper end`,
		"[{chart: price, range: [2,1]}]": "charts[0].range: found [2, 1], expected the lower and the upper end of the axis, such as [50k, 130k]: the lower first",
		"[{chart: price, range: [1,1]}]": "the lower first",
		"[{chart: price, from: 2026-02-01, to: 2026-01-01}]": "charts[0].to: found 2026-01-01, expected a date from 2026-02-01 on",
		"[{chart: price, language: da}]":                     `charts[0].language: found "da", expected one of en, de`,
	} {
		_, err := Parse("x.yaml", []byte(chartless+"charts: "+charts+"\n"), nil)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v\nexpected %s", charts, err, want)
		}
	}
}
