package mechanism

import (
	"math"
	"strings"

	"github.com/ebb-sim/ebb/sim"
)

var _ = catalog.Add(Kind{
	Name:  "redemption",
	Title: "fund investors redeem after falls; sponsors sell the coins",
	Equation: `f(t) = constant + persistence·f(t−1) + response·[min(r,0) + asymmetry·max(r,0)] + innovation(t),  f(t) ≥ −AUM, less what carry desks hold of it
r: log return since, and including, the day of the previous session; a share same_day of its own day's return is answered at once
AUM(t) = AUM(t−1)·exp(return) + f(t);  the sponsor trades f over execution sessions
of each trade the share basis_arb is hedged with futures: it moves the basis and not the spot price, which answers to (1−basis_arb)·f
multiplier of a lasting fall under a linear, permanent impact: (1−φ)/(1−φ−(1−basis_arb)·ΛΦ), φ persistence, Φ response, Λ impact·impact_scale`,
	Source: "fund flows answering returns: Coval and Stafford (2007); estimates: ebb's fit on US spot Bitcoin ETFs, 2024-01-11..2026-02-10, 537 flow days",
	Default: func() Config {
		return &Redemption{Persistence: .43489, Response: 2.82222e9, Asymmetry: 1, Execution: 1}
	},
})

// Redemption holds the parameters of the ETF redemption feedback loop.
type Redemption struct {
	Common       `yaml:",inline"`
	Asset        string  `yaml:"asset" required:"true" doc:"asset the funds hold"`
	AUM          float64 `yaml:"aum" unit:"usd" required:"true" above:"0" doc:"assets under management at the starting close"`
	Persistence  float64 `yaml:"persistence" unit:"factor" min:"0" below:"1" doc:"share of a session's flow that comes again in the next (φ)" source:"least squares with Newey–West errors: .43489 ± .04181"`
	Response     float64 `yaml:"response" unit:"usd_per_return" min:"0" doc:"flow per unit log return (Φ); 0 switches the loop off" source:"least squares with Newey–West errors: $2.82222bn ± .66871"`
	Asymmetry    float64 `yaml:"asymmetry" unit:"factor" min:"0" doc:"response to rises over the response to falls (Φ⁺/Φ⁻)" source:"symmetric in the fit"`
	SameDay      float64 `yaml:"same_day" unit:"fraction" min:"0" max:"1" doc:"share of a session's return that is answered on the same day" source:"none: flows are fitted on the previous day's return"`
	Constant     float64 `yaml:"constant" unit:"usd" doc:"flow of a session without news" source:"0: the fit's constant, $54.6m, is the trend of its window"`
	InnovationSD float64 `yaml:"innovation_sd" unit:"usd" min:"0" doc:"standard deviation of a session's flow innovation" source:"0: flows answer to prices and shocks only"`
	Execution    int     `yaml:"execution" unit:"count" min:"1" max:"250" doc:"sessions over which the sponsor trades a flow" source:"1: creations and redemptions settle on one day's price"`
	BasisArb     float64 `yaml:"basis_arb" unit:"fraction" min:"0" max:"1" doc:"share of every flow that comes and goes against futures and is neutral to the price; beside a carry mechanism, what those desks do not hold" source:"0; new futures shorts of hedge funds explain about half of the variance of weekly flows (Darko, IOSG, June 2026, on CFTC positions): sweep it up to 50 %"`
}

// Build implements Config.
func (c *Redemption) Build(name string, env *Env) (sim.Mechanism, error) {
	asset, err := env.Asset(c.Asset)
	if err != nil {
		return nil, err
	}
	return &redemption{Redemption: *c, name: name, asset: asset, tranche: 1 / float64(c.Execution),
		innovation: env.Innovation(FlowSeries(c.Asset), c.InnovationSD)}, nil
}

// FlowSeries is the name of an asset's fund flow, in histories and in reports.
func FlowSeries(asset string) string { return asset + ".etf_flow" }

type redemption struct {
	Redemption
	name       string
	asset      int
	innovation int
	tranche    float64 // share of a flow that the sponsor trades in one session
}

// The ledger tells the flow that comes anyway from the answer to prices.
// The share of both that is hedged with futures stands in a third row.
const (
	flowPart = iota
	responsePart
	redemptionParts
	arbitragePart = redemptionParts
)

func (r *redemption) Name() string { return r.name }

func (r *redemption) Parts() []string {
	if r.BasisArb == 0 {
		return []string{"flow", "response"}
	}
	return []string{"flow", "response", "arbitrage"}
}

// Hedged implements [sim.Hedger].
func (r *redemption) Hedged(part int) bool { return part == arbitragePart }

