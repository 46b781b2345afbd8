package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// countVariable is how many shards there are. Kubernetes tells a pod of an Indexed Job
// which it is, but not of how many.
const countVariable = "EBB_SHARDS"

// A scheduler tells a task its place in an array of them by environment variables.
type scheduler struct {
	index string // the variable that only a task of an array has
	shard func(environment) (shard, error)
}

// Sources: Slurm, "Job Array Support", job ID and environment variables; Kubernetes,
// "Jobs", completion mode; AWS Batch, "Job environment variables".
var schedulers = []scheduler{
	{"SLURM_ARRAY_TASK_ID", slurmShard},
	{"JOB_COMPLETION_INDEX", func(e environment) (shard, error) {
		return e.fromZero("JOB_COMPLETION_INDEX", countVariable)
	}},
	{"AWS_BATCH_JOB_ARRAY_INDEX", func(e environment) (shard, error) {
		return e.fromZero("AWS_BATCH_JOB_ARRAY_INDEX", "AWS_BATCH_JOB_ARRAY_SIZE")
	}},
}

// scheduledShard is the shard that the environment gives, none where no scheduler has
// set one. What contradicts itself is an error: a guess would leave a hole.
func scheduledShard(get func(string) string) (shard, error) {
	e := environment(get)
	var found shard
	var by string
	var faults []error
	for _, s := range schedulers {
		if e(s.index) == "" {
			continue
		}
		given, err := s.shard(e)
		switch {
		case err != nil:
			faults = append(faults, err)
		case by == "":
			found, by = given, s.index
		case given != found:
			faults = append(faults, fmt.Errorf("%s gives shard %s, %s gives %s", by, found, s.index, given))
		}
	}
	if e(countVariable) != "" && len(faults) == 0 {
		count, err := e.number(countVariable)
		switch {
		case err != nil:
			faults = append(faults, err)
		case by == "":
			faults = append(faults, fmt.Errorf("%s is %d, but no variable says which of the shards this is", countVariable, count))
		case count != found.Count:
			faults = append(faults, fmt.Errorf("%s is %d, but %s gives shard %s", countVariable, count, by, found))
		}
	}
	return found, errors.Join(faults...)
}

// environment looks up a variable; empty is not set.
type environment func(string) string

func (e environment) number(name string) (int, error) {
	n, err := strconv.Atoi(strings.TrimSpace(e(name)))
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%s: found %q, expected a whole number", name, e(name))
	}
	return n, nil
}

// numbers are several variables, with all that is wrong with them.
func (e environment) numbers(names ...string) ([]int, error) {
	list := make([]int, len(names))
	var faults []error
	for i, name := range names {
		var err error
		if list[i], err = e.number(name); err != nil {
			faults = append(faults, err)
		}
	}
	return list, errors.Join(faults...)
}

// fromZero is a shard whose index is counted from 0.
func (e environment) fromZero(index, count string) (shard, error) {
	n, err := e.numbers(index, count)
	if err != nil {
		return shard{}, err
	}
	if n[0] >= n[1] {
		return shard{}, fmt.Errorf("%s is %d, expected less than %s, which is %d", index, n[0], count, n[1])
	}
	return shard{n[0] + 1, n[1]}, nil
}

// slurmShard is the place of a task among those of its array, which may begin anywhere
// and go in steps. An array with gaps (--array=1,3,7) gives no count of its own.
func slurmShard(e environment) (shard, error) {
	n, err := e.numbers("SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_MAX", "SLURM_ARRAY_TASK_STEP")
	if err != nil {
		return shard{}, err
	}
	id, count, first, last, step := n[0], n[1], n[2], n[3], n[4]
	if count < 1 || step < 1 || last != first+(count-1)*step {
		return shard{}, fmt.Errorf("SLURM_ARRAY_TASK_COUNT is %d from %d to %d in steps of %d, expected an array without gaps", count, first, last, step)
	}
	if id < first || id > last || (id-first)%step != 0 {
		return shard{}, fmt.Errorf("SLURM_ARRAY_TASK_ID is %d, which is not from %d to %d in steps of %d", id, first, last, step)
	}
	return shard{(id-first)/step + 1, count}, nil
}
