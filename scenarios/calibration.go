package scenarios

import (
	"reflect"

	"github.com/ebb-sim/ebb/sim/param"
)

// The named calibrations of the linear law. They differ by a factor of ten in
// what a fund's flow moves, not in the market: one law holds for all orders,
// and what differs is how many like-minded orders come with a flow.
const (
	Mechanical = "mechanical" // what a forced order moves
	Regression = "regression" // what moves on days with a flow
)

const (
	mechanicalDepth = 3e9 // USD for 1 %
	regressionScale = 10  // of redemption: 2.9 % per $1bn over 1 % per $3bn
)

// preset fills in what the calibrations stand for, where it is not given.
func (s *Scenario) preset() {
	for asset, m := range s.Market {
		if m.Calibration != "" && m.Depth1Pct == 0 {
			m.Depth1Pct = mechanicalDepth
			s.Market[asset] = m
		}
	}
	for _, m := range s.Mechanisms {
		if m.Kind != "redemption" || m.Config.Travels().ImpactScale != 0 {
			continue
		}
		if s.Market[assetOf(m)].Calibration == Regression {
			m.Config.Travels().ImpactScale = regressionScale
		}
	}
}

// assetOf is the asset a mechanism trades, or "".
func assetOf(m Mechanism) string {
	v := reflect.ValueOf(m.Config).Elem()
	for _, f := range param.Fields(v.Type()) {
		if f.Name == "asset" && f.Type.Kind() == reflect.String {
			return v.FieldByIndex(f.Index).String()
		}
	}
	return ""
}
