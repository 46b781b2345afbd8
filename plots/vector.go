package plots

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// SVG draws the figure on white and writes it as an SVG. Texts remain texts. The
// font is named, not embedded: Liberation Sans or one of the same widths. Every text
// says how wide it is, so that nothing overlaps where a system has none of them.
func (f Figure) SVG(w io.Writer) error {
	if err := f.drawable(); err != nil {
		return err
	}
	p := f.layOut()
	c := &measured{Canvas: vgsvg.NewWith(vgsvg.UseWH(p.theme.width, p.height))}
	c.SetColor(rgb(0xffffff))
	c.Fill(around(vg.Rectangle{Max: vg.Point{X: p.theme.width, Y: p.height}}))
	p.draw(draw.New(c))
	var b bytes.Buffer
	_, err := c.WriteTo(&b)
	if err == nil {
		_, err = io.WriteString(w, c.finished(b.String(), f.frame.Title))
	}
	if err != nil {
		return fmt.Errorf("plots: writing an SVG: %w", err)
	}
	return nil
}

// measured notes how wide the texts are that it is told to write.
type measured struct {
	*vgsvg.Canvas
	widths []vg.Length
}

func (c *measured) FillString(face font.Face, at vg.Point, text string) {
	c.widths = append(c.widths, face.Width(text))
	c.Canvas.FillString(face, at, text)
}

// finished gives an SVG a title, which a screen reader reads, its texts their widths,
// and its font others to fall back on. Signs of markup in a text are escaped, so that
// none is taken for the start of an element or a style.
func (c *measured) finished(svg, title string) string {
	var escaped strings.Builder
	xml.EscapeText(&escaped, []byte(title)) // to a builder: no error
	svg = strings.Replace(svg, `xmlns="http://www.w3.org/2000/svg"`, `role="img" xmlns="http://www.w3.org/2000/svg"`, 1)
	svg = strings.Replace(svg, "<g transform=", "<title>"+escaped.String()+"</title>\n<g transform=", 1)
	parts := strings.Split(svg, "<text ")
	for i, w := range c.widths {
		parts[i+1] = fmt.Sprintf("<text textLength=\"%.5g\" lengthAdjust=\"spacingAndGlyphs\" ", w.Points()) + parts[i+1]
	}
	svg = strings.Join(parts, "")
	return strings.ReplaceAll(svg, `style="font-family:Liberation Sans;`, `style="font-family:'Liberation Sans',Arimo,Arial,Helvetica,sans-serif;`)
}

// PDF draws the figure and writes it as a PDF of one page of its size, with the
// letters it uses embedded. It carries no date: the same figure gives the same
// bytes.
func (f Figure) PDF(w io.Writer) error {
	if err := f.drawable(); err != nil {
		return err
	}
	p := f.layOut()
	c := newPaper(p.theme.width, p.height, f.frame.Title)
	p.draw(draw.New(c))
	if err := c.doc.Output(w); err != nil {
		return fmt.Errorf("plots: writing a PDF: %w", err)
	}
	return nil
}

// around is the path around a rectangle.
func around(r vg.Rectangle) vg.Path {
	var p vg.Path
	p.Move(r.Min)
	p.Line(vg.Point{X: r.Max.X, Y: r.Min.Y})
	p.Line(r.Max)
	p.Line(vg.Point{X: r.Min.X, Y: r.Max.Y})
	p.Close()
	return p
}
