package scenarios

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/sim/param"
)

// check finds what is wrong with a scenario beyond its single values. It works
// on a Spec whose values may be at fault themselves, and asks the tree what was
// given.
func (s *Scenario) check(d *decoder, top *node) {
	if s.root.get("history") == nil && s.root.get("simulate") == nil {
		d.blame(top, "", "neither history nor simulate", "history to replay, simulate for paths into the future, or both")
	}
	s.checkHistory(d, false)
	s.checkMarkets(d)
	s.checkLabels(d)
	for i := range s.Shocks {
		s.checkShock(d, i)
	}
	s.checkCompare(d)
	s.checkSweep(d)
	s.checkSkew(d)
	s.checkForecast(d)
	s.checkPrecision(d)
	s.checkCharts(d)
}

var (
	seriesName = regexp.MustCompile(`^[a-z0-9_-]+\.[a-z0-9_]+$`)
	assetName  = regexp.MustCompile(`^[a-z0-9_-]+$`)
	labelName  = regexp.MustCompile(`^[^.\[\]\s][^.\[\]]*$`)
)

// checkHistory checks the history; foreknown tells whether a series may be known
// before its period ends.
func (s *Scenario) checkHistory(d *decoder, foreknown bool) {
	h := s.root.get("history")
	for _, e := range h.get("series").pairs() {
		if !seriesName.MatchString(e.key.text) {
			d.blame(e.key, "", shown(e.key.text), "a series named asset.quantity, such as btc.price or btc.etf_flow")
		}
	}
	if s.History == nil {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(s.History.Series)) {
		if lag := s.History.Series[name].Published; lag != nil && *lag < 0 && !foreknown {
			n := h.get("series").get(name).get("published")
			d.blame(n, "history.series."+name+".published", n.text, "at least 0d")
		}
	}
	from, to := s.History.From, s.History.To
	if !from.IsZero() && !to.IsZero() && !from.Before(to) {
		d.blame(h.get("to"), "history.to", param.FormatDate(to), "a date after history.from, "+param.FormatDate(from))
	}
	if s.Simulate == nil || s.Simulate.From.IsZero() {
		return
	}
	start, at := s.Simulate.From, s.root.get("simulate").get("from")
	switch {
	case !from.IsZero() && !start.After(from):
		d.blame(at, "simulate.from", param.FormatDate(start), "a date after history.from, "+param.FormatDate(from))
	case !to.IsZero() && start.After(to):
		d.blame(at, "simulate.from", param.FormatDate(start), "a date until history.to, "+param.FormatDate(to))
	}
}

// pairs are the entries of a section, or none.
func (n *node) pairs() []entry {
	if n == nil {
		return nil
	}
	return n.entries
}

func (s *Scenario) checkMarkets(d *decoder) {
	for _, e := range s.root.get("market").pairs() {
		if !assetName.MatchString(e.key.text) {
			d.blame(e.key, "", shown(e.key.text), "an asset in lower-case letters, digits, _ and -, such as btc")
		}
		if e.value.form != section && e.value.form != absent {
			continue // blamed already
		}
		s.checkLaw(d, e)
		if e.value.get("half_life") != nil && e.value.get("power") != nil {
			d.blame(e.value.get("power"), "market."+e.key.text, "half_life and power", "one of them: impact decays exponentially or as a power")
		}
		if s.root.get("history") != nil {
			continue
		}
		for _, key := range []string{"price", "volatility"} {
			if e.value.get(key) == nil {
				d.blame(e.key, "market."+e.key.text+"."+key+" is missing: there is no history to take it from", "", "")
			}
		}
	}
}

// laws lists the parameters each impact law must have and may have.
var laws = map[string]struct{ must, may []string }{
	Linear:      {[]string{"depth_1pct"}, []string{"calibration"}},
	SquareRoot:  {[]string{"volume"}, []string{"prefactor"}},
	Exponential: {[]string{"volume"}, []string{"c", "floor"}},
	Inelastic:   {[]string{"multiplier", "supply"}, nil},
}

func (s *Scenario) checkLaw(d *decoder, e entry) {
	path, used := "market."+e.key.text, s.Market[e.key.text].Impact
	law, known := laws[used]
	if !known {
		return // blamed already
	}
	own := slices.Concat(law.must, law.may)
	for _, key := range law.must {
		if e.value.get(key) == nil && e.value.get("calibration") == nil {
			d.blame(e.key, path+"."+key+" is missing: impact "+used+" needs it", "", "")
		}
	}
	for _, given := range e.value.entries {
		if other := lawOf(given.key.text); other != "" && !slices.Contains(own, given.key.text) {
			d.blame(given.key, path+"."+given.key.text, "a parameter of impact "+other, "those of impact "+used+": "+strings.Join(own, ", "))
		}
	}
}

// lawOf names the laws that a parameter belongs to, or returns "" if it belongs
// to none.
func lawOf(key string) string {
	var owners []string
	for _, name := range []string{Linear, SquareRoot, Exponential, Inelastic} {
		if slices.Contains(laws[name].must, key) || slices.Contains(laws[name].may, key) {
			owners = append(owners, name)
		}
	}
	return strings.Join(owners, " or ")
}

// checkLabels asks for a label of its own for each mechanism and monitor.
func (s *Scenario) checkLabels(d *decoder) {
	lines := map[string]int{}
	for _, key := range labelledKeys {
		for _, item := range s.root.get(key).list() {
			checkLabel(d, key, item, lines)
		}
	}
}

