package main

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/sim/backtest/rule"
	"github.com/ebb-sim/ebb/sim/driver"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/monitor"
	"github.com/ebb-sim/ebb/sim/outcome"
	"github.com/ebb-sim/ebb/sim/param"
	"github.com/ebb-sim/ebb/sim/stats"
	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/urfave/cli/v2"
)

func explainCommand() *cli.Command {
	return &cli.Command{
		Name:      "explain",
		Usage:     "explain a section of a scenario or strategy file, a mechanism, driver, outcome, statistic, function of rules, chart or series kind",
		ArgsUsage: "[NAME]",
		Action: func(c *cli.Context) error {
			list := topics()
			if c.NArg() == 0 {
				_, err := fmt.Fprintln(c.App.Writer, contents(list))
				return err
			}
			name, err := oneArgument(c, "one name, or none for the list")
			if err != nil {
				return err
			}
			var found []string
			for _, t := range list {
				if t.name == name {
					found = append(found, t.text())
				}
			}
			if len(found) == 0 {
				var names []string
				for _, t := range list {
					names = append(names, t.name)
				}
				slices.Sort(names)
				return usagef("no explanation of %q%s; ebb explain lists what there is", name, data.DidYouMean(name, slices.Compact(names)))
			}
			_, err = fmt.Fprintln(c.App.Writer, strings.Join(found, "\n\n"))
			return err
		},
	}
}

// topic is one thing that can be explained.
type topic struct {
	group, name, title string
	text               func() string
}

// topics gathers what the packages know of themselves; nothing is listed here
// by hand.
func topics() []topic {
	list := slices.Concat(rules("mechanism", mechanism.Kinds()), rules("monitor", monitor.Kinds()), rules("driver of news", driver.Kinds()))
	for _, f := range param.Fields(reflect.TypeFor[scenarios.Spec]()) {
		list = append(list, topic{"scenario", f.Name, f.Doc, func() string { return explainSection(f) }})
	}
	for _, f := range param.Fields(reflect.TypeFor[scenarios.StrategySpec]()) {
		list = append(list, topic{"strategy", f.Name, f.Doc, func() string {
			return strings.Replace(explainSection(f), "in a scenario file", "in a strategy file", 1)
		}})
	}
	for _, f := range rule.Functions() {
		list = append(list, topic{"function of rules", f.Name, f.Doc, func() string { return fmt.Sprintf("function of rules %s: %s", f.Signature, f.Doc) }})
	}
	for _, st := range scenarios.StrategyStates() {
		list = append(list, topic{"state of rules", st.Name, st.Doc, func() string { return fmt.Sprintf("state of rules %s, %v: %s", st.Name, st.Kind, st.Doc) }})
	}
	for _, o := range outcome.Kinds() {
		list = append(list, topic{"outcome", o.Name, o.Title, func() string {
			return fmt.Sprintf("outcome %s: %s\n\nunit        %s\ndefinition  %s", o.Name, o.Title, cmp.Or(o.Unit, "that of the series"), o.Definition)
		}})
	}
	for _, s := range stats.EBB.Statistics() {
		list = append(list, topic{"statistic", s.Name, s.Title, func() string { return explainStatistic(s.Name) }})
	}
	for _, k := range chartKinds {
		list = append(list, topic{"chart", k.Name, k.Title, func() string { return fmt.Sprintf("chart %s: %s", k.Name, k.Title) }})
	}
	for _, k := range data.Kinds() {
		list = append(list, topic{"series kind", string(k), k.Doc(), func() string { return fmt.Sprintf("series kind %s: %s", k, k.Doc()) }})
	}
	return list
}

// explainStatistic explains a statistic by each profile that has it.
func explainStatistic(name string) string {
	var said []string
	for _, p := range stats.Profiles() {
		if s, ok := p.Lookup(name); ok {
			said = append(said, fmt.Sprintf("statistic %s: %s\n\nunit        %s\ndefinition  %s\nsource      %s\nprofile     %s", s.Name, s.Title, s.Unit, s.Definition, s.Source, p))
		}
	}
	return strings.Join(said, "\n\n")
}

// explainSection explains a key at the top of a scenario file, with what may
// stand under it.
func explainSection(f param.Field) string {
	said := fmt.Sprintf("%s, in a scenario file: %s", f.Name, f.Doc)
	under := f.Type
	for under.Kind() == reflect.Pointer || under.Kind() == reflect.Slice || under.Kind() == reflect.Map {
		under = under.Elem()
	}
	if under.Kind() != reflect.Struct || len(param.Fields(under)) == 0 {
		return said
	}
	return said + "\n\n" + parameters(param.New(under).Interface())
}

// rules are the topics of a catalogue: mechanisms or drivers.
func rules[C any](group string, kinds []param.Kind[C]) []topic {
	var list []topic
	for _, k := range kinds {
		list = append(list, topic{group, k.Name, k.Title, func() string { return explainRule(group, k) }})
	}
	return list
}

func explainRule[C any](group string, k param.Kind[C]) string {
	said := fmt.Sprintf("%s %s: %s\n\n%s\n\nsource  %s", group, k.Name, k.Title, indent(k.Equation), k.Source)
	if table := parameters(k.Default()); table != "" {
		said += "\n\n" + table
	}
	return said
}

func indent(text string) string { return "  " + strings.ReplaceAll(text, "\n", "\n  ") }

// parameters is the table of a configuration's parameters.
func parameters(config any) string {
	list := param.List(config)
	if len(list) == 0 {
		return ""
	}
	t := newTable()
	t.AppendHeader(table.Row{"parameter", "unit", "default", "what it is", "source of the default"})
	for _, p := range list {
		value := p.Default
		if p.Required {
			value = "required"
		}
		t.AppendRow(table.Row{p.Path, p.Unit, value, p.Doc, p.Source})
	}
	t.SetColumnConfigs([]table.ColumnConfig{{Number: 4, WidthMax: 60, WidthMaxEnforcer: text.WrapSoft}, {Number: 5, WidthMax: 40, WidthMaxEnforcer: text.WrapSoft}})
	return t.Render()
}

func contents(list []topic) string {
	t := newTable()
	t.AppendHeader(table.Row{"kind", "name", "what it is"})
	for _, topic := range list {
		t.AppendRow(table.Row{topic.group, topic.name, topic.title})
	}
	return t.Render()
}
