package plots

import (
	"math"

	"gonum.org/v1/plot/vg"
)

// drawInside labels lines that end early at their ends, a dot, on a white rim.
// Only a label that found no place there gets a leader, a short grey hairline.
func drawInside(a area, labels []endLabel, marks []mark) {
	var taken []vg.Rectangle // the ends are
	for _, l := range labels {
		end, r := a.at(l.x, l.y), a.theme.pt(2)
		taken = append(taken, vg.Rectangle{Min: vg.Point{X: end.X - r, Y: end.Y - r}, Max: vg.Point{X: end.X + r, Y: end.Y + r}})
	}
	for _, l := range labels {
		end, lines := a.at(l.x, l.y), l.lines(a.theme)
		box := l.place(a, marks, taken)
		taken = append(taken, box)
		if near := nearest(box, end); distance(near, end) > a.theme.pt(8) {
			a.StrokeLine2(a.style(newsGrey, hairWidth, nil), end.X, end.Y, near.X, near.Y)
		}
		a.dot(end, l.color, subjectWidth)
		l.style(a.theme).halo(a, box.Min.X, box.Max.Y, left, lines)
	}
}

// place tries boxes around the end of the line, farther and farther away, and
// takes the one that covers least of lines and other labels and is not far.
func (l endLabel) place(a area, marks []mark, taken []vg.Rectangle) vg.Rectangle {
	end, style := a.at(l.x, l.y), l.style(a.theme)
	w, h := style.widest(l.lines(a.theme)), style.height(l.lines(a.theme))
	best, least := vg.Rectangle{}, vg.Length(-1)
	for far := vg.Length(0); far < 6; far++ {
		gap := a.theme.pt(4) + far*h/2
		for _, corner := range []vg.Point{
			{X: gap, Y: -h / 2}, {X: gap / 2, Y: gap / 2}, {X: gap / 2, Y: -h - gap/2}, // right, above, below
			{X: -w / 2, Y: gap / 2}, {X: -w / 2, Y: -h - gap/2}, {X: -w, Y: gap / 2}, {X: -w, Y: -h - gap/2},
			{X: -w - gap, Y: -h / 2}, // left
		} {
			corner = end.Add(corner)
			corner.X = max(a.Min.X, min(corner.X, a.Max.X-a.theme.pt(3)-w))
			corner.Y = max(a.Min.Y+a.theme.pt(2), min(corner.Y, a.Max.Y-h))
			box := vg.Rectangle{Min: corner, Max: corner.Add(vg.Point{X: w, Y: h})}
			c := covered(box, taken) + 3*crossing(a, box, marks) + distance(nearest(box, end), end)
			if least < 0 || c < least {
				best, least = box, c
			}
		}
	}
	return best
}

// crossing is how much of the lines runs through a box, by its width.
func crossing(a area, box vg.Rectangle, marks []mark) vg.Length {
	var sum vg.Length
	for _, m := range marks {
		switch m := m.(type) {
		case line:
			sum += m.within(a, box)
		case crosses:
			sum += m.inside(a, box)
		case level:
			if y := a.at(a.x.lo, m.y).Y; y > box.Min.Y && y < box.Max.Y {
				sum += box.Max.X - box.Min.X
			}
		}
	}
	return sum
}

// within is how much of a line runs through a box: the widths of the segments
// that do.
func (l line) within(a area, box vg.Rectangle) vg.Length {
	var sum vg.Length
	for i := 1; i < len(l.x); i++ {
		p, q := a.at(l.x[i-1], l.y[i-1]), a.at(l.x[i], l.y[i])
		from, to := max(p.X, box.Min.X), min(q.X, box.Max.X)
		if from >= to {
			continue
		}
		slope := (q.Y - p.Y) / (q.X - p.X)
		y0, y1 := p.Y+slope*(from-p.X), p.Y+slope*(to-p.X)
		if min(y0, y1) < box.Max.Y && max(y0, y1) > box.Min.Y { // false where a value is absent
			sum += to - from
		}
	}
	return sum
}

// nearest is the point of a box nearest to another.
func nearest(box vg.Rectangle, p vg.Point) vg.Point {
	return vg.Point{X: max(box.Min.X, min(p.X, box.Max.X)), Y: max(box.Min.Y, min(p.Y, box.Max.Y))}
}

func distance(p, q vg.Point) vg.Length {
	d := p.Sub(q)
	return vg.Length(math.Hypot(float64(d.X), float64(d.Y)))
}
