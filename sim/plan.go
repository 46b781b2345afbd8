package sim

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// Default limits of the waves in one step.
const (
	DefaultTolerance = 1.0 // USD
	DefaultMaxWaves  = 500
)

// A Plan is everything a run needs but its news: immutable once it has passed
// through [Compile].
type Plan struct {
	Assets      []Asset
	Entries     []Entry
	Innovations []Innovation

	Start    time.Time     // label of the starting close; zero in a run without dates
	Step     time.Duration // length of a step
	Steps    int
	Sessions []bool // by step: whether a US session's flow is booked; nil = in every step
	Shocks   []Shock
	Past     Past

	Tolerance float64 // USD: a wave with no larger order ends the step, unless it still moved a price by 1e-6
	MaxWaves  int     // cap on waves in a step; reaching it is reported

	rows       []Row
	reports    []Report
	places     [][]int   // entry × its reports: index in reports
	publishing []int     // entries in the order in which they publish
	followed   []bool    // by report: a mechanism reads it
	shocks     []float64 // step × (assets, then innovations)
}

// Asset is one traded asset and how its price answers to orders.
type Asset struct {
	Name  string
	Price float64 // USD per coin at the starting close
	Law   Law

	Permanent float64 // share of an impact that stays, 0 to 1
	Kernel    Kernel  // how the transient rest decays

	Volatility      float64 // per step, at the start (σ₀)
	VolatilityDecay float64 // weight of yesterday in the exponentially weighted variance (RiskMetrics: .94)
	DepthExponent   float64 // a in depth = depth₀·(σ₀/σ)^a; 0 switches it off
}

// Entry is a mechanism in the plan with what travels with its orders.
type Entry struct {
	Mechanism   Mechanism
	ImpactScale float64  // each order counts this many times in the impact law; 0 is taken as 1
	Permanent   *float64 // permanent share of its impact; nil = the asset's
}

// Innovation is an observable whose innovations come from the driver.
type Innovation struct {
	Name   string
	SD     float64 // standard deviation per session, or per step, in the observable's unit
	Always bool    // in every step; otherwise in US sessions only
}

// Shock adds to the news of an asset or to the innovation of an observable,
// the same amount in each of its steps.
type Shock struct {
	Name    string
	Asset   int // index of the asset, or -1
	Observe int // index of the innovation, or -1
	Steps   []int
	Amount  float64 // per step: log return, or the observable's unit
}

// Past is what was observed before the first step, oldest first; every slice
// ends at the starting close.
type Past struct {
	LogPrice [][]float64          // per asset, as far back as each is known, without the starting close itself
	Series   map[string][]float64 // NaN = absent
	Sessions []bool
}

// Row is one line of the ledger: a mechanism, or one part of it.
type Row struct {
	Label string // "treasury", "redemption.response"
	Entry int
	Part  int
}

// Time is the label of a step; the zero time where the plan has no dates.
func (p *Plan) Time(step int) time.Time {
	if p.Start.IsZero() {
		return time.Time{}
	}
	return p.Start.Add(time.Duration(step+1) * p.Step)
}

const day = 24 * time.Hour

// newDay tells whether a step is the first of its UTC day; step −1 ends at the
// starting close. A run without dates begins with a day.
func (p *Plan) newDay(step int) bool {
	if p.Step >= day {
		return true
	}
	at := time.Time{}.Add(time.Duration(step) * p.Step)
	if !p.Start.IsZero() {
		at = p.Time(step)
	}
	return at.Sub(at.Truncate(day)) < p.Step
}

// Session tells whether a US session's flow is booked in a step.
func (p *Plan) Session(step int) bool { return p.Sessions == nil || p.Sessions[step] }

// Rows lists the lines of the ledger.
func (p *Plan) Rows() []Row { return p.rows }

// Reports lists the series the mechanisms publish.
func (p *Plan) Reports() []Report { return p.reports }

func (p *Plan) past(asset int) []float64 {
	if p.Past.LogPrice == nil {
		return nil
	}
	return p.Past.LogPrice[asset]
}

