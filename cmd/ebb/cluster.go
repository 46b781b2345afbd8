package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/template"

	"github.com/urfave/cli/v2"
)

func clusterCommand() *cli.Command {
	return &cli.Command{
		Name:      "cluster",
		Usage:     "print the jobs that run a sweep or a scenario on many machines",
		ArgsUsage: " ",
		Subcommands: []*cli.Command{
			{
				Name:      "slurm",
				Usage:     "a script that submits a job array, and the merge after it",
				ArgsUsage: "FILE|NAME",
				Description: `Takes the flags of the ebb sweep that it stands for, or without --vary those of ebb run,
and prints a POSIX shell script. What the script is given goes to sbatch.

   ebb cluster slurm mine.yaml -n 64 --vary redemption.response=0..4bn/33 --vary market.btc.depth_1pct=1bn..9bn/log17 > mine.sh
   sh mine.sh --partition=long --time=4:00:00
   ebb cluster slurm mine.yaml -n 16 --paths 10000000 > run.sh`,
				Flags:  append(sweptFlags(), clusterFlags()...),
				Action: func(c *cli.Context) error { return clusterAction(c, slurmScript) },
			},
			{
				Name:      "kubernetes",
				Usage:     "a manifest of an Indexed Job, and of the merge beside it",
				ArgsUsage: "FILE|NAME",
				Description: `Takes the flags of the ebb sweep that it stands for, or without --vary those of ebb run.
Files are those of a volume that all pods share, by their paths there.

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
	Title   string
	Pieces  string   // how many there are of what is cut into shards, in words
	Command string   // that a shard does a part of
	Killed  string   // what a task does that was
	Name    string   // of the jobs
	Work    []string // the command of a shard, without what tells it which
	Merge   []string // the command after all of them
	Shards  int
	CPUs    int
	Folder  string // of the shards
	Busy    bool   // the merge computes something
	hash    string // of the work
}

// clusterAction prints the jobs of a sweep or a run, which is checked here as it would
// be there.
func clusterAction(c *cli.Context, printed func(*cli.Context, jobs) (string, error)) error {
	n, cpus := c.Int("shards"), c.Int("cpus")
	if n < 1 || n > maxShards {
		return usagef("cluster %s: -n %d, expected a number of shards from 1 to %d", c.Command.Name, n, maxShards)
	}
	if cpus < 1 {
		return usagef("cluster %s: --cpus %d, expected 1 or more", c.Command.Name, cpus)
	}
	of := runJobs
	if slices.ContainsFunc([]string{"vary", "design", "points", "design-seed"}, c.IsSet) {
		of = sweepJobs
	}
	j, dir, err := of(c, n)
	if err != nil {
		return err
	}
	j.Folder = filepath.ToSlash(shardsFolder(dir, n))
	dir = filepath.ToSlash(dir)
	j.Shards, j.CPUs = n, cpus
	j.Work = append(append(append(strings.Fields(j.Command), c.Args().First()), askedWords(c)...), "--output", dir)
	j.Merge = []string{"ebb", "merge", j.Folder, "--sha256", j.hash, "--output", dir}
	if j.Busy && c.Bool("allow-outside") {
		j.Merge = append(j.Merge, "--allow-outside")
	}
	if j.Busy {
		j.Merge = append(j.Merge, "--workers", strconv.Itoa(cpus))
	}
	text, err := printed(c, j)
	if err != nil {
		return err
	}
	_, err = c.App.Writer.Write([]byte(text))
	return err
}

// sweepJobs are those of a sweep, whose shards are n.
func sweepJobs(c *cli.Context, n int) (jobs, string, error) {
	a, err := askedSweep(c)
	if err != nil {
		return jobs{}, "", err
	}
	all, s := a.plan.Len(), a.plan.Scenario
	if n > all {
		return jobs{}, "", usagef("cluster %s: -n %d, expected at most a shard for each of the %s", c.Command.Name, n, counted(all, "cell"))
	}
	return jobs{Title: oneLine(s.Title), Pieces: counted(all, "cell"), Command: "ebb sweep", Killed: "goes on after its last finished cell",
		Name: jobName(s.Name), hash: a.hash}, a.dir, nil
}

// runJobs are those of a run.
func runJobs(c *cli.Context, n int) (jobs, string, error) {
	a, err := askedToRun(c)
	if err != nil {
		return jobs{}, "", err
	}
	r, err := sliceable(a)
	if err != nil {
		return jobs{}, "", err
	}
	if err := r.cut(n); err != nil {
		return jobs{}, "", err
	}
	return jobs{Title: oneLine(r.st.Scenario.Title), Pieces: counted(r.Paths, "path"), Command: "ebb run", Killed: "runs its paths from the first again",
		Name: jobName(r.Scenario), Busy: true, hash: r.hash}, r.dir, nil
}

// askedWords are the flags that say what is run.
func askedWords(c *cli.Context) []string {
	var words []string
	for _, name := range []string{"vary", "set"} {
		for _, value := range c.StringSlice(name) {
			words = append(words, "--"+name, value)
		}
	}
	if c.Bool("allow-outside") {
		words = append(words, "--allow-outside")
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
