package main

import (
	"math"
	"strconv"
	"strings"

	"github.com/ebb-sim/ebb/sim"
)

// minus is the sign that print uses; a hyphen is shorter than a plus.
const minus = "−"

// grouped is a count with commas: 10,000.
func grouped(n int) string {
	digits := strconv.Itoa(n)
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 && digits[i-1] != '-' {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}

// counted is a count with its noun: 1 path, 10,000 paths.
func counted(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return grouped(n) + " " + noun
}

// percent is a fraction as text: −4.12 %.
func percent(x float64) string { return signed(100*x, 2) + " %" }

func signed(x float64, places int) string {
	text := strconv.FormatFloat(math.Abs(x), 'f', places, 64)
	if x < 0 && strings.Trim(text, "0.") != "" {
		return minus + text
	}
	return text
}

// money is USD with the suffix people use: −$1.73bn.
func money(x float64) string {
	sign, size := "", math.Abs(x)
	if x < 0 && size >= .005 {
		sign = minus
	}
	for _, s := range []struct {
		from float64
		name string
	}{{1e12, "tn"}, {1e9, "bn"}, {1e6, "m"}} {
		if size >= s.from {
			return sign + "$" + strconv.FormatFloat(size/s.from, 'f', 2, 64) + s.name
		}
	}
	if size >= 100 {
		return sign + "$" + grouped(int(math.Round(size)))
	}
	return sign + "$" + strconv.FormatFloat(size, 'f', 2, 64)
}

// showDifference is the difference of two values in their unit: of fractions and
// shares of paths in percentage points.
func showDifference(unit string) func(float64) string {
	if u := sim.ReportUnit(unit); u != sim.Fraction && u != sim.Flag {
		return showNumber(unit)
	}
	return func(x float64) string {
		if math.IsNaN(x) {
			return "–"
		}
		return signed(100*x, 2) + " pp"
	}
}

// showNumber is a value in its unit, for a reader; an absent one is a dash.
func showNumber(unit string) func(float64) string {
	return func(x float64) string {
		switch {
		case math.IsNaN(x):
			return "–"
		case math.IsInf(x, 0):
			return "unbounded"
		}
		switch sim.ReportUnit(unit) {
		case sim.Fraction, sim.Flag:
			return percent(x)
		case sim.Days:
			return signed(x, 1)
		case sim.USD, sim.USDCoin:
			return money(x)
		case sim.Coins:
			return signed(x, 0)
		}
		return signed(x, 3)
	}
}