func checkLabel(d *decoder, path string, item *node, lines map[string]int) {
	if e := item.kind(); e != nil { // otherwise blamed already
		at, label := e.key, item.label()
		if name := e.value.get("name"); name != nil {
			at = name
		}
		switch line, twice := lines[label]; {
		case twice:
			d.blame(at, path, "a second "+shown(label), fmt.Sprintf("names that differ: give it a name of its own; the first is in line %d", line))
		case !labelName.MatchString(label):
			d.blame(at, path, shown(label), "a name without dots and brackets")
		case slices.Contains(topKeys(reflect.TypeFor[Spec]()), label):
			d.blame(at, path, shown(label), "a name that is not a key of the scenario")
		}
		lines[label] = at.line
	}
}

func (s *Scenario) checkShock(d *decoder, i int) {
	n, path := s.root.get("shocks").items[i], fmt.Sprintf("shocks[%d]", i)
	if n.form != section {
		return // blamed already
	}
	var kinds []string
	for _, key := range []string{"news", "flow", "observe"} {
		if n.get(key) != nil {
			kinds = append(kinds, key)
		}
	}
	switch {
	case len(kinds) == 0:
		d.blame(n, path, "no size", "one of news, flow, or observe with amount")
	case len(kinds) > 1:
		d.blame(n.get(kinds[1]), path, strings.Join(kinds, " and "), "one of them; write a shock for each")
	case (n.get("observe") == nil) != (n.get("amount") == nil):
		d.blame(n, path, "observe and amount apart", "both or neither")
	}
	s.checkShockAsset(d, n, path, i)
}

// checkShockAsset checks the asset of a shock; where the market has one, it
// need not be named.
func (s *Scenario) checkShockAsset(d *decoder, n *node, path string, i int) {
	given, assets := n.get("asset"), s.Assets()
	known := strings.Join(assets, ", ")
	switch {
	case n.get("observe") != nil:
		if given != nil {
			d.blame(given, path+".asset", "an asset", "none with observe: the observable names it")
		}
	case given == nil && len(assets) == 1:
		s.Shocks[i].Asset = assets[0]
	case given == nil && len(assets) > 1:
		d.blame(n, path+".asset is missing", "", "one of "+known)
	case given != nil && given.form == scalar && len(assets) > 0 && !slices.Contains(assets, given.text):
		d.blame(given, path+".asset", shown(given.text), "an asset of the market: "+known+data.DidYouMean(given.text, assets))
	}
}

// unvaried are the keys that a comparison cannot change: all runs share the
// history and are reported alike.
var unvaried = []string{"name", "title", "source", "text", "assumptions", "history", "compare", "attribute", "reverse", "rare", "sweep", "skew", "forecast", "facts", "outcomes", "charts", "language"}

func (s *Scenario) checkCompare(d *decoder) {
	known := s.root.get("mechanisms").labels()
	labels := []string{BaseLabel}
	for i, n := range s.root.get("compare").list() {
		path := fmt.Sprintf("compare[%d]", i)
		label := s.Compare[i].Label()
		if label != "" && slices.Contains(labels, label) {
			d.blame(n, path, "a second run "+shown(label), "a name of its own")
		}
		labels = append(labels, label)
		for _, e := range n.get("with").pairs() {
			checkVaried(d, e.key, path+".with")
		}
		if n.form == section && n.get("without") == nil && n.get("with") == nil {
			d.blame(n, path, "no change", "without, with, or both")
		}
		for _, name := range n.get("without").list() {
			if name.form == scalar && !slices.Contains(known, name.text) {
				d.blame(name, path+".without", "unknown mechanism "+shown(name.text), "one of "+strings.Join(known, ", ")+data.DidYouMean(name.text, known))
			}
		}
	}
}

func checkVaried(d *decoder, key *node, path string) {
	if top := first(key.text); slices.Contains(unvaried, top) {
		d.blame(key, path, shown(top), "what a run may change: the market, mechanisms, shocks, waves or news")
	}
}

func (s *Scenario) checkSweep(d *decoder) {
	if s.Sweep == nil || len(s.Sweep.Points) == 0 {
		return
	}
	at := s.Sweep.Points[0].key
	checkVaried(d, at, "sweep")
	if s.root.get("simulate") == nil {
		d.blame(at, "sweep", "a replay", "simulate beside it")
	}
}

// checkSkew asks for the prices that a skew compares.
func (s *Scenario) checkSkew(d *decoder) {
	if s.Skew == nil {
		return
	}
	n := s.root.get("skew")
	for _, asset := range append([]string{s.Skew.Asset}, s.Skew.Against...) {
		if asset == "" || s.History != nil && s.hasSeries(PriceSeries(asset)) {
			continue
		}
		d.blame(n, "skew", "no history of "+PriceSeries(asset), "one for each asset that it compares")
	}
	if from, to := s.Skew.From, s.Skew.To; !from.IsZero() && !to.IsZero() && !from.Before(to) {
		d.blame(n.get("to"), "skew.to", param.FormatDate(to), "a date after skew.from, "+param.FormatDate(from))
	}
}

func (s *Scenario) hasSeries(name string) bool {
	_, ok := s.History.Series[name]
	return ok
}
