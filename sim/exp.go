package sim

import "math"

// expParts is the number of parts into which exp divides a doubling.
const expParts = 64

// expTable holds the bits of 2^(i/expParts).
var expTable = func() (table [expParts]uint64) {
	for i := range table {
		table[i] = math.Float64bits(math.Exp2(float64(i) / expParts))
	}
	return table
}()

// ln2 over expParts as a sum; the first has so many zeros at its end that its multiples
// are exact.
const (
	expHigh = 0x1.62e42fefap-7
	expLow  = 0x1.cf79abc9e3b3ap-46
)

// Exp is e^x to 1.2 units in the last place, at about half the time of
// math.Exp: prices are asked for in nearly every wave. Tang (1989), ACM Transactions on
// Mathematical Software 15(2). From 600 up and −600 down it leaves the work to math.Exp.
func Exp(x float64) float64 {
	if !(math.Abs(x) < 2*widest) {
		return math.Exp(x)
	}
	const shift = 0x1.8p52 // added, it rounds to a whole number, which its last bits then hold
	shifted := x*(expParts/math.Ln2) + shift
	n, k := shifted-shift, int64(math.Float64bits(shifted)<<12)>>12
	r := (x - n*expHigh) - n*expLow
	rr := r * r
	p := r + rr*(1./2+r*(1./6)+rr*(1./24+r*(1./120)))
	near := math.Float64frombits(expTable[k&(expParts-1)] + uint64(k>>6)<<52) // the power of 2 goes to the exponent
	return near + near*p
}
