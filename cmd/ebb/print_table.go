package main

import (
	"fmt"

	memo "github.com/ebb-sim/ebb/plots/report"
	"github.com/jedib0t/go-pretty/v6/table"
)

// printed is a table that a terminal prints and a report shows.
type printed struct {
	table.Writer
	memo.Table
	below string // lines under it, each after a line break
}

// captioned is a table whose caption only the report shows: in the terminal its head
// says as much.
func captioned(caption string) *printed {
	return &printed{Writer: newTable(), Table: memo.Table{Caption: caption}}
}

func (p *printed) AppendHeader(row table.Row, config ...table.RowConfig) {
	p.Writer.AppendHeader(row, config...)
	p.Head = cells(row)
}

func (p *printed) AppendRow(row table.Row, config ...table.RowConfig) {
	p.Writer.AppendRow(row, config...)
	p.Rows = append(p.Rows, cells(row))
}

// String is the table for a terminal.
func (p *printed) String() string { return p.Render() + p.below }

func cells(row table.Row) []string {
	list := make([]string, len(row))
	for i, cell := range row {
		list[i] = fmt.Sprint(cell)
	}
	return list
}
