package scenarios

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/driver"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/monitor"
)

// Spec is what a scenario file says, with its defaults filled in.
type Spec struct {
	Name        string   `yaml:"name" required:"true" pattern:"^[a-z0-9-]+$" doc:"name of the result folder: lower-case letters, digits and hyphens"`
	Title       string   `yaml:"title" required:"true" doc:"one line for charts and reports"`
	Source      string   `yaml:"source" doc:"where the scenario comes from"`
	Text        string   `yaml:"text" doc:"what the scenario asks, at length"`
	Assumptions []string `yaml:"assumptions" doc:"what it takes for granted, one sentence each"`

	History    *History          `yaml:"history" doc:"what is replayed, or what the simulation starts from"`
	Market     map[string]Market `yaml:"market" required:"true" key:"asset" doc:"each asset and how its price answers to orders"`
	Waves      Waves             `yaml:"waves" doc:"limits of the feedback within one step"`
	Mechanisms []Mechanism       `yaml:"mechanisms" doc:"who trades, and why"`
	Monitors   []Monitor         `yaml:"monitors" doc:"what is watched on every path and on the history; they trade nothing"`
	Shocks     []Shock           `yaml:"shocks" doc:"what hits the market from outside"`
	Simulate   *Simulate         `yaml:"simulate" doc:"paths into the future; without it the history is replayed"`
	Compare    []Compare         `yaml:"compare" doc:"the same scenario with something left out or changed"`
	Attribute  *Attribute        `yaml:"attribute" doc:"to whom an outcome is due: the Shapley value of each mechanism, beside the news"`
	Reverse    *Reverse          `yaml:"reverse" doc:"reverse stress: the smallest shock with which an outcome passes a threshold"`
	Rare       *Rare             `yaml:"rare" doc:"a rare event: how likely it is that an outcome passes a threshold, by paths whose news is tilted towards it (importance sampling); under gbm or student news"`
	Sweep      *Sweep            `yaml:"sweep" doc:"one parameter by its path, as in compare, over a list of values: what the outcomes are at each"`
	Skew       *Skew             `yaml:"skew" doc:"how an asset does beside others on the days on which those fall, in the history"`
	Forecast   *Forecast         `yaml:"forecast" doc:"did the model forecast? ensembles from close after close of the history, held against what came and against simpler models"`
	Facts      *Facts            `yaml:"facts" doc:"reported fund flows of a week, to be shown beside the simulation"`
	Outcomes   []string          `yaml:"outcomes" doc:"figures to report"`
	Charts     []Chart           `yaml:"charts" doc:"charts to draw, in this order; those that fit where not given. Each by its name, or as a section with what is to differ: {chart: price, title: ..., size: half}"`
	Language   string            `yaml:"language" oneof:"en|de|fr|es|it|pt|nl|pl" doc:"language of the dates on charts, as its ISO 639 code: en, de, fr, es, it, pt, nl or pl; English where not given"`
}

// Defaults implements [param.Defaulter].
func (s *Spec) Defaults() {
	s.Waves.Defaults()
	s.Outcomes = []string{"return", "max_drawdown"}
}

// Assets lists the assets of the market by name.
func (s *Spec) Assets() []string { return slices.Sorted(maps.Keys(s.Market)) }

// History names the observed series.
type History struct {
	From   time.Time         `yaml:"from" doc:"first date; that of the data where not given"`
	To     time.Time         `yaml:"to" doc:"last date; that of the data where not given"`
	Step   time.Duration     `yaml:"step" unit:"duration" above:"0" doc:"length of a step"`
	Within string            `yaml:"within" oneof:"ohlc" doc:"ohlc: a replay visits each candle's open, extremes and close; needs asset.open, asset.high and asset.low beside asset.price"`
	Series map[string]Series `yaml:"series" required:"true" key:"series" doc:"observed series, each named asset.quantity: btc.price, btc.etf_flow, btc.basis, btc.coinbase_premium"`
}

// Defaults implements [param.Defaulter].
func (h *History) Defaults() { h.Step = defaultStep }

const defaultStep = 24 * time.Hour

// Series is one column of one file. What is not given is zero or nil and is left
// to the file to tell.
type Series struct {
	File      string         `yaml:"file" required:"true" doc:"a CSV file in the scenario's folder or below; others by --set or with --allow-outside"`
	Column    string         `yaml:"column" doc:"header of the column"`
	Kind      data.Kind      `yaml:"kind" oneof:"price|flow|rate|level" doc:"how the series behaves in time"`
	Unit      data.Unit      `yaml:"unit" oneof:"usd|usd_k|usd_m|usd_bn|fraction|percent|bp|coins|count|points" doc:"what the file's numbers are measured in"`
	Published *time.Duration `yaml:"published" unit:"duration" doc:"how long after the end of its period a value becomes known; negative, in a strategy, for a calendar that is known in advance"`
	Format    string         `yaml:"format" doc:"format of the file; recognised by content where not given"`
	Source    string         `yaml:"source" doc:"who published it"`
	Status    string         `yaml:"status" doc:"how far it can be trusted: reported, reconstructed, estimated"`
}

