package scenarios

import (
	"maps"
	"slices"
	"time"

	"github.com/ebb-sim/ebb/sim/param"
)

// StrategySpec is what a strategy file says, with its defaults filled in.
type StrategySpec struct {
	Name        string   `yaml:"name" required:"true" pattern:"^[a-z0-9-]+$" doc:"name of the result folder: lower-case letters, digits and hyphens"`
	Title       string   `yaml:"title" required:"true" doc:"one line for charts and reports"`
	Source      string   `yaml:"source" doc:"where the rule comes from"`
	Text        string   `yaml:"text" doc:"what the strategy tries, at length"`
	Assumptions []string `yaml:"assumptions" doc:"what it takes for granted, one sentence each"`

	History *History          `yaml:"history" required:"true" doc:"what the rules may read and the account trades at; it may begin before from, so that windows are full"`
	From    time.Time         `yaml:"from" doc:"first day of the account; the first on which every traded asset has a price where not given"`
	To      time.Time         `yaml:"to" doc:"last day of the account; that of the history where not given"`
	Market  map[string]Market `yaml:"market" required:"true" key:"asset" doc:"each asset that is traded and how its price answers to orders: what size costs"`
	Account Account           `yaml:"account" doc:"capital, when orders fill, what they cost, and limits"`

	Parameters map[string]Quantity `yaml:"parameters" key:"parameter" doc:"numbers and durations that rules use by name, so that grid can vary them"`
	Signals    map[string]string   `yaml:"signals" key:"signal" doc:"names for expressions, for use in rules"`
	Rules      map[string]Rules    `yaml:"rules" required:"true" key:"asset" doc:"when to hold how much of each asset"`
	Benchmark  map[string]float64  `yaml:"benchmark" key:"asset" unit:"fraction" doc:"what the strategy is compared with: shares bought on the first day and held; the traded assets in equal shares where not given"`

	Grid        map[string][]Quantity `yaml:"grid" key:"parameter" doc:"values of parameters to try in every combination"`
	WalkForward *WalkForward          `yaml:"walk_forward" doc:"choose among the cells of the grid on one window, judge on the next"`
	Luck        Luck                  `yaml:"luck" doc:"how likely the result is by chance"`
}

// Defaults implements [param.Defaulter].
func (s *StrategySpec) Defaults() {
	s.Account.Defaults()
	s.Luck.Defaults()
}

// Assets lists the assets the strategy trades, by name.
func (s *StrategySpec) Assets() []string { return slices.Sorted(maps.Keys(s.Rules)) }

// When orders fill.
const (
	AtOpen  = "open"
	AtClose = "close"
)

// Account is what a strategy trades with.
type Account struct {
	Capital  float64 `yaml:"capital" unit:"usd" above:"0" doc:"equity at the start"`
	Fill     string  `yaml:"fill" oneof:"open|close" doc:"orders decided at a close fill at the next step's open, or at its close; open needs the series asset.open"`
	Fee      float64 `yaml:"fee" unit:"fraction" min:"0" below:"1" doc:"of the value of every order" source:"Binance spot, regular user: 0.1 %"`
	Spread   float64 `yaml:"spread" unit:"fraction" min:"0" below:"1" doc:"between bid and ask; an order pays half of it" source:"an assumption: wider than BTC on a large venue in calm hours"`
	Yield    float64 `yaml:"yield" unit:"rate" above:"-1" doc:"annual yield of cash, credited at every close; Sharpe ratios and the like are above it"`
	Borrow   float64 `yaml:"borrow" unit:"rate" min:"0" doc:"annual rate on cash that is owed"`
	ShortFee float64 `yaml:"short_fee" unit:"rate" min:"0" doc:"annual rate on the value of assets sold short"`
	Gross    float64 `yaml:"gross" unit:"ratio" above:"0" max:"20" doc:"limit of gross exposure over equity, when an order is filled"`
	Position float64 `yaml:"position" unit:"ratio" above:"0" max:"20" doc:"limit of one asset's position over equity, when an order is filled; that of gross where not given"`
	Order    float64 `yaml:"order" unit:"usd" above:"0" doc:"largest order in one step; without it there is no such limit"`
}

