package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/sim/stats"
)

// result is a result folder as it was read.
type result struct {
	folder   string // as it was named
	manifest manifest
	summary  summary
}

const summaryName = "summary.json"

// The most that is read of a result's files: far more than ebb writes.
const (
	maxManifest = 16 << 20
	maxSummary  = 64 << 20
)

// readResult reads a result folder: the manifest, and the summary that it vouches
// for. What is wrong comes back as one fault.
func readResult(dir string) (*result, data.Faults) {
	r := &result{folder: dir}
	if fault := r.read(); fault != nil {
		return nil, data.Faults{*fault}
	}
	return r, nil
}

func (r *result) read() *data.Fault {
	const expected = "a result folder, as ebb run leaves it"
	info, err := os.Stat(r.folder)
	switch {
	case err != nil:
		return &data.Fault{File: r.folder, Text: bare(err).Error(), Expected: expected}
	case !info.IsDir():
		return &data.Fault{File: r.folder, Found: "a file", Expected: expected}
	}
	text, fault := r.file(manifestName, maxManifest)
	if fault != nil {
		return fault
	}
	if fault := r.readManifest(text); fault != nil {
		return fault
	}
	if text, fault = r.file(summaryName, maxSummary); fault != nil {
		return fault
	}
	return r.readSummary(text)
}

func (r *result) file(name string, limit int64) ([]byte, *data.Fault) {
	path := filepath.Join(r.folder, name)
	text, err := data.ReadFile(path, limit)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &data.Fault{File: r.folder, Text: "holds no " + name, Expected: "a result folder, as ebb run leaves it"}
	case err != nil:
		return nil, &data.Fault{File: path, Text: strings.TrimPrefix(err.Error(), path+": ")}
	}
	return text, nil
}

func (r *result) readManifest(text []byte) *data.Fault {
	path := filepath.Join(r.folder, manifestName)
	var mark struct {
		Ebb     string `json:"ebb"`
		Hash    string `json:"scenario_sha256"`
		Command string `json:"command"` // of a result that no run left
	}
	if err := json.Unmarshal(text, &mark); err != nil && !typed(err) {
		return malformed(path, text, err)
	} else if err == nil && mark.Ebb != "" && mark.Command != "" {
		return &data.Fault{File: r.folder, Found: "a result of ebb " + mark.Command, Expected: "one of ebb run: no others are compared"}
	} else if err != nil || mark.Ebb == "" || mark.Hash == "" {
		return &data.Fault{File: path, Text: "is not of ebb, so the folder is no result of ebb run"}
	}
	if err := strictly(text, &r.manifest); err != nil {
		return r.foreign(path, mark.Ebb, text, err)
	}
	m := r.manifest
	switch {
	case m.Scenario == "":
		return r.lacking(path, "scenario")
	case len(m.Parameters) == 0:
		return r.lacking(path, "parameters")
	case len(m.Files) == 0:
		return r.lacking(path, "files")
	}
	return nil
}

func (r *result) readSummary(text []byte) *data.Fault {
	path := filepath.Join(r.folder, summaryName)
	if fault := r.vouched(path, text); fault != nil {
		return fault
	}
	if err := strictly(text, &r.summary); err != nil {
		return r.foreign(path, r.manifest.Ebb, text, err)
	}
	if s, m := r.summary, r.manifest; s.Scenario != m.Scenario || s.Hash != m.Hash {
		return &data.Fault{File: path, Text: "is not of the scenario that " + manifestName + " names",
			Found: fmt.Sprintf("%q, %q", s.Scenario, short(s.Hash)), Expected: fmt.Sprintf("%q, %q", m.Scenario, short(m.Hash))}
	}
	if what := r.summary.missing(); what != "" {
		return r.lacking(path, what)
	}
	if err := r.summary.check(); err != nil {
		return &data.Fault{File: path, Text: err.Error()}
	}
	return nil
}

// vouched makes sure that the summary is the one that the manifest was written
// with.
func (r *result) vouched(path string, text []byte) *data.Fault {
	for _, f := range r.manifest.Files {
		if f.Name != summaryName {
			continue
		}
		if found := (file{f.Name, text}).sha256(); found != f.SHA256 {
			return &data.Fault{File: path, Text: "is not as ebb wrote it",
				Found:    fmt.Sprintf("%s bytes with sha256 %.12q", grouped(len(text)), found),
				Expected: fmt.Sprintf("%s bytes with sha256 %.12q, as in %s", grouped(f.Bytes), f.SHA256, manifestName)}
		}
		return nil
	}
	return &data.Fault{File: filepath.Join(r.folder, manifestName), Text: "does not list " + summaryName}
}

