package stats

import "fmt"

// gainsAndLosses sums the values above 0 and the sizes of those below.
func gainsAndLosses(x []float64) (gains, losses float64) {
	for _, v := range x {
		gains += max(v, 0)
		losses -= min(v, 0)
	}
	return gains, losses
}

// winsAndLosses counts the values above and below 0.
func winsAndLosses(x []float64) (wins, losses int) {
	for _, v := range x {
		switch {
		case v > 0:
			wins++
		case v < 0:
			losses++
		}
	}
	return wins, losses
}

// winRate is the share of winning returns; those of 0 are left out.
func winRate(simple []float64) (float64, error) {
	wins, losses := winsAndLosses(simple)
	return divide(float64(wins), float64(wins+losses), "all returns are 0")
}

// payoff is the mean win over the size of the mean loss.
func payoff(simple []float64) (float64, error) {
	gains, pains := gainsAndLosses(simple)
	wins, losses := winsAndLosses(simple)
	if wins == 0 || losses == 0 {
		return absent, fmt.Errorf("%w: %d wins and %d losses, expected both", ErrTooFew, wins, losses)
	}
	return finite(gains / float64(wins) / (pains / float64(losses)))
}

// profitFactor is the sum of wins over the sum of losses.
func profitFactor(simple []float64) (float64, error) {
	gains, losses := gainsAndLosses(simple)
	return divide(gains, losses, noLoss)
}

// kelly is the share of wealth w - (1-w)/b that maximises growth when a share w of
// returns wins b for 1 lost (Kelly, 1956).
func kelly(simple []float64) (float64, error) {
	b, err := payoff(simple)
	if err != nil {
		return absent, err
	}
	w, err := winRate(simple)
	if err != nil {
		return absent, err
	}
	return finite(w - (1-w)/b)
}
