package driver_test

import (
	"math"
	"testing"

	"github.com/ebb-sim/ebb/sim/driver"
)

// The past's row i is (i/1000, −i/1000): without centring a return tells its row.
func TestBootstrapBlocks(t *testing.T) {
	const n, length = 200_000, 8
	e := env(n)
	news, _ := draw(build(t, &driver.Bootstrap{BlockLength: length}, e), e, 42, 1, n)
	rows := len(e.Past)
	visits, follows, wraps := make([]float64, rows), 0, 0
	last := -1
	for step, row := range news {
		if row[0] != -row[1] {
			t.Fatalf("step %d: rows %v torn apart", step, row)
		}
		i := int(math.Round(row[0] * 1000))
		visits[i]++
		if step > 0 && i == (last+1)%rows {
			follows++
			if i == 0 {
				wraps++
			}
		}
		last = i
	}
	// a row follows the one before unless a block ends and does not happen to start there
	p := 1 - 1./length*(1-1/float64(rows))
	within(t, "share of steps within a block", float64(follows)/(n-1), p, math.Sqrt(p*(1-p)/n))
	if wraps == 0 {
		t.Error("no block went round the end of the history")
	}
	for i, v := range visits {
		if want := float64(n) / float64(rows); math.Abs(v/want-1) > .2 { // dependent visits: about 8 times the binomial variance
			t.Errorf("row %d drawn %v times, want about %v", i, v, want)
		}
	}
}

func TestBootstrapBlocksOfOneAreIndependent(t *testing.T) {
	const n = 100_000
	e := env(n)
	news, _ := draw(build(t, &driver.Bootstrap{BlockLength: 1, Centre: true}, e), e, 42, 1, n)
	products := make([]float64, n-1)
	for i := range products {
		products[i] = news[i][0] * news[i+1][0]
	}
	m, se := mean(products)
	within(t, "covariance of neighbours", m, 0, se)
}

// Over every row of the history: the mean stays or makes way for −σ²/2, the deviations are
// scaled or not.
func TestBootstrapMoments(t *testing.T) {
	raw := math.Sqrt((40*40-1)/12.) / 1000 // of 0, .001, …, .039
	for name, c := range map[string]struct {
		config   driver.Bootstrap
		mean, sd float64
	}{
		"raw":                {driver.Bootstrap{}, .0195, raw},
		"centred":            {driver.Bootstrap{Centre: true}, -raw * raw / 2, raw},
		"scaled":             {driver.Bootstrap{Scale: true}, .0195, .03},
		"centred and scaled": {driver.Bootstrap{Centre: true, Scale: true}, -.03 * .03 / 2, .03},
	} {
		e := env(40)
		c.config.BlockLength = 1e300 // one block goes round the whole history once
		news, _ := draw(build(t, &c.config, e), e, 42, 1, 40)
		x, squares := make([]float64, 40), 0.0
		for i, row := range news {
			x[i] = row[0]
		}
		m, _ := mean(x)
		for _, v := range x {
			squares += (v - m) * (v - m) / 40
		}
		if math.Abs(m-c.mean) > 1e-15 || math.Abs(math.Sqrt(squares)-c.sd) > 1e-14 {
			t.Errorf("%s: mean %v and sd %v, want %v and %v", name, m, math.Sqrt(squares), c.mean, c.sd)
		}
		if e.Past[1][0] != .001 {
			t.Errorf("%s: the history was altered", name)
		}
	}
}
