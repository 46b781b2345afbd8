package scenarios_test

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
)

// The parameters of testdata/kernel/kernel.yaml, once more: the loop shares nothing with
// the engine.
const (
	handSteps  = 252
	handPrice  = 100000.
	handLambda = .01 / 3e9 // log return per USD

	handAUM         = 100e9
	handPersistence = .43489
	handResponse    = 2.82222e9
	handFlowSD      = 150e6

	handInterest  = 12e9
	handMargin    = .005
	handWidth     = .03
	handInsurance = 1.23e9
	handBuckets   = 1024 // in a unit of log price

	handUnits    = 600000.
	handDebt     = 20e9
	handCovenant = .5
	handTarget   = .4

	handCapital  = 5e9
	handLookBack = 28
	handMemory   = 60. / 61
	handVolGoal  = .4
	handVolFloor = .1

	handTolerance, handCoarsest = 1., 1e-6
	handMaxWaves                = 500
)

var (
	handTiers  = [...]float64{5, 10, 25, 50, 100}
	handShares = [...]float64{.76, .1, .07, .05, .02}
	handSigma  = .5 / math.Sqrt(365)
)

// handShape is one side of the ladder at the start, which all paths share: coins by
// bucket of y, the log price, or its negative for shorts.
type handShape struct {
	coins  []float64
	base   int // number of the first bucket
	sign   float64
	margin float64 // from liquidation to bankruptcy
	front  float64
}

func newHandShape(sign float64) handShape {
	y := sign * math.Log(handPrice)
	s := handShape{coins: make([]float64, handBuckets), sign: sign, margin: -sign * math.Log(1-sign*handMargin), front: y}
	s.base = int(math.Floor(y*handBuckets)) - len(s.coins) + 1
	for tier, leverage := range handTiers {
		way := -sign * math.Log((1-sign/leverage)/(1-sign*handMargin))
		high, low := y-max(way-handWidth, 0), y-way-handWidth
		for b := range s.coins {
			bottom := float64(s.base+b) / handBuckets
			part := min(high, bottom+1./handBuckets) - max(low, bottom)
			s.coins[b] += handInterest / handPrice * handShares[tier] * max(part, 0) / (high - low)
		}
	}
	return s
}

// handSide is where one path stands in a shape: above the cursor nothing is left.
type handSide struct {
	*handShape
	cursor      int     // in coins; −1 below all
	left        float64 // coins of its bucket
	front       float64
	held, scale float64

	at      float64 // within a step: y reached
	price   float64 // there; 0 before it has moved
	density float64
}

// open begins a step.
func (s *handSide) open() {
	s.at, s.density, s.price = math.Inf(-1), 0, 0
	if s.cursor >= 0 {
		bottom := float64(s.base+s.cursor) * (1. / handBuckets)
		s.at = min(s.front, bottom+1./handBuckets)
		if s.at > bottom {
			s.density = s.left / (s.at - bottom)
		}
	}
}

// take passes the coins down to y: their number, and their value where they stood.
func (s *handSide) take(y float64) (coins, value float64) {
	if s.at <= y || s.cursor < 0 {
		return 0, 0
	}
	if s.price == 0 {
		s.price = math.Exp(s.sign * s.at)
	}
	for s.at > y && s.cursor >= 0 {
		bottom := float64(s.base+s.cursor) * (1. / handBuckets)
		end := max(bottom, y)
		h := s.at - end
		passed, d := s.density*h, -s.sign*h
		coins += passed
		value += passed * s.price * (1 + d*(1./2+d*(1./6+d*(1./24))))
		s.price *= 1 + d*(1+d*(1./2+d*(1./6+d*(1./24))))
		s.left -= passed
		if s.at = end; end == bottom {
			s.cursor--
			s.left, s.density = 0, 0
			if s.cursor >= 0 {
				s.left = s.coins[s.cursor]
				s.density = s.left * handBuckets
			}
		}
	}
	return coins, value
}

// close ends a step at y.
func (s *handSide) close(y float64) { s.front = max(y, s.at) }

// handLoop runs paths of the kernel.
type handLoop struct {
	shapes [2]handShape
	closes [handSteps + 1]float64
	waves  int
	capped bool
}

func newHandLoop() *handLoop {
	return &handLoop{shapes: [2]handShape{newHandShape(1), newHandShape(-1)}}
}

