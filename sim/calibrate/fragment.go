package calibrate

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"

	"github.com/ebb-sim/ebb/sim/driver"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/param"
)

// Fragment writes the estimates as market and mechanisms of a scenario file, to be pasted
// into one: each value as the file's language has it, with its standard error, interval,
// number of observations, window and warnings behind it. A value outside the bounds of
// its parameter is left out, and a comment says so. The GARCH stands in a comment, since
// it belongs under simulate.
func (r *Report) Fragment() []byte {
	f := &fragment{report: r}
	f.line("# %s as the data of %s tell it; se: standard error, n: observations", r.Asset, r.Window)
	f.market()
	f.redemption()
	f.carry()
	f.premium()
	f.news()
	for _, p := range r.Parts {
		if p.Failed != "" {
			f.line("# %s: not estimated: %s", p.Name, strings.ReplaceAll(p.Failed, "\n", "; "))
		}
	}
	return []byte(f.String())
}

type fragment struct {
	strings.Builder
	report *Report
	listed bool // the list of mechanisms has begun
}

func (f *fragment) line(format string, args ...any) { fmt.Fprintf(f, format+"\n", args...) }

// market writes depth and volatility.
func (f *fragment) market() {
	depth := f.report.given.Depth1Pct
	volatility, measured := f.report.Find("volatility", "unconditional")
	if depth == 0 && !measured {
		return
	}
	f.line("market:\n  %s:", f.report.Asset)
	if depth > 0 {
		f.line("    impact: linear")
		f.line("    depth_1pct: %s # given, not estimated: what a forced order moves", param.Format("usd", depth))
	}
	if measured {
		f.line("    # of closes, so that what mechanisms move is in it: news alone moves less")
		f.estimate("    ", param.Field{Name: "volatility", Unit: "rate", Bounds: param.Bounds{Above: new(float64)}}, volatility)
	}
}

func (f *fragment) redemption() {
	persistence, ok := f.report.Find("flow", "persistence")
	if !ok {
		return
	}
	response, _ := f.report.Find("flow", "response")
	sd, _ := f.report.Find("flow", "innovation_sd")
	f.head("redemption")
	if aum := f.report.given.AUM; aum > 0 {
		f.line("      aum: %s # given", param.Format("usd", aum))
	} else {
		f.line("      # aum is needed, and these data do not tell it")
	}
	f.parameter("redemption", "persistence", persistence)
	f.parameter("redemption", "response", response)
	f.parameter("redemption", "innovation_sd", sd)
	if impact, ok := f.report.Find("impact", "impact"); ok && f.report.given.Depth1Pct > 0 {
		f.line("      # an upper bound: like-minded orders and reverse causation are in it; the mechanical calibration has 1")
		scale := f.report.given.Depth1Pct / .01
		f.parameter("redemption", "impact_scale", transformed(impact, "impact_scale", "", Factor, 0, scale))
	}
}

func (f *fragment) carry() {
	mean, ok := f.report.Find("basis", "mean")
	if !ok {
		return
	}
	reversion, _ := f.report.Find("basis", "reversion")
	volatility, _ := f.report.Find("basis", "volatility")
	f.head("carry")
	f.parameter("carry", "mean_basis", mean)
	f.parameter("carry", "reversion", reversion)
	f.parameter("carry", "volatility", volatility)
}

func (f *fragment) premium() {
	reversion, ok := f.report.Find("premium", "reversion")
	if !ok {
		return
	}
	sensitivity, _ := f.report.Find("premium", "sensitivity")
	f.head("premium")
	f.parameter("premium", "reversion", reversion)
	f.parameter("premium", "sensitivity", sensitivity)
	f.line("      volume: %s # given: the sensitivity is measured in it", param.Format("usd", f.report.given.premiumVolume()))
	if volatility, ok := f.report.Find("premium", "volatility"); ok {
		f.parameter("premium", "volatility", volatility)
	}
}

// head begins a mechanism.
func (f *fragment) head(kind string) {
	if !f.listed {
		f.line("mechanisms:")
		f.listed = true
	}
	f.line("  - %s:\n      asset: %s", kind, f.report.Asset)
}

// parameter writes a parameter of a mechanism.
func (f *fragment) parameter(kind, key string, e Estimate) {
	k, _ := mechanism.Lookup(kind)
	f.estimate("      ", field(k.Default(), key), e)
}

// field is a parameter of a configuration by its key.
func field(config any, key string) param.Field {
	for _, f := range param.Fields(reflect.TypeOf(config).Elem()) {
		if f.Name == key {
			return f
		}
	}
	panic("no parameter " + key + " in " + reflect.TypeOf(config).String())
}

// estimate writes a value and what is known of it.
func (f *fragment) estimate(indent string, to param.Field, e Estimate) {
	m := e.Measured
	number := func(v float64, digits int) string { return param.Format(to.Unit, rounded(v, digits)) }
	known := []string{"se " + number(m.SE, 4),
		fmt.Sprintf("%.6g %% %s..%s", 100*m.Level, number(m.Low, 4), number(m.High, 4)),
		fmt.Sprintf("n %d", m.N), e.Window.String()}
	said := strings.Join(known, ", ")
	if len(m.Warnings) > 0 {
		said += "; " + strings.Join(m.Warnings, "; ")
	}
	v := rounded(m.Value, 6)
	if wanted := to.Bounds.Check(to.Unit, v); wanted != "" {
		f.line("%s# %s: %s left out, expected %s; %s", indent, to.Name, number(v, 6), wanted, said)
		return
	}
	f.line("%s%s: %s # %s", indent, to.Name, number(v, 6), said)
}

// rounded keeps so many digits: an estimate has no more to tell.
func rounded(v float64, digits int) float64 {
	short, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', digits, 64), 64)
	if err != nil {
		return v
	}
	return short
}

// news writes the GARCH, for the simulate section of a scenario.
func (f *fragment) news() {
	kind, _ := driver.Lookup("garch")
	var parts, known []string
	for _, key := range []string{"alpha", "beta", "degrees_of_freedom"} {
		e, ok := f.report.Find("garch", key)
		if !ok {
			return
		}
		to, v := field(kind.Default(), key), rounded(e.Measured.Value, 6)
		if wanted := to.Bounds.Check(to.Unit, v); wanted != "" {
			f.line("# garch: left out, %s is %s, expected %s", key, param.Format(to.Unit, v), wanted)
			return
		}
		se := "unknown"
		if !math.IsNaN(e.Measured.SE) {
			se = param.Format(to.Unit, rounded(e.Measured.SE, 4))
		}
		parts, known = append(parts, key+": "+param.Format(to.Unit, v)), append(known, key+" "+se)
	}
	alpha, _ := f.report.Find("garch", "alpha")
	memory, _ := f.report.Find("garch", "persistence")
	if rounded(memory.Measured.Value, 6) >= 1 {
		f.line("# garch: left out, alpha + beta is %s, expected less than 1", param.Format("factor", rounded(memory.Measured.Value, 6)))
		return
	}
	f.line("# under simulate, for news whose volatility clusters (se of %s; n %d, %s):", strings.Join(known, ", "), alpha.Measured.N, alpha.Window)
	f.line("#   news: {garch: {%s}}", strings.Join(parts, ", "))
}
