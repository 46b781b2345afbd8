package plots

import (
	"math"
	"strconv"
	"strings"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// Timeline is the horizontal axis that all panels of a figure share: dates, or,
// where Times is nil, steps.
type Timeline struct {
	Times []time.Time // UTC, strictly increasing; point i is Times[i]
	Steps int         // number of points when Times is nil
	// Start is the index at which history ends and the simulation begins; both
	// contain that point. Steps are counted from it. If it is not 0, figures mark
	// it, tint what lies after it and draw history with a thinner line.
	Start   int
	Caption string // written at an axis of steps: "days after the shock"
	// Language is that of dates; default English.
	Language Language
}

// Event is a vertical mark at a point of the timeline.
type Event struct {
	At    int    // index into the timeline
	Label string // short: "10 Oct flush"
	Until int    // optional: index at which what lasts ends; a band is drawn up to it; 0 is none
}

// xAxis is a horizontal axis: the positions of the points and how to tick it.
type xAxis struct {
	pos     []float64
	before  int     // points of the data before the first that is shown
	edge    float64 // room for half a bar at either end, in units of pos
	caption string
	dates   bool // positions are seconds since 1970
	ticks   func(s scale, fits func(label string) int) []plot.Tick
}

// axis turns a valid timeline into positions: seconds since 1970, or steps.
func (t Timeline) axis() xAxis {
	if t.Times == nil {
		pos := make([]float64, t.Steps)
		for i := range pos {
			pos[i] = float64(i - t.Start)
		}
		return xAxis{pos: pos, caption: t.Caption, ticks: wholeTicks}
	}
	pos := make([]float64, len(t.Times))
	for i, at := range t.Times {
		pos[i] = float64(at.Unix()) + float64(at.Nanosecond())*1e-9
	}
	x := xAxis{pos: pos, dates: true}
	x.ticks = t.Language.dateTicks(86400)
	if len(pos) > 1 {
		x.ticks = t.Language.dateTicks(x.spacing())
	}
	return x
}

// points is how many there are.
func (t Timeline) points() int {
	if t.Times != nil {
		return len(t.Times)
	}
	return t.Steps
}

// spacing is the smallest distance between neighbours: the width of a bar.
func (x xAxis) spacing() float64 {
	if len(x.pos) < 2 {
		return 1
	}
	least := x.pos[1] - x.pos[0]
	for i := 2; i < len(x.pos); i++ {
		least = min(least, x.pos[i]-x.pos[i-1])
	}
	return least
}

// early tells whether a line that ends at a position ends well before the last
// point.
func (x xAxis) early(end float64) bool {
	s := x.scale()
	return x.pos[len(x.pos)-1]-end > .04*(s.hi-s.lo)
}

// scale spans the points and the room at the ends.
func (x xAxis) scale() scale {
	lo, hi := x.pos[0]-x.edge, x.pos[len(x.pos)-1]+x.edge
	if lo == hi {
		lo, hi = lo-.5, hi+.5
	}
	return scale{lo: lo, hi: hi}
}

// wholeTicks stand at whole numbers.
func wholeTicks(s scale, fits func(string) int) []plot.Tick {
	widest := strconv.Itoa(int(max(math.Abs(s.lo), math.Abs(s.hi)))) + minus
	step := max(1, math.Ceil(roundStep(s.hi-s.lo, min(10, fits(widest)))))
	var ticks []plot.Tick
	for k := math.Ceil(s.lo / step); k*step <= s.hi; k++ {
		ticks = append(ticks, plot.Tick{Value: k * step, Label: Number.label(k*step, 1, 1)})
	}
	return ticks
}

// valueTicks stand at round values of a unit.
func valueTicks(u Unit) func(scale, func(string) int) []plot.Tick {
	return func(s scale, fits func(string) int) []plot.Tick {
		most := max(2, min(9, fits(u.short(-max(math.Abs(s.lo), math.Abs(s.hi))*8/9))))
		return s.ticks(u, most)
	}
}

// pace is a calendar distance between ticks: exactly one field is set.
type pace struct {
	seconds, days, months int
	sample                string // a label as wide as they come
}

var paces = []pace{
	{seconds: 60, sample: "00:00"}, {seconds: 300, sample: "00:00"}, {seconds: 900, sample: "00:00"},
	{seconds: 3600, sample: "00:00"}, {seconds: 3 * 3600, sample: "00:00"}, {seconds: 6 * 3600, sample: "00:00"},
	{seconds: 12 * 3600, sample: "00:00"},
	{days: 1, sample: "30 May"}, {days: 2, sample: "30 May"}, {days: 7, sample: "30 May"}, {days: 14, sample: "30 May"},
	{months: 1, sample: "May"}, {months: 2, sample: "May"}, {months: 3, sample: "May"}, {months: 6, sample: "May"},
	{months: 12, sample: "2026"}, {months: 24, sample: "2026"}, {months: 60, sample: "2026"},
	{months: 120, sample: "2026"}, {months: 300, sample: "2026"}, {months: 1200, sample: "2026"},
	{months: 12000, sample: "2026"},
}

// dateTicks stand at round dates, as close as fit but no closer than the points.
// The first and every turn of the year carry the year on a second line.
func (l Language) dateTicks(spacing float64) func(scale, func(string) int) []plot.Tick {
	return func(s scale, fits func(string) int) []plot.Tick {
		lo, hi := fromSeconds(math.Ceil(s.lo)), fromSeconds(s.hi)
		for _, p := range paces {
			most := min(13, fits(l.sample(p.sample)))
			if p.length() < spacing || (s.hi-s.lo)/p.length() > float64(most) {
				continue
			}
			if ticks := p.ticks(lo, hi, l); len(ticks) > 0 {
				return ticks
			}
		}
		middle := (s.lo + s.hi) / 2
		return []plot.Tick{{Value: middle, Label: l.day(fromSeconds(middle)) + "\n" + fromSeconds(middle).Format("2006")}}
	}
}

func fromSeconds(s float64) time.Time { return time.Unix(int64(s), 0).UTC() }

// length of a pace in seconds, months being a twelfth of a year.
func (p pace) length() float64 {
	return float64(p.seconds) + 86400*(float64(p.days)+30.4375*float64(p.months))
}

func (p pace) ticks(lo, hi time.Time, l Language) []plot.Tick {
	var ticks []plot.Tick
	var before time.Time
	for at := p.first(lo); !at.After(hi); at = p.next(at) {
		if !at.Before(lo) {
			ticks = append(ticks, plot.Tick{Value: float64(at.Unix()), Label: p.label(at, before, l)})
			before = at
		}
	}
	return ticks
}

// first is a round date at or shortly before lo.
func (p pace) first(lo time.Time) time.Time {
	switch {
	case p.seconds > 0:
		return lo.Truncate(time.Duration(p.seconds) * time.Second)
	case p.days > 0:
		day := time.Date(lo.Year(), lo.Month(), lo.Day(), 0, 0, 0, 0, time.UTC)
		if day.Before(lo) {
			return day.AddDate(0, 0, 1)
		}
		return day
	case p.months < 12:
		month := (int(lo.Month()) - 1) / p.months * p.months
		return time.Date(lo.Year(), time.Month(month+1), 1, 0, 0, 0, 0, time.UTC)
	}
	years := p.months / 12
	return time.Date(lo.Year()/years*years, 1, 1, 0, 0, 0, 0, time.UTC)
}

func (p pace) next(at time.Time) time.Time {
	return at.AddDate(0, p.months, p.days).Add(time.Duration(p.seconds) * time.Second)
}

// label names a date by what changes at this pace; a second line holds what
// changed since the tick before.
func (p pace) label(at, before time.Time, l Language) string {
	year := ""
	if at.Year() != before.Year() {
		year = "\n" + at.Format("2006")
	}
	switch {
	case p.seconds > 0:
		if at.YearDay() != before.YearDay() || year != "" {
			return at.Format("15:04\n") + l.day(at)
		}
		return at.Format("15:04")
	case p.days > 0:
		return l.day(at) + year
	case p.months < 12:
		return l.month(at) + year
	}
	return at.Format("2006")
}

// period writes two points of a timeline as a range: "6 Oct 2025 – 5 Feb 2026",
// the year once if it is the same.
func (t Timeline) period(from, to int) string {
	if t.Times == nil {
		return Number.label(float64(from-t.Start), 1, 1) + nbsp + "–" + nbsp + Number.label(float64(to-t.Start), 1, 1)
	}
	first, second := t.Times[from].UTC(), t.Times[to].UTC()
	begin := t.Language.Date(first)
	if first.Year() == second.Year() {
		begin = t.Language.day(first)
	}
	return strings.ReplaceAll(begin+" – "+t.Language.Date(second), " ", nbsp)
}

// point names one point of a timeline: "6 Oct 2025" or "step 3".
func (t Timeline) point(i int) string {
	if t.Times == nil {
		return "step" + nbsp + Number.label(float64(i-t.Start), 1, 1)
	}
	return strings.ReplaceAll(t.Language.Date(t.Times[i]), " ", nbsp)
}

// fitting counts how many labels stand side by side on an axis with some space
// between them.
func (t theme) fitting(width vg.Length) func(string) int {
	return func(label string) int { return int(width / (t.label.width(label) + t.pt(12))) }
}
