package scenarios

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/ebb-sim/ebb/data"
)

// strategies holds those that come with ebb, each as its name with the ending
// .yaml.
//
//go:embed strategies/*.yaml
var strategies embed.FS

// StrategyNames lists the bundled strategies.
func StrategyNames() []string {
	files, _ := fs.Glob(strategies, "strategies/*.yaml") // the pattern is well-formed
	for i, f := range files {
		files[i] = strings.TrimSuffix(path.Base(f), ".yaml")
	}
	return files
}

// OpenStrategy returns the text of a bundled strategy, for [ParseStrategy].
func OpenStrategy(name string) ([]byte, error) {
	src, err := strategies.ReadFile("strategies/" + name + ".yaml")
	if err != nil {
		return nil, fmt.Errorf("no bundled strategy %s, expected one of %s%s", shown(name), strings.Join(StrategyNames(), ", "), data.DidYouMean(name, StrategyNames()))
	}
	return src, nil
}

// IsStrategy tells a strategy, by its bundled name or by a file that has rules, from
// a scenario. A file that cannot be read is none.
func IsStrategy(name string) bool {
	if slices.Contains(StrategyNames(), name) {
		return true
	}
	src, err := load(name)
	if err != nil {
		return false
	}
	root, _ := readTree(name, src, "a strategy")
	return root.entry("rules") != nil
}

// IsScenario tells a scenario, by its bundled name or by a file that has mechanisms
// or a simulation, from a strategy. A file that cannot be read is none.
func IsScenario(name string) bool {
	if slices.Contains(Names(), name) {
		return true
	}
	src, err := load(name)
	if err != nil {
		return false
	}
	root, _ := readTree(name, src, "a scenario")
	return root.entry("rules") == nil && (root.entry("mechanisms") != nil || root.entry("simulate") != nil)
}

// A Strategy is a decoded strategy file that remembers where each key stands.
type Strategy struct {
	StrategySpec
	base     *Scenario // the history and the market, which are read as a scenario's are
	compiled map[string]CompiledRules
	unread   []string
}

// LoadStrategy reads a strategy file of the file system. See [ParseStrategy].
func LoadStrategy(name string, set []Override) (*Strategy, error) {
	src, err := load(name)
	if err != nil {
		return nil, err
	}
	return ParseStrategy(name, src, set)
}

// ParseStrategy decodes a strategy file, called name in messages, with the
// overrides applied. All its faults come back at once as [data.Faults].
func ParseStrategy(name string, src []byte, set []Override) (*Strategy, error) {
	root, faults := readTree(name, src, "a strategy")
	if root == nil {
		return nil, faults.Err()
	}
	faults = append(faults, override(root, set, reflect.TypeFor[StrategySpec]())...)
	top := &node{source: &source{name: name}} // what is missing at the top has no line
	d := &decoder{units: map[*node]string{}}
	s := &Strategy{base: &Scenario{File: name, root: root}}
	s.Defaults()
	d.section(root, top, reflect.ValueOf(&s.StrategySpec).Elem(), "")
	s.base.Spec = Spec{Name: s.Name, Title: s.Title, History: s.History, Market: s.Market}
	s.check(d)
	s.compileRules(d)
	if len(d.faults) == 0 {
		s.base.preset()
		s.Market = s.base.Market
	}
	return s, append(faults, d.faults...).Err()
}

// ReadHistory reads and aligns the observed series, as [Scenario.ReadHistory]
// does.
func (s *Strategy) ReadHistory(files Files) (*data.Panel, error) { return s.base.ReadHistory(files) }

// SetFiles lists the data files that overrides name, as [Scenario.SetFiles] does.
func (s *Strategy) SetFiles() []string { return s.base.SetFiles() }

// File is the name the strategy was parsed under.
func (s *Strategy) File() string { return s.base.File }

// At returns a fault that points at a path of the strategy; see [Scenario.At].
func (s *Strategy) At(path string) data.Fault { return s.base.At(path) }

// Within returns a fault that points at some characters of the text at a path,
// such as a name in the expression rules.btc.enter.
func (s *Strategy) Within(path string, offset, width int) data.Fault {
	p := find(s.base.root, path)
	n := p.node
	if p.rest != "" || n.form != scalar || n.line < 1 || n.line > len(n.source.lines) {
		return s.At(path)
	}
	line := []rune(n.source.lines[n.line-1])
	column := min(n.column, len(line)+1)
	if i := strings.Index(string(line[column-1:]), n.text); i >= 0 {
		start := column + len([]rune(string(line[column-1:])[:i]))
		return n.source.fault(n.line, start+offset, width)
	}
	return n.fault("", "", "") // a text folded over several lines
}
