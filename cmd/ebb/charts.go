package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/plots"
	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/scenarios/study"
)

// chart is one picture of a result.
type chart struct {
	Name  string
	Title string // what it shows, for `ebb explain`
	draw  func(s *sheet) ([]picture, error)
}

// chartPicture is a picture with the chart that it belongs to.
type chartPicture struct {
	kind chart
	picture
}

// chartKinds are all the charts ebb draws, in the order of a memo. A chart that
// finds nothing to show in a study draws nothing.
var chartKinds = []chart{
	{"price", "the price with and without what the first comparison leaves out, the feedback shaded between", (*sheet).price},
	{"fan", "the distribution of the price over all paths, beside the median of the first comparison", (*sheet).fan},
	{"ledger", "who moved the price: news and each mechanism, stacked", (*sheet).ledger},
	{"flows", "fund flows as signed bars with their running sum", (*sheet).flows},
	{"drawdown", "how far the price stands below its highest, the worst falls marked", (*sheet).drawdown},
	{"liquidations", "open interest by the price at which it is liquidated, and what is liquidated", (*sheet).liquidations},
	{"treasuries", "holders: cost, liquidation price, unrealised result, health factor, holdings", (*sheet).treasuries},
	{"response", "how the price answers to a fall of 1 %, with and without the loop", (*sheet).response},
	{"waves", "how the fall of the most agitated step builds up, wave by wave", (*sheet).waves},
	{"distribution", "the first outcome over all paths", (*sheet).distribution},
	{"reclaim", "the paths that close above a technical level, and those that do not", (*sheet).reclaim},
	{"lights", "the lights of a recovery monitor, and the probability of recovery by step", (*sheet).lights},
	{"levels", "basis, Coinbase premium and mNAV with their thresholds", (*sheet).levels},
	{"split", "ETF flow in investors' own and arbitrage, beside the basis", (*sheet).split},
	{"exposure", "what an indirect holding loses by price, multiple and leverage", (*sheet).exposure},
	{"relative", "flows of each asset's funds beside what they manage", (*sheet).relative},
	{"comovement", "two accounts of the same prices: rotation, and what the first comparison puts in its place", (*sheet).comovement},
	{"rolling", "rolling correlation and beta of each asset with Bitcoin", (*sheet).rolling},
	{"attribution", "the way from the news to an outcome by the share of each mechanism", (*sheet).attribution},
	{"fragility", "by how much the market would have multiplied a little more news, step by step", (*sheet).fragility},
	{"reverse", "the price under the smallest shock that passes the threshold of a reverse stress", (*sheet).reverse},
	{"sensitivity", "the first outcome along the sweep", (*sheet).sensitivity},
	{"skew", "performance skew beside other assets, with standard errors", (*sheet).skew},
	{"pit", "where what came lay in each model's forecasts, with what a right model would show", (*sheet).pit},
	{"coverage", "how often each model's intervals held what came, against what they claim", (*sheet).coverage},
	{"breakdown", "reported flows of a week by asset, region and issuer, with their ranges", (*sheet).breakdown},
	{"aum", "a reported week's way from assets before to assets after", (*sheet).aum},
}

// numbered names the figures of a chart that shows one thing each: by their place
// where there are several.
func numbered(chart string, figures []plots.Figure) []picture {
	var list []picture
	for i, figure := range figures {
		name := chart
		if len(figures) > 1 {
			name = fmt.Sprintf("%s-%d", chart, i+1)
		}
		list = append(list, picture{name, figure})
	}
	return list
}

// drawCharts draws what the scenario asks for, in its order, or every chart that has
// something to show. A chart that is asked for and finds nothing to show is one of the
// study's warnings; one that cannot be shown as it is asked for is a fault of the file.
func drawCharts(st *study.Study) ([]chartPicture, error) {
	s := newSheet(st)
	var list []chartPicture
	var faults data.Faults
	for i, asked := range askedCharts(st.Scenario) {
		k := chartNamed(asked.Chart)
		drawn, err := k.draw(s.speaking(plots.Language(cmp.Or(asked.Language, st.Scenario.Language))))
		if err != nil {
			return nil, fmt.Errorf("chart %s: %w", k.Name, err)
		}
		if len(drawn) == 0 && len(st.Scenario.Charts) > 0 {
			st.Warnings = append(st.Warnings, "chart "+k.Name+": nothing to show in this scenario")
		}
		v := view{asked, st.Scenario, fmt.Sprintf("charts[%d]", i), &faults}
		for _, p := range drawn {
			list = append(list, chartPicture{k, picture{p.name, v.of(p.figure)}})
		}
	}
	return list, faults.Err()
}

// askedCharts are those of the scenario, or else all of them.
func askedCharts(s *scenarios.Scenario) []scenarios.Chart {
	if len(s.Charts) > 0 {
		return s.Charts
	}
	var all []scenarios.Chart
	for _, k := range chartKinds {
		all = append(all, scenarios.Chart{Chart: k.Name})
	}
	return all
}

// chartNamed is the chart of a name that the scenario has checked.
func chartNamed(name string) chart {
	return chartKinds[slices.IndexFunc(chartKinds, func(k chart) bool { return k.Name == name })]
}

// view is how a scenario asks for a chart to be shown.
type view struct {
	scenarios.Chart
	scenario *scenarios.Scenario
	path     string // of the entry
	faults   *data.Faults
}

// of is a figure as it is to be shown. A chart that draws several, one for each asset,
// has the same title over all; dates and ranges hold for each.
func (v view) of(f plots.Figure) plots.Figure {
	f = f.Titled(v.Title, v.Subtitle)
	if v.Size == "half" {
		f = f.Sized(plots.HalfPage)
	}
	if !v.From.IsZero() || !v.To.IsZero() {
		key := ".from"
		if v.From.IsZero() {
			key = ".to"
		}
		f = v.tried(key)(f.Between(v.From, v.To))
	}
	if v.Range != nil {
		f = v.tried(".range")(f.Range(v.Range.Low, v.Range.High))
	}
	return f
}

// tried blames the scenario's key for a view that cannot be.
func (v view) tried(key string) func(plots.Figure, error) plots.Figure {
	return func(f plots.Figure, err error) plots.Figure {
		var wrong *plots.ViewError
		if errors.As(err, &wrong) {
			fault := v.scenario.At(v.path + key)
			fault.Text, fault.Found, fault.Expected = v.path+key, wrong.Found, wrong.Expected
			*v.faults = append(*v.faults, fault)
		}
		return f
	}
}
