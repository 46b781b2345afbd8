package scenarios

import (
	"reflect"
	"strconv"
	"time"

	"github.com/ebb-sim/ebb/sim/param"
)

// Chart is an entry of the list of charts: the name of one, or a section that also
// says how it is to look.
type Chart struct {
	Chart    string      `yaml:"chart" required:"true" oneof:"price|fan|ledger|flows|drawdown|liquidations|treasuries|response|waves|distribution|reclaim|lights|levels|split|exposure|relative|comovement|rolling|attribution|fragility|reverse|sensitivity|skew|pit|coverage|breakdown|aum" doc:"which chart; ebb explain tells of each"`
	Title    string      `yaml:"title" doc:"in place of its own title"`
	Subtitle string      `yaml:"subtitle" doc:"in place of the line under the title, which tells the unit"`
	Size     string      `yaml:"size" oneof:"full|half" doc:"width on the page of a memo: full, 17 cm, or half, 8.5 cm; full where not given"`
	From     time.Time   `yaml:"from" doc:"first date that is shown"`
	To       time.Time   `yaml:"to" doc:"last date that is shown"`
	Range    *ValueRange `yaml:"range" doc:"ends of the axis of values, of the first panel that has one, in its base unit: [50k, 130k]"`
	Language string      `yaml:"language" oneof:"en|de|fr|es|it|pt|nl|pl" doc:"language of its dates; that of the scenario where not given"`
}

// ValueRange is what an axis of values shows.
type ValueRange struct{ Low, High float64 }

// decode reads price for {chart: price}.
func (c *Chart) decode(d *decoder, n *node, path string) {
	own := reflect.ValueOf(c).Elem()
	if n.form == scalar {
		f := param.Fields(own.Type())[0]
		d.scalar(n, own.FieldByIndex(f.Index), f, path)
		return
	}
	d.section(n, n, own, path)
	if !c.From.IsZero() && !c.To.IsZero() && c.To.Before(c.From) {
		d.blame(n.get("to"), path+".to", param.FormatDate(c.To), "a date from "+param.FormatDate(c.From)+" on, as from says")
	}
}

// rangeEnd is what one end of a range is.
var rangeEnd = param.Field{Name: "range", Unit: "amount"}

const rangeForm = "the lower and the upper end of the axis, such as [50k, 130k]"

func (r *ValueRange) decode(d *decoder, n *node, path string) {
	if n.form != list || len(n.items) != 2 {
		found := n.String()
		if n.form == list {
			found = inline(n)
		}
		d.blame(n, path, found, rangeForm)
		return
	}
	faults := len(d.faults)
	d.scalar(n.items[0], reflect.ValueOf(&r.Low).Elem(), rangeEnd, path)
	d.scalar(n.items[1], reflect.ValueOf(&r.High).Elem(), rangeEnd, path)
	if faults == len(d.faults) && !(r.Low < r.High) {
		d.blame(n, path, inline(n), rangeForm+": the lower first")
	}
}

// String writes the range as it stands in a file.
func (r ValueRange) String() string {
	return "[" + param.Format("amount", r.Low) + ", " + param.Format("amount", r.High) + "]"
}

// bare tells whether an entry says no more than which chart.
func (c Chart) bare() bool { return c == Chart{Chart: c.Chart} }

// checkCharts asks for charts that differ: two of one name would be one file.
func (s *Scenario) checkCharts(d *decoder) {
	lines := map[string]int{}
	for i, n := range s.root.get("charts").list() {
		name := s.Charts[i].Chart
		if line, twice := lines[name]; twice && name != "" {
			d.blame(n, "charts["+strconv.Itoa(i)+"]", shown(name)+" a second time", "each chart once; the first is in line "+strconv.Itoa(line))
		}
		lines[name] = n.line
	}
}