// missing names what a summary must have and this one has not.
func (s summary) missing() string {
	switch {
	case s.Run.Step == "" || s.Run.Steps <= 0 || s.Run.Paths <= 0 || len(s.Run.Runs) == 0:
		return "run"
	case len(s.Outcomes) == 0:
		return "outcomes"
	case len(s.Path.Returns) == 0:
		return "path.returns"
	case len(s.Path.Ledger) == 0:
		return "path.ledger"
	}
	return ""
}

// check finds what ebb never writes: twice the same, an interval the wrong way
// round, causes that do not sum to the return they explain.
func (s summary) check() error {
	seen := map[[3]string]bool{}
	once := func(place string, of ...string) error {
		key := [3]string{place}
		copy(key[1:], of)
		if seen[key] || of[0] == "" {
			return fmt.Errorf("%s: found %q twice or without a name", place, strings.Join(of, " "))
		}
		seen[key] = true
		return nil
	}
	for _, o := range s.Outcomes {
		if err := once("outcomes", o.Name); err != nil {
			return err
		}
		for _, run := range o.Runs {
			if err := errors.Join(once("outcomes.runs", o.Name, run.Run), run.check(o.Name)); err != nil {
				return err
			}
		}
	}
	sums := map[string]float64{}
	for _, c := range s.Path.Ledger {
		if err := once("path.ledger", c.Asset, c.Cause); err != nil {
			return err
		}
		sums[c.Asset] += c.Return
	}
	for _, r := range s.Path.Returns {
		if err := once("path.returns", r.Asset); err != nil {
			return err
		}
		if gap := math.Abs(sums[r.Asset] - r.Return); !(gap <= closing(s.Run.Steps)) {
			return fmt.Errorf("path.ledger: the causes of %q sum to %v, expected its return, %v", r.Asset, sums[r.Asset], r.Return)
		}
	}
	return nil
}

func (run estimatesSummary) check(outcome string) error {
	for _, e := range []stats.Estimate{run.Mean, run.Median, run.Q05, run.Q95} {
		if e.Low > e.High {
			return fmt.Errorf("outcomes.runs: %q, %q: found an interval from %v to %v", outcome, run.Run, e.Low, e.High)
		}
	}
	return nil
}

// closing is how far sums over so many steps may miss for rounding alone.
func closing(steps int) float64 { return 1e-12 * max(1, float64(steps)/1000) }

// strictly decodes JSON that holds exactly one value and no key that v has not.
func strictly(text []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("more text after the end of the JSON")
	}
	return nil
}

// typed tells whether JSON is well formed and holds another type of value than
// it should.
func typed(err error) bool {
	var t *json.UnmarshalTypeError
	return errors.As(err, &t)
}

// malformed is the fault of a text that is no JSON.
func malformed(path string, text []byte, err error) *data.Fault {
	f := &data.Fault{File: path, Text: "is no JSON: " + err.Error()}
	var s *json.SyntaxError
	if errors.As(err, &s) {
		f.Line = 1 + bytes.Count(text[:min(max(s.Offset, 0), int64(len(text)))], []byte("\n"))
	}
	return f
}

// foreign is the fault of a file whose form is not that of this version.
func (r *result) foreign(path, version string, text []byte, err error) *data.Fault {
	var s *json.SyntaxError
	if errors.As(err, &s) || errors.Is(err, io.ErrUnexpectedEOF) {
		return malformed(path, text, err)
	}
	said := strings.TrimPrefix(err.Error(), "json: ")
	return r.outdated(path, version, said)
}

func (r *result) lacking(path, what string) *data.Fault {
	return r.outdated(path, r.manifest.Ebb, "lacks "+what)
}

func (r *result) outdated(path, by, what string) *data.Fault {
	text := what + "; it was written by ebb " + printable(by)
	if here := version(); by != here {
		text += ", this is " + here + ": run the scenario again"
	}
	return &data.Fault{File: path, Text: text}
}

// short is the beginning of a hash, enough to tell two apart.
func short(hash string) string {
	if len(hash) > 12 {
		return hash[:12]
	}
	return hash
}
