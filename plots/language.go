package plots

import (
	"slices"
	"strings"
	"time"
)

// Language is the language of dates, by its ISO 639 code; none is English.
// Numbers and the other texts are English in all of them.
type Language string

// languages and the short names of their months; those of CLDR without dots.
var languages = []struct {
	code   Language
	months []string
}{
	{"en", strings.Fields("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec")},
	{"de", strings.Fields("Jan Feb Mär Apr Mai Jun Jul Aug Sep Okt Nov Dez")},
	{"fr", strings.Fields("janv févr mars avr mai juin juil août sept oct nov déc")},
	{"es", strings.Fields("ene feb mar abr may jun jul ago sept oct nov dic")},
	{"it", strings.Fields("gen feb mar apr mag giu lug ago set ott nov dic")},
	{"pt", strings.Fields("jan fev mar abr mai jun jul ago set out nov dez")},
	{"nl", strings.Fields("jan feb mrt apr mei jun jul aug sep okt nov dec")},
	{"pl", strings.Fields("sty lut mar kwi maj cze lip sie wrz paź lis gru")},
}

// Languages are the codes of all of them.
func Languages() []string {
	var codes []string
	for _, l := range languages {
		codes = append(codes, string(l.code))
	}
	return codes
}

// Date writes a date in UTC: 2 Jan 2006.
func (l Language) Date(at time.Time) string { return l.day(at) + " " + at.UTC().Format("2006") }

// day is a date without its year.
func (l Language) day(at time.Time) string {
	number := at.UTC().Format("2")
	if l == "de" {
		number += "."
	}
	return number + " " + l.month(at)
}

func (l Language) month(at time.Time) string { return l.months()[at.UTC().Month()-1] }

// months are the names, English ones for a language that nobody knows: [check]
// refuses it.
func (l Language) months() []string {
	for _, known := range languages {
		if known.code == l {
			return known.months
		}
	}
	return languages[0].months
}

// sample puts the longest month in the place of May in a label.
func (l Language) sample(label string) string {
	longest := l.months()[4]
	for _, m := range l.months() {
		if len([]rune(m)) > len([]rune(longest)) {
			longest = m
		}
	}
	return strings.Replace(label, "May", longest, 1)
}

func (l Language) known() bool { return l == "" || slices.Contains(Languages(), string(l)) }
