package data

import "strings"

// klinesFormat is the candle file of the exchanges (Binance's twelve columns),
// with the open time as epoch milliseconds, or microseconds in newer files.
//
//	open_time,open,high,low,close,volume,close_time,quote_volume,trades,taker_base,taker_quote,ignore
//	1609459200000,28923.63,29600,28624.57,29331.69,54182.9,1609545599999,1582526989.16,1314910,27455.8,802247744.5,0
//	1609545600000,29331.7,33300,28946.53,32178.33,129993.9,1609631999999,4073842163.67,2245922,67446.2,2110334723.9,0
//
// Prices and quote volumes are in USD (USDT counts as USD), volumes in coins. The header may be
// missing, and its later names differ between publishers. The columns
// close_time and ignore are not read.
var klinesFormat = format{
	name:      "klines",
	about:     "open_time in epoch milliseconds, open, high, low, close, volume, close_time, …",
	recognise: recogniseKlines,
	plan:      planKlines,
}

// klineColumns are the columns in the order of a file without a header, with
// the names that publishers give them, in lower case and without underscores.
var klineColumns = []struct {
	Column
	aliases  []string
	required bool
}{
	{Column{Name: "open_time"}, []string{"opentime"}, true},
	{Column{Name: "open", Kind: Price, Unit: USD}, []string{"open"}, true},
	{Column{Name: "high", Kind: Price, Unit: USD}, []string{"high"}, true},
	{Column{Name: "low", Kind: Price, Unit: USD}, []string{"low"}, true},
	{Column{Name: "close", Kind: Price, Unit: USD}, []string{"close"}, true},
	{Column{Name: "volume", Kind: Flow, Unit: Coins}, []string{"volume"}, true},
	{Column{Name: "close_time"}, []string{"closetime"}, false},
	{Column{Name: "quote_volume", Kind: Flow, Unit: USD}, []string{"quotevolume", "quoteassetvolume"}, false},
	{Column{Name: "trades", Kind: Flow, Unit: Count}, []string{"trades", "count", "numberoftrades"}, false},
	{Column{Name: "taker_base", Kind: Flow, Unit: Coins}, []string{"takerbase", "takerbuyvolume", "takerbuybase", "takerbuybasevolume", "takerbuybaseassetvolume"}, false},
	{Column{Name: "taker_quote", Kind: Flow, Unit: USD}, []string{"takerquote", "takerbuyquote", "takerbuyquotevolume", "takerbuyquoteassetvolume"}, false},
	{Column{Name: "ignore"}, []string{"ignore"}, false},
}

// klineColumn returns the index in klineColumns of a header name, or -1.
func klineColumn(name string) int {
	key := strings.NewReplacer("_", "", " ", "").Replace(strings.ToLower(name))
	for i, c := range klineColumns {
		for _, alias := range c.aliases {
			if key == alias {
				return i
			}
		}
	}
	return -1
}

// recogniseKlines asks for eight of the twelve columns, or for twelve cells
// that start with an epoch where the header should be.
func recogniseKlines(s *csvFile) bool {
	n := 0
	for _, name := range s.header.texts {
		if klineColumn(name) >= 0 {
			n++
		}
	}
	return n >= 8 || headless(s)
}

func headless(s *csvFile) bool {
	_, ok := parseEpoch(s.header.texts[0])
	return ok && len(s.header.texts) == len(klineColumns)
}

func planKlines(s *csvFile) *plan {
	if headless(s) {
		s.body = s.header.place
		s.header.texts = nil
		for _, c := range klineColumns {
			s.header.texts = append(s.header.texts, c.Name)
		}
	}
	p := &plan{date: -1, byDefault: "close", check: checkBars}
	found := make([]bool, len(klineColumns))
	for i, name := range s.header.texts {
		k := klineColumn(name)
		switch {
		case k < 0:
			p.notes = append(p.notes, Note{Series: s.file, Text: "column " + name + " is not read"})
			continue
		case found[k]:
			s.fault(s.header.at[i], "", "column "+Quote(name)+", a second "+klineColumns[k].Name, "each column once")
		case klineColumns[k].Name == "open_time":
			p.date = i
		case klineColumns[k].Kind != "":
			c := klineColumns[k].Column
			c.Fixed = true
			p.columns = append(p.columns, column{Column: c, index: i})
		}
		found[k] = true
	}
	for k, c := range klineColumns {
		if c.required && !found[k] {
			s.missing(c.Name)
		}
	}
	return p
}
