package intake

import "slices"

// A known format is a signature and the mapping that goes with it.
type known struct {
	header  []string // names that must all be there, in lower case
	exact   bool     // and no others
	order   []string // of a file without a header: what the cells are
	rows    []string // of a JSON file: where they are
	layout  string   // in which the dates must be written; "" for any
	notes   []string // what a reader should know of the format
	mapping Mapping
}

func price(name string, from ...string) Column { return column(name, "price", "usd", from) }

func column(name, kind, unit string, from []string) Column {
	if len(from) == 0 {
		from = []string{name}
	}
	return Column{From: from, Name: name, Kind: kind, Unit: unit}
}

func flow(unit, name string, from ...string) Column  { return column(name, "flow", unit, from) }
func level(unit, name string, from ...string) Column { return column(name, "level", unit, from) }
func rate(unit, name string, from ...string) Column  { return column(name, "rate", unit, from) }

// in puts columns into one file.
func in(file string, columns ...Column) []Column {
	columns = slices.Clone(columns)
	for i := range columns {
		columns[i].File = file
	}
	return columns
}

// published gives the columns a publication lag.
func published(lag string, columns ...Column) []Column {
	columns = slices.Clone(columns)
	for i := range columns {
		columns[i].Published = lag
	}
	return columns
}

func optional(c Column) Column { c.Optional = true; return c }

func zeroAbsent(c Column) Column { c.Zero = "absent"; return c }

func perPayment(c Column) Column { c.Per = "8h"; return c }

// anyOther stands in a column's from for every column that no other column reads.
const anyOther = "*"

var (
	bars = []Column{price("open"), price("high"), price("low"), price("close")}
	// The unit of a volume differs from file to file.
	someVolume = optional(flow(open, "volume"))
	summary    = []string{"seed", "fee", "fees", "total", "average", "maximum", "minimum", "mean", "sum"}
)

const (
	fundLag   = "1d" // of US fund flows: see data.Meta
	noSession = "nyse"
)

