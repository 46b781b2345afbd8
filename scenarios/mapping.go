package scenarios

import (
	"reflect"

	"github.com/ebb-sim/ebb/data/intake"
)

// LoadMapping reads a mapping file of the file system: what stands where in a
// vendor's data file. It is as strict as a scenario; all its faults come back at
// once as [data.Faults].
func LoadMapping(name string) (intake.Mapping, error) {
	src, err := load(name)
	if err != nil {
		return intake.Mapping{}, err
	}
	return ParseMapping(name, src)
}

// ParseMapping decodes a mapping file, called name in messages.
func ParseMapping(name string, src []byte) (intake.Mapping, error) {
	var m intake.Mapping
	root, faults := readTree(name, src, "a mapping")
	if root == nil {
		return m, faults.Err()
	}
	m.Defaults()
	d := &decoder{units: map[*node]string{}}
	top := &node{source: &source{name: name}} // what is missing at the top has no line
	d.section(root, top, reflect.ValueOf(&m).Elem(), "")
	return m, append(faults, d.faults...).Err()
}
