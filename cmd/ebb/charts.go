package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/plots"
	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/scenarios/study"
	"golang.org/x/sync/errgroup"
)

// chart is one picture of a result.
type chart struct {
	Name  string
	Title string // what it shows, for `ebb explain`
	draw  func(s *sheet) ([]picture, error)
}

// picture is a figure with its place in the result: "price", "price-eth".
type picture struct {
	name   string
	figure plots.Figure
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

// checkCharts blames chart names that nothing draws.
func checkCharts(s *scenarios.Scenario) error {
	var names []string
	for _, k := range chartKinds {
		names = append(names, k.Name)
	}
	var faults data.Faults
	for i, name := range s.Charts {
		if !slices.Contains(names, name) {
			f := s.At(fmt.Sprintf("charts[%d]", i))
			f.Text, f.Found, f.Expected = "unknown chart", fmt.Sprintf("%q", name), "one of: "+strings.Join(names, ", ")+data.DidYouMean(name, names)
			faults = append(faults, f)
		}
	}
	return faults.Err()
}

// drawCharts draws what the scenario asks for, or every chart that has
// something to show. A chart that is asked for and finds nothing to show is one
// of the study's warnings.
func drawCharts(st *study.Study) ([]file, error) {
	s := newSheet(st)
	var pictures []picture
	for _, k := range chartKinds {
		asked := slices.Contains(st.Scenario.Charts, k.Name)
		if len(st.Scenario.Charts) > 0 && !asked {
			continue
		}
		drawn, err := k.draw(s)
		if err != nil {
			return nil, fmt.Errorf("chart %s: %w", k.Name, err)
		}
		if asked && len(drawn) == 0 {
			st.Warnings = append(st.Warnings, "chart "+k.Name+": nothing to show in this scenario")
		}
		pictures = append(pictures, drawn...)
	}
	return paint(pictures)
}

// picturesAmong counts the pictures of a result.
func picturesAmong(files []file) int {
	count := 0
	for _, f := range files {
		if strings.HasPrefix(f.Name, "plots/") {
			count++
		}
	}
	return count
}

// paint makes the files of pictures, side by side.
func paint(pictures []picture) ([]file, error) {
	files := make([]file, len(pictures))
	var group errgroup.Group
	group.SetLimit(8)
	for i, p := range pictures {
		group.Go(func() error {
			var b bytes.Buffer
			if err := p.figure.PNG(&b); err != nil {
				return fmt.Errorf("chart %s: %w", p.name, err)
			}
			files[i] = file{"plots/" + p.name + ".png", b.Bytes()}
			return nil
		})
	}
	return files, group.Wait()
}
