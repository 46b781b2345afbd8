package derive

import (
	"math"
	"testing"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/data/datatest"
)

func closesFile(t *testing.T, path string) data.Series {
	t.Helper()
	table, err := data.Open(datatest.File(t, path), data.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := table.Series(data.Request{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func onDays(t *testing.T, r Result, want map[string]float64, slack float64) {
	t.Helper()
	for i, at := range r.Times {
		day := at.Format("2006-01-02")
		if w, ok := want[day]; ok {
			if math.Abs(r.Values[i]-w) > slack {
				t.Errorf("%s: found %v, expected %v", day, r.Values[i], w)
			}
			delete(want, day)
		}
	}
	if len(want) > 0 {
		t.Errorf("no rows of %v", want)
	}
}

// The figures of the README beside the files: −6.6 and +11.8 basis points.
func TestRealPerpetual(t *testing.T) {
	const folder = "RonaldLu66__binance-btc-monitor/data/"
	r, err := Basis(closesFile(t, folder+"futures/BTCUSDT_1d.csv"), closesFile(t, folder+"BTCUSDT_1d.csv"), BasisOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Times) != 2038 {
		t.Errorf("%d rows, expected 2038", len(r.Times))
	}
	onDays(t, r, map[string]float64{"2026-02-05": -.00066, "2021-04-13": .00118}, .000005)
}

// Daily perpetuals with spot of four-hour bars are the same as with daily ones: the
// last bar of a day closes with it.
func TestRealFinerSpot(t *testing.T) {
	const folder = "RonaldLu66__binance-btc-monitor/data/"
	perp := closesFile(t, folder+"futures/BTCUSDT_1d.csv")
	daily, err := Basis(perp, closesFile(t, folder+"BTCUSDT_1d.csv"), BasisOptions{})
	if err != nil {
		t.Fatal(err)
	}
	fine, err := Basis(perp, closesFile(t, folder+"BTCUSDT_4h.csv"), BasisOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range daily.Values {
		if daily.Values[i] != fine.Values[i] {
			t.Errorf("%v: %v and %v", daily.Times[i], daily.Values[i], fine.Values[i])
		}
	}
}

// The Coinbase premium of the README beside the files.
func TestRealPremium(t *testing.T) {
	r, err := Premium(closesFile(t, "JintaoLiuorJoey__coinbase-ohlcv-data/data/BTC_aggregated.csv"),
		closesFile(t, "RonaldLu66__binance-btc-monitor/data/BTCUSDT_1d.csv"), PremiumOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Times) != 108 {
		t.Errorf("%d rows, expected 108", len(r.Times))
	}
	onDays(t, r, map[string]float64{"2026-02-04": -.0023, "2026-02-05": -.0019}, .00005)
}