// handStreams are the random numbers of a path: news, and the fund flow's own.
func handStreams(seed, path uint64) (news, flow *rand.Rand) {
	h := fnv.New64a()
	h.Write([]byte("btc.etf_flow"))
	return rand.New(rand.NewPCG(seed, path)), rand.New(rand.NewPCG(seed^h.Sum64(), ^path))
}

// run sets closes to the log prices of one path.
func (l *handLoop) run(news, flow *rand.Rand) {
	var sides [2]handSide
	for i := range sides {
		shape := &l.shapes[i]
		sides[i] = handSide{handShape: shape, cursor: len(shape.coins) - 1, left: shape.coins[len(shape.coins)-1],
			front: shape.front, held: handInterest / handPrice, scale: 1}
	}
	x := math.Log(handPrice)
	price := handPrice
	aum, fund := handAUM, handInsurance
	lastFlow, lastAnswer, unanswered := 0., 0., 0.
	units, debt := handUnits, handDebt
	variance := handSigma * handSigma
	weight := 0.
	l.closes[0] = x
	for step := range handSteps {
		base := x + handSigma*news.NormFloat64() - handSigma*handSigma/2
		session := step%7 < 5
		wanted, answer := 0., 0.
		if session {
			wanted = handPersistence*lastFlow + handFlowSD*flow.NormFloat64()
			answer = handPersistence*lastAnswer + handResponse*unanswered
		}

		vol := max(math.Sqrt(variance*365), handVolFloor)
		r := x - l.closes[max(step-handLookBack, 0)]
		target := min(max(math.Tanh(r/(vol*math.Sqrt(handLookBack/365.)))*handVolGoal/vol, -1), 1)

		net, traded, left := 0., 0., fund
		sides[0].open()
		sides[1].open()
		change := target - weight
		weight = target
		now := base
		for wave := 0; ; wave++ {
			if wave == handMaxWaves {
				l.capped = true
				break
			}
			l.waves++
			p := price * math.Exp(now-x)
			// the funds: what investors may take out is what they have
			f, a := wanted, answer
			if r := now - x; math.Abs(f)+math.Abs(a) > aum*(1+r) {
				out, most := -min(f, 0)-min(a, 0), aum*math.Exp(r)+max(f, 0)+max(a, 0)
				if out > most {
					if f < 0 {
						f *= most / out
					}
					if a < 0 {
						a *= most / out
					}
				}
			}
			order := f + a - traded
			traded = f + a
			if session {
				lastFlow, lastAnswer = f, a
			}
			another := math.Abs(order) >= handTolerance
			// the followers
			if wave == 0 {
				o := handCapital / handPrice * change * p
				order += o
				another = another || math.Abs(o) >= handTolerance
			}
			// the treasury
			if value := units * p; debt > handCovenant*value {
				sale := min((debt-handTarget*value)/(1-handTarget), debt, value)
				units -= sale / p
				debt -= sale
				order -= sale
				another = another || sale >= handTolerance
			}
			// the ladder
			for i := range sides {
				s, other := &sides[i], &sides[1-i]
				y := s.sign * now
				if y >= s.at {
					continue
				}
				bankrupt, ruin := s.take(y + s.margin)
				coins, value := s.take(y)
				bankrupt, ruin = s.scale*bankrupt, s.scale*ruin
				coins, value = s.scale*coins+bankrupt, s.scale*value+ruin
				if coins <= 0 || s.held == 0 {
					continue
				}
				atRuin := 1 - s.sign*handMargin
				left += s.sign * (coins*p - value*atRuin)
				taken := 0.
				if left < 0 {
					if loss := s.sign * (ruin*atRuin - bankrupt*p); loss > 0 {
						taken = min(-left/loss*bankrupt, other.held)
						if other.held > 0 {
							other.scale *= 1 - taken/other.held
							other.held = max(other.held-taken, 0)
						}
					}
					left = 0
				}
				s.held = max(s.held-coins, 0)
				o := s.sign * (coins - taken) * p
				order -= o
				another = another || math.Abs(o) >= handTolerance
			}
			if order == 0 {
				break
			}
			net += order
			before := now
			now = base + handLambda*net
			if !another && math.Abs(now-before) <= handCoarsest {
				break
			}
		}
		close := price * math.Exp(now-x)
		move := now - x
		if session {
			unanswered = 0
		}
		unanswered += move
		aum = max(aum*close/price+traded, 0)
		variance = handMemory*variance + (1-handMemory)*move*move
		fund = left
		sides[0].close(now)
		sides[1].close(-now)
		x, price = now, close
		l.closes[step+1] = x
	}
}
