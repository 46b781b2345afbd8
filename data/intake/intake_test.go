package intake_test

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/data/intake"
	"github.com/google/go-cmp/cmp"
)

func at(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

// imported recognises and reads a file as `ebb data import` does.
func imported(name, text string, a intake.Answers, o intake.Options) (*intake.Import, error) {
	m, _, err := intake.Recognise(name, []byte(text))
	if err == nil {
		m, err = m.Answer(a)
	}
	if err != nil {
		return nil, err
	}
	return intake.Read(name, []byte(text), m, o)
}

// shown are the rules of an import, and its files without the lines of the head that
// say the same.
func shown(t *testing.T, im *intake.Import) string {
	t.Helper()
	files, err := im.Files("")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString(im.Mapping.Format + "\n")
	for _, r := range im.Rules {
		b.WriteString("- " + r.String() + "\n")
	}
	for _, f := range files {
		if _, err := data.Parse(f.Name, f.Content, data.ReadOptions{}); err != nil {
			t.Error(err)
		}
		b.WriteString("> " + f.Name + "\n")
		for line := range strings.Lines(string(f.Content)) {
			if rest, ok := strings.CutPrefix(line, "# column "); ok {
				line = rest
			} else if line[0] == '#' {
				continue
			}
			b.WriteString(line)
		}
	}
	return b.String()
}

const lastRowNote = "- the last row may be of a period that was not over, kept; --drop-last leaves it out: "

// Each case is one oddity of vendors' files, with what becomes of it.
func TestOddities(t *testing.T) {
	tests := []struct {
		name, file, text string
		answers          intake.Answers
		options          intake.Options
		want             string
	}{
		{
			name: "BOM, CRLF, dotted dates without padding, a blank, no final newline",
			file: "reserves.csv", text: "\ufeffDate,Data\r\n2019.3.9,10.5\r\n2019.3.10,\r\n2019.3.11,12",
			answers: intake.Answers{Kind: map[string]string{"": "level"}, Unit: map[string]string{"": "coins"}},
			want: "dates and values\n" + lastRowNote + "1 (line 4)\n" +
				"> reserves.csv\ndata: level coins\ndate,data\n2019-03-09,10.5\n2019-03-10,\n2019-03-11,12\n",
		},
		{
			name: "Yahoo's order of columns, and a volume of which nobody knows the unit",
			file: "abc.csv", text: "Date,Close,High,Low,Open,Volume\n2024-01-02,11,12,9,10,500\n2024-01-03,12,13,11,11,600\n",
			want: "daily candles\n- column volume left out: kind or unit is not in the file; --kind and --unit take one in, as in --unit volume=coins\n" +
				lastRowNote + "1 (line 3)\n" +
				"> abc.csv\nopen: price usd\nhigh: price usd\nlow: price usd\nclose: price usd\ndate,open,high,low,close\n2024-01-02,10,12,9,11\n2024-01-03,11,13,11,12\n",
		},
		{
			name: "a volume with its unit, and the last row left out",
			file: "abc.csv", text: "Date,Close,High,Low,Open,Volume\n2024-01-02,11,12,9,10,500\n2024-01-03,12,13,11,11,600\n",
			answers: intake.Answers{Unit: map[string]string{"volume": "count"}}, options: intake.Options{DropLast: true, Only: []string{"close", "volume"}},
			want: "daily candles\n- columns not read: High, Low, Open\n- the last row, 2024-01-03, left out: 1 (line 3)\n" +
				"> abc.csv\nclose: price usd\nvolume: flow count\ndate,close,volume\n2024-01-02,11,500\n",
		},
		{
			name: "candles without a header in the order open, close, high, low",
			file: "candles.csv", text: "1420070400000,10,12,13,9,1.5\r\n1420070460000,12,11,12,10,2\r\n",
			want: "Bitfinex candles without a header\n" + lastRowNote + "1 (line 2)\n" +
				"> candles.csv\nopen: price usd\nhigh: price usd\nlow: price usd\nclose: price usd\nvolume: flow coins\ndate,open,high,low,close,volume\n" +
				"2015-01-01,10,13,9,12,1.5\n2015-01-01T00:01:00Z,12,12,10,11,2\n",
		},
		{
			name: "Farside's table: a seed, a footer, parentheses, thousands, a holiday, a fund not yet listed",
			file: "flows.csv", text: "Date,AAA,BBB,Total\nSeed,1.0,,1.0\n03 Jul 2024,100.0,,100.0\n04 Jul 2024,,,0.0\n05 Jul 2024,(95.1),\"1,095.1\",1000.0\nTotal,4.9,\"1,095.1\",\"1,100.0\"\n",
			want: "Farside fund flows\n- row Seed is no day and left out: 1 (line 2)\n- negative numbers in parentheses: 1 (line 5)\n- thousands separators taken out: 1 (line 5)\n" +
				"- row Total is no day and left out: 1 (line 6)\n- 0 on a day without a session in New York: made absent: 1 (line 4)\n" + lastRowNote + "1 (line 5)\n" +
				"> flows.csv\naaa: flow usd_m published 1d\nbbb: flow usd_m published 1d\ntotal: flow usd_m published 1d\ndate,aaa,bbb,total\n2024-07-03,100,,100\n2024-07-04,,,\n2024-07-05,-95.1,1095.1,1000\n",
		},
		{
			name: "flows filled with zeros to every day, a row for each fund",
			file: "long.csv", text: "date,fund,flow_usd_millions\n2024-07-05,AAA,5.0\n2024-07-06,AAA,0.0\n2024-07-07,AAA,0.0\n2024-07-08,AAA,0.0\n2024-07-05,BBB,1.5\n2024-07-06,BBB,2.5\n",
			want: "fund flows, a row for each fund\n- 0 on a day without a session in New York: made absent: 2 (lines 3, 4)\n" +
				"- 0 on a day with a session in New York, kept; it may mean that nothing was reported: 1 (line 5)\n" +
				lastRowNote + "1 (line 5)\n- a flow on a day without a session in New York, kept; it cannot be of that day: 1 (line 7)\n" +
				"> long-aaa.csv\nflow: flow usd_m published 1d\ndate,flow\n2024-07-05,5\n2024-07-06,\n2024-07-07,\n2024-07-08,0\n" +
				"> long-bbb.csv\nflow: flow usd_m published 1d\ndate,flow\n2024-07-05,1.5\n2024-07-06,2.5\n",
		},
		{
			name: "a snapshot at midnight is the close of the day before; a late one too; 0 is no data",
			file: "coin.csv", text: "snapped_at,price,market_cap,total_volume\r\n2018-01-29 00:00:00 UTC,10,0,5\r\n2018-01-30 00:05:18 UTC,11,7.5,6\r\n2018-01-30 23:29:00 UTC,12,8,7\r\n2018-02-01 00:00:00 UTC,13,8,8\r\n",
			want: "CoinGecko daily snapshots\n- column market_cap: 0 means no data, made absent: 1 (line 2)\n" +
				"- stamped when the period was over: labelled a day earlier, with the start of the period: 4 (lines 2, 3, 4, …)\n" +
				"- snapshots beside the full period: taken for the one that ends there: 2 (lines 3, 4)\n" + lastRowNote + "1 (line 5)\n" +
				"> coin-price.csv\nprice: price usd\ndate,price\n2018-01-28,10\n2018-01-29,11\n2018-01-30,12\n2018-01-31,13\n" +
				"> coin-market_cap.csv\nmarket_cap: level usd\ndate,market_cap\n2018-01-29,7.5\n2018-01-30,8\n2018-01-31,8\n" +
				"> coin-volume.csv\nvolume: flow usd\ndate,volume\n2018-01-28,5\n2018-01-29,6\n2018-01-30,7\n2018-01-31,8\n",
		},
		{
			name: "funding in UTC+3 with jitter: paid at the end of its eight hours",
			file: "funding.csv", text: "Symbol,Date,Funding Rate\nX,2020-01-01 03:00:00.000,-0.0001\nX,2020-01-01 11:00:00.006,1e-04\nX,2020-01-01 19:00:00.000,0.0002\n",
			answers: intake.Answers{Zone: "UTC+3"},
			want: "funding payments\n- times taken from UTC+3 to UTC: 3 (lines 2, 3, 4)\n- times a moment beside the full minute: rounded: 1 (line 3)\n" +
				"- stamped at the end of the period: labelled 8 hours earlier, with the start of the period: 3 (lines 2, 3, 4)\n" + lastRowNote + "1 (line 4)\n" +
				"> funding.csv\nfunding: rate fraction\ndate,funding\n2019-12-31T16:00:00Z,-0.0001\n2020-01-01,0.0001\n2020-01-01T08:00:00Z,0.0002\n",
		},
		{
			name: "funding as the sum of a day",
			file: "funding.csv", text: "date,funding_rate\n2020-01-01,0.0003\n2020-01-02,-0.0006\n",
			answers: intake.Answers{Unit: map[string]string{"": "fraction"}, Per: map[string]string{"": "day"}},
			want: "daily funding\n- column funding: a day's sum of funding divided by its 3 payments\n" + lastRowNote + "1 (line 3)\n" +
				"> funding.csv\nfunding: rate fraction\ndate,funding\n2020-01-01,0.00009999999999999999\n2020-01-02,-0.00019999999999999998\n",
		},
		{
			name: "tabs, US dates of two lengths, ranges, multiples, from new to old",
			file: "purchases.tsv", text: "Date\tBTC Purchased\tAmount\tTotal Bitcoin\tTotal Dollars\n3/16/2026\t22,337\t$1.57B\t61,068\t$57.61B\n11/01/2021 - 12/21/2022\t-704\t$204.1M\t38,731\t$425M\n9/ 1/20\t100\t$250K\t39,435\t$11.5B\n",
			want: "a treasury company's purchases\n- thousands separators taken out: 3 (lines 2, 3, 4)\n- dollar signs taken off: 3 (lines 2, 3, 4)\n- multiples such as 1.57B written out: 3 (lines 2, 3, 4)\n" +
				"- a range of dates stands for its last day: 1 (line 3)\n- a space inside a date taken out: 1 (line 4)\n- the file runs from new to old: turned around\n" + lastRowNote + "1 (line 2)\n" +
				"> purchases-purchases.csv\ncoins: flow coins\namount: flow usd\ndate,coins,amount\n2020-09-01,100,250000\n2022-12-21,-704,204100000\n2026-03-16,22337,1570000000\n" +
				"> purchases-holdings.csv\nholdings: level coins\ndate,holdings\n2020-09-01,39435\n2022-12-21,38731\n2026-03-16,61068\n" +
				"> purchases-cost.csv\ncost: level usd\ndate,cost\n2020-09-01,11500000000\n2022-12-21,425000000\n2026-03-16,57610000000\n",
		},
		{
			name: "a value that moves from column to column",
			file: "oi.csv", text: "date,btc_oi_value_usd,eth_oi_value_usd,btcusdt_oi_value_usd_x,ethusdt_oi_value_usd_x,btcusdt_oi_value_usd_y,ethusdt_oi_value_usd_y\n2025-11-08,10,1,,,,\n2025-11-09,,,11,,,2\n2025-11-10,,,,3,12,\n",
			want: "open interest with shifted columns\n- column btc stands under another name: taken from btcusdt_oi_value_usd_x: 1 (line 3)\n- column eth stands under another name: taken from ethusdt_oi_value_usd_y: 1 (line 3)\n" +
				"- column btc stands under another name: taken from btcusdt_oi_value_usd_y: 1 (line 4)\n- column eth stands under another name: taken from ethusdt_oi_value_usd_x: 1 (line 4)\n" + lastRowNote + "1 (line 4)\n" +
				"> oi-btc.csv\nbtc: level usd\ndate,btc\n2025-11-08,10\n2025-11-09,11\n2025-11-10,12\n> oi-eth.csv\neth: level usd\ndate,eth\n2025-11-08,1\n2025-11-09,2\n2025-11-10,3\n",
		},
		{
			name: "a split is pointed at, not adjusted",
			file: "abc.csv", text: "Date,Close\n2024-08-07,1000\n2024-08-08,100\n",
			want: "dates and values\n" + lastRowNote + "1 (line 3)\n" +
				"- column close jumps by a factor, kept; if it is a split, --split DATE=N divides the prices before it by N: 1 (2024-08-08 to 1/10.00)\n" +
				"> abc.csv\nclose: price usd\ndate,close\n2024-08-07,1000\n2024-08-08,100\n",
		},
		{
			name: "a split that the user gives divides prices and multiplies shares",
			file: "abc.csv", text: "tic,datadate,ajexdi,cshoc,prccd\nABC,2024-08-07,10,17,1000\nABC,2024-08-08,1,170,100\n",
			options: intake.Options{Splits: []intake.Split{{Date: at("2024-08-08"), Factor: 10}}},
			want: "Compustat daily\n- columns not read: ajexdi\n" + lastRowNote + "1 (line 3)\n" +
				"- column close divided by 10 before the split of 2024-08-08: 1 (line 2)\n- column shares multiplied by 10 before the split of 2024-08-08: 1 (line 2)\n" +
				"> abc-abc-price.csv\nclose: price usd\ndate,close\n2024-08-07,100\n2024-08-08,100\n> abc-abc-shares.csv\nshares: level count\ndate,shares\n2024-08-07,170\n2024-08-08,170\n",
		},
		{
			name: "a row twice, and a revision below it",
			file: "abc.csv", text: "date,price\n2024-01-02,10\n2024-01-02,10\n2024-01-02,11\n2024-01-04,12\n2024-01-03,12\n",
			want: "dates and values\n- rows out of order: sorted by time\n- the same row again: left out: 1 (line 3)\n- a second row of one time: the later one kept: 1 (line 4)\n" + lastRowNote + "1 (line 5)\n" +
				"> abc.csv\nprice: price usd\ndate,price\n2024-01-02,11\n2024-01-03,12\n2024-01-04,12\n",
		},
		{
			name: "JSON: parallel lists with null, smoothed columns left out",
			file: "basis.json", text: `{"updated":"x","dates":["2024-01-05","2024-01-06","2024-01-08"],"closes":[10,11,12],"futures":[10.5,null,12.5],"basis":[1,null,2]}`,
			want: "futures and spot in JSON\n- columns not read: basis\n" + lastRowNote + "1 (row 3)\n" +
				"> basis-spot.csv\nspot: price usd\ndate,spot\n2024-01-05,10\n2024-01-06,11\n2024-01-08,12\n> basis-futures.csv\nfutures: price usd\ndate,futures\n2024-01-05,10.5\n2024-01-06,\n2024-01-08,12.5\n",
		},
		{
			name: "JSON: objects inside each row",
			file: "flows.json", text: `{"metadata":{"total":9},"daily_flows":[{"date":"2024-07-03","flows":{"AAA":1.5,"BBB":-2},"total":-0.5},{"date":"2024-07-05","flows":{"AAA":3},"total":3}]}`,
			want: "fund flows in JSON\n" + lastRowNote + "1 (row 2)\n" +
				"> flows.csv\naaa: flow usd_m published 1d\nbbb: flow usd_m published 1d\ntotal: flow usd_m published 1d\ndate,aaa,bbb,total\n2024-07-03,1.5,-2,-0.5\n2024-07-05,3,,3\n",
		},
		{
			name: "a weekly row stamped with its start is known when the week is over",
			file: "weeks.json", text: `{"weekly":[{"week":"2024-11-11","mstr":2,"btc":1},{"week":"2024-11-18","mstr":4,"btc":3},{"week":"2024-11-25","mstr":0,"btc":0}]}`,
			answers: intake.Answers{Stamp: "open"}, options: intake.Options{Only: []string{"btc"}},
			want: "weekly share issues in JSON\n- columns not read: mstr\n" + lastRowNote + "1 (row 3)\n- column btc: 0, kept; if it means no data, --zero btc=absent: 1 (row 3)\n" +
				"> weeks.csv\nbtc: flow coins published 144h\ndate,btc\n2024-11-11,1\n2024-11-18,3\n2024-11-25,0\n",
		},
		{
			name: "a weekly row stamped with its end is known on that day and not before",
			file: "weeks.json", text: `{"weekly":[{"week":"2024-11-11","mstr":2,"btc":1},{"week":"2024-11-18","mstr":4,"btc":3}]}`,
			answers: intake.Answers{Stamp: "close"}, options: intake.Options{Only: []string{"btc"}},
			want: "weekly share issues in JSON\n- columns not read: mstr\n- stamped at the end of the period: labelled a day earlier, with the start of the period: 2 (rows 1, 2)\n" + lastRowNote + "1 (row 2)\n" +
				"> weeks.csv\nbtc: flow coins\ndate,btc\n2024-11-10,1\n2024-11-17,3\n",
		},
		{
			name: "times of day that mean nothing, in a zone with summer time; the empty header cell",
			file: "holdings.csv", text: "DateTime,BTC holdings\n2024-07-01 22:11:41,5\n2024-07-02 00:00:00,6\n",
			answers: intake.Answers{Zone: "America/New_York", Stamp: "day"},
			want: "a treasury company's holdings\n- the time of day left out: a row stands for its day: 2 (lines 2, 3)\n" + lastRowNote + "1 (line 3)\n" +
				"> holdings.csv\nholdings: level coins\ndate,holdings\n2024-07-01,5\n2024-07-02,6\n",
		},
		{
			name: "a zone with summer time",
			file: "holdings.csv", text: "DateTime,BTC holdings\n2024-01-01 22:00,5\n2024-07-01 22:00,6\n",
			answers: intake.Answers{Zone: "America/New_York", Stamp: "open"},
			want: "a treasury company's holdings\n- times taken from America/New_York to UTC: 2 (lines 2, 3)\n" + lastRowNote + "1 (line 3)\n" +
				"> holdings.csv\nholdings: level coins\ndate,holdings\n2024-01-02T03:00:00Z,5\n2024-07-02T02:00:00Z,6\n",
		},
		{
			name: "semicolons, an empty header cell, text, blank rows",
			file: "x.csv", text: "day;price;;remark\n2 Jan 2024;10;1;dear\n;;;\n3 Jan 2024;11;2;cheap\n",
			want: "dates and values\n- column 3 left out: kind or unit is not in the file; --kind and --unit take one in, as in --unit 3=coins\n- columns not read: remark\n- blank rows left out: 1 (line 3)\n" + lastRowNote + "1 (line 4)\n" +
				"> x.csv\nprice: price usd\ndate,price\n2024-01-02,10\n2024-01-03,11\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			im, err := imported(tt.file, tt.text, tt.answers, tt.options)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, shown(t, im)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// What a file does not tell is asked, and what is no series is refused.
func TestRefused(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"x.csv", "", "x.csv: found an empty file, expected a file of rows"},
		{"x.xlsx", "PK\x03\x04rest", "x.xlsx: found a zip archive, as Excel writes workbooks, expected a text file: save the sheet as CSV, or unpack the archive"},
		{"x.csv", "# ebb history 1\ndate,a\n", "x.csv: found a file in ebb's own format, expected a vendor's file; this one is ready to use"},
		{"x.csv", "one\ntwo\n", `x.csv:1: found "one", expected cells separated by commas, tabs, semicolons or bars`},
		{"x.csv", "date,price\n", "x.csv: found a header without rows, expected rows of data"},
		{"x.csv", "#,Name,,mNav\n1,Abc Inc.,\"₿597,325\",1.52x\n", "x.csv: no series: found columns column, 3, mnav, expected a column of dates, such as date, time, datetime, timestamp, or a mapping file that names it; a table without dates is a snapshot and no series"},
		{"x.csv", "date,price\n3/4/2024,1\n3/5/2024,2\n", "x.csv: the order of day and month: found nothing in the file that tells, expected --dates M/D/YYYY or --dates D/M/YYYY, with the file's own signs between"},
		{"x.csv", "time,price\n2024-01-01 08:00,1\n2024-01-01 09:00,2\n", "x.csv: the zone of the times: found nothing in the file that tells, expected --zone UTC, --zone UTC+3 or --zone America/New_York\n" +
			"x.csv: what the times label: the start of a period or its end: found nothing in the file that tells, expected --stamp open, --stamp close, --stamp snapshot or --stamp day"},
		{"x.csv", "time_utc,price\n2024-01-01 08:00,1\n2024-01-01 09:00,2\n", "x.csv: what the times label: the start of a period or its end: found nothing in the file that tells, expected --stamp open, --stamp close, --stamp snapshot or --stamp day"},
		{"x.csv", "date,aa,bb\n2024-01-01,1,2\n", "x.csv: columns aa, bb: the kind of series: found nothing in the file that tells, expected --kind price, flow, rate or level; for one column --kind aa=…\n" +
			"x.csv: columns aa, bb: the unit of the numbers: found nothing in the file that tells, expected --unit usd, usd_k, usd_m, usd_bn, fraction, percent, bp, coins, count, points; for one column --unit aa=…"},
		{"x.csv", "date,price\n2024-01-01,1\n2024-01-02,dear\n2024-13-01,-2\n2024-01-03\n2024-01-04,0\n", "x.csv:3: column price: found \"dear\", expected a number\nx.csv:4: column date: found \"2024-13-01\", expected a date as YYYY-MM-DD\n" +
			"x.csv:4: column price: found -2, expected a price above 0; if 0 means no data: --zero price=absent\nx.csv:5: found 1 cells, expected 2 as in the first row\n" +
			"x.csv:6: column price: found 0, expected a price above 0; if 0 means no data: --zero price=absent"},
		{"x.csv", "date,price\nsoon,1\n", `x.csv: column date: found "soon" among its first rows, expected dates in one layout, such as 2025-10-06, 6 Oct 2025 or epoch milliseconds; another can be given with --dates or a mapping file`},
		{"x.csv", "date,price\n2024-01-01,1\n2024-01-02,-3\n2024-01-03,4,5\n2024-01-04,\"0\"\n", "x.csv:3: column price: found -3, expected a price above 0; if 0 means no data: --zero price=absent\n" +
			"x.csv:4: found 3 cells, expected 2 as in the first row\nx.csv:5: column price: found 0, expected a price above 0; if 0 means no data: --zero price=absent"},
		{"x.csv", "date,price\n2024-01-01,\"1\n", "x.csv:2:15: extraneous or missing \" in quoted-field: expected quotes around the whole cell, and doubled inside it"},
		{"x.json", `{"a":[{"date":"2024-01-01"}],"b":[{"date":"2024-01-01"}]}`, "x.json: found JSON without one plain list of rows, expected a list of objects, or of lists; where it is can be said in a mapping file, as rows"},
		{"x.json", `[{"date":"2024-01-01","price":1}`, "x.json: found JSON that cannot be read at byte 32 (EOF), expected one JSON value"},
		{"x.json", strings.Repeat("[", 100), "x.json: found JSON that cannot be read at byte 33 (nested more than 32 deep), expected one JSON value"},
	}
	for _, tt := range tests {
		if _, err := imported(tt.name, tt.text, intake.Answers{}, intake.Options{}); err == nil || err.Error() != tt.want {
			t.Errorf("%s %q\n got %v\nwant %s", tt.name, tt.text, err, tt.want)
		}
	}
}

func TestOnlyWhatIsThere(t *testing.T) {
	_, err := imported("x.csv", "date,price\n2024-01-01,1\n", intake.Answers{}, intake.Options{Only: []string{"prize"}})
	if want := "x.csv: found no number in prize, expected one of price, after --only"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// zipped compresses a text.
func zipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The same table means the same, whatever it is stored as.
func TestEncodings(t *testing.T) {
	const text = "date,price\n2024-01-02,10\n2024-01-03,11\n"
	wide := func(order string) string {
		var b strings.Builder
		for _, u := range utf16.Encode([]rune("\ufeff" + text)) {
			if order == "big" {
				b.Write([]byte{byte(u >> 8), byte(u)})
			} else {
				b.Write([]byte{byte(u), byte(u >> 8)})
			}
		}
		return b.String()
	}
	plain, err := imported("x.csv", text, intake.Answers{}, intake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := shown(t, plain)
	for name, stored := range map[string]string{
		"gzip": zipped(t, text), "UTF-16 little": wide("little"), "UTF-16 big": wide("big"), "gzip of UTF-16": zipped(t, wide("little")),
		"gzip of JSON": zipped(t, `[{"date":"2024-01-02","price":10},{"date":"2024-01-03","price":11}]`),
	} {
		im, err := imported("x.csv", stored, intake.Answers{}, intake.Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := strings.ReplaceAll(shown(t, im), "(row 2)", "(line 3)") // the second record of JSON
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
	}
}

// A day after the 12th tells the order of day and month; without one nothing does.
func TestOrderOfDayAndMonth(t *testing.T) {
	for _, tc := range []struct{ dates, want string }{
		{"09.01.2026 16.01.2026", "D.M.YYYY"},
		{"1/9/2026 1/16/2026 2/3/2026", "M/D/YYYY"},
		{"09/01/2026 10/01/2026", "?"},
		{"13/01/2026 01/13/2026 2/3/2026", "?"},
		{"2026-01-09 2026-01-10", "YYYY-MM-DD"},
	} {
		file := "date,price\n" + strings.ReplaceAll(tc.dates, " ", ",1\n") + ",1\n"
		m, _, err := intake.Recognise("x.csv", []byte(file))
		if err != nil || m.Date.Layout != tc.want {
			t.Errorf("%s: %q, %v, want %q", tc.dates, m.Date.Layout, err, tc.want)
		}
	}
}
