package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
)

// belong checks that shards are all those of one work, each once, and of the work with a
// hash where one is given. It tells all that is wrong.
func belong(shards []workShard, hash string) error {
	if len(shards) == 0 {
		return errors.New("no shards")
	}
	ours, err := build()
	if err != nil {
		return err
	}
	if err := alike("command", shards, func(s workShard) any { return s.Command }); err != nil {
		return err
	}
	faults := []error{
		alike("version of ebb", shards, func(s workShard) any { return s.Ebb }),
		alike("number of shards", shards, func(s workShard) any { return s.Shard.Count }),
	}
	if err := sameWork(shards); err != nil {
		faults = append(faults, err)
	} else if hash != "" && shards[0].SHA256 != hash {
		faults = append(faults, fmt.Errorf("the shards are those of %s %s, expected %s", shards[0].Command, shards[0].SHA256, hash))
	}
	if faults[0] == nil && shards[0].Ebb != ours {
		faults = append(faults, fmt.Errorf("the shards were made by ebb %s, expected %s, which is to merge them", shards[0].Ebb, ours))
	}
	if faults[1] == nil {
		faults = append(faults, eachOnce(shards))
	}
	return errors.Join(faults...)
}

// sameWork tells in what the sweeps or runs of the shards differ.
func sameWork(shards []workShard) error {
	var faults []error
	if shards[0].Run != nil {
		faults = append(faults,
			alike("scenario", shards, func(s workShard) any { return []string{s.Run.Scenario, s.Run.Hash} }),
			alike("data", shards, func(s workShard) any { return s.Run.Histories }))
	} else {
		faults = append(faults,
			alike("scenario", shards, func(s workShard) any { return []string{s.Sweep.Scenario, s.Sweep.Hash} }),
			alike("parameters that are varied", shards, func(s workShard) any { return s.Sweep.Axes }),
			alike("design", shards, func(s workShard) any { return s.Sweep.Design }),
			alike("data", shards, func(s workShard) any { return s.Sweep.Histories }))
	}
	if err := errors.Join(faults...); err != nil {
		return err
	}
	command := shards[0].Command
	return errors.Join(
		alike(command, shards, func(s workShard) any { return s.SHA256 }),
		alike("description of the "+command, shards, func(s workShard) any { return []any{s.Sweep, s.Run} }))
}

// alike checks that all shards have the same value, and tells which have which.
func alike(what string, shards []workShard, of func(workShard) any) error {
	var values []string
	folders := map[string][]string{}
	for _, s := range shards {
		text, err := json.Marshal(of(s))
		if err != nil {
			return fmt.Errorf("%s: %w", s.folder, err)
		}
		value := string(text)
		if folders[value] == nil {
			values = append(values, value)
		}
		folders[value] = append(folders[value], filepath.ToSlash(s.folder))
	}
	if len(values) == 1 {
		return nil
	}
	from := alikeUntil(values)
	groups := make([]string, len(values))
	for i, v := range values {
		groups[i] = around(v, from) + " in " + few(folders[v])
	}
	return fmt.Errorf("not the same %s: %s", what, strings.Join(groups, "; "))
}

// alikeUntil is how many letters all values begin with.
func alikeUntil(values []string) int {
	n := len(values[0])
	for _, v := range values[1:] {
		n = min(n, len(v))
		for n > 0 && v[:n] != values[0][:n] {
			n--
		}
	}
	return n
}

// around is the part of a value around a place, for a message.
func around(value string, at int) string {
	const before, most = 40, 160
	if from := at - before; from > 0 {
		value = "…" + strings.ToValidUTF8(value[from:], "")
	}
	if len(value) > most {
		value = strings.ToValidUTF8(value[:most], "") + "…"
	}
	return value
}

// few names some of a list.
func few(names []string) string {
	const most = 4
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

// eachOnce checks that no shard is missing and none is there twice.
func eachOnce(shards []workShard) error {
	count := shards[0].Shard.Count
	folders := make([][]string, count)
	for _, s := range shards {
		folders[s.Shard.Index-1] = append(folders[s.Shard.Index-1], filepath.ToSlash(s.folder))
	}
	var faults []error
	var missing []int
	for i, list := range folders {
		if len(list) == 0 {
			missing = append(missing, i+1)
		}
		if len(list) > 1 {
			faults = append(faults, fmt.Errorf("shard %d/%d is there %d times: %s", i+1, count, len(list), few(list)))
		}
	}
	if len(missing) > 0 {
		faults = append(faults, fmt.Errorf("of %d shards %d are missing: %s", count, len(missing), ranges(missing)))
	}
	return errors.Join(faults...)
}

// ranges writes rising numbers: 2, 5–7.
func ranges(numbers []int) string {
	var parts []string
	for len(numbers) > 0 {
		n := 1
		for n < len(numbers) && numbers[n] == numbers[0]+n {
			n++
		}
		part := strconv.Itoa(numbers[0])
		if n > 1 {
			part += "–" + strconv.Itoa(numbers[n-1])
		}
		parts, numbers = append(parts, part), numbers[n:]
	}
	return strings.Join(parts, ", ")
}
