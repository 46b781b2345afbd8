package plots

import (
	"image/color"
	"math"
	"strings"

	stdfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// Size is the format of a figure on the page of a memo. A figure becomes higher
// than its size says only where its texts would leave too little for the plot.
// Panels of horizontal bars have the height that their rows need.
type Size int

const (
	// FullWidth is 17 × 9 cm, and 4 cm more for every further panel.
	FullWidth Size = iota
	// HalfPage is 8.5 × 6 cm, and 3 cm more for every further panel; two stand
	// side by side in the width of one page.
	HalfPage
)

// dpi makes a full width 1,606 pixels wide: crisp on a screen of twice the
// usual density and sharp when shown at 600.
const dpi = 240

// theme holds the type and the lengths of one size. Everything else about the
// look is a constant of this file.
type theme struct {
	width, height vg.Length
	perPanel      vg.Length // added for every panel after the first
	leastPlot     vg.Length // a page grows rather than squeeze a panel below it
	zoom          vg.Length // factor on line widths and distances
	ends          vg.Length // the most that labels beside the panels may take
	title         textStyle
	subtitle      textStyle
	label         textStyle
	strong        textStyle // a label that stands out
	foot          textStyle
	status        textStyle
}

func (s Size) theme() theme {
	if s == HalfPage {
		return newTheme(8.5, 6, 3, .76)
	}
	return newTheme(17, 9, 4, 1)
}

func newTheme(widthCM, heightCM, panelCM, zoom vg.Length) theme {
	sans := func(size vg.Length, weight stdfont.Weight) font.Font {
		return font.Font{Typeface: "Liberation", Variant: "Sans", Weight: weight, Size: size * zoom}
	}
	return theme{
		width:     widthCM * vg.Centimeter,
		height:    heightCM * vg.Centimeter,
		perPanel:  panelCM * vg.Centimeter,
		leastPlot: 64 * zoom,
		zoom:      zoom,
		ends:      (.25 + .12*(1-zoom)) * widthCM * vg.Centimeter,
		title:     textStyle{sans(13, stdfont.WeightBold), ink},
		subtitle:  textStyle{sans(10, stdfont.WeightNormal), textGrey},
		label:     textStyle{sans(9, stdfont.WeightNormal), textGrey},
		strong:    textStyle{sans(9, stdfont.WeightBold), ink},
		foot:      textStyle{sans(7.5, stdfont.WeightNormal), textGrey},
		status:    textStyle{sans(7.5, stdfont.WeightBold), ink},
	}
}

// pt is a length of the theme: points at full width.
func (t theme) pt(points float64) vg.Length { return vg.Points(points) * t.zoom }

// Line widths and distances, in points at full width.
const (
	subjectWidth = 1.75 // the line the chart is about
	lineWidth    = 1.25
	thinWidth    = .8
	hairWidth    = .5
	pagePad      = 9
	tickGap      = 4 // between a tick label and the plot area
	panelGap     = 9
)

var (
	dashed = []float64{3, 2}
	dotted = []float64{1, 1.5}
	broken = []float64{5, 1.5, 1, 1.5}
)

// The colours of Okabe and Ito, which colour-blind readers tell apart, and the
// greys. Each has one meaning in all charts.
var (
	ink       = rgb(0x1a1a1a) // price, titles
	textGrey  = rgb(0x595959) // units, ticks, footer
	newsGrey  = rgb(0x8c8c8c)
	lightGrey = rgb(0xd0d0d0) // unexplained
	gridGrey  = rgb(0xe6e6e6)
	zeroGrey  = rgb(0x8c8c8c)
	gridLine  = veil(rgb(0), .1) // gridGrey on white, and to be seen on tints
	eventTint = veil(rgb(0), .03)
	blue      = rgb(0x0072b2) // counterfactual

	simulatedTint = rgb(0xf6f8fa) // behind what is simulated
	vermilion     = rgb(0xd55e00) // redemption, outflow
	purple        = rgb(0xcc79a7) // perps and liquidations
	orange        = rgb(0xe69f00) // treasuries and collateral
	sky           = rgb(0x56b4e9) // trend
	green         = rgb(0x009e73) // stabilisers, inflow
	yellow        = rgb(0xd8c800) // portfolios; darker than Okabe–Ito's, to be seen on white
	brown         = rgb(0x8c6d31) // carry and premium
	indigo        = rgb(0x5254a3) // rotation
	olive         = rgb(0x637939) // macro
	moss          = rgb(0x8a8f1f) // shorts beside longs; the colour-blind tell it from purple
	otherColor    = rgb(0x7f6f6f)
)

// ColorOf gives the colour of a mechanism kind or of one of the words price,
// counterfactual, news, unexplained, inflow and outflow. What follows a dot
// does not count: "redemption.response" has the colour of "redemption". A kind
// without a colour of its own gets a neutral one.
func ColorOf(kind string) color.Color { return colorOf(kind) }

func colorOf(kind string) color.NRGBA {
	kind, _, _ = strings.Cut(kind, ".")
	switch kind {
	case "price", "return":
		return ink
	case "counterfactual":
		return blue
	case "redemption", "outflow":
		return vermilion
	case "perps", "liquidation":
		return purple
	case "treasury", "collateral", "exposure":
		return orange
	case "trend", "level":
		return sky
	case "dip_buyers", "inflow":
		return green
	case "portfolio":
		return yellow
	case "carry", "premium":
		return brown
	case "rotation":
		return indigo
	case "macro":
		return olive
	case "news":
		return newsGrey
	case "unexplained":
		return lightGrey
	}
	return otherColor
}

func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xff}
}

