package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// AssetFlow is the flow of one asset's funds and what they manage.
type AssetFlow struct {
	Name string
	Flow float64 // USD, inflow > 0; NaN where no figure is known
	AUM  float64 // USD at the start, more than 0; NaN where it is not known
}

// RelativeData is the flow of one period by asset.
type RelativeData struct {
	Frame
	Assets []AssetFlow
}

// Relative shows flows as a share of the assets under management beside the same
// flows in USD, the asset that gained most of its size first.
func Relative(d RelativeData) (Figure, error) {
	c := check{chart: "relative"}
	if !slices.ContainsFunc(d.Assets, func(f AssetFlow) bool { return !math.IsNaN(f.Flow) }) {
		c.fault("no asset has a flow")
	}
	c.few(len(d.Assets))
	share := panel{heading: "Percent of assets under management", axis: valueAxis(Percent),
		keys: []key{{"inflow", green, false, nil}, {"outflow", vermilion, false, nil}}}
	money := panel{heading: "USD", axis: valueAxis(USD), beside: true}
	flows := c.assetFlows(d.Assets)
	if err := c.err(); err != nil {
		return Figure{}, err
	}
	var shares [][]float64
	for _, f := range flows {
		shares = append(shares, []float64{f.share()})
	}
	write := printed(shares...)
	for _, f := range flows {
		share.categories = append(share.categories, signedRow(f.Name, f.share(), write))
		row := signedRow("", f.Flow, USD.short)
		row.remark = "assets not known"
		if !math.IsNaN(f.AUM) {
			row.remark = "assets " + USD.short(f.AUM)
		}
		money.categories = append(money.categories, row)
	}
	return Figure{frame: d.Frame, panels: []panel{share, money}}, nil
}

// share of the assets that the flow is.
func (f AssetFlow) share() float64 { return f.Flow / f.AUM }

// assetFlows validates flows and sorts them by their share, those without one
// last, by their flow.
func (c *check) assetFlows(flows []AssetFlow) []AssetFlow {
	sorted := slices.Clone(flows)
	for i := range sorted {
		f := &sorted[i]
		field := fmt.Sprintf("assets[%d]", i)
		f.Name = c.named(field, f.Name)
		if f.AUM <= 0 {
			c.fault("%s AUM is %v, assets must be more than 0", f.Name, f.AUM)
		}
		f.Flow, f.AUM = c.number(f.Name+" flow", f.Flow), c.number(f.Name+" AUM", f.AUM)
		c.number(f.Name+" flow as a share of AUM", f.share())
	}
	slices.SortStableFunc(sorted, func(a, b AssetFlow) int {
		return cmp.Or(cmp.Compare(b.share(), a.share()), cmp.Compare(b.Flow, a.Flow)) // NaN is the least
	})
	return sorted
}
