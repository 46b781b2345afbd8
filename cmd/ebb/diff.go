package main

import "github.com/urfave/cli/v2"

func diffCommand() *cli.Command {
	return &cli.Command{
		Name:      "diff",
		Usage:     "two results: what changed in the input, and what that did to each outcome",
		ArgsUsage: "A B",
		Description: `Compares two result folders of ebb run. A is the one before, B the one after.

   ebb run redemption-loop -o a
   ebb run redemption-loop -o b --set redemption.response=1bn
   ebb diff a b

A result keeps estimates and not the paths. The interval of B − A is therefore
found from the two intervals, as if the two had nothing in common (MOVER, Zou and
Donner 2008). Two results on the same random numbers do have something in common;
to compare them path by path, with narrower intervals, put the change under compare
in one scenario. Each interval holds at 95 % by itself: of twenty differences that
are none, one is expected to look larger than chance.

Exit code 0 if both were read, whether or not they differ; 1 if the comparison could
not be done; 2 for wrong usage or a folder that is no result.`,
		Flags:  []cli.Flag{&cli.BoolFlag{Name: "json", Usage: "print the comparison as JSON"}},
		Action: diffAction,
	}
}

func diffAction(c *cli.Context) error {
	if c.NArg() != 2 {
		return usagef("%s: found %d arguments, expected two result folders", c.Command.FullName(), c.NArg())
	}
	a, faultsOfA := readResult(c.Args().Get(0))
	b, faultsOfB := readResult(c.Args().Get(1))
	if err := append(faultsOfA, faultsOfB...).Err(); err != nil {
		return err
	}
	d := compareResults(a, b)
	if !c.Bool("json") {
		return printComparison(c.App.Writer, d)
	}
	text, err := encode(d)
	if err != nil {
		return err
	}
	_, err = c.App.Writer.Write(text)
	return err
}

// comparison is what two results have in common and what not.
type comparison struct {
	A         resultSummary   `json:"a"`
	B         resultSummary   `json:"b"`
	Identical bool            `json:"identical"`       // every file, by the hashes of the manifests
	Differing []string        `json:"files,omitempty"` // those that differ or that one of the two lacks
	Input     []change        `json:"input"`           // what changed
	Outcomes  []outcomeBridge `json:"outcomes"`        // those that both have
	Paths     *pathBridge     `json:"path,omitempty"`  // nil without an asset that both have
	Notes     []string        `json:"notes,omitempty"` // what a reader must know beside the numbers
}

type resultSummary struct {
	Folder   string `json:"folder"` // as it was named
	Scenario string `json:"scenario"`
	Title    string `json:"title"`
	Hash     string `json:"scenario_sha256"`
	Ebb      string `json:"ebb"` // version
}

func compareResults(a, b *result) comparison {
	d := comparison{A: a.describe(), B: b.describe(), Differing: differingFiles(a, b), Input: changes(a, b)}
	d.Outcomes = bridgeOutcomes(a, b)
	d.Paths = bridgePaths(a, b)
	d.Identical = len(d.Differing) == 0 && len(d.Input) == 0
	d.Notes = remarks(a, b, d)
	return d
}

func (r *result) describe() resultSummary {
	return resultSummary{r.folder, r.summary.Scenario, r.summary.Title, r.manifest.Hash, r.manifest.Ebb}
}

// differingFiles are the files that are not the same in both, by their hashes.
func differingFiles(a, b *result) []string {
	hashes := map[string]string{}
	for _, f := range a.manifest.Files {
		hashes[f.Name] = f.SHA256
	}
	var names []string
	for _, f := range b.manifest.Files {
		if hashes[f.Name] != f.SHA256 {
			names = append(names, f.Name)
		}
		delete(hashes, f.Name)
	}
	for _, f := range a.manifest.Files {
		if _, left := hashes[f.Name]; left {
			names = append(names, f.Name)
		}
	}
	return names
}
