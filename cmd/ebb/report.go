package main

import (
	"bytes"
	"fmt"
	"image/color"
	"regexp"
	"strings"

	"github.com/ebb-sim/ebb/plots"
	memo "github.com/ebb-sim/ebb/plots/report"
	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/scenarios/study"
)

// The report of a result: report.html to read and to print, memo.md to paste.
const (
	reportName = "report.html"
	memoName   = "memo.md"
)

// reportFiles writes a document as both.
func reportFiles(d *memo.Document) ([]file, error) {
	var page, text bytes.Buffer
	if err := d.HTML(&page); err != nil {
		return nil, err
	}
	if err := d.Markdown(&text); err != nil {
		return nil, err
	}
	return []file{{reportName, page.Bytes()}, {memoName, text.Bytes()}}, nil
}

// studyReport is the report of a study with its pictures.
func studyReport(st *study.Study, charts []chartPicture, pictures []*memo.Picture) *memo.Document {
	s := newSheet(st)
	of := func(attribution bool) (list []memo.Block) {
		for i, c := range charts {
			if (c.kind.Name == "attribution") == attribution {
				list = append(list, pictures[i])
			}
		}
		return list
	}
	d := &memo.Document{Language: "en", Title: st.Scenario.Title, Status: status(st), Lead: upperFirst(describeRun(st)),
		Footer: fmt.Sprintf("Made by ebb %s. Scenario %s, SHA-256 %s.", version(), st.Scenario.Name, st.Scenario.Hash())}
	add := sections(d)
	add("Summary", s.summaryBlocks()...)
	add("Outcomes", s.reported(outcomeTable(st))...)
	add("Comparison", s.comparison()...)
	if len(st.Base.Path.Ledger.Rows) > 0 {
		add("Who moved the price", s.reported(causeTable(st))...)
	}
	if st.Attribution != nil {
		add("Attribution", append(append(s.reported(attributionTable(st)), of(true)...), s.coalitions()...)...)
	}
	var asked []memo.Block
	for _, t := range askedTables(st) {
		if t.Caption != attributionCaption {
			asked = append(asked, s.reported(t)...)
		}
	}
	add("What else was asked", asked...)
	add("Charts", of(false)...)
	add("Assumptions", assumptions(st.Scenario.Assumptions, st.Scenario.Source)...)
	add("Parameters", parameterTables(st.Scenario.Explain())...)
	add("Data", dataBlocks(st.Panel, st.Scenario.History, notesOfData(st))...)
	add("Warnings", warnings(st.Warnings)...)
	add("How to reproduce", reproduced(st)...)
	return d
}

// sections adds sections to a document; one without anything in it is left out.
func sections(d *memo.Document) func(title string, blocks ...memo.Block) {
	return func(title string, blocks ...memo.Block) {
		if len(blocks) > 0 {
			d.Sections = append(d.Sections, memo.Section{Title: title, Blocks: blocks})
		}
	}
}

// reported is a table with the lines below it, and the colours of mechanisms.
func (s *sheet) reported(t *printed) []memo.Block {
	t.Colors = map[string]string{}
	for _, row := range t.Rows {
		if hex := s.colorNamed(row[0]); hex != "" {
			t.Colors[row[0]] = hex
		}
	}
	return blocksOf(t)
}

// blocksOf is a table with the lines below it.
func blocksOf(t *printed) []memo.Block {
	list := []memo.Block{t.Table}
	if t.below != "" {
		list = append(list, memo.List(strings.Split(strings.TrimPrefix(t.below, "\n"), "\n")))
	}
	return list
}

// colorNamed is the colour of a cause that is named: news, a mechanism or a part of one;
// "" of anything else.
func (s *sheet) colorNamed(name string) string {
	if name == "news" || name == "unexplained" {
		return hexOf(plots.ColorOf(name))
	}
	label, _, _ := strings.Cut(name, ".")
	for _, m := range s.Scenario.Mechanisms {
		if m.Name() == label {
			return hexOf(plots.ColorOf(m.Kind))
		}
	}
	return ""
}

func hexOf(c color.Color) string {
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
}

