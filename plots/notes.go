package plots

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// notes are short texts at points of a line, set in the free space below it.
// Earlier ones have the better places.
type notes struct {
	x, y []float64 // the line
	at   []note
}

type note struct {
	point int      // index into the line
	lines []string // the first is set bold
	color color.NRGBA
}

func (notes) bounds() (float64, float64) { return reach() }

func (n notes) draw(a area) {
	var taken []vg.Rectangle
	for _, note := range n.at {
		p := a.at(n.x[note.point], n.y[note.point])
		if !a.Contains(p) {
			continue // not shown
		}
		box := n.place(a, p, note, taken)
		taken = append(taken, box)
		note.write(a, p, box)
	}
}

// place tries boxes under the point, lower and lower and to the sides, and takes
// the first that covers neither the line nor another note, or else the one that
// covers least.
func (n notes) place(a area, p vg.Point, note note, taken []vg.Rectangle) vg.Rectangle {
	w, h := note.size(a.theme)
	best, least := vg.Rectangle{}, vg.Length(-1)
	for down := vg.Length(0); down < 8; down++ {
		for _, aside := range []vg.Length{0, -.5, .5, -1, 1} {
			corner := vg.Point{X: p.X + (aside-.5)*w, Y: p.Y - a.theme.pt(4) - h*(1+down/2)}
			corner.X = max(a.Min.X, min(corner.X, a.Max.X-w))
			corner.Y = max(a.Min.Y+a.theme.pt(1), min(corner.Y, a.Max.Y-h))
			box := vg.Rectangle{Min: corner, Max: corner.Add(vg.Point{X: w, Y: h})}
			if c := covered(box, taken) + n.crossed(a, box); least < 0 || c < least {
				best, least = box, c
			}
		}
	}
	return best
}

// crossed is how much of the line runs through a box or below its top.
func (n notes) crossed(a area, box vg.Rectangle) vg.Length {
	var sum vg.Length
	for i := range n.x {
		if p := a.at(n.x[i], n.y[i]); p.X >= box.Min.X && p.X <= box.Max.X && p.Y < box.Max.Y {
			sum += box.Max.Y - p.Y
		}
	}
	return sum
}

// covered is how much of a box is taken.
func covered(box vg.Rectangle, taken []vg.Rectangle) vg.Length {
	var sum vg.Length
	for _, t := range taken {
		w := min(box.Max.X, t.Max.X) - max(box.Min.X, t.Min.X)
		h := min(box.Max.Y, t.Max.Y) - max(box.Min.Y, t.Min.Y)
		sum += 100 * max(0, w) * max(0, h)
	}
	return sum
}

func (n note) size(t theme) (w, h vg.Length) {
	w = max(t.strong.width(n.lines[0]), t.foot.widest(n.lines[1:]))
	return w + t.pt(4), t.strong.leading() + t.foot.height(n.lines[1:])
}

func (n note) write(a area, p vg.Point, box vg.Rectangle) {
	t, mid := a.theme, (box.Min.X+box.Max.X)/2
	a.StrokeLine2(draw.LineStyle{Color: n.color, Width: t.pt(hairWidth)}, p.X, p.Y, mid, box.Max.Y)
	a.dot(p, n.color, 2)
	y := t.strong.in(inkOf(n.color)).halo(a, mid, box.Max.Y, center, n.lines[:1])
	t.foot.in(ink).halo(a, mid, y, center, n.lines[1:])
}
