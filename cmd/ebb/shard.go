package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"
)

// A shard is one of several slices of a command's work, each for a machine of its own.
// The zero shard is all of the work.
type shard struct {
	Index int `json:"index"` // from 1
	Count int `json:"count"`
}

// maxShards bounds the number of shards; Kubernetes takes no more indexes.
const maxShards = 100_000

func shardFlag() cli.Flag {
	return &cli.StringFlag{Name: "shard", Usage: "do only slice `I/N` of the work, counted from 1, or all; without it a job array's task does its own slice"}
}

// shardOf is the shard that was asked for, or else the one that a scheduler gave.
func shardOf(c *cli.Context) (shard, error) {
	switch said := c.String("shard"); {
	case said == "all":
		return shard{}, nil
	case said != "" || c.IsSet("shard"):
		return parseShard(said)
	}
	s, err := scheduledShard(os.Getenv)
	if err != nil {
		return s, usageError{fmt.Errorf("%w; --shard i/n says it without a scheduler, --shard all does all of the work here", err)}
	}
	return s, nil
}

func parseShard(text string) (shard, error) {
	index, count, _ := strings.Cut(text, "/")
	i, err := strconv.Atoi(index)
	n, errCount := strconv.Atoi(count)
	if err != nil || errCount != nil || i < 1 || i > n || n > maxShards {
		return shard{}, usagef("--shard %q, expected i/n with i from 1 to n and n of at most %d, such as 3/16 for the third of sixteen, or all", text, maxShards)
	}
	return shard{i, n}, nil
}

// whole tells whether the shard is all of the work.
func (s shard) whole() bool { return s.Count == 0 }

// has tells whether a piece of the work, counted from 0, is in the shard. Pieces are
// dealt like cards, and each round begins with the next player: in a grid with as many
// values on the last axis as there are shards, no shard has all the long runs.
func (s shard) has(piece int) bool {
	return s.whole() || (piece+piece/s.Count)%s.Count == s.Index-1
}

// size is how many of the pieces of the work are in the shard.
func (s shard) size(pieces int) int {
	n := 0
	for piece := range pieces {
		if s.has(piece) {
			n++
		}
	}
	return n
}

func (s shard) String() string {
	if s.whole() {
		return ""
	}
	return fmt.Sprintf("%d/%d", s.Index, s.Count)
}

// shardsFolder holds the shards of a result; another number of shards has another, so
// that a glob finds those that belong together.
func shardsFolder(dir string, count int) string {
	return fmt.Sprintf("%s.%d-shards", filepath.Clean(dir), count)
}

// folder is where the shard of a result lies.
func (s shard) folder(dir string) string {
	return filepath.Join(shardsFolder(dir, s.Count), fmt.Sprintf("%0*d", len(strconv.Itoa(s.Count)), s.Index))
}
