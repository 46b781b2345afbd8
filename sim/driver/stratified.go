package driver

import (
	"fmt"
	"math"

	"github.com/ebb-sim/ebb/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Strata is the number of paths in a row of which one lies in each stratum.
const Strata = 20

// stratify spreads the sum of the news over the run evenly: path i lies in stratum
// i mod Strata of its distribution, and the way there is a Brownian bridge
// (Glasserman, Monte Carlo Methods in Financial Engineering, 2004, section 4.3.2). Of
// several assets it is the sum in the direction in which they move most together,
// their first principal component. Under fat tails the sum is that of the normals,
// each step with the weight that its chi-square gives it.
func stratify(d sim.Driver, steps int) (sim.Driver, error) {
	diffusion, ok := d.(*diffusion)
	if !ok {
		return nil, fmt.Errorf("news of %s, whose sum over the run is not normal; expected gbm or student", d.Name())
	}
	return &stratified{diffusion, steps, principal(diffusion.shocks.factor)}, nil
}

// principal is the direction among standard normals, of length 1, along which shocks
// of a Cholesky factor L move most: Lᵀv for the first eigenvector v of LLᵀ.
func principal(factor [][]float64) []float64 {
	n := len(factor)
	lower := mat.NewTriDense(n, mat.Lower, nil)
	for a, row := range factor {
		for b, l := range row {
			lower.SetTri(a, b, l)
		}
	}
	var covariance mat.SymDense
	covariance.SymOuterK(1, lower)
	var eigen mat.EigenSym
	var vectors mat.Dense
	first := make([]float64, n)
	if eigen.Factorize(&covariance, true) {
		eigen.VectorsTo(&vectors)
		mat.Col(first, n-1, &vectors) // eigenvalues ascend
	} else {
		first[0] = 1 // any direction is a right one, only not the best
	}
	var along mat.VecDense
	along.MulVec(lower.T(), mat.NewVecDense(n, first))
	length, sum := mat.Norm(&along, 2), 0.0
	for _, v := range first {
		sum += v
	}
	for a := range first {
		if first[a] = math.Copysign(1, sum) * along.AtVec(a) / length; length == 0 {
			first[a] = 0
		}
	}
	return first
}

type stratified struct {
	*diffusion
	steps     int
	direction []float64
}

func (*stratified) Group() int { return Strata }

func (d *stratified) Alone() sim.Driver { return d.diffusion }

// strataKey gives the place within a stratum a stream of its own.
var strataKey = streamKey("stratum")

func (d *stratified) Start(seed, path uint64) sim.Source {
	s := &bridging{stratified: d, observed: d.innovations.start(seed, path), normals: sim.Matrix(d.steps, len(d.mean)), weights: make([]float64, d.steps)}
	var draws, place stream
	draws.seed(seed, path)
	sum, squares := 0.0, 0.0
	for step, normals := range s.normals {
		for a := range normals {
			normals[a] = draws.NormFloat64()
		}
		weight := d.shocks.weight(&draws)
		for a, u := range d.direction {
			sum += weight * u * normals[a]
		}
		s.weights[step] = weight
		squares += weight * weight
	}
	place.seed(seed^strataKey, path)
	share := (float64(path%Strata) + place.Float64()) / Strata
	share = max(share, math.SmallestNonzeroFloat64) // 0 has no quantile
	length := math.Sqrt(squares)
	shift := (distuv.UnitNormal.Quantile(share) - sum/length) / length
	for step, normals := range s.normals {
		for a, u := range d.direction {
			normals[a] += shift * s.weights[step] * u
		}
	}
	return s
}

// bridging is one path whose sum was drawn first.
type bridging struct {
	*stratified
	observed []stream
	normals  [][]float64 // step × asset
	weights  []float64   // by step
}

func (s *bridging) Next(step int, news, innovations []float64) {
	copy(news, s.normals[step])
	s.shocks.shape(s.weights[step], news)
	for a := range news {
		news[a] += s.mean[a]
	}
	s.innovations.next(step, s.observed, innovations)
}
