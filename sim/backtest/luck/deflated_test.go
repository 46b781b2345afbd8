package luck_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ebb-sim/ebb/sim/backtest/luck"
	"github.com/ebb-sim/ebb/sim/stats"
)

// grid is six rules whose last but one is the best by Sharpe ratio.
func grid() [][]float64 {
	var returns [][]float64
	for k := 2; k < 8; k++ {
		returns = append(returns, scaled(autoregressive(400, 20+uint64(k), .2), .01, .00008*float64(k-6)))
	}
	return returns
}

// The numbers wanted are computed with numpy and scipy.stats (norm, and skew and kurtosis with
// bias=False) from the formulas of the paper.
func TestDeflate(t *testing.T) {
	d, err := luck.Deflate(grid(), 4, 0, 365)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what      string
		got, want float64
	}{
		{"Sharpe", d.Sharpe, 0.4769184253852395},
		{"skewness", d.Skewness, 0.022400884152477086},
		{"kurtosis", d.Kurtosis, 1.9530455929217325},
		{"spread", d.Spread, 1.6222024038330052},
		{"expected", d.Expected, 2.109091511364443},
		{"DSR", d.DSR, 0.04392494014731711},
		{"PSR", d.PSR, 0.6910183638241442},
		{"correlation", d.Correlation, 0.014948674714817223},
		{"effective trials", d.EffectiveTrials, 5.925256626425914},
		{"effective expected", d.EffectiveExpected, 2.0973955465800365},
		{"effective DSR", d.EffectiveDSR, 0.0450738404625416},
	} {
		near(t, c.what, c.got, c.want, 1e-10)
	}
	if d.Trials != 6 || d.N != 400 || len(d.Warnings) > 0 {
		t.Errorf("%d trials, %d steps, warnings %q", d.Trials, d.N, d.Warnings)
	}
}

// A risk-free rate is as good as returns that are lower by its share of every step.
func TestDeflateAboveRiskFree(t *testing.T) {
	const rate = .05
	free := math.Pow(1+rate, 1./365) - 1
	var lower [][]float64
	for _, row := range grid() {
		lower = append(lower, scaled(row, 1, -free))
	}
	want, err := luck.Deflate(lower, 4, 0, 365)
	if err != nil {
		t.Fatal(err)
	}
	got, err := luck.Deflate(grid(), 4, rate, 365)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "Sharpe", got.Sharpe, want.Sharpe, 1e-10)
	near(t, "DSR", got.DSR, want.DSR, 1e-10)
	near(t, "PSR", got.PSR, want.PSR, 1e-10)
	if plain, _ := luck.Deflate(grid(), 4, 0, 365); plain.DSR-got.DSR < .01 {
		t.Errorf("DSR %v with a risk-free rate and %v without", got.DSR, plain.DSR)
	}
	_, err = luck.Deflate(grid(), 4, -1, 365)
	wantError(t, "rate", err, stats.ErrArgument, "risk-free rate -1, expected more than -1")
	cash := [][]float64{make([]float64, 100), grid()[0][:100]}
	for i := range cash[0] {
		cash[0][i] = free
	}
	_, err = luck.Deflate(cash, 0, rate, 365)
	wantError(t, "cash", err, stats.ErrConstant)
}

func TestDeflateFewTrials(t *testing.T) {
	returns := grid()
	d, err := luck.Deflate(returns[4:5], 0, 0, 365)
	if err != nil {
		t.Fatal(err)
	}
	if d.DSR != d.PSR || d.EffectiveDSR != d.PSR || d.Expected != 0 || !warned(d.Warnings, "one trial") {
		t.Errorf("one trial: %+v", d)
	}
	same, err := luck.Deflate([][]float64{returns[4], returns[4], make([]float64, 400)}, 0, 0, 365)
	if err != nil {
		t.Fatal(err)
	}
	if same.Trials != 2 || math.Abs(same.EffectiveTrials-1) > 1e-9 || same.Spread != 0 || same.DSR != same.PSR || !warned(same.Warnings, "1 of 3 cells have constant returns") {
		t.Errorf("twice the same trial: %+v", same)
	}
}

func TestDeflateRefused(t *testing.T) {
	returns := grid()
	_, err := luck.Deflate(returns, 6, 0, 365)
	wantError(t, "cell", err, stats.ErrArgument, "cell 6, expected 0 to 5")
	_, err = luck.Deflate(returns, 0, 0, 0)
	wantError(t, "periods", err, stats.ErrArgument, "periods per year")
	_, err = luck.Deflate([][]float64{make([]float64, 10), returns[0][:10]}, 0, 0, 365)
	wantError(t, "constant", err, stats.ErrConstant, "cell 0")
	_, err = luck.Deflate([][]float64{returns[0][:3]}, 0, 0, 365)
	wantError(t, "short", err, stats.ErrTooFew)
	returns[2][7] = math.NaN()
	_, err = luck.Deflate(returns, 0, 0, 365)
	wantError(t, "gap", err, stats.ErrGap, "cell 2", "step 7")
}

// Without skill the best of many has a DSR above .95 in about 5 % of histories at most, where its
// PSR is above .95 nearly always.
func TestDeflateOfNoise(t *testing.T) {
	source := rand.New(rand.NewPCG(5, 5))
	const histories = 300
	naive, deflated := 0, 0
	for range histories {
		returns := drawn(source, 50, 250)
		best, most := 0, math.Inf(-1)
		for c, row := range returns {
			if s, err := stats.Sharpe(row, 0, 365); err == nil && s > most {
				best, most = c, s
			}
		}
		d, err := luck.Deflate(returns, best, 0, 365)
		if err != nil {
			t.Fatal(err)
		}
		if d.PSR > .95 {
			naive++
		}
		if d.DSR > .95 {
			deflated++
		}
	}
	if naive < histories*8/10 || deflated > histories*5/100 {
		t.Errorf("above .95: PSR in %d, DSR in %d of %d histories", naive, deflated, histories)
	}
}