// Compile checks a plan and readies it for runs. All its faults come back at
// once. The mechanisms are put in the order of their names, so that the order
// of a scenario's lines cannot matter.
func Compile(p Plan) (*Plan, error) {
	p.Tolerance = cmp.Or(p.Tolerance, DefaultTolerance)
	p.MaxWaves = cmp.Or(p.MaxWaves, DefaultMaxWaves)
	p.Assets, p.Entries = slices.Clone(p.Assets), slices.Clone(p.Entries)
	for i := range p.Entries {
		p.Entries[i].ImpactScale = cmp.Or(p.Entries[i].ImpactScale, 1)
	}
	if err := p.check(); err != nil {
		return nil, err
	}
	slices.SortStableFunc(p.Entries, func(a, b Entry) int { return cmp.Compare(a.Mechanism.Name(), b.Mechanism.Name()) })
	if err := p.index(); err != nil {
		return nil, err
	}
	p.spread()
	return &p, nil
}

// index lists the ledger's rows and the reports.
func (p *Plan) index() error {
	p.rows = nil
	var faults []error
	for i, e := range p.Entries {
		for k, part := range parts(e.Mechanism) {
			label := e.Mechanism.Name()
			if part != "" {
				label += "." + part
			}
			p.rows = append(p.rows, Row{Label: label, Entry: i, Part: k})
		}
		if i > 0 && p.Entries[i-1].Mechanism.Name() == e.Mechanism.Name() {
			faults = append(faults, fmt.Errorf("two mechanisms are named %q", e.Mechanism.Name()))
		}
	}
	faults = append(faults, p.astray()...)
	if faults = append(faults, p.gather()...); len(faults) > 0 {
		return errors.Join(faults...)
	}
	p.follow()
	return p.sequence()
}

// astray blames those who follow a part that a mechanism of the plan does not
// have: they would follow nothing.
func (p *Plan) astray() (faults []error) {
	for _, e := range p.Entries {
		follower, ok := e.Mechanism.(Follower)
		if !ok {
			continue
		}
		for _, name := range follower.Follows() {
			label, part, parted := strings.Cut(name, ".")
			at := slices.IndexFunc(p.Entries, func(o Entry) bool { return o.Mechanism.Name() == label })
			if !parted || at < 0 {
				continue
			}
			if known := parts(p.Entries[at].Mechanism); !slices.Contains(known, part) {
				faults = append(faults, fmt.Errorf("mechanism %s follows %q, expected %s or one of its parts %q", e.Mechanism.Name(), name, label, known))
			}
		}
	}
	return faults
}

func parts(m Mechanism) []string {
	if parted, ok := m.(Parted); ok {
		return parted.Parts()
	}
	return []string{""}
}

// hedged tells whether a row's orders move no spot price.
func (p *Plan) hedged(row int) bool {
	r := p.rows[row]
	h, ok := p.Entries[r.Entry].Mechanism.(Hedger)
	return ok && h.Hedged(r.Part)
}

// spread lays the shocks out by step.
func (p *Plan) spread() {
	p.shocks = nil // the plan may be a changed copy of a compiled one
	if len(p.Shocks) == 0 {
		return
	}
	width := len(p.Assets) + len(p.Innovations)
	p.shocks = make([]float64, p.Steps*width)
	for _, s := range p.Shocks {
		column := s.Asset
		if column < 0 {
			column = len(p.Assets) + s.Observe
		}
		for _, step := range s.Steps {
			p.shocks[step*width+column] += s.Amount
		}
	}
}

