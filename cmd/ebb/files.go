package main

import (
	"os"
	"strings"

	"github.com/ebb-sim/ebb/scenarios"
)

// isFile tells a scenario file from the name of a bundled scenario.
func isFile(name string) bool {
	return strings.ContainsAny(name, `./\`)
}

// readScenario finds a scenario by file or bundled name and decodes it.
func readScenario(name string, set []scenarios.Override) (*scenarios.Scenario, error) {
	if scenarios.IsStrategy(name) {
		return nil, usagef("%s is a strategy; try: ebb backtest %s", name, name)
	}
	if isFile(name) {
		return scenarios.Load(name, set)
	}
	src, err := scenarios.Open(name)
	if err != nil {
		if _, missing := os.Stat(name + ".yaml"); missing == nil {
			return nil, usagef("no bundled scenario %q; the file here is %s.yaml, with its ending", name, name)
		}
		return nil, usageError{err}
	}
	return scenarios.Parse(name+".yaml", src, set)
}