// formats is the table of known formats. A file is compared with them in this
// order; what is more exact stands first.
var formats = []known{
	{
		header: []string{"open_time", "open", "high", "low", "close", "volume", "close_time", "quote_volume"},
		mapping: Mapping{
			Format: "exchange candles", Date: Date{Column: "open_time", Stamp: "open"},
			Columns: slices.Concat(bars, []Column{
				flow("coins", "volume"), flow("usd", "quote_volume"), optional(flow("count", "trades", "trades", "count")),
				optional(flow("coins", "taker_base", "taker_base", "taker_buy_volume", "taker_buy_base_volume")),
				optional(flow("usd", "taker_quote", "taker_quote", "taker_buy_quote_volume")),
			}),
		},
	},
	{
		order: []string{"date", "open", "high", "low", "close", "volume", "close_time", "quote_volume", "trades", "taker_base", "taker_quote", "ignore"},
		mapping: Mapping{
			Format: "exchange candles without a header", Date: Date{Column: "1", Stamp: "open"},
			Columns: []Column{
				price("open", "2"), price("high", "3"), price("low", "4"), price("close", "5"), flow("coins", "volume", "6"),
				flow("usd", "quote_volume", "8"), flow("count", "trades", "9"), flow("coins", "taker_base", "10"), flow("usd", "taker_quote", "11"),
			},
		},
	},
	{
		order: []string{"date", "open", "close", "high", "low", "volume"},
		notes: []string{"the columns stand in Bitfinex's order, open, close, high, low: in no other is the high the highest and the low the lowest of each row"},
		mapping: Mapping{
			Format: "Bitfinex candles without a header", Source: "Bitfinex", Date: Date{Column: "1", Stamp: "open"},
			Columns: []Column{price("open", "2"), price("high", "4"), price("low", "5"), price("close", "3"), flow("coins", "volume", "6")},
		},
	},
	{
		order: []string{"date", "open", "high", "low", "close", "volume"},
		mapping: Mapping{
			Format: "candles without a header", Date: Date{Column: "1"},
			Columns: []Column{price("open", "2"), price("high", "3"), price("low", "4"), price("close", "5"), optional(flow(open, "volume", "6"))},
		},
	},
	{
		header: []string{"snapped_at", "price", "market_cap", "total_volume"},
		mapping: Mapping{
			Format: "CoinGecko daily snapshots", Source: "CoinGecko", Date: Date{Column: "snapped_at", Stamp: "snapshot"},
			Columns: slices.Concat(in("price", price("price")), in("market_cap", zeroAbsent(level("usd", "market_cap"))), in("volume", zeroAbsent(flow("usd", "volume", "total_volume")))),
		},
	},
	{
		header: []string{"date", "fund", "flow_usd_millions"}, exact: true,
		mapping: Mapping{
			Format: "fund flows, a row for each fund", Source: "Farside Investors", Date: Date{Column: "date"}, By: []string{"fund"}, Calendar: noSession,
			Columns: published(fundLag, flow("usd_m", "flow", "flow_usd_millions")),
		},
	},
	{
		header: []string{"date", "total_usd_millions", "cumulative_usd_millions"}, exact: true,
		mapping: Mapping{
			Format: "fund flow totals", Source: "Farside Investors", Date: Date{Column: "date"}, Calendar: noSession,
			Columns: published(fundLag, flow("usd_m", "total", "total_usd_millions")),
		},
	},
	{
		header: []string{"date", "btc_etf_net_flow_usd_mn", "eth_etf_net_flow_usd_mn"}, exact: true,
		mapping: Mapping{
			Format: "fund flow totals side by side", Date: Date{Column: "date"}, Calendar: noSession,
			Columns: published(fundLag, slices.Concat(
				in("btc_etf_flow", flow("usd_m", "btc", "btc_etf_net_flow_usd_mn")),
				in("eth_etf_flow", flow("usd_m", "eth", "eth_etf_net_flow_usd_mn")))...),
		},
	},
	{
		header: []string{"date", "total"}, layout: "D MMM YYYY",
		mapping: Mapping{
			Format: "Farside fund flows", Source: "Farside Investors", Date: Date{Column: "date"}, Calendar: noSession,
			Columns: published(fundLag, flow("usd_m", anyOther), flow("usd_m", "total")),
		},
	},
	{
		rows: []string{"daily_flows"}, header: []string{"date", "total"},
		mapping: Mapping{
			Format: "fund flows in JSON", Date: Date{Column: "date"}, Calendar: noSession,
			Columns: published(fundLag, flow("usd_m", anyOther), flow("usd_m", "total")),
		},
	},
	{
		header: []string{"date", "buy_frac", "quote_vol", "taker_buy_quote"}, exact: true,
		mapping: Mapping{
			Format: "taker share of volume", Date: Date{Column: "date"},
			Columns: slices.Concat(in("buy_share", rate("fraction", "buy_share", "buy_frac")),
				in("volume", flow("usd", "volume", "quote_vol"), flow("usd", "taker_buy_volume", "taker_buy_quote"))),
		},
	},
	{
		header: []string{"calc_time", "funding_interval_hours", "last_funding_rate"},
		mapping: Mapping{
			Format: "Binance funding payments", Source: "Binance", Date: Date{Column: "calc_time", Stamp: "close"},
			Columns: []Column{perPayment(rate("fraction", "funding", "last_funding_rate"))},
		},
	},
	{
		header: []string{"symbol", "date", "funding rate"}, exact: true,
		mapping: Mapping{
			Format: "funding payments", Date: Date{Column: "date", Stamp: "close"}, By: []string{"symbol"},
			Columns: []Column{perPayment(rate("fraction", "funding", "funding rate"))},
		},
	},
	{
		header: []string{"date", "funding_mean", "funding_abs"}, exact: true,
		mapping: Mapping{
			Format: "daily means of funding payments", Date: Date{Column: "date"},
			Columns: in("funding", perPayment(rate("fraction", "mean", "funding_mean")), perPayment(rate("fraction", "mean_absolute", "funding_abs"))),
		},
	},
	{
		header: []string{"date", "funding_rate"}, exact: true,
		mapping: Mapping{
			Format: "daily funding", Date: Date{Column: "date"},
			Columns: []Column{{From: []string{"funding_rate"}, Name: "funding", Kind: "rate", Unit: open, Per: open}},
		},
	},
	{
		header: []string{"timestamp_utc", "open", "close", "oi_btc", "oi_usd", "funding_rate", "mark_close", "index_close", "premium_pct"},
		notes: []string{
			"premium_pct is read as a fraction: it is the basis divided by the index",
			"funding_rate repeats in the candles of its eight hours",
			"oi_btc counts coins of the file's own asset, whatever its name: oi_usd is it times the close",
		},
		mapping: Mapping{
			Format: "Bybit candles with derivatives", Source: "Bybit", Date: Date{Column: "timestamp_utc", Stamp: "open"},
			Columns: slices.Concat(
				in("bars", bars...), in("bars", flow("coins", "volume"), flow("usd", "turnover")),
				in("open_interest", level("coins", "open_interest", "oi_btc"), level("usd", "open_interest_usd", "oi_usd")),
				in("funding", perPayment(rate("fraction", "funding", "funding_rate"))),
				in("mark", price("mark", "mark_close"), price("index", "index_close")),
				in("premium", rate("fraction", "premium", "premium_pct")),
				in("positions", rate("fraction", "long_ratio"), rate("fraction", "short_ratio"))),
		},
	},
	{
		header: []string{"coin_symbol", "symbol", "date", "timestamp", "oi_open", "oi_high", "oi_low", "oi_close"},
		mapping: Mapping{
			Format: "Coinalyze open interest", Source: "Coinalyze", Date: Date{Column: "date"}, By: []string{"symbol"},
			Columns: in("open_interest", level("usd", "open", "oi_open"), level("usd", "high", "oi_high"), level("usd", "low", "oi_low"), level("usd", "close", "oi_close")),
		},
	},
	{
		header: []string{"timestamp", "price_open", "price_close", "liquidation_long_usd", "liquidation_short_usd", "funding_close", "oi_close"},
		mapping: Mapping{
			Format: "CoinGlass candles with derivatives", Source: "CoinGlass", Date: Date{Column: "timestamp", Stamp: "open"},
			Columns: slices.Concat(
				in("bars", price("open", "price_open"), price("high", "price_high"), price("low", "price_low"), price("close", "price_close")),
				in("liquidations", flow("usd", "long", "liquidation_long_usd"), flow("usd", "short", "liquidation_short_usd")),
				in("funding", perPayment(rate(open, "funding", "funding_close"))),
				in("open_interest", level("usd", "open_interest", "oi_close"))),
		},
	},
	{
		header: []string{"timestamp", "longusd", "shortusd", "totalusd"},
		mapping: Mapping{
			Format: "CoinGlass liquidations", Source: "CoinGlass", Date: Date{Column: "timestamp", Stamp: "open"},
			Columns: in("liquidations", flow("usd", "long", "longusd"), flow("usd", "short", "shortusd"), flow("usd", "total", "totalusd")),
		},
	},
	{
		header: []string{"date", "symbol", "base", "open", "high", "low", "close", "volume"}, exact: true,
		mapping: Mapping{
			Format: "daily candles, a row for each coin", Date: Date{Column: "date"}, By: []string{"base"},
			Columns: slices.Concat(bars, []Column{flow("coins", "volume")}),
		},
	},
	{
		header: []string{"date", "btc_oi_value_usd", "btcusdt_oi_value_usd_x", "btcusdt_oi_value_usd_y"},
		mapping: Mapping{
			Format: "open interest with shifted columns", Date: Date{Column: "date"},
			Columns: slices.Concat(
				in("btc", level("usd", "btc", "btc_oi_value_usd", "btcusdt_oi_value_usd_x", "btcusdt_oi_value_usd_y", "btcusdt_oi_value_usd")),
				in("eth", level("usd", "eth", "eth_oi_value_usd", "ethusdt_oi_value_usd_x", "ethusdt_oi_value_usd_y", "ethusdt_oi_value_usd"))),
		},
	},
	{
		header: []string{"date", "btc purchased", "amount", "total bitcoin", "total dollars"}, exact: true,
		mapping: Mapping{
			Format: "a treasury company's purchases", Date: Date{Column: "date", Layout: "M/D/YYYY", Ranges: "end"},
			Columns: slices.Concat(
				in("purchases", flow("coins", "coins", "btc purchased"), flow("usd", "amount")),
				in("holdings", level("coins", "holdings", "total bitcoin")), in("cost", level("usd", "cost", "total dollars"))),
		},
	},
	{
		header: []string{"datetime", "btc holdings"}, exact: true,
		mapping: Mapping{Format: "a treasury company's holdings", Date: Date{Column: "datetime"}, Columns: []Column{level("coins", "holdings", "btc holdings")}},
	},
	{
		header: []string{"tic", "datadate", "ajexdi", "cshoc", "prccd"},
		notes:  []string{"prices are not adjusted for splits: ajexdi is the factor still to come, and --split applies one"},
		mapping: Mapping{
			Format: "Compustat daily", Source: "Compustat", Date: Date{Column: "datadate"}, By: []string{"tic"},
			Columns: slices.Concat(in("price", price("close", "prccd")), in("shares", level("count", "shares", "cshoc"))),
		},
	},
	{
		header: []string{"tic", "datadate", "cheq", "dlcq", "dlttq"},
		mapping: Mapping{
			Format: "Compustat quarterly", Source: "Compustat", Date: Date{Column: "datadate"}, By: []string{"tic"},
			Columns: published(open, in("balance", level("usd_m", "cash", "cheq"), level("usd_m", "debt_current", "dlcq"), level("usd_m", "debt_long_term", "dlttq"))...),
		},
	},
	{
		rows: []string{"purchases"}, header: []string{"date", "btc", "total_usd", "cumulative_btc"},
		mapping: Mapping{
			Format: "a treasury company's purchases in JSON", Date: Date{Column: "date"},
			Columns: slices.Concat(
				in("purchases", flow("coins", "coins", "btc"), flow("usd", "amount", "total_usd")),
				in("average_price", zeroAbsent(price("price", "avg_price"))), in("holdings", level("coins", "holdings", "cumulative_btc"))),
		},
	},
	{
		rows: []string{"weekly"}, header: []string{"date", "btc_price", "mstr_price", "mnav", "btc_held", "shares"},
		mapping: Mapping{
			Format: "a treasury company's premium in JSON", Date: Date{Column: "date"},
			Columns: slices.Concat(
				in("price", price("mstr", "mstr_price")), in("btc", price("btc", "btc_price")), in("mnav", rate("fraction", "mnav")),
				in("holdings", level("coins", "holdings", "btc_held")), in("shares", level("count", "shares"))),
		},
	},
	{
		rows: []string{"weekly"}, header: []string{"week", "mstr", "btc"},
		mapping: Mapping{
			Format: "weekly share issues in JSON", Date: Date{Column: "week", Stamp: open},
			Columns: slices.Concat(in("issues", flow("usd_m", "mstr"), optional(flow("usd_m", "strc")), optional(flow("usd_m", "strk")), optional(flow("usd_m", "strf")), optional(flow("usd_m", "strd"))),
				in("coins", flow("coins", "btc"))),
		},
	},
	{
		rows: []string{""}, header: []string{"dates", "closes", "futures", "basis"},
		notes: []string{"basis and zscore are left out, because the publisher smoothed them: make the basis of the two prices"},
		mapping: Mapping{
			Format: "futures and spot in JSON", Date: Date{Column: "dates"},
			Columns: slices.Concat(in("spot", price("spot", "closes")), in("futures", price("futures"))),
		},
	},
	{
		rows: []string{"categories.*.coin_prices", "categories.*.companies.*.prices"}, header: []string{"date", "price", "coin_symbol", "ticker"},
		mapping: Mapping{
			Format: "prices of treasury companies and coins in JSON", Date: Date{Column: "date"}, By: []string{"ticker", "coin_symbol"},
			Columns: []Column{price("close", "price")},
		},
	},
	{
		rows: []string{""}, header: []string{"time", "open", "high", "low", "close", "volume"},
		mapping: Mapping{Format: "candles in JSON", Date: Date{Column: "time"}, Columns: slices.Concat(bars, []Column{someVolume})},
	},
	{
		header: []string{"date", "close", "high", "low", "open", "volume"}, exact: true,
		mapping: Mapping{Format: "daily candles", Date: Date{Column: "date"}, Columns: slices.Concat(bars, []Column{someVolume})},
	},
	{header: []string{"date", "vix"}, exact: true, mapping: Mapping{Format: "an index", Date: Date{Column: "date"}, Columns: []Column{level("points", "vix")}}},
	{header: []string{"date", "fng"}, exact: true, mapping: Mapping{Format: "an index", Date: Date{Column: "date"}, Columns: []Column{level("points", "fng")}}},
}

// usual are columns whose name tells what they hold, in a file of no known format.
var usual = []Column{
	price("open"), price("high"), price("low"), price("close"), price("adj_close", "adj close"), price("price"), price("last"),
	someVolume, level("count", "shares"), level(open, "holdings"), level(open, "open_interest"), level(open, "debt"),
	{From: []string{"funding"}, Name: "funding", Kind: "rate", Unit: open, Per: open}, rate(open, "basis"), rate(open, "premium"),
}

// dateNames are what a column of dates may be called in a file of no known format.
var dateNames = []string{"date", "time", "datetime", "timestamp", "day", "open_time", "opentime", "snapped_at", "datadate", "dates", "week", "month", "timestamp_utc", "datetime_utc", "date_utc", "time_utc", "period", "unix", "ts"}
