package mechanism

import (
	"errors"
	"math"
	"slices"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/param"
)

var _ = catalog.Add(Kind{
	Name:  "exposure",
	Title: "holders of a treasury's shares gain and lose through the coin's price, the premium and leverage",
	Equation: `value V = V₀·s,  s the company's share price over that at the start
market_cap:        s = mNAV·coins per share·P, each over its start: debt is in mNAV already
enterprise_value:  s = λ·(mNAV·coins per share·P) − (λ−1)·net debt per share, each over its start;  λ = enterprise value / market cap at the start
V − V₀ = price + mNAV + accretion + leverage, in this order:  price = V₀·(p−1),  mNAV = V₀·p·(m−1),  accretion = V₀·p·m·(c−1),
leverage = V₀·(s − p·m·c), the rest: 0 under market_cap, V₀·(λ−1)·(p·m·c − d) under enterprise_value;  p, m, c, d: P, mNAV, coins and net debt per share over their start
loss ≥ stop at the last close before a US session: all shares are sold in it at that close's price, and the share pass_through of the sale sells coins`,
	Source:  "an identity; the order of its terms is a convention. No source gives a stop or what a sale of shares does to the coin: both are assumptions to be swept",
	Default: func() Config { return &Exposure{} },
})

// Exposure holds the parameters of those who hold the shares of treasuries of
// one asset. They hold no coins.
type Exposure struct {
	Common  `yaml:",inline"`
	Asset   string        `yaml:"asset" required:"true" doc:"asset that the companies hold"`
	Holders []Shareholder `yaml:"holders" required:"true" doc:"who holds the shares"`
}

// Shareholder holds the shares of one company.
type Shareholder struct {
	Name        string   `yaml:"name" required:"true" doc:"who it is"`
	Value       float64  `yaml:"value" unit:"usd" required:"true" above:"0" doc:"market value of the shares at the starting close"`
	Company     string   `yaml:"company" required:"true" doc:"name of the company among the holders of a treasury of the same asset, where its mnav is given; without it the value is absent"`
	Stop        *float64 `yaml:"stop" unit:"fraction" above:"0" below:"1" doc:"loss since the start at which all shares are sold, as a US session opens; never where not given"`
	Share       string   `yaml:"share" doc:"asset of the history whose price is that of the shares, drawn beside what they are worth here"`
	PassThrough float64  `yaml:"pass_through" unit:"fraction" min:"0" max:"1" doc:"share of a sale of the shares that becomes a sale of coins, by those who hold the one against the other" source:"0: a sale of shares moves no coins"`
}

// Build implements Config.
func (c *Exposure) Build(name string, env *Env) (sim.Mechanism, error) {
	asset, err := env.Asset(c.Asset)
	faults := []error{err}
	if len(c.Holders) == 0 {
		faults = append(faults, &param.Error{Path: "holders", Found: "an empty list", Expected: "at least one holder"})
	}
	faults = append(faults, distinct(c.Holders, func(h Shareholder) string { return h.Name }))
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	built := &exposure{Exposure: *c, name: name, asset: asset}
	built.Holders = slices.Clone(c.Holders)
	return built, nil
}

type exposure struct {
	Exposure
	name  string
	asset int
}

func (e *exposure) Name() string { return e.name }

// The quantities of a company that a holder of its shares follows.
const (
	sharePrice = iota
	multiple
	coinsPerShare
	followed
)

// follows are the names of the series of a company that holds an asset, in the
// order of the quantities.
func follows(company, asset string) [followed]string {
	return [followed]string{HolderSeries(company, "share_price"), HolderSeries(company, "mnav"), HolderSeries(company, perShare(asset))}
}

// Reads implements [sim.Reader].
func (e *exposure) Reads() []string {
	var list []string
	for _, h := range e.Holders {
		series := follows(h.Company, e.Asset)
		list = append(list, series[:]...)
	}
	return list
}

// exposureReports is the number of series of one holder.
const exposureReports = 7

// Needs implements [sim.Needer]: a company that nobody has, or that holds another
// asset, is a slip.
func (e *exposure) Needs() []string { return e.Reads() }

