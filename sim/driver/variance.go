package driver

import (
	"fmt"

	"github.com/ebb-sim/ebb/sim"
)

// How the paths of a simulation are drawn. Each path has the driver's law under all
// of them; what differs is how the paths hang together, and so how far the mean
// over them lies from the true one. See [sim.Together].
const (
	Independent = ""           // each path for itself
	Antithetic  = "antithetic" // path 2k+1 has the news of path 2k with the other sign
	Stratified  = "stratified" // of Strata paths in a row one in each stratum
)

// Draw gives a driver the way in which its paths are drawn in runs of so many steps,
// or says why it cannot have it.
func Draw(d sim.Driver, way string, steps int) (sim.Driver, error) {
	switch way {
	case Independent:
		return d, nil
	case Antithetic:
		return mirror(d)
	case Stratified:
		return stratify(d, steps)
	}
	return nil, fmt.Errorf("found %q, expected %s, %s, or nothing for independent paths", way, Antithetic, Stratified)
}
