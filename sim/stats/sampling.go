package stats

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// Sampling says how the paths of a simulation were drawn, where they are not
// independent of each other and worth the same. Its estimates are those of the
// functions of the same names, and those very ones where it says nothing. What does not
// exist on a path is NaN there, and is left out.
//
// A mean is Σwx/Σw over all paths. Its interval treats groups as the independent units
// and a mean over unequal ones as a ratio (linearised: Cochran, Sampling Techniques,
// 1977, sections 6.3 and 11.3; of weights: Hesterberg 1995, Technometrics 37(2)).
type Sampling struct {
	// Group is how many paths in a row were drawn together, such as an antithetic pair:
	// their number is a multiple of it. 0 is taken as 1.
	Group int
	// Weights are the likelihood ratios of the paths, none negative; nil where all are 1.
	Weights []float64
}

func (s Sampling) alone() bool { return s.Group <= 1 && s.Weights == nil }

// units is what s.Group paths are called in results.
func (s Sampling) units() string {
	text := "over paths"
	if s.Group > 1 {
		text = fmt.Sprintf("over groups of %d paths", s.Group)
	}
	if s.Weights != nil {
		text += ", weighted"
	}
	return text
}

// EffectivePaths is Kish's effective number of paths, (Σw)²/Σw², of those on which x
// exists: as many paths of one weight would tell as much of a mean to which the
// weights are alien (Kish, Survey Sampling, 1965, section 11.7).
func (s Sampling) EffectivePaths(x []float64) float64 {
	sum, squares := 0.0, 0.0
	for i, v := range x {
		if w := s.weight(i); v == v {
			sum += w
			squares += w * w
		}
	}
	if squares == 0 {
		return 0
	}
	return sum * sum / squares
}

func (s Sampling) weight(path int) float64 {
	if s.Weights == nil {
		return 1
	}
	return s.Weights[path]
}

func (s Sampling) check(x []float64, level float64) error {
	faults := []error{checkLevel(level)}
	if s.Group > 1 && len(x)%s.Group != 0 {
		faults = append(faults, fmt.Errorf("%w: %d paths in groups of %d", ErrLength, len(x), s.Group))
	}
	if s.Weights != nil && len(s.Weights) != len(x) {
		faults = append(faults, fmt.Errorf("%w: %d paths and %d weights", ErrLength, len(x), len(s.Weights)))
	}
	for i, w := range s.Weights {
		if !(w >= 0) || math.IsInf(w, 1) {
			faults = append(faults, fmt.Errorf("%w: weight %d is %v", ErrArgument, i, w))
			break
		}
	}
	for i, v := range x {
		if math.IsInf(v, 0) {
			faults = append(faults, fmt.Errorf("%w: index %d is %v", ErrNotFinite, i, v))
			break
		}
	}
	return errors.Join(faults...)
}

// EstimateMean is Σwx/Σw with Student's t interval over the groups.
func (s Sampling) EstimateMean(x []float64, level float64) (Estimate, error) {
	if s.alone() {
		return EstimateMean(present(x), level)
	}
	return s.estimateMean(x, level, methodMean+" "+s.units())
}

// EstimateMeanDifference is the mean of a[i] − b[i].
func (s Sampling) EstimateMeanDifference(a, b []float64, level float64) (Estimate, error) {
	if len(a) != len(b) {
		err := fmt.Errorf("%w: %d and %d", ErrLength, len(a), len(b))
		return failed(level, len(a), methodPaired, err)
	}
	differences := make([]float64, len(a))
	for i := range a {
		differences[i] = a[i] - b[i]
	}
	if s.alone() {
		return estimateMean(present(differences), level, methodPaired)
	}
	return s.estimateMean(differences, level, methodPaired+" "+s.units())
}

func (s Sampling) estimateMean(x []float64, level float64, method string) (Estimate, error) {
	t, err := s.totals(x, level)
	if err != nil {
		return failed(level, t.paths, method, err)
	}
	e := estimate(t.mean(), level, t.paths, method)
	if len(t.above) == 1 {
		return e.warn("one group has no spread: no interval"), nil
	}
	margin := studentT(len(t.above)-1, level) * t.error()
	return t.warnFew(e).warnConstant(margin).within(e.Value-margin, e.Value+margin)
}

