package trial

import "github.com/ebb-sim/ebb/sim/backtest/luck"

// Holding is what the random entries are drawn from.
func (t *Trial) Holding() luck.Holding { return t.holding() }
