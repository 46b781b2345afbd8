package scenarios

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"

	"github.com/ebb-sim/ebb/data"
)

// bundled holds the scenarios that come with ebb, each as its name with the
// ending .yaml.
//
//go:embed *.yaml
var bundled embed.FS

// Names lists the bundled scenarios.
func Names() []string {
	files, _ := fs.Glob(bundled, "*.yaml") // the pattern is well-formed
	for i, f := range files {
		files[i] = strings.TrimSuffix(f, ".yaml")
	}
	return files
}

// Open returns the text of a bundled scenario, for [Parse].
func Open(name string) ([]byte, error) {
	src, err := bundled.ReadFile(name + ".yaml")
	if err != nil {
		return nil, fmt.Errorf("no bundled scenario %s, expected one of %s%s", shown(name), strings.Join(Names(), ", "), data.DidYouMean(name, Names()))
	}
	return src, nil
}
