package main

import (
	"io/fs"
	"slices"
	"strings"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/scenarios/sweep"
	"github.com/urfave/cli/v2"
)

// A candidate is a word that may stand where the cursor is.
type candidate struct{ word, about string }

// completions lists how the last of the words may go on, and whether with a file.
func completions(app *cli.App, words []string) (list []candidate, files bool) {
	typed, cur := words, ""
	if n := len(words); n > 0 {
		typed, cur = words[:n-1], words[n-1]
	}
	if cur == "=" { // bash cuts --flag=value in three
		cur = ""
	}
	p := walk(app, slices.DeleteFunc(slices.Clone(typed), func(w string) bool { return w == "=" }))
	flag, value, joined := strings.Cut(cur, "=")
	switch {
	case p.valueOf != "":
		list, files = p.values(p.valueOf)
	case joined && strings.HasPrefix(flag, "-"):
		list, _ = p.values(strings.TrimLeft(flag, "-"))
		return beginning(list, value, flag+"="), false
	case strings.HasPrefix(cur, "-"):
		list = p.switches()
	default:
		list, files = p.arguments()
	}
	return beginning(list, cur, ""), files
}

// beginning keeps the candidates that begin with what is typed.
func beginning(list []candidate, typed, before string) []candidate {
	var kept []candidate
	for _, k := range list {
		if strings.HasPrefix(k.word, typed) {
			kept = append(kept, candidate{before + k.word, k.about})
		}
	}
	return kept
}

// A position is where a command line has come to.
type position struct {
	command  string         // "data check"; "" as long as there is none
	commands []*cli.Command // that may stand here
	flags    []cli.Flag
	given    int    // arguments before this one
	valueOf  string // the flag whose value stands here
}

func walk(app *cli.App, words []string) position {
	p := position{commands: app.Commands, flags: app.Flags}
	for _, word := range words {
		switch {
		case p.valueOf != "":
			p.valueOf = ""
		case strings.HasPrefix(word, "-"):
			if takesValue(p.flags, word) {
				p.valueOf = strings.TrimLeft(word, "-")
			}
		default:
			at := slices.IndexFunc(p.commands, func(c *cli.Command) bool { return c.HasName(word) })
			if at < 0 {
				p.given++
				continue
			}
			c := p.commands[at]
			p.command = strings.TrimLeft(p.command+" "+c.Name, " ")
			p.commands, p.flags = c.Subcommands, c.Flags
		}
	}
	return p
}

// switches are the flags that may stand here.
func (p position) switches() []candidate {
	list := []candidate{{"--help", "show help"}}
	for _, f := range p.flags {
		if names := f.Names(); names[0] != "help" {
			list = append(list, candidate{"--" + names[0], usageOf(f)})
		}
	}
	return list
}

// usageOf is what a flag is for.
func usageOf(f cli.Flag) string {
	_, usage, _ := strings.Cut(f.String(), "\t")
	return usage
}

// arguments are the commands or arguments that may stand here.
func (p position) arguments() (list []candidate, files bool) {
	for _, c := range p.commands {
		if !c.Hidden && p.given == 0 {
			list = append(list, candidate{c.Name, c.Usage})
		}
	}
	kind, known := argumentKinds[p.command]
	if !known || p.given > 0 && !kind.several {
		return list, false
	}
	if kind.names != nil {
		list = append(list, kind.names()...)
	}
	return list, kind.files
}

// argumentKinds are what the arguments of each command may be.
var argumentKinds = map[string]struct {
	names   func() []candidate
	files   bool
	several bool
}{
	"run":                {names: scenarioNames, files: true},
	"sweep":              {names: scenarioNames, files: true},
	"cluster slurm":      {names: scenarioNames, files: true},
	"cluster kubernetes": {names: scenarioNames, files: true},
	"calibrate":          {names: scenarioNames, files: true},
	"show":               {names: scenarioNames},
	"check":              {names: scenariosAndStrategies, files: true, several: true},
	"backtest":           {names: strategyNames, files: true},
	"explain":            {names: topicNames},
	"schema":             {names: func() []candidate { return plainWords("scenario", "strategy") }},
	"completion":         {names: shellNames},
	"stats":              {names: historyNames, files: true},
	"diff":               {files: true, several: true},
	"merge":              {files: true, several: true},
	"data import":        {files: true, several: true},
	"data premium":       {files: true, several: true},
	"data basis":         {files: true, several: true},
	"data check":         {files: true, several: true},
	"data describe":      {files: true, several: true},
}

// values are what a flag of the command may be set to.
func (p position) values(flag string) (list []candidate, files bool) {
	switch flag {
	case "o", "output", "benchmark":
		return nil, true
	case "scenario":
		return scenarioNames(), true
	case "profile":
		return plainWords(profileNames()...), false
	case "format":
		return plainWords(data.Formats()...), false
	case "design":
		return plainWords(sweep.Designs()...), false
	case "kind", "benchmark-kind":
		if p.command == "stats" {
			return plainWords(kindPrice, kindReturn), false
		}
		for _, k := range data.Kinds() {
			list = append(list, candidate{string(k), k.Doc()})
		}
	}
	return list, false
}

func plainWords(words ...string) []candidate {
	var list []candidate
	for _, w := range words {
		list = append(list, candidate{word: w})
	}
	return list
}

func shellNames() []candidate {
	var list []candidate
	for _, s := range shells {
		list = append(list, candidate{word: s.name})
	}
	return list
}

func scenarioNames() []candidate {
	var list []candidate
	for _, name := range scenarios.Names() {
		k := candidate{word: name}
		if s, err := readScenario(name, nil); err == nil {
			k.about = s.Title
		}
		list = append(list, k)
	}
	return list
}

func strategyNames() []candidate {
	var list []candidate
	for _, name := range scenarios.StrategyNames() {
		k := candidate{word: name}
		if s, err := readStrategy(name, nil); err == nil {
			k.about = s.Title
		}
		list = append(list, k)
	}
	return list
}

func scenariosAndStrategies() []candidate { return append(scenarioNames(), strategyNames()...) }

// historyNames are the bundled histories, by the names that files of scenarios give them.
func historyNames() []candidate {
	files, _ := fs.Glob(data.Bundled, "histories/*.csv") // the pattern is well-formed
	return plainWords(files...)
}

// topicNames are what ebb explain knows, each once: a name may be that of a section and
// of a chart.
func topicNames() []candidate {
	var list []candidate
	for _, t := range topics() {
		if !slices.ContainsFunc(list, func(k candidate) bool { return k.word == t.name }) {
			list = append(list, candidate{t.name, t.group + ": " + t.title})
		}
	}
	return list
}
