package report

import (
	"bytes"
	"cmp"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"slices"
)

// paletteSize is the number of colours that a picture of one byte a point has.
const paletteSize = 256

// embedded is a picture for a page: with a palette where that is smaller. A chart has few
// colours; those beyond the palette are shades at the edges of letters and lines, and get
// the nearest one of it.
func embedded(src []byte) (small []byte, width, height int, err error) {
	read, err := png.Decode(bytes.NewReader(src))
	if err != nil {
		return nil, 0, 0, err
	}
	size := read.Bounds().Size()
	var b bytes.Buffer
	if err := png.Encode(&b, paletted(read)); err != nil {
		return nil, 0, 0, err
	}
	if b.Len() < len(src) {
		src = b.Bytes()
	}
	return src, size.X, size.Y, nil
}

// paletted gives a picture its most frequent colours.
func paletted(from image.Image) *image.Paletted {
	full, ok := from.(*image.RGBA)
	if !ok {
		full = image.NewRGBA(from.Bounds())
		draw.Draw(full, full.Rect, from, full.Rect.Min, draw.Src)
	}
	count := map[point]int{}
	each(full.Pix, func(_, run int, c point) { count[c] += run })
	frequent := slices.SortedFunc(maps.Keys(count), func(a, b point) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), slices.Compare(a[:], b[:]))
	})
	kept := frequent[:min(len(frequent), paletteSize)]
	palette, place := make(color.Palette, len(kept)), make(map[point]uint8, len(frequent))
	for i, c := range kept {
		palette[i] = color.RGBA{c[0], c[1], c[2], c[3]}
	}
	for i, c := range frequent {
		if i >= paletteSize {
			i = nearest(kept, c)
		}
		place[c] = uint8(i)
	}
	to := image.NewPaletted(full.Rect, palette)
	each(full.Pix, func(at, run int, c point) {
		p := place[c]
		for i := range run {
			to.Pix[at+i] = p
		}
	})
	return to
}

// point is the colour of a point: red, green, blue and alpha.
type point [4]uint8

// nearest is the place of the colour that differs least.
func nearest(list []point, c point) int {
	best, least := 0, 1<<30
	for i, other := range list {
		sum := 0
		for k := range c {
			d := int(c[k]) - int(other[k])
			sum += d * d
		}
		if sum < least {
			best, least = i, sum
		}
	}
	return best
}

// each calls f with every run of points of one colour: its start and its length.
func each(pixels []uint8, f func(at, run int, c point)) {
	total := len(pixels) / 4
	for i := 0; i < total; {
		c, end := point(pixels[4*i:4*i+4]), i+1
		for end < total && point(pixels[4*end:4*end+4]) == c {
			end++
		}
		f(i, end-i, c)
		i = end
	}
}
