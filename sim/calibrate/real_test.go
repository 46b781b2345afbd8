package calibrate_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/data/datatest"
	"github.com/ebb-sim/ebb/sim/calibrate"
)

// bitcoin is the input of the published fit: closes from the day before the first flow.
// Up to 2025-06-19 a holiday is a row in which every fund is blank and the total 0.
func bitcoin(t *testing.T, holidays bool) calibrate.Input {
	t.Helper()
	closes := datatest.Column(t, "btctree__btc-power/data/btc_daily.csv", "date", "close")
	flows := datatest.Column(t, "haturatu__crypto-etf-flow/etf_btc.csv", "Date", "Total", func(row datatest.Row) bool { return holidays || datatest.Session(row) })
	in := calibrate.Input{Asset: "btc", Start: date(t, "2024-01-10"), Step: 24 * time.Hour, PeriodsPerYear: 365,
		Given: calibrate.Given{Depth1Pct: 3e9, AUM: 88e9}}
	for at := in.Start; !at.After(date(t, "2026-02-10")); at = at.AddDate(0, 0, 1) {
		price, known := closes[at]
		if !known {
			t.Fatalf("no close on %s", at)
		}
		flow, known := flows[at]
		if !known {
			flow = math.NaN()
		}
		in.LogClose, in.Flow = append(in.LogClose, math.Log(price)), append(in.Flow, 1e6*flow)
	}
	return in
}

