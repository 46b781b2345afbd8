package intake

import (
	"regexp"
	"strconv"
	"strings"
)

// A form is how a number is dressed in its cell.
type form uint8

const (
	plain    form = 0
	grouped  form = 1 << iota // 22,337
	dollars                   // $
	bitcoins                  // ₿
	multiple                  // 1.57B: thousands, millions, billions, trillions
	times                     // 1.52x
	percent                   // 57.30%
	brackets                  // (95.1)
)

// formNames are what a report says was taken off a number.
var formNames = []struct {
	form form
	text string
}{
	{grouped, "thousands separators taken out"},
	{dollars, "dollar signs taken off"},
	{bitcoins, "bitcoin signs taken off"},
	{multiple, "multiples such as 1.57B written out"},
	{times, "the x of multiples such as 1.52x taken off"},
	{percent, "percent signs taken off"},
	{brackets, "negative numbers in parentheses"},
}

// A cell is what is left of a number without its dress.
type cell struct {
	value float64
	blank bool
	form  form
}

var (
	groups     = regexp.MustCompile(`^\d{1,3}(,\d{3})+(\.\d*)?$`)
	exponents  = map[string]string{"k": "e3", "K": "e3", "m": "e6", "M": "e6", "mn": "e6", "Mn": "e6", "Mio": "e6", "b": "e9", "B": "e9", "bn": "e9", "Bn": "e9", "Mrd": "e9", "t": "e12", "T": "e12", "tn": "e12"}
	multiplier = regexp.MustCompile(`^([0-9.,]*[0-9.])\s?(k|K|m|M|mn|Mn|Mio|b|B|bn|Bn|Mrd|t|T|tn)$`)
)

// blanks are what stands for no number.
var blanks = map[string]bool{"": true, "-": true, "–": true, "—": true, "−": true, "null": true, "NULL": true, "nan": true, "NaN": true, "n/a": true, "N/A": true, "NA": true, "#N/A": true}

// readNumber reads a cell with the decimal sign "point" or "comma".
func readNumber(text, decimal string) (cell, bool) {
	text = strings.TrimSpace(text)
	if blanks[text] {
		return cell{blank: true}, true
	}
	if v, err := strconv.ParseFloat(text, 64); err == nil && decimal != "comma" && digits(text) {
		return cell{value: v}, true
	}
	if decimal == "comma" {
		text = strings.NewReplacer(".", ",", ",", ".").Replace(text)
	}
	return undress(text)
}

// digits refuses what only a programming language takes for a number: 0x1p-2, 1_000, Inf.
func digits(text string) bool { return strings.Trim(text, "0123456789+-.eE") == "" }

func undress(text string) (cell, bool) {
	var c cell
	sign := ""
	strip := func(f form, rest string, found bool) {
		if found {
			c.form, text = c.form|f, strings.TrimSpace(rest)
		}
	}
	if inner, ok := strings.CutPrefix(text, "("); ok && strings.HasSuffix(inner, ")") {
		strip(brackets, strings.TrimSuffix(inner, ")"), true)
		sign = "-"
	}
	minus := func() {
		for _, m := range []string{"-", "−"} {
			if rest, ok := strings.CutPrefix(text, m); ok && sign == "" {
				sign, text = "-", rest
				return
			}
		}
	}
	minus()
	rest, ok := strings.CutPrefix(text, "$")
	strip(dollars, rest, ok)
	rest, ok = strings.CutPrefix(text, "₿")
	strip(bitcoins, rest, ok)
	minus()
	rest, ok = strings.CutSuffix(text, "%")
	strip(percent, rest, ok)
	rest, ok = strings.CutSuffix(text, "x")
	strip(times, rest, ok)
	exponent := ""
	if m := multiplier.FindStringSubmatch(text); m != nil {
		exponent = exponents[m[2]]
		strip(multiple, m[1], true)
	}
	if groups.MatchString(text) {
		strip(grouped, strings.ReplaceAll(text, ",", ""), true)
	}
	if text == "" || text[0] == '+' || text[0] == '-' || !digits(text) || exponent != "" && strings.ContainsAny(text, "eE") {
		return cell{}, false
	}
	v, err := strconv.ParseFloat(sign+text+exponent, 64)
	c.value = v
	return c, err == nil
}