// blend moves a colour towards another by a share of the way.
func blend(c, to color.NRGBA, share float64) color.NRGBA {
	mix := func(a, b uint8) uint8 { return uint8(float64(a) + share*(float64(b)-float64(a)) + .5) }
	return color.NRGBA{R: mix(c.R, to.R), G: mix(c.G, to.G), B: mix(c.B, to.B), A: c.A}
}

func tint(c color.NRGBA, share float64) color.NRGBA { return blend(c, rgb(0xffffff), share) }
func dark(c color.NRGBA, share float64) color.NRGBA { return blend(c, rgb(0x000000), share) }

// veil lets what lies under a colour shine through.
func veil(c color.NRGBA, opacity float64) color.NRGBA {
	c.A = uint8(opacity*255 + .5)
	return c
}

// inkOf darkens a colour until text in it can be read on white: a luminance of
// at most 0.18 is a contrast of 4.5 to 1.
func inkOf(c color.NRGBA) color.NRGBA {
	for luminance(c) > .18 {
		c = dark(c, .06)
	}
	return c
}

// luminance is that of WCAG 2 with squares in place of its curve: a little too
// high, so that text becomes rather too dark than too light.
func luminance(c color.NRGBA) float64 {
	lin := func(v uint8) float64 { x := float64(v) / 255; return x * x }
	return .2126*lin(c.R) + .7152*lin(c.G) + .0722*lin(c.B)
}

// Shades tell apart several things of one colour; positive ones are darker,
// negative ones lighter. The second line is dark, to be seen on white; the second
// area is light, to be seen beside the first.
var (
	lineShades = []float64{0, .65, -.5, .35, -.25, .5, .18, -.68}
	areaShades = []float64{0, -.5, .35, .65}
)

// hues counts what has a colour already, so that things of one colour get shades
// of it.
type hues map[color.NRGBA]int

func (h hues) next(c color.NRGBA, shades []float64) color.NRGBA {
	h[c]++
	return shade(c, shades, h[c]-1)
}

func shade(c color.NRGBA, shades []float64, i int) color.NRGBA {
	s := shades[i%len(shades)]
	if s < 0 || c == ink { // nothing is darker than ink
		return tint(c, math.Abs(s))
	}
	return dark(c, s)
}
