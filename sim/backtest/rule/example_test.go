package rule_test

import (
	"fmt"
	"time"

	"github.com/ebb-sim/ebb/sim/backtest/rule"
)

// A fund flow counts from the day it is published, not from the day it is of.
func Example() {
	names := rule.Names{
		Series:     []string{"btc.price", "btc.etf_flow"},
		Parameters: map[string]rule.Kind{"horizon": rule.Duration},
		States:     []rule.State{{Name: "held", Kind: rule.Duration}},
		Signals:    map[string]string{"inflow": "sum(btc.etf_flow, 2d) > 100m"},
	}
	enter, err := rule.Compile("inflow and return(btc.price, horizon) > 2%", names, rule.Flag)
	if err != nil {
		fmt.Println(err)
		return
	}
	parameters, err := names.Values(map[string]float64{"horizon": 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	const day = 24 * time.Hour
	first := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	tape := rule.NewTape(names.Series, day)
	for i, price := range []float64{40000, 39000, 40000, 41000} {
		tape.Publish(0, first.Add(time.Duration(i)*day), price)
	}
	for i, flow := range []float64{-100e6, 250e6, 60e6} {
		tape.Publish(1, first.Add(time.Duration(i+1)*day), flow) // a day later
	}
	m := &rule.Moment{Tape: tape, Parameters: parameters, States: []float64{0}}
	for i := range 4 {
		now := first.Add(time.Duration(i) * day)
		tape.Now(now)
		truth, known, err := enter.Flag(m)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%s: %v, known %v%s\n", now.Format(time.DateOnly), truth, known, reason(m))
	}
	// Output:
	// 2024-01-01: false, known false because of sum(btc.etf_flow, 2d): nothing is published yet
	// 2024-01-02: false, known true
	// 2024-01-03: true, known true
	// 2024-01-04: true, known true
}

func reason(m *rule.Moment) string {
	if m.Reason() == "" {
		return ""
	}
	return " because of " + m.Reason()
}

// All faults are told at once, each with its place in the text it is in.
func ExampleCompile_faults() {
	names := rule.Names{
		Series:  []string{"btc.etf_flow", "btc.premium"},
		Signals: map[string]string{"inflow": "sum(btc.etf_flow, 30m) > 0"},
	}
	_, err := rule.Compile("inflow and btc.premum > 2 and crosses(btc.premium, 0)", names, rule.Flag)
	for _, f := range err.(rule.Faults) {
		fmt.Println(f.Signal, f.Offset, f.Width, f.Found)
	}
	// Output:
	// inflow 18 3 a number
	//  11 10 unknown name btc.premum
	//  30 7 unknown function crosses
}