func (p *Plan) check() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if len(p.Assets) == 0 {
		fault("a plan needs at least one asset")
	}
	if p.Steps < 1 {
		fault("steps is %d, expected at least 1", p.Steps)
	}
	if p.Step <= 0 {
		fault("the step's length is %v, expected more than 0", p.Step)
	}
	if p.Sessions != nil && len(p.Sessions) != p.Steps {
		fault("sessions has %d entries, expected one for each of %d steps", len(p.Sessions), p.Steps)
	}
	if !(p.Tolerance > 0) {
		fault("tolerance is %v USD, expected more than 0", p.Tolerance)
	}
	if p.MaxWaves < 1 {
		fault("max_waves is %d, expected at least 1", p.MaxWaves)
	}
	names := map[string]bool{}
	for _, a := range p.Assets {
		if names[a.Name] {
			fault("two assets are named %q", a.Name)
		}
		names[a.Name] = true
		a.check(fault)
	}
	for _, e := range p.Entries {
		e.check(fault)
	}
	if p.Past.LogPrice != nil && len(p.Past.LogPrice) != len(p.Assets) {
		fault("the past has prices of %d assets, expected %d", len(p.Past.LogPrice), len(p.Assets))
	} else {
		for i, a := range p.Assets {
			a.checkPast(p.past(i), fault)
		}
	}
	for _, s := range p.Shocks {
		s.check(p, fault)
	}
	return errors.Join(faults...)
}

func (a Asset) check(fault func(string, ...any)) {
	if !(a.Price > 0) || math.IsInf(a.Price, 1) {
		fault("asset %s: price is %v, expected a positive number", a.Name, a.Price)
	}
	if a.Law == nil {
		fault("asset %s: no impact law", a.Name)
	}
	if !(a.Permanent >= 0 && a.Permanent <= 1) {
		fault("asset %s: permanent share is %v, expected 0 to 1", a.Name, a.Permanent)
	}
	if !(a.Volatility > 0) || math.IsInf(a.Volatility, 1) {
		fault("asset %s: volatility is %v, expected a positive number", a.Name, a.Volatility)
	}
	if !(a.VolatilityDecay > 0 && a.VolatilityDecay <= 1) {
		fault("asset %s: volatility decay is %v, expected more than 0 and at most 1", a.Name, a.VolatilityDecay)
	}
	if !(a.DepthExponent >= 0) || math.IsInf(a.DepthExponent, 1) {
		fault("asset %s: depth exponent is %v, expected at least 0", a.Name, a.DepthExponent)
	}
	a.Kernel.check(a.Name, fault)
}

// checkPast blames the latest log close that is no price.
func (a Asset) checkPast(closes []float64, fault func(string, ...any)) {
	for back := 1; back <= len(closes); back++ {
		if x := closes[len(closes)-back]; !(math.Abs(x) < widest) {
			fault("asset %s: the log price %d steps before the start is %v, expected more than −%d and less than %d", a.Name, back, x, widest, widest)
			return
		}
	}
}

func (e Entry) check(fault func(string, ...any)) {
	if e.Mechanism == nil {
		fault("an entry has no mechanism")
		return
	}
	if !(e.ImpactScale > 0) || math.IsInf(e.ImpactScale, 1) {
		fault("mechanism %s: impact_scale is %v, expected a positive number", e.Mechanism.Name(), e.ImpactScale)
	}
	if s := e.Permanent; s != nil && !(*s >= 0 && *s <= 1) {
		fault("mechanism %s: permanent share is %v, expected 0 to 1", e.Mechanism.Name(), *s)
	}
}

func (s Shock) check(p *Plan, fault func(string, ...any)) {
	if (s.Asset >= 0) == (s.Observe >= 0) || s.Asset >= len(p.Assets) || s.Observe >= len(p.Innovations) {
		fault("shock %s: expected one asset or one observable of the plan", s.Name)
	}
	if len(s.Steps) == 0 {
		fault("shock %s: it falls on no step of the run", s.Name)
	}
	for _, step := range s.Steps {
		if step < 0 || step >= p.Steps {
			fault("shock %s: step %d is outside the run of %d steps", s.Name, step, p.Steps)
		}
	}
	if math.IsNaN(s.Amount) || math.IsInf(s.Amount, 0) {
		fault("shock %s: amount is %v, expected a finite number", s.Name, s.Amount)
	}
}
