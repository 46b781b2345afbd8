package sim

// A Mechanism is a rule by which some holders trade. It is immutable and safe
// for concurrent use.
type Mechanism interface {
	// Name is the label of this mechanism in the scenario and its ledger.
	Name() string
	// Start returns fresh state for one path. The market stands at the close
	// before the first step.
	Start(m *Market) Trader
}

// A Trader is one mechanism's state along one path.
type Trader interface {
	// Begin readies the step after the news. It may be called again to re-run
	// the step with other news, so it must undo what Trade has done.
	Begin(m *Market)
	// Trade adds what the holders still want at the current price on top of
	// what they have already traded in this step: USD, buy > 0, at index
	// part×assets+asset. An order fills at the price the wave shows. One who
	// knows where the next order comes may say so: see [Market.Rest].
	Trade(m *Market, orders []float64)
	// Settle closes the step. It is the only place where lasting state changes.
	Settle(m *Market)
}

// Parted is a Mechanism whose ledger entry has several parts, each a row of its
// own: redemption tells the flow that comes anyway from the response to prices.
type Parted interface {
	Mechanism
	Parts() []string
}

// Reporter is a Mechanism that publishes series of its own, such as a health
// factor or a flow. Its traders implement [ReportingTrader].
type Reporter interface {
	Mechanism
	Reports() []Report
}

// Reader is a Mechanism that follows series which others publish. What it reads
// is published before what it publishes itself, so two mechanisms cannot read
// each other.
type Reader interface {
	Mechanism
	Reads() []string // names of series; one that nobody publishes is absent
}

// Needer is a Reader that makes no sense without some of the series it reads: a
// scenario in which nobody publishes them is at fault. In a variant that leaves
// the publisher out they are absent.
type Needer interface {
	Reader
	Needs() []string
}

// Follower is a Mechanism that counts the orders of others, by the names of their
// rows in the ledger. A part that a mechanism of the plan does not have is a
// fault; a mechanism that the plan is without has no orders.
type Follower interface {
	Mechanism
	Follows() []string // mechanisms ("redemption") and parts of them ("redemption.flow")
}

// Hedger is a Mechanism some of whose parts buy one thing and sell another, as
// cash-and-carry buys fund shares and sells futures: their orders stand in the
// ledger with the USD bought in the spot market, and move no spot price.
type Hedger interface {
	Mechanism
	Hedged(part int) bool
}

// Repricer is a Trader under which quotes move though nobody trades: dealers
// mark a price to a new interest rate. It is asked once a step, after the news
// and before Begin, adds log returns at part×assets+asset, and changes no state.
type Repricer interface {
	Trader
	Reprice(m *Market, returns []float64)
}

// Report describes one published series.
type Report struct {
	Name  string     // unique in the plan, unless shared: "btc.etf_flow", "strategy.health_factor"
	Title string     // for a reader: "US spot ETF net flow"
	Unit  ReportUnit // of its values
	Kind  ReportKind // how it adds up over time

	Shared bool // several mechanisms may publish this flow: it is their sum
}

// ReportUnit is the base unit of a published series.
type ReportUnit string

// The units of published series.
const (
	USD      ReportUnit = "usd"
	USDCoin  ReportUnit = "usd_per_coin"
	Coins    ReportUnit = "coins"
	Fraction ReportUnit = "fraction"
	Ratio    ReportUnit = "ratio"
	Days     ReportUnit = "days"
	Flag     ReportUnit = "flag" // 1 yes, 0 no
)

// ReportKind says how a published series adds up over time.
type ReportKind string

// A flow adds up over steps; a level is what stands at the close.
const (
	Flow  ReportKind = "flow"
	Level ReportKind = "level"
)

// ReportingTrader fills the values its mechanism's Reports announces, in that
// order: after Start, where only the levels count, and after every Settle. A value
// that does not exist is NaN, never 0.
type ReportingTrader interface {
	Trader
	Report(m *Market, out []float64)
}

// Foreteller is a ReportingTrader that can tell what it will publish before the
// step closes. A replay asks it while it tries a step again and again, until
// what is published is what was observed.
type Foreteller interface {
	ReportingTrader
	// Foretell fills out as Report would if the step closed as it stands, NaN
	// where that cannot be told, and changes no state.
	Foretell(m *Market, out []float64)
}

// Forker is a Trader from whose state another path can go on. Those of sim/mechanism and
// sim/monitor are; a strategy among the mechanisms is not.
type Forker interface {
	Trader
	// Fork is a trader in the same state, which shares nothing with this one that
	// changes along a path.
	Fork() Trader
}

// Restorer is a Forker that takes over the state of another trader of its mechanism
// and keeps its own memory: so a [Runner] begins its second path, and all others.
type Restorer interface {
	Forker
	Restore(from Trader)
}

// Profiler is a Mechanism that can show how what it holds is spread over
// prices, such as open interest by liquidation price. Its traders implement
// [ProfilingTrader].
type Profiler interface {
	Mechanism
	Profiles() []Profile
}

// Profile describes one holding by price.
type Profile struct {
	Name  string     // unique in the plan: "btc.open_interest.long"
	Title string     // for a reader: "open interest of longs by liquidation price"
	Unit  ReportUnit // of a bucket's value
	Asset int
	Edges []float64 // of the buckets, ascending, USD per coin: one more than there are buckets
}

// ProfilingTrader fills the profiles its mechanism announces, in that order,
// after Settle: out is profile × bucket.
type ProfilingTrader interface {
	Trader
	Profile(m *Market, out [][]float64)
}

// A Driver is where news comes from. It is immutable and safe for concurrent
// use; what it gives is a function of seed and path alone.
type Driver interface {
	Name() string
	Start(seed, path uint64) Source
}

// A Source gives the news of one path, step after step.
type Source interface {
	// Next sets the news of a step: a log return per asset and one innovation
	// per entry of Plan.Innovations, in its unit.
	Next(step int, news, innovations []float64)
}

// Landing is a Source that replays what was observed: where its news cannot
// reach a close, it tells how far the close lay from where the waves end.
type Landing interface {
	Source
	// Unexplained sets a log return per asset after the waves of the step whose
	// news Next gave last; it is cleared beforehand. See [Runner.Shift].
	Unexplained(step int, returns []float64)
}

// Law is a price impact law: how far a net order moves the price.
type Law interface {
	// Return is the log return of a net order of usd executed in one step. It
	// is odd and non-decreasing in usd, and 0 at 0.
	Return(usd float64, l Liquidity) float64
	// Linear tells that Return is linear in usd, so that shares are pro rata.
	Linear() bool
}

// Liquidity is the state of the market's depth at the start of a step.
type Liquidity struct {
	Depth    float64 // depth over its base value: 1 as stated, .5 when half of it has withdrawn
	LogPrice float64 // log of the opening price, for laws in coins or market value
}
