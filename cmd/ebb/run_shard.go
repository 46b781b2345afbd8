package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/scenarios/study"
	"github.com/ebb-sim/ebb/sim/montecarlo"
	"github.com/urfave/cli/v2"
)

// runHead is what the shards of a run say of it: enough to make its study again.
type runHead struct {
	Scenario  string            `json:"scenario"`
	Hash      string            `json:"scenario_sha256"`
	Asked     string            `json:"asked"`         // the scenario's file or name, as it was typed
	Set       []string          `json:"set,omitempty"` // KEY=VALUE, what the command line changes of it
	Paths     int               `json:"paths"`         // of the whole run
	Seed      uint64            `json:"seed"`
	Histories []manifestHistory `json:"histories,omitempty"`
}

// askedRun is a run that can be cut into shards.
type askedRun struct {
	runHead
	st   *study.Study
	hash string // of the scenario and its data
	dir  string // where the result goes
}

// sliceable readies a run whose paths can be sliced.
func sliceable(a toRun) (askedRun, error) {
	s := a.scenario
	st, err := study.Ready(s, a.library)
	if err != nil {
		return askedRun{}, err
	}
	switch {
	case !st.Random():
		return askedRun{}, usagef("%s: a slice of one path; without random news a run has no more (--shard all runs it here)", s.Name)
	case s.Simulate.Precision != nil:
		return askedRun{}, usagef("%s: a slice of the paths, but simulate.precision says how many they are only after they were run: run it once in one piece, and give the number that it found: --set simulate.precision=~ --paths NUMBER", s.Name)
	}
	r := askedRun{st: st, dir: a.dir}
	r.Scenario, r.Hash, r.Asked = s.Name, s.Hash(), a.name
	for _, o := range a.set {
		r.Set = append(r.Set, o.Key+"="+o.Value)
	}
	r.Paths, r.Seed = st.Draws()
	if st.Panel != nil {
		r.Histories = historiesOf(st.Panel, s.History)
	}
	r.hash, err = hashOfRun(st)
	return r, err
}

// hashOfRun is the SHA-256 of what a study runs and of the data that it is run on.
func hashOfRun(st *study.Study) (string, error) {
	text, err := json.Marshal(struct {
		Run  string
		Data []string
	}{st.Scenario.Hash(), st.DataHashes()})
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), err
}

// cut is an error where a shard would have no path.
func (r askedRun) cut(shards int) error {
	if from, to := r.st.Slice(0, shards); from < to { // the first is never the largest
		return nil
	}
	return usagef("%s: %d shards of %s, expected fewer shards", r.Scenario, shards, counted(r.Paths, "path"))
}

// runShardAction leaves a shard of a run, unless it is there.
func runShardAction(c *cli.Context, r askedRun, part shard) error {
	folder := part.folder(r.dir)
	if err := checkTarget(folder); err != nil {
		return err
	}
	if err := r.cut(part.Count); err != nil {
		return err
	}
	from, to := r.st.Slice(part.Index-1, part.Count)
	paths := fmt.Sprintf("paths %s to %s of %s", grouped(from), grouped(to-1), counted(r.Paths, "path"))
	if s, err := readShard(folder); err == nil && s.is(part, r.hash) && s.Run != nil && s.intact() == nil {
		return printShard(c, part, r.dir, paths+": finished before")
	}
	bar := newProgress(c.App.ErrWriter)
	err := r.leave(c.Context, part, from, to, study.Options{Workers: c.Int("workers"), Progress: bar.show})
	bar.done()
	if err != nil {
		return err
	}
	return printShard(c, part, r.dir, paths+": finished")
}

// ensembleName is the file of a shard that holds a run, by its number.
func ensembleName(number int) string { return fmt.Sprintf("%d.ensemble", number) }

// leave runs the paths of a shard and puts it in place.
func (r askedRun) leave(ctx context.Context, part shard, from, to int, opt study.Options) (err error) {
	by, err := build()
	if err != nil {
		return err
	}
	u, err := beginFolder(part.folder(r.dir))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, u.drop()) }()
	m := shardManifest{Ebb: by, Command: "run", Shard: part, SHA256: r.hash, Run: &r.runHead}
	err = r.st.RunSlice(ctx, from, to, opt, func(number int, e *montecarlo.Ensemble) error {
		f, err := u.stream(ensembleName(number), e.Encode)
		m.Files = append(m.Files, f)
		return err
	})
	if err != nil {
		return err
	}
	text, err := encode(m)
	if err != nil {
		return err
	}
	return u.finish(ctx, []file{{manifestName, text}})
}

