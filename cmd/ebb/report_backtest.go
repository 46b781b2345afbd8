package main

import (
	"fmt"
	"strings"

	memo "github.com/ebb-sim/ebb/plots/report"
	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/scenarios/trial"
)

// trialReport is the report of a backtest with its pictures. flags are those that change
// what it shows.
func trialReport(t *trial.Trial, pictures []*memo.Picture, flags []string) *memo.Document {
	s := t.Strategy
	d := &memo.Document{Language: "en", Title: s.Title, Status: statusOf(t.Panel), Lead: upperFirst(describeTrial(t)),
		Footer: fmt.Sprintf("Made by ebb %s. Strategy %s, SHA-256 %s.", version(), s.Name, s.Hash())}
	add := sections(d)
	add("Summary", saidOfTrial(t)...)
	for _, table := range trialTables(t) {
		add(table.Caption, blocksOf(table)...)
	}
	var charts []memo.Block
	for _, p := range pictures {
		charts = append(charts, p)
	}
	add("Charts", charts...)
	add("Assumptions", assumptions(s.Assumptions, s.Source)...)
	add("Parameters", parameterTables(s.Explain())...)
	add("Data", dataBlocks(t.Panel, s.History, nil)...)
	add("Warnings", warnings(t.Warnings)...)
	add("How to reproduce", retried(s, flags)...)
	return d
}

// saidOfTrial says in sentences how the account fared beside its benchmark.
func saidOfTrial(t *trial.Trial) []memo.Block {
	var list []memo.Block
	if text := strings.TrimSpace(t.Strategy.Text); text != "" {
		list = append(list, memo.Paragraph(text))
	}
	of := func(name string) [2]string {
		return [2]string{statisticText(t.Statistics, name), statisticText(t.Compared, name)}
	}
	returns, worst, sharpe := of("total_return"), of("max_drawdown"), of("sharpe")
	points := memo.List{
		fmt.Sprintf("After costs the strategy returned %s, its benchmark %s.", returns[0], returns[1]),
		fmt.Sprintf("The deepest fall of the account was %s, that of the benchmark %s; the Sharpe ratios are %s and %s.", worst[0], worst[1], sharpe[0], sharpe[1]),
	}
	if text := describeLookahead(t); text != "" {
		points = append(points, sentence(upperFirst(text)))
	}
	return append(list, points)
}

func retried(s *scenarios.Strategy, flags []string) []memo.Block {
	r := recipe{what: "strategy", name: s.Name, hash: s.Hash(), yaml: s.YAML(), command: "ebb backtest", flags: flags}
	if src, err := scenarios.OpenStrategy(s.Name); err == nil {
		same, err := scenarios.ParseStrategy(s.Name+".yaml", src, nil)
		r.bundled = err == nil && same.Hash() == r.hash
	}
	return r.blocks()
}
