package main

import (
	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/scenarios/study"
	"github.com/ebb-sim/ebb/sim/param"
	"github.com/ebb-sim/ebb/sim/stats"
)

// manifest is manifest.json: what a result was made from and what it holds. The
// same inputs give the same folder, byte for byte, so no time is in it.
type manifest struct {
	Ebb        string                `json:"ebb"` // version
	Scenario   string                `json:"scenario"`
	Hash       string                `json:"scenario_sha256"`
	Seed       uint64                `json:"seed"`
	Paths      int                   `json:"paths"`
	Profile    stats.Profile         `json:"profile"`
	Mechanisms []string              `json:"mechanisms"` // names, in the order of the scenario
	Parameters []scenarios.Parameter `json:"parameters"` // all that the scenario says, defaults included
	Histories  []manifestHistory     `json:"histories,omitempty"`
	Files      []manifestFile        `json:"files"`
}

type manifestHistory struct {
	Series string `json:"series"`
	File   string `json:"file"` // as the scenario names it, wherever it lies
	SHA256 string `json:"sha256"`
	Column string `json:"column"`
	Format string `json:"format"`
	Unit   string `json:"unit"`
	Lag    string `json:"published"` // after the end of the period
	Source string `json:"source,omitempty"`
	Status string `json:"status,omitempty"`
}

type manifestFile struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
	Bytes  int    `json:"bytes"`
}

func manifestOf(st *study.Study, files []manifestFile) manifest {
	m := manifest{Ebb: version(), Scenario: st.Scenario.Name, Hash: st.Scenario.Hash(), Seed: st.Base.Ensemble.Seed,
		Paths: st.Base.Ensemble.Paths, Profile: stats.EBB, Mechanisms: []string{}, Parameters: st.Scenario.Parameters(), Files: files}
	for _, mechanism := range st.Scenario.Mechanisms {
		m.Mechanisms = append(m.Mechanisms, mechanism.Name())
	}
	if st.Panel != nil {
		m.Histories = historiesOf(st.Panel, st.Scenario.History)
	}
	return m
}

// historiesOf are the series of a panel, with the files that a spec names.
func historiesOf(panel *data.Panel, spec *scenarios.History) []manifestHistory {
	var list []manifestHistory
	for _, name := range panel.Names() {
		series, _ := panel.Series(name)
		p := series.Provenance()
		list = append(list, manifestHistory{name, spec.Series[name].File, p.SHA256, p.Column,
			p.Format, string(p.Unit), param.FormatDuration(series.Lag()), p.Source, p.Status})
	}
	return list
}

func filesOf(files []file) []manifestFile {
	var list []manifestFile
	for _, f := range files {
		list = append(list, manifestFile{f.Name, f.sha256(), len(f.Content)})
	}
	return list
}

// resultFiles are all the files of a result that are not on the disk already, the
// manifest last.
func resultFiles(st *study.Study, as []format, onDisk ...manifestFile) ([]file, error) {
	charts, err := drawCharts(st)
	if err != nil {
		return nil, err
	}
	painted, pictures, err := paintCharts(charts, as)
	if err != nil {
		return nil, err
	}
	report, err := reportFiles(studyReport(st, charts, pictures))
	if err != nil {
		return nil, err
	}
	text, err := encode(summarise(st))
	if err != nil {
		return nil, err
	}
	files := []file{{"summary.json", text}, pathTable(st), ledgerTable(st)}
	if st.Spread() {
		fan, err := quantileTable(st)
		if err != nil {
			return nil, err
		}
		files = append(files, fan)
	}
	if st.Forecast != nil {
		files = append(files, forecastFile(st))
	}
	files = append(append(files, painted...), report...)
	text, err = encode(manifestOf(st, append(filesOf(files), onDisk...)))
	return append(files, file{manifestName, text}), err
}