// paintCharts makes the files of charts, in their order, and the pictures of a report,
// which is of PNG whatever lies beside it.
func paintCharts(charts []chartPicture, as []format) ([]file, []*memo.Picture, error) {
	figures := make([]picture, len(charts))
	for i, c := range charts {
		figures[i] = c.picture
	}
	files, err := paint(figures, as)
	if err != nil {
		return nil, nil, err
	}
	embedded, each := files, len(as)
	if as[0].name != formats[0].name {
		if embedded, err = paint(figures, formats[:1]); err != nil {
			return nil, nil, err
		}
		each = 1
	}
	pictures := make([]*memo.Picture, len(charts))
	for i, c := range charts {
		p := &memo.Picture{File: files[i*len(as)].Name, PNG: embedded[i*each].Content, Caption: upperFirst(c.kind.Title) + "."}
		p.Values = readoutOf(c.figure)
		p.Alt = described(c.figure, p.Values)
		pictures[i] = p
	}
	return files, pictures, nil
}

// described says what a picture shows to those who do not see it: its title, its unit,
// and where its lines end.
func described(f plots.Figure, values *memo.Readout) string {
	text := sentence(f.Title()) + " " + sentence(f.Subtitle())
	if values == nil {
		return strings.TrimSpace(text)
	}
	var ends []string
	last := len(values.Points) - 1
	for _, line := range values.Lines {
		if v := line.Values[last]; v != "" {
			ends = append(ends, line.Name+" "+v)
		}
	}
	if len(ends) > 0 {
		text += fmt.Sprintf(" At the end, %s: %s.", values.Points[last], strings.Join(ends, "; "))
	}
	return strings.TrimSpace(text)
}

func sentence(text string) string {
	if text == "" || strings.ContainsAny(text[len(text)-1:], ".?!") {
		return text
	}
	return text + "."
}

func readoutOf(f plots.Figure) *memo.Readout {
	v := f.Values()
	if v == nil {
		return nil
	}
	r := &memo.Readout{First: v.First, Last: v.Last, Points: v.Points}
	for _, line := range v.Lines {
		r.Lines = append(r.Lines, memo.Line{Name: line.Name, Color: hexOf(line.Color), Values: line.Values})
	}
	return r
}

// warnings are what a reader must know beside the numbers.
func warnings(list []string) []memo.Block {
	if len(list) == 0 {
		return []memo.Block{memo.Paragraph("None.")}
	}
	return []memo.Block{memo.List(list)}
}

// assumptions are what the file says of itself.
func assumptions(said []string, source string) []memo.Block {
	var list []memo.Block
	if len(said) > 0 {
		list = append(list, memo.List(said))
	}
	if source != "" {
		list = append(list, memo.Paragraph("Source: "+sentence(source)))
	}
	return list
}

// recipe is how to get a result again. It follows from what was run, not from how that
// was typed: the same inputs have the same report.
type recipe struct {
	what, name string // "scenario", "redemption-loop"
	hash, yaml string // of what it says, changes of the command line included
	bundled    bool   // the bundled one of that name says the same
	command    string // "ebb run"
	flags      []string
	drawn      [][]string // rows on the paths, where some are drawn
}

func reproduced(st *study.Study) []memo.Block {
	s := st.Scenario
	r := recipe{what: "scenario", name: s.Name, hash: s.Hash(), yaml: s.YAML(), command: "ebb run"}
	if src, err := scenarios.Open(s.Name); err == nil {
		same, err := scenarios.Parse(s.Name+".yaml", src, nil)
		r.bundled = err == nil && same.Hash() == r.hash
	}
	if paths := st.Base.Ensemble.Paths; paths > 0 {
		r.drawn = [][]string{{"paths", grouped(paths)}, {"seed", fmt.Sprint(st.Base.Ensemble.Seed)}}
	}
	return r.blocks()
}

func (r recipe) blocks() []memo.Block {
	t := memo.Table{Caption: "What the result was made with", Head: []string{"what", "value"}, Rows: append([][]string{
		{"version of ebb", version()}, {"SHA-256 of what the " + r.what + " says", r.hash}}, r.drawn...)}
	name, same := r.name, "The same version"
	if !r.bundled {
		name += ".yaml"
		same = "With the " + r.what + " below in a file of that name, the same version"
	}
	words := append([]string{r.command, shellWord(name)}, r.flags...)
	return []memo.Block{memo.Text{Title: "Command", Text: strings.Join(words, " ")}, t,
		memo.Paragraph(same + " on the same data files gives the same tables byte for byte; " + manifestName + " has their hashes."),
		memo.Text{Title: "The " + r.what + " as it was run, in YAML", Text: r.yaml, Folded: true}}
}

var plainWord = regexp.MustCompile(`^[\w@%+=:,./-]+$`)

// shellWord quotes a word where a shell would not take it as it is.
func shellWord(word string) string {
	if plainWord.MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