// EstimateRatio is mean(above)/mean(below) with Fieller's interval over the groups.
func (s Sampling) EstimateRatio(above, below []float64, level float64) (Estimate, error) {
	var a, b []float64
	if len(above) == len(below) {
		a, b = slices.Clone(above), slices.Clone(below)
		for i := range a {
			if a[i] != a[i] || b[i] != b[i] {
				a[i], b[i] = absent, absent
			}
		}
	} else {
		a, b = above, below
	}
	if s.alone() || len(a) != len(b) {
		return EstimateRatio(present(a), present(b), level)
	}
	top, err := s.totals(a, level)
	bottom, fault := s.totals(b, level)
	if err = errors.Join(err, fault); err != nil {
		return failed(level, top.paths, methodRatio, err)
	}
	e, err := EstimateRatio(top.above, bottom.above, level) // of means over groups
	e.N, e.Method = top.paths, methodRatio+" "+s.units()
	return e, err
}

// EstimateProportion is the share of paths on which a yes or no, 1 or 0, is a yes,
// with Wilson's interval for the number of independent paths that would spread as the
// groups do (Dean and Pagano 2015, Journal of Survey Statistics and Methodology 3(4)).
// Where all paths say the same each group counts as one.
func (s Sampling) EstimateProportion(x []float64, level float64) (Estimate, error) {
	if s.alone() {
		p := present(x)
		ones := 0
		for _, v := range p {
			if v == 1 {
				ones++
			}
		}
		return EstimateProportion(ones, len(p), level)
	}
	method := methodProportion + " " + s.units()
	t, err := s.totals(x, level)
	for i, v := range x {
		if v == v && v != 0 && v != 1 {
			err = errors.Join(err, fmt.Errorf("%w: index %d is %v, expected 0 or 1", ErrArgument, i, v))
			break
		}
	}
	if err != nil {
		return failed(level, t.paths, method, err)
	}
	share := t.mean()
	low, high := wilson(share, t.trials(share), t.quantile(level))
	return t.warnFew(estimate(share, level, t.paths, method)).within(min(share, low), max(share, high))
}

// EstimateQuantiles are quantiles with the intervals of Woodruff (1952, Journal of the
// American Statistical Association 47): the share of paths up to a value is estimated
// as [Sampling.EstimateProportion] does, and the ends are the quantiles at the ends of
// that interval. A weighted quantile is the least value up to which lies a share of at
// least p of the weights; without weights it is that of [Quantile].
func (s Sampling) EstimateQuantiles(x, ps []float64, level float64) ([]Estimate, error) {
	if s.alone() {
		return EstimateQuantiles(present(x), ps, level)
	}
	method := "Woodruff " + s.units()
	all := make([]Estimate, len(ps))
	_, err := s.totals(x, level)
	for _, p := range ps {
		err = errors.Join(err, checkInner(p))
	}
	if err != nil {
		for i := range all {
			all[i], _ = failed(level, len(present(x)), method, err)
		}
		return all, err
	}
	d := s.distribution(x)
	below := make([]float64, len(x))
	for i, p := range ps {
		e := estimate(d.quantile(p), level, len(present(x)), method)
		for k, v := range x {
			below[k] = indicator(v, e.Value)
		}
		t, _ := s.totals(below, level) // of the x that passed above
		all[i] = d.woodruff(t, p, t.warnFew(e))
	}
	return all, nil
}

// indicator is 1 up to a value and 0 above; what is absent stays so.
func indicator(v, upTo float64) float64 {
	switch {
	case v != v:
		return absent
	case v <= upTo:
		return 1
	}
	return 0
}