func (r *redemption) Reports() []sim.Report {
	list := []sim.Report{fundFlow(r.Asset),
		{Name: r.Asset + ".etf_aum", Title: strings.ToUpper(r.Asset) + " ETF assets under management", Unit: sim.USD, Kind: sim.Level}}
	if r.BasisArb > 0 {
		list = append(list, arbitrageFlow(r.Asset))
	}
	return list
}

// fundFlow is the whole flow of an asset's funds, and arbitrageFlow what of it
// is hedged with futures. Every mechanism that creates or redeems shares
// publishes its part.
func fundFlow(asset string) sim.Report {
	return sim.Report{Name: FlowSeries(asset), Title: strings.ToUpper(asset) + " ETF net flow", Unit: sim.USD, Kind: sim.Flow, Shared: true}
}

func arbitrageFlow(asset string) sim.Report {
	return sim.Report{Name: asset + ".arbitrage_flow", Title: strings.ToUpper(asset) + " ETF net flow hedged with futures", Unit: sim.USD, Kind: sim.Flow, Shared: true}
}

// Reads implements [sim.Reader].
func (r *redemption) Reads() []string { return []string{CarrySeries(r.Asset)} }

func (r *redemption) Start(m *sim.Market) sim.Trader {
	t := &redeemers{redemption: r, aum: r.AUM, others: hedgedRows(m, r.name), desks: m.Find(CarrySeries(r.Asset))}
	for part := range t.queue {
		t.queue[part] = make([]float64, r.Execution)
	}
	t.recall(m)
	return t
}

// redeemers is the state of the funds along one path. Amounts by part: what
// was innovation, and what prices brought.
type redeemers struct {
	*redemption
	last  [redemptionParts]float64   // f of the previous session
	open  unanswered                 // at the open
	aum   float64                    // at the open
	own   float64                    // of it what investors may redeem; the rest belongs to carry desks
	queue [redemptionParts][]float64 // USD the sponsor still has to trade, by session ahead

	others []int // ledger rows of those who create and redeem shares against futures
	desks  int   // place of what they hold among the published series

	flow   [redemptionParts]float64     // f of this session, as of the latest wave
	traded [redemptionParts + 1]float64 // of this step, by row of the ledger
}

// unanswered is the log return that investors have not answered yet.
type unanswered struct {
	before float64 // up to the last midnight
	today  float64 // since
}

// pass takes the return of a step.
func (u *unanswered) pass(r float64, newDay bool) {
	if newDay {
		u.before, u.today = u.before+u.today, 0
	}
	u.today += r
}

// recall takes up the flow as it stood at the starting close: the last one
// observed, carried on by its equation over the sessions that have none.
func (t *redeemers) recall(m *sim.Market) {
	flows, closes := m.History(FlowSeries(t.Asset)), m.Closes(t.asset)
	known := 0
	for known < len(flows) && math.IsNaN(flows[len(flows)-1-known]) {
		known++
	}
	returns := len(closes) - 1
	if known >= min(len(flows), returns) {
		return // no flow was observed, or no price before it: the loop starts at rest
	}
	first := known // step of its day
	for first+1 < returns && !m.HistoryNewDay(first) {
		first++
	}
	for back := first; back >= 0; back-- {
		t.open.pass(closes[returns-back]-closes[returns-back-1], m.HistoryNewDay(back))
		switch {
		case back == known:
			t.flow[flowPart] = flows[len(flows)-1-known]
			t.booked(t.open)
		case back < known && m.HistorySession(back):
			t.flow[flowPart], t.flow[responsePart] = t.answer(t.open, 0)
			t.booked(t.open)
		}
	}
}

// answer gives the session's flow by the flow equation, and of it the answer to prices.
func (t *redeemers) answer(u unanswered, innovation float64) (flow, response float64) {
	r := u.before + t.SameDay*u.today
	if t.Asymmetry != 1 && r > 0 {
		r *= t.Asymmetry
	}
	return t.Constant + t.Persistence*t.last[flowPart] + innovation, t.Persistence*t.last[responsePart] + t.Response*r
}

// booked ends a session: its flow persists, and what it left unanswered of its
// own day is for the next one.
func (t *redeemers) booked(u unanswered) {
	t.last = t.flow
	t.open = unanswered{before: (1 - t.SameDay) * u.today}
}

// Restore implements [sim.Restorer].
func (t *redeemers) Restore(from sim.Trader) {
	queue := t.queue
	*t = *from.(*redeemers)
	for part := range queue {
		t.queue[part] = append(queue[part][:0], t.queue[part]...)
	}
}

// Fork implements [sim.Forker].
func (t *redeemers) Fork() sim.Trader { return fork(t, &redeemers{}) }

