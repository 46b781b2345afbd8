package mechanism

import "fmt"

// FireSale is the economy of Greenwood, Landier and Thesmar, "Vulnerable banks"
// (Journal of Financial Economics 115, 2015): portfolios that return to their
// leverage, and prices that answer linearly to what they trade.
type FireSale struct {
	Weights  [][]float64 // M, portfolio × asset; a row adds up to 1
	Assets   []float64   // A by portfolio, USD
	Leverage []float64   // B by portfolio, debt over equity
	Impact   []float64   // L by asset, simple return per USD
}

// FireSaleRound is what one round of sales brings.
type FireSaleRound struct {
	Returns []float64 // R = M·F by portfolio, simple
	Orders  []float64 // φ = Mᵀ·(A∘B∘R) by asset, USD, buy > 0
	Shock   []float64 // L∘φ by asset, simple: the returns that the next round answers
}

// Round answers the simple returns F of the assets. A and M stay what they were
// before the shock, as in the paper, so rounds add up linearly; the mechanism
// portfolio carries both on and agrees in the limit of small returns. An error
// tells shapes that do not fit.
func (f FireSale) Round(shock []float64) (FireSaleRound, error) {
	if len(f.Assets) != len(f.Weights) || len(f.Leverage) != len(f.Weights) || len(f.Impact) != len(shock) {
		return FireSaleRound{}, fmt.Errorf("weights of %d portfolios with assets of %d and leverage of %d; returns of %d assets with an impact for %d",
			len(f.Weights), len(f.Assets), len(f.Leverage), len(shock), len(f.Impact))
	}
	round := FireSaleRound{Returns: make([]float64, len(f.Weights)), Orders: make([]float64, len(shock)), Shock: make([]float64, len(shock))}
	for j, weights := range f.Weights {
		if len(weights) != len(shock) {
			return FireSaleRound{}, fmt.Errorf("portfolio %d has weights of %d assets, expected %d", j, len(weights), len(shock))
		}
		round.Returns[j] = dot(weights, shock)
		for k, w := range weights {
			round.Orders[k] += w * f.Assets[j] * f.Leverage[j] * round.Returns[j]
		}
	}
	for k, q := range round.Orders {
		round.Shock[k] = f.Impact[k] * q
	}
	return round, nil
}

// DistressedCovariance is the covariance of returns while a large fund sells
// after losses: Cont and Wagalath, "Running for the exit" (Mathematical Finance
// 23, 2013), in their limit of small steps. The fund holds the share f(V/V₀) of
// positions π (USD by asset) with value V = Σπ; depth D is the USD that would
// move a price by a return of 1, and Λ = π/D. With the fundamental covariance Σ
// and slope s = f′(V/V₀)/V₀ (1/USD)
//
//	C = Σ + s·(Λ(Σπ)ᵀ + (Σπ)Λᵀ) + s²·(πᵀΣπ)·ΛΛᵀ
//
// Their fund answers to the news of a step and not to what its own sales do to V
// in that step. Where it answers that too, as mechanisms do wave after wave, s
// becomes s/(1 − s·πᵀΛ). An error tells shapes that do not fit.
func DistressedCovariance(covariance [][]float64, positions, depth []float64, slope float64) ([][]float64, error) {
	n := len(positions)
	if len(covariance) != n || len(depth) != n {
		return nil, fmt.Errorf("a covariance of %d assets with positions in %d and depth of %d", len(covariance), n, len(depth))
	}
	exposed := make([]float64, n) // Σπ
	for i, row := range covariance {
		if len(row) != n {
			return nil, fmt.Errorf("row %d of the covariance has %d entries, expected %d", i, len(row), n)
		}
		exposed[i] = dot(row, positions)
	}
	variance := dot(positions, exposed)
	realised := make([][]float64, n)
	for i := range realised {
		realised[i] = make([]float64, n)
		for j := range realised[i] {
			λi, λj := positions[i]/depth[i], positions[j]/depth[j]
			realised[i][j] = covariance[i][j] + slope*(λi*exposed[j]+exposed[i]*λj) + slope*slope*variance*λi*λj
		}
	}
	return realised, nil
}

func dot(x, y []float64) float64 {
	sum := 0.0
	for i := range x {
		sum += x[i] * y[i]
	}
	return sum
}
