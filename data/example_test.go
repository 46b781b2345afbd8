package data_test

import (
	"fmt"

	"github.com/ebb-sim/ebb/data"
)

// A missing flow is absent and never 0; a price is carried over the gap.
func ExampleAlign() {
	prices, err := data.Parse("btc.csv", []byte("date,close\n2026-01-02,88000\n2026-01-05,91000\n"), data.ReadOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	flows, err := data.Parse("flow.csv", []byte("date,total\n2026-01-02,471.3\n2026-01-05,697.2\n"), data.ReadOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	price, err := prices.Series(data.Request{Name: "btc.price", Kind: data.Price, Unit: "usd"})
	if err != nil {
		fmt.Println(err)
		return
	}
	flow, err := flows.Series(data.Request{Name: "btc.etf_flow", Kind: data.Flow, Unit: "usd_m"})
	if err != nil {
		fmt.Println(err)
		return
	}
	panel, err := data.Align([]data.Series{price, flow}, data.AlignOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for i := range panel.Len() {
		p, _ := panel.Value("btc.price", i)
		f, ok := panel.Value("btc.etf_flow", i)
		fmt.Println(panel.Time(i).Format("2006-01-02"), p, f, ok)
	}
	// Output:
	// 2026-01-02 88000 4.713e+08 true
	// 2026-01-03 88000 0 false
	// 2026-01-04 88000 0 false
	// 2026-01-05 91000 6.972e+08 true
}

// A file is read whole or not at all: every fault comes back at once, with line and column.
func ExampleParse() {
	_, err := data.Parse("btc.csv", []byte("date,close\n2026-01-02,88000\n2026-01-03,\"88,500\"\n2026-01-03,n/a\n"), data.ReadOptions{})
	fmt.Println(err)
	// Output:
	// btc.csv:3:12: column close: found "88,500", expected a number without parentheses or thousands separators
	// btc.csv:4:1: column date: found "2026-01-03" again, as on line 3, expected each date once
	// btc.csv:4:12: column close: found "n/a", expected a number
}