// Waves limits the feedback within one step.
type Waves struct {
	Tolerance float64 `yaml:"tolerance" unit:"usd" above:"0" doc:"a wave with no larger order ends the step, unless it still moved a price by 1e-6"`
	Max       int     `yaml:"max" unit:"count" min:"1" doc:"cap on the waves in one step; reaching it is reported"`
}

// Defaults implements [param.Defaulter].
func (w *Waves) Defaults() { *w = Waves{Tolerance: sim.DefaultTolerance, Max: sim.DefaultMaxWaves} }

// Mechanism is an entry of the list of mechanisms: one key, its kind, and under
// it the parameters of that kind.
type Mechanism struct {
	Kind   string
	Config mechanism.Config
}

// Name is the label of the mechanism: its own, or else its kind.
func (m Mechanism) Name() string { return cmp.Or(m.Config.Travels().Name, m.Kind) }

// Monitor is an entry of the list of monitors, in the form of a mechanism's.
type Monitor struct {
	Kind   string
	Config monitor.Config
}

// Name is the label of the monitor: its own, or else its kind.
func (m Monitor) Name() string { return cmp.Or(m.Config.Label(), m.Kind) }

// Shock is an event from outside. Exactly one of News, Flow and Observe is
// given.
type Shock struct {
	Name    string        `yaml:"name" doc:"label on charts"`
	On      Moment        `yaml:"on" required:"true" doc:"date, or day 12 for the twelfth simulated day"`
	Over    time.Duration `yaml:"over" unit:"duration" above:"0" doc:"how long it lasts, in whole steps; one step where not given, for a flow a day"`
	Asset   string        `yaml:"asset" doc:"asset it hits; needed where the market has several"`
	News    *float64      `yaml:"news" unit:"fraction" doc:"log return in total, spread evenly over its steps"`
	Flow    *float64      `yaml:"flow" unit:"usd" doc:"fund flow in total, spread evenly over the US sessions in its time"`
	Observe string        `yaml:"observe" doc:"observable whose innovation it adds to; with amount"`
	Amount  *float64      `yaml:"amount" unit:"amount" doc:"what it adds to the observable in total, in the observable's base unit"`
}

// Moment is a point in a run: a date, or the number of a step. One of the two
// is set.
type Moment struct {
	Date time.Time
	Day  int // 1 = the first simulated day
}

// Simulate asks for paths into the future.
type Simulate struct {
	From  time.Time     `yaml:"from" doc:"date of the starting close; the end of the history where not given"`
	Steps int           `yaml:"steps" unit:"count" min:"1" max:"250000" required:"true" doc:"steps to simulate"`
	Step  time.Duration `yaml:"step" unit:"duration" above:"0" doc:"length of a step; that of the history, or else a day, where not given"`
	Paths int           `yaml:"paths" unit:"count" min:"1" doc:"number of paths"`
	Seed  uint64        `yaml:"seed" unit:"count" doc:"seed of the random numbers: the same seed gives the same paths"`
	News  News          `yaml:"news" doc:"where the news comes from: none, a driver, or a driver with its parameters"`

	Variance  string     `yaml:"variance" oneof:"antithetic|stratified" doc:"how the paths are drawn: each for itself where not given; antithetic, in pairs with opposite news (gbm, student, garch, and merton without a mean of jumps); stratified, of 20 in a row one in each twentieth of the sum of the news (gbm, student). The paths are a multiple of 2 or 20, and the intervals those of pairs or twenties. Means gain, quantiles hardly"`
	Precision *Precision `yaml:"precision" doc:"stop before paths, which is then a cap, when the interval of a mean is narrow enough: 1% of the mean of the first outcome, or a section. It is looked at after every 1000 paths, which are run twice: once to find where to stop. An interval at which one stops covers the truth a little less often than it says"`
}

// Defaults implements [param.Defaulter].
func (s *Simulate) Defaults() {
	s.Paths, s.Seed = 1000, 1
	s.News = News{Kind: "none", Config: &driver.None{}}
}

// News is the driver of a simulation: its kind and the parameters of that kind.
type News struct {
	Kind   string
	Config driver.Config
}

// Compare asks for a variant of the scenario.
type Compare struct {
	Name    string    `yaml:"name" doc:"label of the variant"`
	Without []string  `yaml:"without" doc:"names of the mechanisms to leave out"`
	With    Overrides `yaml:"with" doc:"parameters to change, by their path: market.btc.depth_1pct, redemption.response; ~ takes a key away"`
}

// BaseLabel names the scenario itself beside the variants it is compared with.
const BaseLabel = "with everything"

