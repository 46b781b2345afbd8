package plots

import (
	"image/color"
	"math"
	"sort"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/image/font/sfnt"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/vg"
)

// fonts is a cache of our own: what a program adds to gonum/plot's global one
// cannot change a figure. It is only read after it has been filled.
var fonts = sync.OnceValue(func() *font.Cache { return font.NewCache(liberation.Collection()) })

type textStyle struct {
	font  font.Font
	color color.NRGBA
}

func (s textStyle) in(c color.NRGBA) textStyle { s.color = c; return s }

func (s textStyle) face() font.Face { return fonts().Lookup(s.font, s.font.Size) }

func (s textStyle) width(text string) vg.Length {
	face := s.face()
	return face.Width(drawable(face, text))
}

// missing stands for a letter that the font has not, so that none disappears
// unnoticed.
const missing = '□'

// drawable replaces what a font cannot draw: white space by a space, letters by a
// box. Signs that only join or vary others, as in emoji, are left out.
func drawable(face font.Face, text string) string {
	var buffer sfnt.Buffer
	return strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cf, unicode.Variation_Selector) {
			return -1
		}
		if i, err := face.Face.GlyphIndex(&buffer, r); err == nil && i != 0 {
			return r
		}
		if unicode.IsSpace(r) {
			return ' '
		}
		return missing
	}, text)
}

// widest is the width of the longest of several lines.
func (s textStyle) widest(lines []string) vg.Length {
	var w vg.Length
	for _, l := range lines {
		w = max(w, s.width(l))
	}
	return w
}

// leading is the distance between baselines.
func (s textStyle) leading() vg.Length { return s.font.Size * 1.22 }

func (s textStyle) height(lines []string) vg.Length { return s.leading() * vg.Length(len(lines)) }

// align is where a text stands relative to its point: the share of its width
// that lies left of it.
type align vg.Length

const (
	left   align = 0
	center align = .5
	right  align = 1
)

// write sets one line with its baseline at y.
func (s textStyle) write(c vg.Canvas, x, y vg.Length, a align, text string) {
	if text == "" {
		return
	}
	face := s.face()
	c.SetColor(s.color)
	c.FillString(face, vg.Point{X: x - vg.Length(a)*s.width(text), Y: y}, drawable(face, text))
}

// halo sets lines as writeDown does, with a white rim that parts them from what
// lies below.
func (s textStyle) halo(c vg.Canvas, x, y vg.Length, a align, lines []string) vg.Length {
	const rim, steps = .13, 12
	for k := range steps {
		sin, cos := math.Sincos(2 * math.Pi * float64(k) / steps)
		s.in(rgb(0xffffff)).writeDown(c, x+vg.Length(cos)*rim*s.font.Size, y+vg.Length(sin)*rim*s.font.Size, a, lines)
	}
	return s.writeDown(c, x, y, a, lines)
}

// writeDown sets lines below each other, the top of the first at y, and returns
// where the next would begin.
func (s textStyle) writeDown(c vg.Canvas, x, y vg.Length, a align, lines []string) vg.Length {
	for _, l := range lines {
		s.write(c, x, y-.95*s.font.Size, a, l)
		y -= s.leading()
	}
	return y
}

// middle is how far a baseline lies under the middle of its capitals.
func (s textStyle) middle() vg.Length { return .35 * s.font.Size }

// wrap breaks a text at spaces into lines no wider than the width. Words that
// are wider are broken; what does not fit in limit lines ends in an ellipsis. A
// limit of 0 is none.
func (s textStyle) wrap(text string, width vg.Length, limit int) []string {
	var lines []string
	line := ""
	for _, word := range s.pieces(text, width) {
		if line != "" && s.width(line+" "+word) > width {
			lines, line = append(lines, line), word
			continue
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	if line != "" {
		lines = append(lines, line)
	}
	if limit > 0 && len(lines) > limit {
		lines = lines[:limit]
		lines[limit-1] = s.shorten(lines[limit-1]+"…", width)
	}
	return lines
}

// pieces are the words of a text, each no wider than the width. Only plain
// white space separates words: a no-break space holds a number and its unit.
func (s textStyle) pieces(text string, width vg.Length) []string {
	var words []string
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '\n' || r == '\t' }) {
		for word != "" && s.width(word) > width {
			n := s.fitting(word, width)
			words, word = append(words, word[:n]), word[n:]
		}
		if word != "" {
			words = append(words, word)
		}
	}
	return words
}

// fitting is the number of leading bytes, at least one rune's, that fit.
func (s textStyle) fitting(word string, width vg.Length) int {
	n := 0
	for n < len(word) {
		_, size := utf8.DecodeRuneInString(word[n:])
		if n > 0 && s.width(word[:n+size]) > width {
			break
		}
		n += size
	}
	return n
}

// shorten cuts the end of a text to an ellipsis if it is too wide.
func (s textStyle) shorten(text string, width vg.Length) string {
	if s.width(text) <= width {
		return text
	}
	runes := []rune(strings.TrimSuffix(text, "…"))
	cut := sort.Search(len(runes), func(n int) bool { return s.width(string(runes[:n+1])+"…") > width })
	return strings.TrimRight(string(runes[:cut]), " ") + "…"
}
