package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/urfave/cli/v2"
)

func clusterCommand() *cli.Command {
	return &cli.Command{
		Name:      "cluster",
		Usage:     "print the jobs that run a sweep on many machines",
		ArgsUsage: " ",
		Subcommands: []*cli.Command{
			{
				Name:      "slurm",
				Usage:     "a script that submits a job array, and the merge after it",
				ArgsUsage: "FILE|NAME",
				Description: `Takes the flags of the ebb sweep that it stands for, and prints a POSIX shell script. What
the script is given goes to sbatch.

   ebb cluster slurm mine.yaml -n 64 --vary redemption.response=0..4bn/33 --vary market.btc.depth_1pct=1bn..9bn/log17 > mine.sh
   sh mine.sh --partition=long --time=4:00:00`,
				Flags:  append(sweptFlags(), clusterFlags()...),
				Action: func(c *cli.Context) error { return clusterAction(c, slurmScript) },
			},
			{
				Name:      "kubernetes",
				Usage:     "a manifest of an Indexed Job, and of the merge beside it",
				ArgsUsage: "FILE|NAME",
				Description: `Takes the flags of the ebb sweep that it stands for. Files are those of a volume that all
pods share, by their paths there.

   ebb cluster kubernetes mine.yaml -n 64 --vary redemption.response=0..4bn/33 --image registry.example/ebb:1 --claim research | kubectl apply -f -`,
				Flags: append(append(sweptFlags(), clusterFlags()...),
					&cli.StringFlag{Name: "image", Usage: "container `IMAGE` with ebb on its path"},
					&cli.StringFlag{Name: "claim", Usage: "PersistentVolumeClaim `NAME` (ReadWriteMany) with FILE and its data, and room for the result"},
					&cli.StringFlag{Name: "memory", Value: "1Gi", Usage: "memory `SIZE` that a pod asks for"},
					&cli.DurationFlag{Name: "wait", Value: defaultWait, Usage: "`TIME` that the merge waits for the shards"},
				),
				Action: func(c *cli.Context) error { return clusterAction(c, kubernetesManifest) },
			},
		},
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return unknown("kind of cluster", c.Args().First(), commandNames(c.Command.Subcommands))
			}
			return usagef("cluster: found no kind of cluster, expected %s", strings.Join(commandNames(c.Command.Subcommands), " or "))
		},
	}
}

func clusterFlags() []cli.Flag {
	return []cli.Flag{
		&cli.IntFlag{Name: "shards", Aliases: []string{"n"}, Usage: "`NUMBER` of shards"},
		&cli.IntFlag{Name: "cpus", Value: 1, Usage: "`NUMBER` of cores of each shard"},
	}
}

// jobs are what a cluster is to run.
type jobs struct {
	asked
	Title  string
	Cells  string   // how many, in words
	Name   string   // of the jobs
	Sweep  []string // the command of a shard, without what tells it which
	Merge  []string // the command after all of them
	Shards int
	CPUs   int
	Folder string // of the shards
}

// clusterAction prints the jobs of a sweep, which is checked here as it would be there.
func clusterAction(c *cli.Context, printed func(*cli.Context, jobs) (string, error)) error {
	n, cpus := c.Int("shards"), c.Int("cpus")
	if n < 1 || n > maxShards {
		return usagef("cluster %s: -n %d, expected a number of shards from 1 to %d", c.Command.Name, n, maxShards)
	}
	if cpus < 1 {
		return usagef("cluster %s: --cpus %d, expected 1 or more", c.Command.Name, cpus)
	}
	a, err := askedSweep(c)
	if err != nil {
		return err
	}
	if all := a.plan.Len(); n > all {
		return usagef("cluster %s: -n %d, expected at most a shard for each of the %s", c.Command.Name, n, counted(all, "cell"))
	}
	s := a.plan.Scenario
	dir, folder := filepath.ToSlash(a.dir), filepath.ToSlash(shardsFolder(a.dir, n))
	text, err := printed(c, jobs{
		asked: a, Title: oneLine(s.Title), Cells: counted(a.plan.Len(), "cell"), Name: jobName(s.Name),
		Sweep:  append(append([]string{"ebb", "sweep", c.Args().First()}, sweptWords(c)...), "--output", dir),
		Merge:  []string{"ebb", "merge", folder, "--sweep", a.hash, "--output", dir},
		Shards: n, CPUs: cpus, Folder: folder,
	})
	if err != nil {
		return err
	}
	_, err = c.App.Writer.Write([]byte(text))
	return err
}

// sweptWords are the flags that say which cells are run.
func sweptWords(c *cli.Context) []string {
	var words []string
	for _, name := range []string{"vary", "set"} {
		for _, value := range c.StringSlice(name) {
			words = append(words, "--"+name, value)
		}
	}
	for _, name := range []string{"seed", "paths", "design", "points", "design-seed"} {
		if c.IsSet(name) {
			words = append(words, "--"+name, fmt.Sprint(c.Value(name)))
		}
	}
	return words
}

// jobName is a name that schedulers take: small letters, digits and hyphens, with room
// for what Kubernetes adds to it.
func jobName(scenario string) string {
	clean := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(scenario))
	return strings.Trim("ebb-"+clean[:min(len(clean), 30)], "-")
}

// oneLine is a text that fits a comment.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// filled is a template of jobs, filled.
func filled(text string, functions template.FuncMap, values any) (string, error) {
	t, err := template.New("").Funcs(functions).Parse(text)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = t.Execute(&b, values)
	return b.String(), err
}