func (e *exposure) Reports() []sim.Report {
	var list []sim.Report
	for _, h := range e.Holders {
		list = append(list,
			level(h.Name, "value", "value of the shares", sim.USD),
			level(h.Name, "pnl", "profit and loss since the start", sim.USD),
			level(h.Name, "loss_price", "of it through the coin's price", sim.USD),
			level(h.Name, "loss_mnav", "of it through mNAV", sim.USD),
			level(h.Name, "loss_accretion", "of it through coins per share", sim.USD),
			level(h.Name, "loss_leverage", "of it through the company's debt", sim.USD),
			flow(h.Name, "sold", "sold shares"))
	}
	return list
}

func (e *exposure) Start(m *sim.Market) sim.Trader {
	t := &shareholders{exposure: e, list: make([]shareholder, len(e.Holders)), start: m.Open(e.asset)}
	for i, h := range e.Holders {
		s := &t.list[i]
		for k, series := range follows(h.Company, e.Asset) {
			s.at[k] = m.Find(series)
		}
		if slices.Contains(s.at[:], -1) { // no such company, or not of this asset: nothing of it is known
			s.at = [followed]int{-1, -1, -1}
		}
		s.first = math.NaN()
	}
	return t
}

// shareholders is the state of the holders along one path.
type shareholders struct {
	*exposure
	list  []shareholder
	start float64 // log price of the coin at the starting close
}

// shareholder is one of them. Shares are sold all at once or not at all.
type shareholder struct {
	at     [followed]int
	first  float64 // the company's mNAV at the starting close; NaN before the first step has settled
	gone   bool    // the shares were sold in an earlier step
	exit   holding // as they were sold
	sells  bool    // they are sold in this step
	traded bool    // the coins of this step's sale are sold
}

// holding is how a holding stands, each over its value at the start: share price,
// price of the coin, mNAV, coins per share.
type holding struct{ share, price, mnav, coins float64 }

// now is the holding at the latest published close, where the coin had a given
// log price.
func (t *shareholders) now(m *sim.Market, s *shareholder, log float64) holding {
	mnav := m.Published(s.at[multiple])
	first := s.first
	if math.IsNaN(first) {
		first = mnav // this is the starting close
	}
	return holding{m.Published(s.at[sharePrice]), math.Exp(log - t.start), absent(mnav / first), m.Published(s.at[coinsPerShare])}
}

// Fork implements [sim.Forker].
func (t *shareholders) Fork() sim.Trader {
	c := *t
	c.list = slices.Clone(t.list)
	return &c
}

func (t *shareholders) Begin(m *sim.Market) {
	for i, h := range t.Holders {
		s := &t.list[i]
		s.sells = !s.gone && h.Stop != nil && m.Session() && 1-m.Published(s.at[sharePrice]) >= *h.Stop
		s.traded = false
	}
}

func (t *shareholders) Trade(m *sim.Market, orders []float64) {
	for i, h := range t.Holders {
		if s := &t.list[i]; s.sells && !s.traded {
			s.traded = true
			orders[t.asset] -= h.PassThrough * h.Value * m.Published(s.at[sharePrice])
		}
	}
}

func (t *shareholders) Settle(m *sim.Market) {
	for i := range t.list {
		s := &t.list[i]
		if m.Step() == 0 {
			s.first = m.Published(s.at[multiple])
		}
		if s.sells {
			s.gone, s.exit = true, t.now(m, s, m.Open(t.asset))
		}
	}
}

func (t *shareholders) Report(m *sim.Market, out []float64) {
	for i, h := range t.Holders {
		s := &t.list[i]
		row := out[exposureReports*i : exposureReports*(i+1)]
		now, held, sold := s.exit, 0.0, 0.0
		switch {
		case s.sells:
			sold = h.Value * now.share
		case !s.gone:
			now = t.now(m, s, m.LogPrice(t.asset))
			held, sold = h.Value*now.share, 0*now.share // both absent where the company is
		}
		row[0], row[6] = held, sold
		now.attribute(h.Value, row[1:6])
	}
}

// attribute divides what a holding of a value at the start has gained into
// price, mNAV, accretion and leverage, which add up to it, and writes them
// behind it. Where one of them is absent, as mNAV is without coins, all are.
func (h holding) attribute(value float64, out []float64) {
	out[0] = value * (h.share - 1)
	out[1] = value * (h.price - 1)
	out[2] = value * h.price * (h.mnav - 1)
	out[3] = value * h.price * h.mnav * (h.coins - 1)
	out[4] = out[0] - out[1] - out[2] - out[3]
	if math.IsNaN(out[4]) {
		out[1], out[2], out[3] = math.NaN(), math.NaN(), math.NaN()
	}
}
