package scenarios

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/sim/backtest/rule"
)

// A StrategyState is what rules may ask of the account, about the asset that they
// are for.
type StrategyState struct {
	rule.State
	Doc string
}

// StrategyStates lists the states in the order in which rules get them.
func StrategyStates() []StrategyState { return slices.Clone(states) }

// The places of the states in [StrategyStates].
const (
	StatePosition = iota
	StateCoins
	StateWanted
	StateHeld
	StateGain
	StateFall
	StateSinceTrade
	StateEquity
	StateCash
)

var states = []StrategyState{
	StatePosition:   {rule.State{Name: "position", Kind: rule.Number}, "value of the asset held, as a share of equity; negative for a short"},
	StateCoins:      {rule.State{Name: "coins", Kind: rule.Number}, "coins held; negative for a short"},
	StateWanted:     {rule.State{Name: "wanted", Kind: rule.Number}, "in rebalance: the size that weight, usd or coins asks for now"},
	StateHeld:       {rule.State{Name: "held", Kind: rule.Duration}, "time since the position was opened; not known without one"},
	StateGain:       {rule.State{Name: "gain", Kind: rule.Number}, "simple return since entry, costs of entry included; not known without a position"},
	StateFall:       {rule.State{Name: "fall", Kind: rule.Number}, "how far the price has come back from its best since entry, as a fraction of that; not known without a position"},
	StateSinceTrade: {rule.State{Name: "since_trade", Kind: rule.Duration}, "time since the last order in the asset was filled; not known before the first"},
	StateEquity:     {rule.State{Name: "equity", Kind: rule.Number}, "value of the account, USD"},
	StateCash:       {rule.State{Name: "cash", Kind: rule.Number}, "cash as a share of equity; negative where it is owed"},
}

// CompiledRules are the rules of one asset, ready to be asked. Exit and Rebalance
// are nil where the file has none.
type CompiledRules struct {
	Enter, Exit, Size, Rebalance *rule.Rule
	In                           string // what Size is in: weight, usd or coins
}

// All are the rules that there are.
func (c CompiledRules) All() []*rule.Rule {
	list := []*rule.Rule{c.Enter, c.Exit, c.Size, c.Rebalance}
	return slices.DeleteFunc(list, func(r *rule.Rule) bool { return r == nil })
}

// Compiled are the rules of an asset.
func (s *Strategy) Compiled(asset string) CompiledRules { return s.compiled[asset] }

// Names are what the rules can speak of; series are in the order of a tape.
func (s *Strategy) Names() rule.Names {
	n := rule.Names{Parameters: map[string]rule.Kind{}, Signals: s.Signals}
	if s.History != nil {
		n.Series = slices.Sorted(maps.Keys(s.History.Series))
	}
	for name, q := range s.StrategySpec.Parameters {
		n.Parameters[name] = rule.Number
		if q.Duration {
			n.Parameters[name] = rule.Duration
		}
	}
	for _, state := range states {
		n.States = append(n.States, state.State)
	}
	return n
}

// compileRules readies the rules of all assets and blames what is wrong with them.
func (s *Strategy) compileRules(d *decoder) {
	if slices.ContainsFunc(d.faults, func(f data.Fault) bool { return strings.HasPrefix(f.Text, "parameters") }) {
		return // their kinds are not known
	}
	c := ruleCompiler{Strategy: s, decoder: d, names: s.Names(), used: map[string]bool{}}
	s.compiled = map[string]CompiledRules{}
	for _, asset := range s.Assets() {
		s.compiled[asset] = c.asset(asset, s.Rules[asset])
	}
	if c.broken {
		return // what a rule that cannot be read would read is not known
	}
	for _, section := range []string{"parameters", "signals"} {
		for _, e := range s.base.root.get(section).pairs() {
			if !c.used[e.key.text] {
				s.unread = append(s.unread, section+"."+e.key.text)
			}
		}
	}
	for _, e := range s.base.root.get("grid").pairs() {
		if _, known := s.Parameters[e.key.text]; known && !c.used[e.key.text] {
			d.blame(e.key, "grid", shown(e.key.text)+", which no rule reads", "parameters that change something")
		}
	}
}

// Unread are the parameters and signals that no rule reads, by their paths.
func (s *Strategy) Unread() []string { return slices.Clone(s.unread) }

type ruleCompiler struct {
	*Strategy
	*decoder
	names  rule.Names
	used   map[string]bool // parameters and signals
	broken bool
}

func (c *ruleCompiler) asset(asset string, r Rules) CompiledRules {
	path := "rules." + asset
	sizes := map[string]string{"weight": r.Weight, "usd": r.USD, "coins": r.Coins}
	maps.DeleteFunc(sizes, func(_, text string) bool { return text == "" })
	out := CompiledRules{In: "weight"}
	for _, in := range slices.Sorted(maps.Keys(sizes)) {
		out.In = in
	}
	if len(sizes) > 1 {
		c.blame(c.base.root.get("rules").get(asset).get(out.In), path, "two sizes", "one of weight, usd and coins")
	}
	size := sizes[out.In]
	if size == "" {
		size = "100%"
	}
	out.Enter = c.compile(path+".enter", r.Enter, rule.Flag)
	out.Exit = c.compile(path+".exit", r.Exit, rule.Flag)
	out.Size = c.compile(path+"."+out.In, size, rule.Number)
	out.Rebalance = c.compile(path+".rebalance", r.Rebalance, rule.Flag)
	return out
}

// compile readies one expression; nil where there is none, or a faulty one.
func (c *ruleCompiler) compile(path, text string, want rule.Kind) *rule.Rule {
	if text == "" {
		return nil
	}
	r, err := rule.Compile(text, c.names, want)
	var faults rule.Faults
	if errors.As(err, &faults) {
		c.broken = true
		for _, f := range faults {
			c.place(path, f)
		}
		return nil
	}
	for _, name := range slices.Concat(r.Parameters(), r.Signals()) {
		c.used[name] = true
	}
	return r
}

// place gives a fault of an expression its line and column, once.
func (c *ruleCompiler) place(path string, f rule.Fault) {
	if f.Signal != "" {
		path = "signals." + f.Signal
	}
	fault := c.Within(path, f.Offset, f.Width)
	fault.Text, fault.Found, fault.Expected = path, f.Found, f.Expected
	if f.Unknown != "" {
		fault.Expected += data.DidYouMean(f.Unknown, f.Known)
	}
	if !slices.Contains(c.faults, fault) {
		c.faults = append(c.faults, fault)
	}
}
