package rule

import (
	"math"
	"slices"
	"strings"
	"time"
)

// A Function is one that rules can call.
type Function struct {
	Name      string
	Signature string // "sum(x, d)": x and y are series, d is a duration, the others are numbers
	Doc       string

	takes []Kind
	more  bool // the last argument may stand several times
	gives Kind

	// One of these does the work.
	window func(window) (float64, cause)
	cross  func(before, latest, level float64) bool
	scalar func(a, b, c float64) float64 // NaN where it is not defined
	date   func(time.Time) int

	// Of a window:
	anchored bool // needs the value known at now − d
	hollow   bool // may be without a value
	paced    bool // counts in steps of its series
}

// Functions lists every function by name.
func Functions() []Function {
	list := make([]Function, len(functions))
	for i, f := range functions {
		list[i] = *f
	}
	return list
}

func function(name string) *Function {
	i, found := slices.BinarySearchFunc(functions, name, func(f *Function, name string) int { return strings.Compare(f.Name, name) })
	if !found {
		return nil
	}
	return functions[i]
}

func functionNames() []string {
	list := make([]string, len(functions))
	for i, f := range functions {
		list[i] = f.Name
	}
	return list
}

// functions are ordered by name.
var functions = func() []*Function {
	list := slices.Concat(windowFunctions, scalarFunctions, calendarFunctions)
	slices.SortFunc(list, func(a, b *Function) int { return strings.Compare(a.Name, b.Name) })
	return list
}()

var (
	one, two, three = []Kind{Number}, []Kind{Number, Number}, []Kind{Number, Number, Number}
)

var scalarFunctions = []*Function{
	{
		Name: "abs", Signature: "abs(a)", Doc: "absolute value", takes: one,
		scalar: func(a, _, _ float64) float64 { return math.Abs(a) },
	},
	{
		Name: "min", Signature: "min(a, b, …)", Doc: "lowest of two or more numbers; lowest(x, d) is that of a window", takes: two, more: true,
		scalar: func(a, b, _ float64) float64 { return min(a, b) },
	},
	{
		Name: "max", Signature: "max(a, b, …)", Doc: "highest of two or more numbers; highest(x, d) is that of a window", takes: two, more: true,
		scalar: func(a, b, _ float64) float64 { return max(a, b) },
	},
	{
		Name: "sqrt", Signature: "sqrt(a)", Doc: "square root; not known of a negative number", takes: one,
		scalar: func(a, _, _ float64) float64 { return math.Sqrt(a) },
	},
	{
		Name: "log", Signature: "log(a)", Doc: "natural logarithm; not known unless a is above 0", takes: one,
		scalar: func(a, _, _ float64) float64 { return logarithm(a) },
	},
	{
		Name: "exp", Signature: "exp(a)", Doc: "e to the power of a", takes: one,
		scalar: func(a, _, _ float64) float64 { return math.Exp(a) },
	},
	{
		Name: "sign", Signature: "sign(a)", Doc: "sign of a: -1 below 0, 0 at 0, 1 above", takes: one,
		scalar: func(a, _, _ float64) float64 { return sign(a) },
	},
	{
		Name: "clamp", Signature: "clamp(a, low, high)", Doc: "a, but at least low and at most high; not known where low is above high", takes: three,
		scalar: clamp,
	},
	{
		Name: "round", Signature: "round(a)", Doc: "nearest whole number, halves away from 0", takes: one,
		scalar: func(a, _, _ float64) float64 { return math.Round(a) },
	},
	{
		Name: "floor", Signature: "floor(a)", Doc: "greatest whole number that is at most a", takes: one,
		scalar: func(a, _, _ float64) float64 { return math.Floor(a) },
	},
}

// logarithm is NaN where there is none, at 0 too.
func logarithm(a float64) float64 {
	if a <= 0 {
		return math.NaN()
	}
	return math.Log(a)
}

func sign(a float64) float64 {
	switch {
	case a > 0:
		return 1
	case a < 0:
		return -1
	}
	return 0
}

func clamp(a, low, high float64) float64 {
	if low > high {
		return math.NaN()
	}
	return min(max(a, low), high)
}

var calendarFunctions = []*Function{
	{
		Name: "weekday", Signature: "weekday()", Doc: "day of the week of the decision in UTC, 1 for Monday to 7 for Sunday; not known in a run without dates",
		date: func(t time.Time) int { return (int(t.Weekday())+6)%7 + 1 },
	},
	{
		Name: "day", Signature: "day()", Doc: "day of the month of the decision in UTC, 1 to 31; not known in a run without dates",
		date: time.Time.Day,
	},
	{
		Name: "month", Signature: "month()", Doc: "month of the decision in UTC, 1 to 12; not known in a run without dates",
		date: func(t time.Time) int { return int(t.Month()) },
	},
}
