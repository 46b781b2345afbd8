// Package report answers one question: what goes into the memo?
//
// A Document is plain: sections of paragraphs, lists, tables, pictures and texts. HTML
// writes it as one file that loads nothing, Markdown as a text to paste. It knows
// nothing of studies; who fills it decides what is said.
//
// Every text of a document may come from anybody's file: none is taken for markup.
// The same document gives the same bytes.
package report

// Document is a report.
type Document struct {
	Language string // of its texts, as HTML names it: "en"
	Title    string
	Status   string // what must stand over every number: "reconstructed, not market data"; may be empty
	Lead     string // in one line: what was run
	Sections []Section
	Footer   string // what made it
}

// Section is a part of a document under a heading.
type Section struct {
	Title  string
	Blocks []Block
}

// Block is a piece of a section: Paragraph, List, Table, *Picture, Text, *Runs or
// *Coalitions.
type Block interface{ Kind() string }

// Paragraph is running text.
type Paragraph string

// List is a list of points.
type List []string

// Table has a heading for every column and, in the first cell of each row, the
// heading of the row. A row with an empty first cell belongs to the heading above it.
// Rows may be shorter than the head.
type Table struct {
	Caption string
	Head    []string
	Rows    [][]string
	Colors  map[string]string // optional: "#rrggbb" by the heading of a row
}

// Picture is a chart.
type Picture struct {
	File    string // its place beside the report: plots/price.png
	PNG     []byte
	Alt     string   // what it shows, for those who do not see it
	Caption string   // what it shows, for all
	Values  *Readout // optional: the values behind it
}

// Readout are the values behind a picture, point by point of its horizontal axis, on
// which points are evenly spaced.
type Readout struct {
	First, Last float64  // where the first and the last point stand, as shares of the picture's width
	Points      []string // what the points are called: "2025-10-10"
	Lines       []Line
}

// Line is one series of a readout.
type Line struct {
	Name   string
	Color  string   // "#rrggbb", optional
	Values []string // of the points, written for a reader
}

// Text is a text to be copied as it is: a command, a file.
type Text struct {
	Title  string
	Text   string
	Folded bool // shown on demand
}

// Runs are prices and outcomes of several runs, of which the reader chooses one to
// hold against the first. Where nothing is interactive they are left out: tables and
// pictures show the same.
type Runs struct {
	Caption string
	Points  []string // of the horizontal axis
	Assets  []string
	Runs    []Run
}

// Run is one of several runs.
type Run struct {
	Name     string
	What     string        // in what it differs from the first
	Color    string        // "#rrggbb"
	Prices   [][]float64   // of each asset at the points, USD; NaN where there is none
	Outcomes []RunsOutcome // those it has
}

// RunsOutcome is an outcome of a run, written for a reader.
type RunsOutcome struct {
	Name, Value string
	Difference  string // of the first run less this one; empty for the first
}

// Coalitions are outcomes for every choice of players that are on. Where nothing is
// interactive they are left out.
type Coalitions struct {
	Caption  string
	Players  []Player
	Outcomes []CoalitionOutcome
}

// Player is what can be on or off.
type Player struct{ Name, Color string }

// CoalitionOutcome has the outcome of 2ⁿ choices of n players: bit i of the place of a
// value tells whether player i is on.
type CoalitionOutcome struct {
	Name   string
	Values []string
}

// Kind tells the block's kind to the templates.
func (Paragraph) Kind() string { return "paragraph" }

// Kind tells the block's kind to the templates.
func (List) Kind() string { return "list" }

// Kind tells the block's kind to the templates.
func (Table) Kind() string { return "table" }

// Kind tells the block's kind to the templates.
func (*Picture) Kind() string { return "picture" }

// Kind tells the block's kind to the templates.
func (Text) Kind() string { return "text" }

// Kind tells the block's kind to the templates.
func (*Runs) Kind() string { return "runs" }

// Kind tells the block's kind to the templates.
func (*Coalitions) Kind() string { return "coalitions" }
