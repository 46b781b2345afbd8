package plots

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"math"
	"time"

	"codeberg.org/go-pdf/fpdf"
	stdfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// paper is a page of a PDF to draw on. It stands in the place of gonum/plot's own,
// which cannot write a letter outside Windows-1252, such as the minus of a number,
// and dates its files.
type paper struct {
	doc           *fpdf.Fpdf
	width, height vg.Length
	pens          []pen // the last is in use
	fonts         map[stdfont.Weight]bool
}

// pen is what Push keeps and Pop brings back.
type pen struct {
	color  color.Color
	width  vg.Length
	dashes []vg.Length
	offset vg.Length
}

// dateless is the date of every PDF: its bytes tell what is drawn, not when.
var dateless = time.Unix(0, 0).UTC()

func newPaper(width, height vg.Length, title string) *paper {
	doc := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: fpdf.SizeType{Wd: width.Points(), Ht: height.Points()}})
	doc.SetCatalogSort(true) // or fonts stand in the order of a map
	doc.SetCreationDate(dateless)
	doc.SetModificationDate(dateless)
	doc.SetProducer("ebb", true)
	doc.SetTitle(title, true)
	doc.SetMargins(0, 0, 0)
	doc.SetAutoPageBreak(false, 0)
	doc.AddPage()
	p := &paper{doc: doc, width: width, height: height, pens: []pen{{}}, fonts: map[stdfont.Weight]bool{}}
	vg.Initialize(p)
	return p
}

func (p *paper) Size() (w, h vg.Length) { return p.width, p.height }

func (p *paper) pen() *pen { return &p.pens[len(p.pens)-1] }

func (p *paper) SetLineWidth(w vg.Length) {
	p.pen().width = w
	p.doc.SetLineWidth(w.Points())
}

func (p *paper) SetLineDash(dashes []vg.Length, offset vg.Length) {
	p.pen().dashes, p.pen().offset = dashes, offset
	lengths := make([]float64, len(dashes))
	for i, d := range dashes {
		lengths[i] = d.Points()
	}
	p.doc.SetDashPattern(lengths, offset.Points())
}

func (p *paper) SetColor(c color.Color) {
	if c == nil {
		c = color.Black
	}
	p.pen().color = c
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	r, g, b := int(n.R), int(n.G), int(n.B)
	p.doc.SetFillColor(r, g, b)
	p.doc.SetDrawColor(r, g, b)
	p.doc.SetTextColor(r, g, b)
	p.doc.SetAlpha(float64(n.A)/0xff, "Normal")
}

// Push, Pop and the changes of coordinates are those of the PDF itself, whose
// origin is at the bottom left as that of [vg.Canvas].

func (p *paper) Push() {
	p.pens = append(p.pens, *p.pen())
	p.doc.TransformBegin()
}

func (p *paper) Pop() {
	p.doc.TransformEnd()
	p.pens = p.pens[:len(p.pens)-1]
	pen := *p.pen()
	p.SetColor(pen.color)
	p.SetLineWidth(pen.width)
	p.SetLineDash(pen.dashes, pen.offset)
}

func (p *paper) Rotate(angle float64) {
	sin, cos := math.Sincos(angle)
	p.doc.Transform(fpdf.TransformMatrix{A: cos, B: sin, C: -sin, D: cos})
}

func (p *paper) Translate(by vg.Point) {
	p.doc.Transform(fpdf.TransformMatrix{A: 1, D: 1, E: by.X.Points(), F: by.Y.Points()})
}

func (p *paper) Scale(x, y float64) { p.doc.Transform(fpdf.TransformMatrix{A: x, D: y}) }

func (p *paper) Stroke(path vg.Path) {
	if p.pen().width > 0 {
		p.trace(path)
		p.doc.DrawPath("D")
	}
}

func (p *paper) Fill(path vg.Path) {
	p.trace(path)
	p.doc.DrawPath("F")
}

// trace writes a path.
func (p *paper) trace(path vg.Path) {
	for i, part := range path {
		switch x, y := p.at(part.Pos); {
		case part.Type == vg.MoveComp:
			p.doc.MoveTo(x, y)
		case part.Type == vg.LineComp:
			p.doc.LineTo(x, y)
		case part.Type == vg.ArcComp:
			p.arc(part, i == 0)
		case part.Type == vg.CurveComp && len(part.Control) == 1:
			cx, cy := p.at(part.Control[0])
			p.doc.CurveTo(cx, cy, x, y)
		case part.Type == vg.CurveComp:
			cx, cy := p.at(part.Control[0])
			dx, dy := p.at(part.Control[1])
			p.doc.CurveBezierCubicTo(cx, cy, dx, dy, x, y)
		case part.Type == vg.CloseComp:
			p.doc.ClosePath()
		}
	}
}

// arc writes an arc as cubic curves of at most a quarter of a circle each, which
// leave the circle by less than 0.03 % of its radius.
func (p *paper) arc(part vg.PathComp, first bool) {
	n := math.Ceil(math.Abs(part.Angle) / (math.Pi / 2))
	step := part.Angle / n
	handle := 4. / 3 * math.Tan(step/4)
	at := func(angle, along float64) (x, y float64) {
		sin, cos := math.Sincos(angle)
		r := float64(part.Radius)
		return p.at(vg.Point{X: part.Pos.X + vg.Length(r*(cos-along*sin)), Y: part.Pos.Y + vg.Length(r*(sin+along*cos))})
	}
	if x, y := at(part.Start, 0); first {
		p.doc.MoveTo(x, y)
	} else {
		p.doc.LineTo(x, y)
	}
	for k := range int(n) {
		from := part.Start + float64(k)*step
		cx, cy := at(from, handle)
		dx, dy := at(from+step, -handle)
		x, y := at(from+step, 0)
		p.doc.CurveBezierCubicTo(cx, cy, dx, dy, x, y)
	}
}

// at is a point in the library's coordinates, which run from the top.
func (p *paper) at(pt vg.Point) (x, y float64) { return pt.X.Points(), (p.height - pt.Y).Points() }

func (p *paper) FillString(face font.Face, pt vg.Point, text string) {
	style := ""
	if face.Font.Weight == stdfont.WeightBold {
		style = "B"
	}
	if !p.fonts[face.Font.Weight] {
		var file bytes.Buffer
		if _, err := face.Face.WriteSourceTo(nil, &file); err != nil {
			p.doc.SetError(err)
			return
		}
		p.doc.AddUTF8FontFromBytes("sans", style, file.Bytes())
		p.fonts[face.Font.Weight] = true
	}
	p.doc.SetFont("sans", style, face.Font.Size.Points())
	x, y := p.at(pt)
	p.doc.Text(x, y, text)
}

// DrawImage is there for [vg.Canvas]; no chart has an image in it.
func (p *paper) DrawImage(vg.Rectangle, image.Image) {
	p.doc.SetError(errors.New("a PDF of ebb holds no images"))
}