func (t *redeemers) Begin(m *sim.Market) {
	t.own = t.aum
	if held := m.Published(t.desks); held > 0 {
		t.own = max(t.aum-held, 0)
	}
	t.flow = [redemptionParts]float64{}
	t.traded = [redemptionParts + 1]float64{}
}

func (t *redeemers) Trade(m *sim.Market, orders []float64) {
	if !m.Session() {
		m.Rest(t.asset, math.Inf(-1), math.Inf(1))
		return
	}
	open := m.Open(t.asset)
	r := m.LogPrice(t.asset) - open
	u := t.open
	u.pass(r, m.NewDay())
	flow, response := t.answer(u, m.Innovation(t.innovation))
	wanted := math.Abs(flow) + math.Abs(response)
	covered := wanted <= t.own*(1+r) // 1+r ≤ e^r: so it is nearly always, and much sooner known
	if !covered {
		flow, response = t.limit(flow, response, r)
	}
	t.flow[flowPart], t.flow[responsePart] = flow, response
	flow, response = t.queue[flowPart][0]+flow*t.tranche, t.queue[responsePart][0]+response*t.tranche
	t.reach(m, orders, flowPart, (1-t.BasisArb)*flow)
	t.reach(m, orders, responsePart, (1-t.BasisArb)*response)
	if t.BasisArb > 0 {
		t.reach(m, orders, arbitragePart, t.BasisArb*flow+t.BasisArb*response)
	}
	if t.SameDay == 0 && covered { // then the price matters at the limit alone
		m.Rest(t.asset, open+wanted/t.own-1, math.Inf(1))
	}
}

// reach adds the order that brings a row's trades of this step to want.
func (t *redeemers) reach(m *sim.Market, orders []float64, row int, want float64) {
	orders[row*m.Assets()+t.asset] += want - t.traded[row]
	t.traded[row] = want
}

// limit keeps the outflow within the investors' assets, which have had the return
// r in this step: of flow and response, what flows out gives way in proportion.
func (t *redeemers) limit(flow, response, r float64) (float64, float64) {
	out := -min(flow, 0) - min(response, 0)
	most := t.own*math.Exp(r) + max(flow, 0) + max(response, 0)
	if out <= most {
		return flow, response
	}
	if flow < 0 {
		flow *= most / out
	}
	if response < 0 {
		response *= most / out
	}
	return flow, response
}

func (t *redeemers) Settle(m *sim.Market) {
	r := m.LogPrice(t.asset) - m.Open(t.asset)
	aum := t.aum*(m.Price(t.asset)/m.OpenPrice(t.asset)) + traded(m, t.others, t.asset)
	u := t.open
	u.pass(r, m.NewDay())
	if !m.Session() {
		t.aum, t.open = aum, u
		return
	}
	for part, flow := range t.flow {
		aum += flow
		if t.Execution > 1 {
			t.wait(t.queue[part], flow)
		}
	}
	if aum < 0 { // the last wave may have moved the price a little after the flow was set
		aum = 0
	}
	t.aum = aum
	t.booked(u)
}

// wait puts what a flow leaves to trade behind what waits already.
func (t *redeemers) wait(queue []float64, flow float64) {
	copy(queue, queue[1:])
	queue[len(queue)-1] = 0
	for i := range len(queue) - 1 {
		queue[i] += flow * t.tranche
	}
}

func (t *redeemers) Report(m *sim.Market, out []float64) {
	out[0], out[1] = math.NaN(), t.aum
	if m.Session() {
		out[0] = t.flow[flowPart] + t.flow[responsePart]
	}
	if t.BasisArb > 0 {
		out[2] = t.BasisArb * out[0]
	}
}

// Foretell implements [sim.Foreteller]: the flow is set within the waves, the
// assets are not.
func (t *redeemers) Foretell(m *sim.Market, out []float64) {
	t.Report(m, out)
	out[1] = math.NaN()
}

// Coins are the funds' holdings at the market's price; coins that the sponsor
// still has to sell for redeemed shares are no longer among them.
func (t *redeemers) Coins(m *sim.Market) float64 { return t.aum / m.Price(t.asset) }

// RedemptionMultiplier is the closed form of the lasting fall over the news
// that began it, for a linear permanent impact of lambda per USD: persistence
// φ, response Φ in USD per unit log return; a hedged share of the flow takes as
// much off lambda. It is an error of the parameters, reported as +Inf, when the
// loop's gain reaches 1.
func RedemptionMultiplier(lambda, persistence, response float64) float64 {
	rest := 1 - persistence - lambda*response
	if rest <= 0 {
		return math.Inf(1)
	}
	return (1 - persistence) / rest
}
