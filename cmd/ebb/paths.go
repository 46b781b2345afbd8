package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"reflect"
	"slices"
	"sync"
	"time"

	"github.com/ebb-sim/ebb/scenarios/study"
	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/montecarlo"
	"github.com/parquet-go/parquet-go"
)

// pathsName is the file that holds every path of a run.
const pathsName = "paths.parquet"

// A row group of paths.parquet is a stretch of paths, time-major: all of its paths at
// the starting close, then all of them after the first step, and so on, so that a page
// has few steps and a question about one step skips the others. A whole file in this
// order would need all paths before its first page. The rows are about as many as in a
// row group of DuckDB's own; the numbers bound what a worker holds in memory, as far as
// one path alone does not have more.
const (
	rowsInGroup    = 1 << 17
	numbersInGroup = 1 << 22
)

// pathsFile writes paths.parquet: one row a path and step, with its label and with every
// series of every run. Values that are absent are null.
type pathsFile struct {
	plan    *sim.Plan
	writer  *parquet.GenericWriter[any]
	series  []seriesColumn // of the last columns
	columns int

	mu   sync.Mutex
	free []*pathsGroup
}

// seriesColumn is a column that holds a series.
type seriesColumn struct{ run, series int }

// writePaths runs all paths of a study again and writes them. No more of them are in
// memory than the workers have in hand.
func writePaths(ctx context.Context, w io.Writer, st *study.Study, opt study.Options) error {
	f, err := newPathsFile(w, st)
	if err != nil {
		return fmt.Errorf("%s: %w", pathsName, err)
	}
	if err := st.Stream(ctx, opt, f.stretch(st.Base.Ensemble.Paths), f.take); err != nil {
		return err
	}
	return f.writer.Close()
}

func newPathsFile(w io.Writer, st *study.Study) (*pathsFile, error) {
	f := &pathsFile{plan: st.Base.Case.Plan}
	whole := func(node parquet.Node) parquet.Node {
		return parquet.Compressed(parquet.Encoded(node, &parquet.DeltaBinaryPacked), &parquet.Zstd)
	}
	// The bytes of a number one by one: an eighth less than the numbers as they are.
	number := parquet.Optional(parquet.Compressed(parquet.Encoded(parquet.Leaf(parquet.DoubleType), &parquet.ByteStreamSplit), &parquet.Zstd))
	var list orderedColumns
	list.add("path", whole(parquet.Leaf(parquet.Int64Type)))
	list.add("step", whole(parquet.Leaf(parquet.Int32Type)))
	if !f.plan.Start.IsZero() {
		node := parquet.Timestamp(parquet.Microsecond)
		if f.plan.Step%(24*time.Hour) == 0 {
			node = parquet.Date()
		}
		list.add("date", whole(node))
	}
	for i, run := range st.Runs() {
		for k, s := range run.Ensemble.Series {
			list.add(seriesOf(st, run.Label, s.Name), number)
			f.series = append(f.series, seriesColumn{i, k})
		}
	}
	if err := list.check(); err != nil {
		return nil, err
	}
	f.columns = len(list.names)
	options := []parquet.WriterOption{parquet.NewSchema("paths", list)}
	if s := status(st); s != "" {
		options = append(options, parquet.KeyValueMetadata("status", s))
	}
	f.writer = parquet.NewGenericWriter[any](w, options...)
	return f, nil
}

// seriesOf is the name of a series of a run in a table that has several runs side by
// side.
func seriesOf(st *study.Study, run, series string) string {
	if run == st.Base.Label {
		return series
	}
	return series + ": " + run
}

// stretch is how many paths are in a row group.
func (f *pathsFile) stretch(paths int) int {
	n := min(rowsInGroup, numbersInGroup/f.columns) / (f.plan.Steps + 1)
	most := (paths + parquet.MaxRowGroups - 1) / parquet.MaxRowGroups // more groups a file cannot have
	return max(1, n, most)
}

// pathsGroup is a row group in the making.
type pathsGroup struct {
	*parquet.ConcurrentRowGroupWriter
	values []parquet.Value // of a column, at one step
}

// take writes a row group to memory, which its turn brings to the disk.
func (f *pathsFile) take(t *montecarlo.Stretch) (put func() error, err error) {
	g := f.group()
	for column, to := range g.ColumnWriters() {
		for step := range f.plan.Steps + 1 {
			g.values = f.fill(g.values[:0], t, column, step)
			if _, err := to.WriteRowValues(g.values); err != nil {
				return nil, err
			}
		}
		if err := to.Flush(); err != nil {
			return nil, err
		}
	}
	return func() error {
		_, err := g.Commit()
		f.mu.Lock()
		defer f.mu.Unlock()
		f.free = append(f.free, g)
		return err
	}, nil
}

func (f *pathsFile) group() *pathsGroup {
	f.mu.Lock()
	defer f.mu.Unlock()
	if n := len(f.free); n > 0 {
		g := f.free[n-1]
		f.free = f.free[:n-1]
		return g
	}
	return &pathsGroup{ConcurrentRowGroupWriter: f.writer.BeginRowGroup()}
}

// fill appends the values of a column at one step of all paths of a stretch.
func (f *pathsFile) fill(values []parquet.Value, t *montecarlo.Stretch, column, step int) []parquet.Value {
	first := f.columns - len(f.series)
	for path := range t.Paths {
		v := parquet.Value{}
		present := 0
		switch {
		case column == 0:
			v = parquet.Int64Value(int64(t.From + path))
		case column == 1:
			v = parquet.Int32Value(int32(step))
		case column < first:
			v = f.date(step)
		default:
			c := f.series[column-first]
			if x := t.At(c.run, c.series, step, path); !math.IsNaN(x) {
				v, present = parquet.DoubleValue(x), 1
			}
		}
		values = append(values, v.Level(0, present, column))
	}
	return values
}

// date is the label of a step, as its type has it.
func (f *pathsFile) date(step int) parquet.Value {
	at := f.plan.Time(step - 1)
	if f.plan.Step%(24*time.Hour) == 0 {
		return parquet.Int32Value(int32(at.Unix() / (24 * 60 * 60)))
	}
	return parquet.Int64Value(at.UnixMicro())
}

// orderedColumns are the columns of a file in the order in which they were added; a
// [parquet.Group] sorts them by their names.
type orderedColumns struct {
	parquet.Group
	names []string
}

func (c *orderedColumns) add(name string, node parquet.Node) {
	if c.Group == nil {
		c.Group = parquet.Group{}
	}
	c.names = append(c.names, name)
	c.Group[name] = node
}

func (c orderedColumns) check() error {
	if len(c.Group) < len(c.names) {
		return fmt.Errorf("two columns of one name among %q", c.names)
	}
	return nil
}

// Fields implements [parquet.Node].
func (c orderedColumns) Fields() []parquet.Field {
	fields := c.Group.Fields()
	slices.SortFunc(fields, func(a, b parquet.Field) int {
		return slices.Index(c.names, a.Name()) - slices.Index(c.names, b.Name())
	})
	return fields
}

// GoType implements [parquet.Node]. A struct, as which a Group would be read, cannot have
// the comma that the label of a run may have.
func (c orderedColumns) GoType() reflect.Type { return reflect.TypeFor[map[string]any]() }
