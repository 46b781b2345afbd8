package main

import (
	"math"
	"slices"

	"github.com/ebb-sim/ebb/sim/stats"
)

// outcomeBridge is one outcome that both results have, in the runs that both have.
type outcomeBridge struct {
	Name  string      `json:"name"`
	Title string      `json:"title"`
	Unit  string      `json:"unit"`
	Runs  []runBridge `json:"runs"`
}

type runBridge struct {
	Run    string         `json:"run"`
	Mean   estimateBridge `json:"mean"`
	Median estimateBridge `json:"median"`
	Q05    estimateBridge `json:"q05"`
	Q95    estimateBridge `json:"q95"`
}

// estimateBridge leads from an estimate to another.
type estimateBridge struct {
	A          stats.Estimate `json:"a"`
	B          stats.Estimate `json:"b"`
	Difference stats.Estimate `json:"difference"` // B − A
	Verdict    verdict        `json:"larger_than_chance"`
}

// verdict answers whether a difference is larger than chance.
type verdict string

const (
	verdictSame    verdict = "same" // estimate and interval are equal to the last digit
	verdictYes     verdict = "yes"
	verdictNo      verdict = "no"      // 0 is in the interval
	verdictExact   verdict = "exact"   // nothing is random in either
	verdictUnknown verdict = "unknown" // there is no interval
)

// bridgeOutcomes bridges what both results have under the same title. The name does
// not do: return is that of the first asset, whichever that is.
func bridgeOutcomes(a, b *result) []outcomeBridge {
	list := []outcomeBridge{}
	for _, before := range a.summary.Outcomes {
		at := slices.IndexFunc(b.summary.Outcomes, before.same)
		if at < 0 {
			continue
		}
		o := outcomeBridge{Name: before.Name, Title: before.Title, Unit: before.Unit}
		for _, x := range before.Runs {
			after := b.summary.Outcomes[at].Runs
			at := slices.IndexFunc(after, func(y estimatesSummary) bool { return y.Run == x.Run })
			if at < 0 {
				continue
			}
			y := after[at]
			o.Runs = append(o.Runs, runBridge{x.Run, bridge(x.Mean, y.Mean), bridge(x.Median, y.Median), bridge(x.Q05, y.Q05), bridge(x.Q95, y.Q95)})
		}
		if len(o.Runs) > 0 {
			list = append(list, o)
		}
	}
	return list
}

func (o outcomeSummary) same(other outcomeSummary) bool {
	return o.Title == other.Title && o.Unit == other.Unit
}

// bridge estimates b − a.
func bridge(a, b stats.Estimate) estimateBridge {
	d := unpaired(a, b)
	e := estimateBridge{A: a, B: b, Difference: d, Verdict: verdictUnknown}
	switch {
	case d.Value != d.Value:
	case sure(a) && sure(b):
		e.Verdict = verdictExact
	case a.Value == b.Value && a.Low == b.Low && a.High == b.High && a.N == b.N:
		e.Verdict = verdictSame
	case d.Low > 0 || d.High < 0:
		e.Verdict = verdictYes
	case d.Low <= 0 && d.High >= 0:
		e.Verdict = verdictNo
	}
	return e
}

// sure tells whether nothing was random in what an estimate is of.
func sure(e stats.Estimate) bool { return e.Level == 1 && e.Low == e.High }

// unpaired is b − a of two estimates that are taken as independent, with the
// interval that their own intervals give: the method of variance estimates
// recovery of Zou and Donner (2008, Statistics in Medicine 27), equation 4. For
// two means of a large sample it is the usual interval; for two shares it is that
// of Newcombe (1998, Statistics in Medicine 17). There is no interval where an
// estimate lacks its own or the two have different levels.
func unpaired(a, b stats.Estimate) stats.Estimate {
	absent := math.NaN()
	d := stats.Estimate{Value: b.Value - a.Value, Low: absent, High: absent, Level: min(a.Level, b.Level), N: min(a.N, b.N), Method: "MOVER, unpaired"}
	if math.IsInf(d.Value, 0) {
		d.Value = absent
	}
	if sure(a) || sure(b) {
		d.N = max(a.N, b.N)
	}
	switch {
	case sure(a) && sure(b):
		d.Low, d.High, d.Method = d.Value, d.Value, "nothing random"
		return d
	case a.Level != b.Level && !sure(a) && !sure(b):
		d.Level = absent
		return d
	}
	low, high := d.Value-math.Hypot(b.Value-b.Low, a.High-a.Value), d.Value+math.Hypot(b.High-b.Value, a.Value-a.Low)
	if !math.IsInf(low, 0) && !math.IsInf(high, 0) && low <= high {
		d.Low, d.High = low, high
	}
	return d
}

// pathBridge leads from the chosen path of a to that of b, cause by cause.
type pathBridge struct {
	A      int           `json:"a"` // index of the path
	B      int           `json:"b"`
	Assets []assetBridge `json:"assets"`
}

type assetBridge struct {
	Asset    string        `json:"asset"`
	Return   causeBridge   `json:"return"`
	Causes   []causeBridge `json:"causes"`
	Residual float64       `json:"residual"` // of the return's difference less those of the causes: rounding
}

// causeBridge is a log return in both; a cause that a result has not is null there
// and contributes nothing.
type causeBridge struct {
	Cause      string   `json:"cause"`
	A          *float64 `json:"a"`
	B          *float64 `json:"b"`
	Difference float64  `json:"difference"`
}

func newCauseBridge(cause string, a, b *float64) causeBridge {
	c := causeBridge{Cause: cause, A: a, B: b}
	if b != nil {
		c.Difference = *b
	}
	if a != nil {
		c.Difference -= *a
	}
	return c
}

func bridgePaths(a, b *result) *pathBridge {
	p := &pathBridge{A: a.summary.Path.Index, B: b.summary.Path.Index}
	for _, r := range a.summary.Path.Returns {
		other := b.summary.Path.Returns
		at := slices.IndexFunc(other, func(o returnOfPath) bool { return o.Asset == r.Asset })
		if at < 0 {
			continue
		}
		bridge := assetBridge{Asset: r.Asset, Return: newCauseBridge("return", &r.Return, &other[at].Return)}
		bridge.Residual = bridge.Return.Difference
		causes, inA, inB := causesOf(r.Asset, a.summary.Path.Ledger, b.summary.Path.Ledger)
		for _, cause := range causes {
			c := newCauseBridge(cause, inA[cause], inB[cause])
			bridge.Causes = append(bridge.Causes, c)
			bridge.Residual -= c.Difference
		}
		p.Assets = append(p.Assets, bridge)
	}
	if len(p.Assets) == 0 {
		return nil
	}
	return p
}

// causesOf are the causes of an asset in two ledgers, those of a first, and what
// each contributed.
func causesOf(asset string, a, b []causeOfPath) (causes []string, inA, inB map[string]*float64) {
	gather := func(ledger []causeOfPath) map[string]*float64 {
		returns := map[string]*float64{}
		for _, c := range ledger {
			if c.Asset != asset {
				continue
			}
			returns[c.Cause] = &c.Return
			if !slices.Contains(causes, c.Cause) {
				causes = append(causes, c.Cause)
			}
		}
		return returns
	}
	inA, inB = gather(a), gather(b)
	return causes, inA, inB
}
