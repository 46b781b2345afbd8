package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/data/derive"
	"github.com/urfave/cli/v2"
)

// deriveFlags are those of commands that make a series from two files of prices.
func deriveFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "`FILE` to write; printed if not given"},
		&cli.StringFlag{Name: "column", Usage: "`COLUMN` of the first file, close if not given"},
		&cli.StringFlag{Name: "second-column", Usage: "`COLUMN` of the second file; that of --column if not given"},
		&cli.BoolFlag{Name: "accept-mismatch", Usage: "take closes that are not of the same instant; a note says so"},
	}
}

// twoPrices reads the two files of prices that a command is given.
func twoPrices(c *cli.Context) (a, b data.Series, first *data.Table, err error) {
	if c.NArg() != 2 {
		return a, b, nil, usagef("data %s: found %d arguments, expected two files of prices", c.Command.Name, c.NArg())
	}
	second := c.String("second-column")
	if second == "" {
		second = c.String("column")
	}
	a, first, err = price(c.Args().Get(0), c.String("column"))
	if err != nil {
		return a, b, nil, err
	}
	b, _, err = price(c.Args().Get(1), second)
	return a, b, first, err
}

// price reads a column of prices; without a name the one that the file means.
func price(path, column string) (data.Series, *data.Table, error) {
	t, err := data.Open(path, data.ReadOptions{Now: time.Now()})
	if err != nil {
		return data.Series{}, nil, place(path, err)
	}
	s, err := t.Series(data.Request{Column: column, Kind: data.Price})
	if err != nil {
		return data.Series{}, nil, place(path, err)
	}
	return s, t, nil
}

// writeDerived leaves a result in the file that is asked for, or prints it; what is to
// be said of it stands in its head, and on stderr.
func writeDerived(c *cli.Context, r derive.Result) error {
	for _, n := range r.Notes {
		if _, err := fmt.Fprintln(c.App.ErrWriter, "note: "+n.String()); err != nil {
			return err
		}
	}
	path := c.String("output")
	if path == "" {
		_, err := c.App.Writer.Write(r.CSV())
		return err
	}
	if err := replaceFile(path, r.CSV()); err != nil {
		return fmt.Errorf("%s: %w", path, bare(err))
	}
	_, err := fmt.Fprintf(c.App.Writer, "%s: %s of %s, %s..%s\n", filepath.ToSlash(path), counted(len(r.Times), "row"), r.Name,
		showDay(r.Times[0]), showDay(r.Times[len(r.Times)-1]))
	return err
}

// notAnInput refuses to write over a file that is read, by whatever name.
func notAnInput(c *cli.Context, inputs ...string) error {
	path := c.String("output")
	written, err := os.Stat(path)
	if err != nil {
		return nil // not there yet, or a fault when it is written
	}
	for _, input := range inputs {
		if read, err := os.Stat(input); err == nil && os.SameFile(read, written) {
			return usagef("data %s: -o %s is one of the files to read", c.Command.Name, path)
		}
	}
	return nil
}
