package main

import (
	"slices"
	"strings"
	"text/template"

	"github.com/urfave/cli/v2"
)

// slurmText submits the array and the merge. The shard is given by --shard and not left
// to the environment, so that a single task may be submitted again with --array=3.
const slurmText = `#!/bin/sh
# {{.Title}}: {{.Pieces}} in {{.Shards}} shards, merged when all of them are done.
#
# Submit it with "sh", from the folder where {{.Command}} would be typed, on a file system
# that all nodes share, with ebb on the PATH. Arguments go to sbatch, for both jobs:
#
#   sh THIS_FILE --partition=long --time=4:00:00
#
# A task that is killed or requeued {{.Killed}}. When a task
# fails, the merge is taken off the queue: submit this file again, and only what is
# missing is run. {{.Shards}} shards need a MaxArraySize above {{.Shards}} (scontrol show config).
set -eu

mkdir -p {{quote .Folder}}

shards=$(sbatch --parsable --job-name={{.Name}} --array=1-{{.Shards}} --ntasks=1 --cpus-per-task={{.CPUs}} \
	--requeue --open-mode=append --output={{log .Folder "%a.log"}} "$@" <<'END'
#!/bin/sh
exec {{words .Work}} --workers "$SLURM_CPUS_PER_TASK" --shard "$SLURM_ARRAY_TASK_ID/{{.Shards}}"
END
)
shards=${shards%%;*} # a federation adds the cluster's name

merge=$(sbatch --parsable --job-name={{.Name}}-merge --dependency="afterok:$shards" --kill-on-invalid-dep=yes \
	--ntasks=1{{if .Busy}} --cpus-per-task={{.CPUs}}{{end}} --requeue --open-mode=append --output={{log .Folder "merge.log"}} "$@" <<'END'
#!/bin/sh
exec {{words .Merge}}
END
)
echo "shards: job $shards, merge: job ${merge%%;*}"
`

func slurmScript(_ *cli.Context, j jobs) (string, error) {
	for _, word := range slices.Concat(j.Work, j.Merge) {
		if strings.ContainsAny(word, "\n\r\x00") {
			return "", usagef("cluster slurm: found a line break in %q, expected one line", word)
		}
	}
	return filled(slurmText, template.FuncMap{
		"quote": shellQuoted,
		"words": func(words []string) string {
			quoted := make([]string, len(words))
			for i, w := range words {
				quoted[i] = shellQuoted(w)
			}
			return strings.Join(quoted, " ")
		},
		// In the name of a log % stands for a number.
		"log": func(folder, name string) string {
			return shellQuoted(strings.ReplaceAll(folder, "%", "%%") + "/" + name)
		},
	}, j)
}

// shellQuoted is a word as a POSIX shell reads it.
func shellQuoted(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_-./=,:+@%", r)
	}
	if word != "" && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
