package driver

import (
	"hash/fnv"
	"math"
	"math/rand/v2"

	"github.com/ebb-sim/ebb/sim"
)

// stream is a generator of random numbers that is a function of two seeds.
type stream struct {
	rand.Rand
	pcg rand.PCG
}

func (s *stream) seed(a, b uint64) {
	s.pcg.Seed(a, b)
	s.Rand = *rand.New(&s.pcg)
}

// chiSquared draws from the chi-square distribution with more than 2 degrees of
// freedom: Marsaglia and Tsang (2000), ACM Transactions on Mathematical
// Software 26(3).
func (s *stream) chiSquared(df float64) float64 {
	d := df/2 - 1./3
	c := 1 / math.Sqrt(9*d)
	for {
		z := s.NormFloat64()
		v := 1 + c*z
		if v <= 0 {
			continue
		}
		v *= v * v
		u := 1 - s.Float64()
		if u < 1-.0331*z*z*z*z || math.Log(u) < z*z/2+d-d*v+d*math.Log(v) { // the first saves logarithms, and decides alike
			return 2 * d * v
		}
	}
}

// poisson draws the number of events in a time in which so many are expected, by
// the waits between them.
func (s *stream) poisson(expected float64) int {
	n := 0
	for at := s.ExpFloat64(); at < expected; at += s.ExpFloat64() {
		n++
	}
	return n
}

// joint draws the shocks of all assets in a step.
type joint struct {
	factor [][]float64 // lower triangle of the Cholesky factor of their covariance
	df     float64     // degrees of freedom, with one chi-square for all; 0 = normal
}

func (j *joint) draw(s *stream, shocks []float64) {
	for a := range shocks {
		shocks[a] = s.NormFloat64()
	}
	j.shape(j.weight(s), shocks)
}

// weight draws what the normals of a step are multiplied by.
func (j *joint) weight(s *stream) float64 {
	if j.df == 0 {
		return 1
	}
	return math.Sqrt((j.df - 2) / s.chiSquared(j.df))
}

// shape makes shocks of independent standard normals.
func (j *joint) shape(weight float64, shocks []float64) {
	for a := len(shocks) - 1; a >= 0; a-- { // downwards, because row a needs the draws up to a
		sum := 0.0
		for b, l := range j.factor[a] {
			sum += l * shocks[b]
		}
		shocks[a] = weight * sum
	}
}

// streamKey sets a stream apart from the others of its seed by its name.
func streamKey(name string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(name)) // a hash's Write never fails
	return h.Sum64()
}

// innovations draws the observables' innovations: normal, independent of the
// news and of each other, in every step or in US sessions only.
type innovations struct {
	list    []sim.Innovation
	key     []uint64
	session func(step int) bool
}

func newInnovations(env *Env) innovations {
	in := innovations{list: env.Innovations, key: make([]uint64, len(env.Innovations)), session: env.Session}
	for i, o := range in.list {
		in.key[i] = streamKey(o.Name)
	}
	return in
}

// start gives each observable a stream of its own, found by its name, so that a
// mechanism left out changes neither the news nor what the others observe.
func (in *innovations) start(seed, path uint64) []stream {
	streams := make([]stream, len(in.list))
	for i := range streams {
		streams[i].seed(seed^in.key[i], ^path) // the news has (seed, path)
	}
	return streams
}

func (in *innovations) next(step int, streams []stream, out []float64) {
	session := in.session == nil || in.session(step)
	for i := range streams {
		out[i] = 0
		if o := &in.list[i]; o.SD > 0 && (session || o.Always) {
			out[i] = o.SD * streams[i].NormFloat64()
		}
	}
}