// Label is the variant's name, or else what it changes.
func (c Compare) Label() string {
	if c.Name != "" {
		return c.Name
	}
	var parts []string
	if len(c.Without) > 0 {
		parts = append(parts, "without "+strings.Join(c.Without, ", "))
	}
	for _, o := range c.With {
		parts = append(parts, o.Key+" = "+o.Value)
	}
	return strings.Join(parts, ", ")
}

// Attribute asks to whom outcomes are due.
type Attribute struct {
	Outcomes []string `yaml:"outcomes" required:"true" doc:"which outcomes; the first is drawn"`
}

// Reverse asks for the smallest shock that does something.
type Reverse struct {
	Outcome   string   `yaml:"outcome" required:"true" doc:"which outcome"`
	Threshold float64  `yaml:"threshold" unit:"amount" required:"true" doc:"what it must pass, in the outcome's base unit"`
	Passes    string   `yaml:"passes" oneof:"at most|at least" doc:"on which side of the threshold it has passed; on that where it is not without the shocks, where not given"`
	Scale     []string `yaml:"scale" required:"true" doc:"names of the shocks that may be larger or smaller"`
	Nearest   bool     `yaml:"nearest" doc:"false: all of them by one factor; true: each for itself, the mixture that is likeliest under the driver"`
}

// Sweep runs the scenario with one parameter at each of several values, on the
// same news.
type Sweep struct {
	Key    string // path of the parameter, as in Compare.With
	Points []Override
	Unit   string    // of the parameter, as in [param.Field]
	Values []float64 // of the points; durations in days
}

// Skew asks for the performance skew of an asset: the mean of its simple return
// less that of another on the days on which the other falls.
type Skew struct {
	Asset   string    `yaml:"asset" required:"true" doc:"the asset whose returns are compared"`
	Against []string  `yaml:"against" required:"true" doc:"the assets beside which they are; a day is one on which the other trades"`
	From    time.Time `yaml:"from" doc:"first day of the returns; that of the history where not given"`
	To      time.Time `yaml:"to" doc:"last day of the returns; that of the history where not given"`
}

// Forecast asks whether the scenario's model would have forecast an asset's returns: from
// each close it goes on from where the history has left it, with news drawn from that of
// the past. Shocks and simulate have no part in it.
type Forecast struct {
	Asset     string          `yaml:"asset" required:"true" doc:"the asset whose log returns are forecast; it has a price on every step"`
	From      time.Time       `yaml:"from" required:"true" doc:"first day that is forecast, from the close before it: nothing from here on should have been used to fit the parameters"`
	To        time.Time       `yaml:"to" doc:"last day that is forecast; that of the history where not given"`
	Since     time.Time       `yaml:"since" doc:"first day of the past from which the models learn and at which the mechanisms begin, before or after history.from; history.from where not given"`
	Horizons  []time.Duration `yaml:"horizons" unit:"duration" above:"0" doc:"how far ahead, in whole steps"`
	Every     time.Duration   `yaml:"every" unit:"duration" above:"0" doc:"from one forecast to the next, in whole steps; forecasts of a longer horizon overlap"`
	Against   []string        `yaml:"against" oneof:"no feedback|gbm|garch" doc:"models beside it: no feedback, the returns of the past drawn as its news is and no mechanism; gbm, normal steps; garch, GARCH(1,1) with Student-t innovations"`
	Window    time.Duration   `yaml:"window" unit:"duration" above:"0" doc:"how far back gbm and garch look; all of the past where not given"`
	Refit     time.Duration   `yaml:"refit" unit:"duration" above:"0" doc:"after how long garch is fitted anew"`
	Paths     int             `yaml:"paths" unit:"count" min:"20" max:"100000" doc:"members of each ensemble"`
	Seed      uint64          `yaml:"seed" unit:"count" doc:"seed of the random numbers, the same for every model"`
	Intervals []float64       `yaml:"intervals" unit:"fraction" above:"0" below:"1" doc:"central intervals whose coverage is counted"`
	Tail      float64         `yaml:"tail" unit:"fraction" above:"0" below:"1" doc:"probability of the lower tail whose violations are tested: value at risk"`
	With      Overrides       `yaml:"with" doc:"parameters to forecast with in place of the scenario's, by their path as in compare: those fitted to data before from"`
}

// Defaults implements [param.Defaulter].
func (f *Forecast) Defaults() {
	*f = Forecast{Horizons: []time.Duration{day, 5 * day, 20 * day}, Every: day, Against: []string{NoFeedback, "gbm"}, Refit: 20 * day,
		Paths: 1000, Seed: 1, Intervals: []float64{.5, .9}, Tail: .05}
}

// Names of the models of a forecast: the scenario's own, and the same without mechanisms.
const (
	WithFeedback = "with feedback"
	NoFeedback   = "no feedback"
)

// Facts names a week of reported fund flows.
type Facts struct {
	File string    `yaml:"file" required:"true" doc:"a CSV file of flow facts, such as the bundled facts/fund_flow_facts.csv"`
	Week time.Time `yaml:"week" required:"true" doc:"the date under which the week stands there"`
}
