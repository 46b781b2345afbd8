package param

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

type common struct {
	Name string `yaml:"name" doc:"label"`
}

type holder struct {
	Units float64  `yaml:"units" unit:"coins" required:"true" min:"0" doc:"coins"`
	LTV   *float64 `yaml:"ltv" unit:"ratio" above:"0" doc:"covenant"`
	Cap   float64  `yaml:"cap" unit:"usd" above:"0" doc:"most"`
}

func (h *holder) Defaults() { h.Cap = math.Inf(1) }

type config struct {
	common  `yaml:",inline"`
	Debt    float64           `yaml:"debt" unit:"usd" min:"0" max:"1tn" doc:"owed" source:"10-K"`
	Price   float64           `yaml:"price" unit:"usd_per_coin" above:"0" doc:"price"`
	Runway  time.Duration     `yaml:"runway" unit:"duration" above:"1d" doc:"cash"`
	From    time.Time         `yaml:"from" doc:"start"`
	Levels  []float64         `yaml:"levels" unit:"usd_per_coin" doc:"levels"`
	Holders []holder          `yaml:"holders" required:"true" doc:"who"`
	ByAsset map[string]holder `yaml:"by_asset" key:"asset" doc:"where"`
}

func TestList(t *testing.T) {
	got := List(&config{Debt: 8.2e9, Runway: 42 * 24 * time.Hour, Levels: []float64{93000, 80000}})
	type row struct{ Path, Unit, Default, Bounds string }
	var rows []row
	for _, p := range got {
		rows = append(rows, row{p.Path, p.Unit, p.Default, p.Bounds.Describe(p.Unit)})
	}
	want := []row{
		{"name", "", "", ""},
		{"debt", "usd", "8.2bn", "at least 0 and at most 1tn"},
		{"price", "usd_per_coin", "", "more than 0"},
		{"runway", "duration", "6w", "more than 1d"},
		{"from", "", "", ""},
		{"levels", "usd_per_coin", "[93000, 80000]", ""},
		{"holders", "", "", ""},
		{"holders[].units", "coins", "", "at least 0"},
		{"holders[].ltv", "ratio", "", "more than 0"},
		{"holders[].cap", "usd", "no limit", "more than 0"},
		{"by_asset", "", "", ""},
		{"by_asset.<asset>.units", "coins", "", "at least 0"},
		{"by_asset.<asset>.ltv", "ratio", "", "more than 0"},
		{"by_asset.<asset>.cap", "usd", "no limit", "more than 0"},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("List differs (-want +got):\n%s", diff)
	}
}

func TestBounds(t *testing.T) {
	zero, one := 0., 1.
	for _, tt := range []struct {
		bounds Bounds
		v      float64
		want   string
	}{
		{Bounds{Min: &zero, Max: &one}, 0, ""},
		{Bounds{Min: &zero, Max: &one}, 1, ""},
		{Bounds{Min: &zero, Max: &one}, 1.1, "at least 0 and at most 100%"},
		{Bounds{Above: &zero, Below: &one}, 0, "more than 0 and less than 100%"},
		{Bounds{Above: &zero, Below: &one}, 1, "more than 0 and less than 100%"},
		{Bounds{Above: &zero, Below: &one}, .5, ""},
		{Bounds{Min: &zero}, math.NaN(), "at least 0"},
	} {
		if got := tt.bounds.Check("fraction", tt.v); got != tt.want {
			t.Errorf("Check(%v) = %q, expected %q", tt.v, got, tt.want)
		}
	}
}
