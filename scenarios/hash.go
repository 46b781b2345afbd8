package scenarios

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/ebb-sim/ebb/sim/param"
)

// Hash is the SHA-256 of what the scenario says, defaults and overrides
// included, in hexadecimal. Comments, the order of keys and the way a number is
// written (1.5bn, 1500m) do not matter to it.
func (s *Scenario) Hash() string { return hashOf(s.Spec) }

// Hash is the SHA-256 of what the strategy says; see [Scenario.Hash].
func (s *Strategy) Hash() string { return hashOf(s.StrategySpec) }

func hashOf(spec any) string {
	h := sha256.New()
	canonical(h, "", reflect.ValueOf(spec))
	return hex.EncodeToString(h.Sum(nil))
}

// canonical writes one line for each value: its path, and itself to the last
// bit.
func canonical(w io.Writer, path string, v reflect.Value) {
	switch x := v.Interface().(type) {
	case time.Time:
		fmt.Fprintf(w, "%s %s\n", path, x.Format(time.RFC3339Nano))
		return
	case Moment:
		fmt.Fprintf(w, "%s %s\n", path, x)
		return
	case Override:
		fmt.Fprintf(w, "%s %q %q\n", path, x.Key, x.Value)
		return
	case Sweep:
		canonical(w, path, reflect.ValueOf(x.Points))
		return
	case Chart:
		if x.bare() {
			fmt.Fprintf(w, "%s %q\n", path, x.Chart)
			return
		}
	case ValueRange:
		fmt.Fprintf(w, "%s %016x %016x\n", path, math.Float64bits(x.Low), math.Float64bits(x.High))
		return
	case Quantity:
		fmt.Fprintf(w, "%s %016x %t\n", path, math.Float64bits(x.Value), x.Duration)
		return
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			canonical(w, path, v.Elem())
		}
	case reflect.Struct:
		canonicalStruct(w, path, v)
	case reflect.Map:
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return cmp.Compare(a.String(), b.String()) })
		for _, key := range keys {
			canonical(w, fmt.Sprintf("%s[%q]", path, key.String()), v.MapIndex(key))
		}
	case reflect.Slice:
		for i := range v.Len() {
			canonical(w, path+"["+strconv.Itoa(i)+"]", v.Index(i))
		}
	case reflect.Float64:
		fmt.Fprintf(w, "%s %016x\n", path, math.Float64bits(v.Float()))
	default:
		fmt.Fprintf(w, "%s %q\n", path, fmt.Sprint(v.Interface()))
	}
}

// canonicalStruct writes the parameters of a struct; those of a kind under its
// name.
func canonicalStruct(w io.Writer, path string, v reflect.Value) {
	switch v.Interface().(type) {
	case Mechanism, Monitor, News:
		fmt.Fprintf(w, "%s %q\n", path, v.FieldByName("Kind").String())
		canonical(w, path, v.FieldByName("Config"))
		return
	}
	for _, f := range param.Fields(v.Type()) {
		// A zero is left out: a parameter that ebb learns later must not change
		// the hash of the scenarios that do not use it.
		if value := v.FieldByIndex(f.Index); !value.IsZero() {
			canonical(w, path+"."+f.Name, value)
		}
	}
}
