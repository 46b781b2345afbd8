package main

import (
	"bytes"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/plots"
	"github.com/urfave/cli/v2"
	"golang.org/x/sync/errgroup"
)

// format is a kind of file that a chart can be written as.
type format struct {
	name  string // and ending
	write func(plots.Figure, io.Writer) error
}

// formats are all of them; the first is what is written where none is asked for.
var formats = []format{
	{"png", plots.Figure.PNG},
	{"svg", plots.Figure.SVG},
	{"pdf", plots.Figure.PDF},
}

// formatFlag asks for the files of charts, in every command that leaves some. Where
// --format already says how a table is read it has its other name only.
func formatFlag(names ...string) cli.Flag {
	return &cli.StringFlag{Name: names[0], Aliases: names[1:], Value: formats[0].name, Usage: "write charts as these `FORMATS`, in a list such as png,svg,pdf"}
}

// askedFormats are those of a command line, in the order of [formats].
func askedFormats(c *cli.Context) ([]format, error) {
	var known []string
	for _, f := range formats {
		known = append(known, f.name)
	}
	asked := strings.Split(c.String("pictures"), ",")
	for i := range asked {
		asked[i] = strings.ToLower(strings.TrimSpace(asked[i]))
		if !slices.Contains(known, asked[i]) {
			return nil, usagef("%s: found the format %q of charts, expected one or more of %s%s", c.Command.Name, asked[i], strings.Join(known, ", "), data.DidYouMean(asked[i], known))
		}
	}
	return slices.DeleteFunc(slices.Clone(formats), func(f format) bool { return !slices.Contains(asked, f.name) }), nil
}

// picture is a figure with its place in the result: "price", "price-eth".
type picture struct {
	name   string
	figure plots.Figure
}

const pictureFolder = "plots/"

// picturesAmong counts the charts and the other files of a result. A chart in several
// formats is one.
func picturesAmong(files []file) (charts, others int) {
	seen := map[string]bool{}
	for _, f := range files {
		if !strings.HasPrefix(f.Name, pictureFolder) {
			others++
			continue
		}
		seen[strings.TrimSuffix(f.Name, path.Ext(f.Name))] = true
	}
	return len(seen), others
}

// paint makes the files of pictures, side by side: each in every format.
func paint(pictures []picture, as []format) ([]file, error) {
	files := make([]file, len(pictures)*len(as))
	var group errgroup.Group
	group.SetLimit(8)
	for i, p := range pictures {
		for k, f := range as {
			group.Go(func() error {
				var b bytes.Buffer
				if err := f.write(p.figure, &b); err != nil {
					return fmt.Errorf("chart %s: %w", p.name, err)
				}
				files[i*len(as)+k] = file{pictureFolder + p.name + "." + f.name, b.Bytes()}
				return nil
			})
		}
	}
	return files, group.Wait()
}