// Defaults implements [param.Defaulter].
func (a *Account) Defaults() {
	*a = Account{Capital: 1e6, Fill: AtOpen, Fee: .001, Spread: .0002, Gross: 1}
}

// Rules say when to hold how much of one asset. At most one of Weight, USD and
// Coins is given.
type Rules struct {
	Enter     string `yaml:"enter" required:"true" doc:"expression: take the position when it is true"`
	Exit      string `yaml:"exit" doc:"expression: leave it when it is true; when enter no longer is, where not given"`
	Weight    string `yaml:"weight" doc:"expression: the position as a share of equity, negative for a short; 100% where neither usd nor coins is given"`
	USD       string `yaml:"usd" doc:"expression: the position in USD, instead of weight"`
	Coins     string `yaml:"coins" doc:"expression: the position in coins, instead of weight"`
	Rebalance string `yaml:"rebalance" doc:"expression: bring a position that is held back to its size when it is true; never where not given"`
}

// WalkForward chooses parameters in one window and judges them in the next.
type WalkForward struct {
	Train    time.Duration `yaml:"train" unit:"duration" required:"true" above:"0" doc:"length of the windows in which parameters are chosen; of the first one where anchored"`
	Test     time.Duration `yaml:"test" unit:"duration" required:"true" above:"0" doc:"length of the windows in which they are judged"`
	Anchored bool          `yaml:"anchored" doc:"true: every window of choice begins at the start; false: it rolls"`
	Purge    time.Duration `yaml:"purge" unit:"duration" min:"0" doc:"what is left out at the end of a window of choice, so that it shares nothing with the judged one" source:"López de Prado (2018), ch. 7"`
	Embargo  time.Duration `yaml:"embargo" unit:"duration" min:"0" doc:"what is left out of later windows of choice after a judged one" source:"López de Prado (2018), ch. 7"`
	Choose   string        `yaml:"choose" oneof:"sharpe|total_return|calmar" doc:"what is best"`
}

// Defaults implements [param.Defaulter].
func (w *WalkForward) Defaults() { w.Choose = "sharpe" }

// Luck says how the part of chance is measured.
type Luck struct {
	Draws  int    `yaml:"draws" unit:"count" min:"100" max:"100000" doc:"bootstrap samples, and random placements of the entries"`
	Blocks int    `yaml:"blocks" unit:"count" min:"4" max:"16" doc:"blocks of the combinatorially symmetric cross-validation over the grid, an even number" source:"Bailey, Borwein, López de Prado and Zhu (2017)"`
	Seed   uint64 `yaml:"seed" unit:"count" doc:"seed of the random numbers"`
}

// Defaults implements [param.Defaulter].
func (l *Luck) Defaults() { *l = Luck{Draws: 2000, Blocks: 10, Seed: 1} }

// A Quantity is a number or a duration, as it was written.
type Quantity struct {
	Text     string
	Value    float64 // in the base unit; days of a duration
	Duration bool
}

// String writes the quantity as it stands in a file.
func (q Quantity) String() string { return q.Text }

func (q *Quantity) decode(d *decoder, n *node, path string) {
	const expected = "a number, such as 20, 2% or 1.5bn, or a duration, such as 5d"
	if n.form != scalar {
		d.blame(n, path, n.String(), expected)
		return
	}
	q.Text = n.text
	if span, err := param.ParseDuration(n.text); err == nil {
		q.Value, q.Duration = span.Hours()/24, true
		return
	}
	v, err := param.Parse("amount", n.text)
	if err != nil {
		d.blame(n, path, shown(n.text), expected)
	}
	q.Value = v
}