func date(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// published compares with a figure of so many decimal places.
func published(t *testing.T, what string, got, want float64, places int) {
	t.Helper()
	if !(math.Abs(got-want) <= .5000001*math.Pow10(-places)) {
		t.Errorf("%s = %.*f, want %.*f", what, places+3, got, places, want)
	}
}

func find(t *testing.T, r *calibrate.Report, part, name string) calibrate.Estimate {
	t.Helper()
	e, ok := r.Find(part, name)
	if !ok {
		t.Fatalf("no estimate %s of %s", name, part)
	}
	return e
}

// The published fit takes the 16 holidays that have a row for days with a flow of 0;
// without them there are 522 flow days.
func TestRealFlows(t *testing.T) {
	for _, want := range []struct {
		holidays                 bool
		days                     int
		constant, φ, φSE, Φ, ΦSE float64 // $bn
		impact, impactSE         float64 // % per $bn
		gain, multiplier         float64
	}{
		{true, 538, .05463, .43489, .04181, 2.82222, .66871, 2.93204, .33196, .1464, 1.172},
		{false, 522, .05497, .44739, .04174, 2.85329, .68473, 2.93469, .33320, .1515, 1.179},
	} {
		r, err := calibrate.Run(t.Context(), bitcoin(t, want.holidays), calibrate.DefaultOptions())
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Err(); err != nil {
			t.Error(err)
		}
		const bn = 1e9
		constant, φ, Φ, impact := find(t, r, "flow", "constant"), find(t, r, "flow", "persistence"), find(t, r, "flow", "response"), find(t, r, "impact", "impact")
		published(t, "constant", constant.Measured.Value/bn, want.constant, 5)
		published(t, "φ", φ.Measured.Value, want.φ, 5)
		published(t, "φ, standard error", φ.Measured.SE, want.φSE, 5)
		published(t, "Φ", Φ.Measured.Value/bn, want.Φ, 5)
		published(t, "Φ, standard error", Φ.Measured.SE/bn, want.ΦSE, 5)
		published(t, "impact", impact.Measured.Value*100*bn, want.impact, 5)
		published(t, "impact, standard error", impact.Measured.SE*100*bn, want.impactSE, 5)
		published(t, "gain", find(t, r, "loop", "gain").Measured.Value, want.gain, 4)
		published(t, "multiplier", find(t, r, "loop", "multiplier").Measured.Value, want.multiplier, 3)
		if n := impact.Measured.N; n != want.days {
			t.Errorf("%d flow days, want %d", n, want.days)
		}
		if n := φ.Measured.N; n != want.days-1 {
			t.Errorf("%d observations of the flow equation, want %d", n, want.days-1)
		}
		if got := Φ.Window.String(); got != "2024-01-12..2026-02-10" {
			t.Errorf("window %s", got)
		}
		if text := strings.Join(notes(r), "\n"); !strings.Contains(text, "return before its day") || !strings.Contains(text, "upper bound") {
			t.Errorf("the notes do not say what is an upper bound:\n%s", text)
		}
	}
}

func notes(r *calibrate.Report) []string {
	var list []string
	for _, p := range r.Parts {
		list = append(list, p.Notes...)
	}
	return list
}

// Through 2025-10-09, the fitting window of the honest split, a flow has a correlation of
// .43 with the return before its day, more than with that of its own.
func TestRealBooking(t *testing.T) {
	in := bitcoin(t, true)
	end := int(date(t, "2025-10-09").Sub(in.Start)/in.Step) + 1
	in.LogClose, in.Flow = in.LogClose[:end], in.Flow[:end]
	opt := calibrate.DefaultOptions()
	opt.Draws = 0
	r, err := calibrate.Run(t.Context(), in, opt)
	if err != nil {
		t.Fatal(err)
	}
	published(t, "correlation before", find(t, r, "flow", "correlation_before").Measured.Value, .43, 2)
	published(t, "correlation of its own day", find(t, r, "flow", "correlation_same_day").Measured.Value, .34, 2)
}

// The garch driver's defaults are this maximum: its log likelihood there is of returns in
// percent.
func TestRealGARCH(t *testing.T) {
	in := bitcoin(t, true)
	var returns []float64
	for i := range in.LogClose[1:] {
		returns = append(returns, in.LogClose[i+1]-in.LogClose[i])
	}
	g, err := calibrate.FitGARCH(returns)
	if err != nil {
		t.Fatal(err)
	}
	published(t, "log likelihood", g.LogLikelihood-float64(len(returns))*math.Log(100), -1726.711, 3)
	published(t, "α", g.Alpha, .0765, 4)
	published(t, "β", g.Beta, .8994, 4)
	published(t, "ν", g.DegreesOfFreedom, 3.65, 2)
	published(t, "ω", g.Omega*1e4, .2603, 4)
	published(t, "α, standard error", g.SE([5]float64{0, 0, 1}), .0287, 3)
	published(t, "β, standard error", g.SE([5]float64{0, 0, 0, 1}), .0395, 3)
	published(t, "ν, standard error", g.SE([5]float64{0, 0, 0, 0, 1}), .569, 3)
	if g.Agreeing < 2 {
		t.Errorf("only %d starts ended at the maximum", g.Agreeing)
	}
}

// The defaults of the premium mechanism are this fit, and its sources state these errors.
func TestRealPremium(t *testing.T) {
	const first = "smoothbrainquant__trading-for-new-dads/data/raw/coinbase_top200_daily_20200101_to_present_20251025_171425.csv"
	const then = "JintaoLiuorJoey__coinbase-ohlcv-data/data/BTC_aggregated.csv"
	coinbase := datatest.Column(t, first, "date", "close", datatest.Where("symbol", "BTC/USD"))
	for at, price := range datatest.Column(t, then, "Date", "Close") {
		coinbase[at] = price
	}
	binance := datatest.Column(t, "btctree__btc-power/data/btc_daily.csv", "date", "close")
	flows := datatest.Column(t, "haturatu__crypto-etf-flow/etf_btc.csv", "Date", "Total")
	in := calibrate.Input{Asset: "btc", Start: date(t, "2024-01-10"), Step: 24 * time.Hour, PeriodsPerYear: 365, Given: calibrate.Given{Volume: 852e6}}
	absent := func(list map[time.Time]float64, at time.Time) float64 {
		if v, known := list[at]; known {
			return v
		}
		return math.NaN()
	}
	for at := in.Start; !at.After(date(t, "2026-03-07")); at = at.AddDate(0, 0, 1) {
		in.LogClose = append(in.LogClose, math.Log(absent(binance, at)))
		in.Premium = append(in.Premium, absent(coinbase, at)/absent(binance, at)-1)
		in.Flow = append(in.Flow, 1e6*absent(flows, at))
	}
	r, err := calibrate.Run(t.Context(), in, withoutBootstrap("premium"))
	if err != nil {
		t.Fatal(err)
	}
	reversion, slope := find(t, r, "premium", "reversion").Measured, find(t, r, "premium", "slope").Measured
	published(t, "reversion", reversion.Value, .2482, 4)
	published(t, "reversion, standard error", reversion.SE, .0285, 4)
	published(t, "basis points per $bn", slope.Value*1e13, 3.94, 2)
	published(t, "basis points per $bn, standard error", slope.SE*1e13, .48, 2)
	published(t, "sensitivity", find(t, r, "premium", "sensitivity").Measured.Value, 3.36e-4, 6)
	published(t, "volatility", find(t, r, "premium", "volatility").Measured.Value, 4.12e-4, 6)
	if reversion.N != 761 {
		t.Errorf("%d days, want 761", reversion.N)
	}
}
