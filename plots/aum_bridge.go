package plots

import "cmp"

// AUMBridgeData is what changed assets under management over a period.
type AUMBridgeData struct {
	Frame
	Before, After float64 // USD, more than 0
	BeforeName    string  // default "assets before"
	AfterName     string  // default "assets after"
	Flow          float64 // USD, inflow > 0
	FlowRange     Range   // optional: of sources that disagree
}

// AUMBridge leads from the assets before by flow and price effect to the assets
// after. The price effect is what the flow leaves of the difference. The return it
// stands for depends on when the money moved: with the flow at the close it is
// (After − Flow)/Before − 1, with the flow at the open After/(Before + Flow) − 1.
// Both are printed.
func AUMBridge(d AUMBridgeData) (Figure, error) {
	c := check{chart: "AUM bridge"}
	d.Before, d.After, d.Flow = c.assets("before", d.Before), c.assets("after", d.After), c.level("flow", d.Flow)
	if d.Before+d.Flow <= 0 {
		c.fault("an outflow of %v is not less than the assets before, %v", -d.Flow, d.Before)
	}
	if d.After < d.Flow {
		c.fault("an inflow of %v is more than the assets after, %v", d.Flow, d.After)
	}
	c.within("flow", d.Flow, d.FlowRange)
	if err := c.err(); err != nil {
		return Figure{}, err
	}
	c.number("the return with the flow at close", d.atClose())
	c.number("the return with the flow at open", d.atOpen())
	c.number("the flow as a share of assets", d.Flow/d.Before)
	if err := c.err(); err != nil {
		return Figure{}, err
	}
	p := c.waterfall(d.waterfall())
	if err := c.err(); err != nil {
		return Figure{}, err
	}
	return Figure{frame: d.Frame, panels: []panel{p}}, nil
}

// assets is a level that must be more than 0.
func (c *check) assets(name string, v float64) float64 {
	if v <= 0 {
		c.fault("%s is %v, assets must be more than 0", name, v)
	}
	return c.level(name, v)
}

func (d AUMBridgeData) waterfall() WaterfallData {
	rest := func(flow float64) float64 { return d.After - flow - d.Before }
	price := Step{Name: "price effect", Kind: "price", Value: rest(d.Flow)}
	flow := Step{Name: "net flow", Value: d.Flow, Range: d.FlowRange, Remark: rough(d.Flow/d.Before) + " of assets"}
	if d.FlowRange.Low < d.FlowRange.High {
		price.Range = Range{rest(d.FlowRange.High), rest(d.FlowRange.Low)}
	}
	write := evenly([]float64{d.atClose()}, []float64{d.atOpen()})
	price.Remark = "return " + write(d.atClose()) + " (flow at close)\nreturn " + write(d.atOpen()) + " (flow at open)"
	return WaterfallData{Unit: USD, StartName: cmp.Or(d.BeforeName, "assets before"), Start: d.Before, Steps: []Step{flow, price},
		EndName: cmp.Or(d.AfterName, "assets after"), End: d.After}
}

// atClose and atOpen are the return under the two conventions.
func (d AUMBridgeData) atClose() float64 { return (d.After-d.Flow)/d.Before - 1 }
func (d AUMBridgeData) atOpen() float64  { return d.After/(d.Before+d.Flow) - 1 }
