package plots

import (
	"cmp"
	"errors"
	"fmt"
	"io"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// Frame is the text around a chart and its size. Every field may be empty.
type Frame struct {
	Title    string // one sentence that says what is seen
	Subtitle string // the unit: "USD per coin"
	Source   string // where the data come from, without the word "Source"
	Scenario string // name of the scenario
	Kind     string // what Scenario names; default "Scenario"
	Hash     string // its hash; the first 12 characters are shown
	Status   string // "reconstructed, not market data": shown whole, whatever its length
	Size     Size
}

// Figure is a finished description of a chart. It does not change, and it may
// be drawn many times and from several goroutines. The zero value draws
// nothing: its PNG is an error.
type Figure struct {
	frame     Frame
	x         xAxis
	verticals []vertical
	panels    []panel
}

// PNG draws the figure at 240 dots per inch on white and writes it.
func (f Figure) PNG(w io.Writer) error {
	if err := f.drawable(); err != nil {
		return err
	}
	if _, err := (vgimg.PngCanvas{Canvas: f.canvas()}).WriteTo(w); err != nil {
		return fmt.Errorf("plots: writing a PNG: %w", err)
	}
	return nil
}

// drawable is the error of a figure that shows nothing.
func (f Figure) drawable() error {
	if len(f.panels) == 0 {
		return errors.New("plots: the figure is empty; it must come from a chart's function")
	}
	return nil
}

// canvas draws the figure.
func (f Figure) canvas() *vgimg.Canvas {
	p := f.layOut()
	c := vgimg.NewWith(vgimg.UseWH(p.theme.width, p.height), vgimg.UseDPI(dpi))
	p.draw(draw.New(c))
	return c
}

// footer is the text under the chart: the status, whole, then the source and
// the scenario on as few lines as hold them. Long sources and names are
// shortened; the hash never is.
func (f Frame) footer(t theme, width vg.Length) (status, rest []string) {
	if f.Status != "" {
		status = t.status.wrap(upperFirst(f.Status), width, 0)
	}
	source := ""
	if f.Source != "" {
		source = "Source: " + f.Source
	}
	scenario := f.scenario(t, width)
	if source != "" && scenario != "" && t.foot.width(source+"   ·   "+scenario) <= width {
		return status, []string{source + "   ·   " + scenario}
	}
	rest = t.foot.wrap(source, width, 2)
	if scenario != "" {
		rest = append(rest, scenario)
	}
	return status, rest
}

func (f Frame) scenario(t theme, width vg.Length) string {
	hash, kind := f.Hash[:min(12, len(f.Hash))], cmp.Or(f.Kind, "Scenario")
	switch {
	case f.Scenario == "" && hash == "":
		return ""
	case f.Scenario == "":
		return kind + " " + hash
	case hash == "":
		return t.foot.shorten(kind+": "+f.Scenario, width)
	}
	hash = " (" + hash + ")"
	return t.foot.shorten(kind+": "+f.Scenario, width-t.foot.width(hash)) + hash
}
