package scenarios_test

import (
	"fmt"

	"github.com/ebb-sim/ebb/scenarios"
)

// A scenario is decoded strictly: every fault comes back at once, with its line.
func ExampleParse() {
	_, err := scenarios.Parse("mine.yaml", []byte(`name: mine
title: A typo and a wrong unit
market:
  btc: {price: 90000, volatility: 50%, depth_1pct: 3%}
mechanisms:
  - redemption: {asset: btc, aum: 113bn, respons: 1bn}
simulate: {steps: 60, news: gbm}
`), nil)
	fmt.Println(err)
	// Output:
	// mine.yaml:4:52: market.btc.depth_1pct: found "3%", a percentage, expected USD, such as 1.73bn, -290m or 5k
	//     4 |   btc: {price: 90000, volatility: 50%, depth_1pct: 3%}
	//       |                                                    ^^
	// mine.yaml:6:42: in redemption: found unknown key "respons", expected one of name, impact_scale, permanent, asset, aum, persistence, response, asymmetry, same_day, constant, innovation_sd, execution, basis_arb; did you mean "response"?
	//     6 |   - redemption: {asset: btc, aum: 113bn, respons: 1bn}
	//       |                                          ^^^^^^^
}
