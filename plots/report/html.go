package report

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // the look and the script of the page
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/sync/errgroup"
)

var (
	//go:embed report.html.tmpl
	htmlText string
	//go:embed report.css
	css string
	//go:embed report.js
	js string

	htmlTemplate = template.Must(template.New("report.html").Funcs(template.FuncMap{"text": unbroken}).Parse(htmlText))
)

// HTML writes the document as one file that loads nothing: pictures, style and script
// are in it, and its policy forbids the browser everything else. It reads whole without
// the script.
func (d *Document) HTML(w io.Writer) error {
	p := page{Document: clean(d), Policy: policy(), CSS: template.CSS(css), JS: template.JS(js)}
	if err := p.number(); err != nil {
		return err
	}
	var b bytes.Buffer
	if err := htmlTemplate.Execute(&b, p); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	_, err := w.Write(b.Bytes())
	return err
}

// policy allows the page its own style, its own script and pictures in the page.
func policy() string {
	hash := func(text string) string {
		sum := sha256.Sum256([]byte(text))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return "default-src 'none'; img-src data:; style-src " + hash(css) + "; script-src " + hash(js) + "; base-uri 'none'; form-action 'none'"
}

// page is a document with numbered parts, as the template reads it.
type page struct {
	*Document
	Policy string
	CSS    template.CSS
	JS     template.JS
	Parts  []part
}

type part struct {
	ID, Title string
	Blocks    []placed
}

// placed is a block with what its place in the page adds.
type placed struct {
	Block
	ID     string
	Number int // of the table or the picture, from 1

	Grid          *grid
	Source        template.URL // of a picture, with its size
	Width, Height int
	Data          any // for the script
}

func (p *page) number() error {
	sources, err := p.sources()
	if err != nil {
		return err
	}
	count, used := map[string]int{}, map[string]int{}
	for _, s := range p.Sections {
		next := part{ID: slug(s.Title, used), Title: s.Title}
		for _, b := range s.Blocks {
			at := placed{Block: b}
			count[b.Kind()]++
			at.Number = count[b.Kind()]
			at.ID = b.Kind() + "-" + strconv.Itoa(at.Number)
			switch x := b.(type) {
			case Table:
				at.Grid = gridOf(x)
			case *Picture:
				s := sources[x]
				at.Source, at.Width, at.Height = s.url, s.width, s.height
				if x.Values != nil {
					at.Data = x.Values
				}
			case *Runs:
				at.Data = runsData(x)
			case *Coalitions:
				at.Data = x
			}
			next.Blocks = append(next.Blocks, at)
		}
		p.Parts = append(p.Parts, next)
	}
	return nil
}

// source is a picture as it stands in the page.
type source struct {
	url           template.URL
	width, height int
}

// sources are those of all pictures, made side by side.
func (p *page) sources() (map[*Picture]source, error) {
	var pictures []*Picture
	for _, s := range p.Sections {
		for _, b := range s.Blocks {
			if x, ok := b.(*Picture); ok {
				pictures = append(pictures, x)
			}
		}
	}
	list, group := make([]source, len(pictures)), errgroup.Group{}
	group.SetLimit(8)
	for i, x := range pictures {
		group.Go(func() error {
			small, width, height, err := embedded(x.PNG)
			if err != nil {
				return fmt.Errorf("report: %s: %w", x.File, err)
			}
			list[i] = source{template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(small)), width, height}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	found := make(map[*Picture]source, len(list))
	for i, x := range pictures {
		found[x] = list[i]
	}
	return found, nil
}

// slug is an identifier that no other section has.
func slug(title string, used map[string]int) string {
	id := "section-" + strings.Trim(strings.Map(func(r rune) rune {
		if r < 128 && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return unicode.ToLower(r)
		}
		return '-'
	}, title), "-")
	used[id]++
	if n := used[id]; n > 1 {
		id += "." + strconv.Itoa(n) // no title gives a dot
	}
	return id
}

// grid is a table whose row headings span the rows that belong to them.
type grid struct {
	Head []cell
	Body []group
}

// Short tells whether a table is to stand on one page of paper.
func (g *grid) Short() bool {
	rows := 0
	for _, group := range g.Body {
		rows += group.Span()
	}
	return rows < 20
}

// Wide tells whether a table needs smaller letters on paper.
func (g *grid) Wide() bool { return len(g.Head) > 6 }

// group are the rows under one heading.
type group struct {
	Heading cell
	Color   string
	Rows    [][]cell
}

// Span is the number of rows.
func (g group) Span() int { return len(g.Rows) }

func gridOf(t Table) *grid {
	g := &grid{}
	for i, text := range t.Head {
		g.Head = append(g.Head, cellOf(text, i > 0 && numeric(t.Rows, i)))
	}
	for _, row := range t.Rows {
		if len(row) == 0 {
			continue
		}
		if row[0] != "" || len(g.Body) == 0 {
			g.Body = append(g.Body, group{Heading: cellOf(row[0], false), Color: t.Colors[row[0]]})
		}
		var cells []cell
		for i := 1; i < len(t.Head); i++ {
			text := ""
			if i < len(row) {
				text = row[i]
			}
			cells = append(cells, cellOf(text, g.Head[i].Number))
		}
		last := &g.Body[len(g.Body)-1]
		last.Rows = append(last.Rows, cells)
	}
	return g
}

// runsJSON is what the script reads of runs.
type runsJSON struct {
	Points, Assets []string
	Runs           []runJSON
}

type runJSON struct {
	Name, What, Color string
	Prices            [][]*float64
	Outcomes          []RunsOutcome
}

// runsData gives prices the six digits that a screen can show, and no number where
// there is none.
func runsData(r *Runs) runsJSON {
	out := runsJSON{Points: r.Points, Assets: r.Assets}
	for _, run := range r.Runs {
		next := runJSON{Name: run.Name, What: run.What, Color: run.Color, Outcomes: run.Outcomes}
		for _, prices := range run.Prices {
			line := make([]*float64, len(prices))
			for i, v := range prices {
				if !math.IsNaN(v) && !math.IsInf(v, 0) {
					v, _ = strconv.ParseFloat(strconv.FormatFloat(v, 'g', 6, 64), 64)
					line[i] = &v
				}
			}
			next.Prices = append(next.Prices, line)
		}
		out.Runs = append(out.Runs, next)
	}
	return out
}