// intact checks that the files of a shard are those that it names.
func (s workShard) intact() error {
	for _, f := range s.Files {
		if err := s.read(f.Name, func(r io.Reader) error { _, err := io.Copy(io.Discard, r); return err }); err != nil {
			return err
		}
	}
	return nil
}

// read hands on a file of a shard, which must be read to its end, and checks that it is
// the one that the manifest names.
func (s workShard) read(name string, use func(io.Reader) error) error {
	f, err := os.Open(filepath.Join(s.folder, name))
	if err != nil {
		return fmt.Errorf("%s: %s: %w", s.folder, name, bare(err))
	}
	defer f.Close()
	in := &hashed{w: io.Discard, sum: sha256.New()}
	err = use(io.TeeReader(f, in))
	if found := (manifestFile{name, hex.EncodeToString(in.sum.Sum(nil)), in.bytes}); err == nil && !slices.Contains(s.Files, found) {
		err = s.changed(name)
	} else if err != nil {
		err = fmt.Errorf("%s: %s: %w", s.folder, name, err)
	}
	return err
}

// mergeRun makes the study of the shards again, with what they gave in place of its
// runs.
func mergeRun(c *cli.Context, shards []workShard, as []format) error {
	asked := shards[0].Run.Asked
	if c.IsSet("scenario") {
		asked = c.String("scenario")
	}
	st, err := studyOf(c, shards[0], asked)
	if err != nil {
		return err
	}
	dir := c.String("output")
	if dir == "" {
		dir = runFolder(st.Scenario.Name)
	}
	if err := checkTarget(dir); err != nil {
		return err
	}
	shards = slices.SortedFunc(slices.Values(shards), func(a, b workShard) int { return a.Shard.Index - b.Shard.Index })
	bar := newProgress(c.App.ErrWriter)
	opt := study.Options{Workers: c.Int("workers"), Progress: bar.show, Gather: func(number int, s montecarlo.Subject, base *montecarlo.Subject) (*montecarlo.Ensemble, error) {
		return montecarlo.Gather(parts(shards, ensembleName(number), s, base))
	}}
	err = st.Complete(c.Context, opt)
	bar.done()
	if err != nil {
		return err
	}
	return leaveRun(c, st, leaving{dir: dir, formats: as}, opt)
}

// studyOf readies the study of a shard, whose scenario lies where it is said to, and
// checks that it and its data are what they were.
func studyOf(c *cli.Context, shard workShard, asked string) (*study.Study, error) {
	var set []scenarios.Override
	for _, text := range shard.Run.Set {
		key, value, _ := strings.Cut(text, "=")
		set = append(set, scenarios.Override{Key: key, Value: value})
	}
	s, err := readScenario(asked, set)
	if err != nil {
		return nil, err
	}
	if s.Hash() != shard.Run.Hash {
		return nil, fmt.Errorf("%s: says something else than when the shards were run; --scenario names the file if it lies elsewhere", asked)
	}
	st, err := study.Ready(s, libraryOf(c, asked, s.SetFiles()))
	if err != nil {
		return nil, err
	}
	if changed := shard.Run.changedData(st); len(changed) > 0 {
		return nil, fmt.Errorf("%s: its data are not those with which the shards were run: %s", asked, few(changed))
	}
	if hash, err := hashOfRun(st); err != nil || hash != shard.SHA256 {
		return nil, errors.Join(err, fmt.Errorf("%s: has the hash %s with its data, expected %s, which the shards say", asked, hash, shard.SHA256))
	}
	return st, nil
}

// changedData names the series whose data have changed.
func (h *runHead) changedData(st *study.Study) []string {
	if st.Panel == nil {
		return nil
	}
	var changed []string
	for _, now := range historiesOf(st.Panel, st.Scenario.History) {
		if !slices.ContainsFunc(h.Histories, func(was manifestHistory) bool { return was.Series == now.Series && was.SHA256 == now.SHA256 }) {
			changed = append(changed, now.Series+" in "+now.File)
		}
	}
	return changed
}

// parts are what each shard gave of one run, read when it is asked for.
func parts(shards []workShard, name string, s montecarlo.Subject, base *montecarlo.Subject) iter.Seq2[*montecarlo.Ensemble, error] {
	return func(yield func(*montecarlo.Ensemble, error) bool) {
		for _, shard := range shards {
			var e *montecarlo.Ensemble
			err := shard.read(name, func(r io.Reader) error {
				var err error
				e, err = montecarlo.Decode(r, s, base)
				return err
			})
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}