// woodruff closes the estimate of a quantile whose share of paths has these totals.
func (d distribution) woodruff(t groupTotals, p float64, e Estimate) Estimate {
	trials := t.trials(t.mean())
	low, high := wilson(p, trials, t.quantile(e.Level))
	end := func(which string, logP, at float64) float64 {
		if least := pathsForBound(logP, e.Level); trials < least {
			e = e.warn("too few paths for a %s quantile: its %s bound needs %.0f, and they count as %.0f", percent(p), which, least, trials)
			return absent
		}
		return d.quantile(at)
	}
	if v := end("lower", math.Log1p(-p), low); v == v {
		e.Low = min(e.Value, v)
	}
	if v := end("upper", math.Log(p), high); v == v {
		e.High = max(e.Value, v)
	}
	return e
}

// groupTotals are Σwx and Σw of each group that has a path with a weight.
type groupTotals struct {
	above, below []float64
	paths        int // on which x exists
}

func (s Sampling) totals(x []float64, level float64) (groupTotals, error) {
	var t groupTotals
	err := s.check(x, level)
	if err != nil {
		return t, err
	}
	for from, group := 0, max(1, s.Group); from < len(x); from += group {
		above, below := 0.0, 0.0
		for i := from; i < from+group; i++ {
			if v := x[i]; v == v {
				above += s.weight(i) * v
				below += s.weight(i)
				t.paths++
			}
		}
		if below > 0 {
			t.above, t.below = append(t.above, above), append(t.below, below)
		}
	}
	if len(t.above) == 0 {
		return t, fmt.Errorf("%w: 0 of at least 1", ErrTooFew)
	}
	return t, nil
}

func (t groupTotals) mean() float64 { return total(t.above) / total(t.below) }

// error is the linearised standard error of the mean.
func (t groupTotals) error() float64 {
	m, k, squares := t.mean(), float64(len(t.above)), 0.0
	for g, a := range t.above {
		e := a - m*t.below[g]
		squares += e * e
	}
	return math.Sqrt(k/(k-1)*squares) / total(t.below)
}

// trials is the number of independent paths whose share p would spread as this one.
// Where groups do not differ it is a cautious one: that of the paths, if each group says
// yes and no, and else that of the groups.
func (t groupTotals) trials(p float64) float64 {
	se := t.error()
	switch {
	case !(p > 0 && p < 1):
		return float64(len(t.above))
	case se > 0:
		return p * (1 - p) / (se * se)
	}
	return float64(t.paths)
}

// quantile is Student's for the groups, +Inf where there is one alone.
func (t groupTotals) quantile(level float64) float64 {
	if len(t.above) == 1 {
		return math.Inf(1)
	}
	return studentT(len(t.above)-1, level)
}

func (t groupTotals) warnFew(e Estimate) Estimate {
	if k := len(t.above); k < fewPaths {
		return e.warn("%d groups are few: the interval trusts that means are close to normal", k)
	}
	return e
}

func total(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum
}

// wilson is Wilson's interval of a share of trials, z standard errors wide.
func wilson(share, trials, z float64) (low, high float64) {
	if math.IsInf(z, 1) {
		return 0, 1
	}
	scale := 1 / (1 + z*z/trials)
	centre := scale * (share + z*z/(2*trials))
	margin := scale * z * math.Sqrt(share*(1-share)/trials+z*z/(4*trials*trials))
	return max(0, centre-margin), min(1, centre+margin)
}

// distribution is a weighted sample in ascending order.
type distribution struct {
	values, cumulated []float64
	equal             bool // all weights are
}

func (s Sampling) distribution(x []float64) distribution {
	var order []int
	for i, v := range x {
		if v == v && s.weight(i) > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int {
		switch {
		case x[i] < x[j]:
			return -1
		case x[i] > x[j]:
			return 1
		}
		return 0
	})
	d, sum := distribution{equal: s.Weights == nil}, 0.0
	for _, i := range order {
		sum += s.weight(i)
		d.values, d.cumulated = append(d.values, x[i]), append(d.cumulated, sum)
	}
	return d
}

func (d distribution) quantile(p float64) float64 {
	if d.equal {
		return sortedQuantile(d.values, p)
	}
	last := len(d.values) - 1
	at, _ := slices.BinarySearch(d.cumulated, p*d.cumulated[last])
	return d.values[min(at, last)]
}

func present(x []float64) []float64 {
	return slices.DeleteFunc(slices.Clone(x), func(v float64) bool { return v != v })
}
