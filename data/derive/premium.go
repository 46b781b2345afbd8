package derive

import (
	"fmt"
	"sort"
	"time"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/data/inspect"
)

// PremiumOptions say how [Premium] compares two prices. The zero value is strict.
type PremiumOptions struct {
	// Quote is the price in USD of what B is quoted in, such as USDT; nil if B is
	// quoted in USD or the rate is taken for 1.
	Quote *data.Series
	// AcceptMismatch takes prices whose closes are not of the same instant: the last
	// close of B at or before that of A, at most a day old.
	AcceptMismatch bool
}

// Premium returns what market A pays over market B: a/b − 1, a fraction, such as the
// Coinbase premium of BTC-USD over BTCUSDT. With a quote rate q the price of B is b·q.
// Rows are compared where both close at the same instant; the others are left out
// and counted. Series with rows of different length, of which one looks a
// row late, or without a common close are an error unless the mismatch is accepted.
func Premium(a, b data.Series, o PremiumOptions) (Result, error) {
	all := []data.Series{a, b}
	r := Result{Name: "premium", Source: "premium of " + origin(a) + " over " + origin(b)}
	if o.Quote != nil {
		all = append(all, *o.Quote)
		r.Source += ", quoted in " + origin(*o.Quote)
	}
	if err := checkPrices(all...); err != nil {
		return r, err
	}
	if err := sameRows(all, o.AcceptMismatch); err != nil {
		return r, err
	}
	if err := sameDays(a, b); err != nil && !o.AcceptMismatch {
		return r, err
	}
	r.Status = statusOf(all...)
	other := closesOf(b, o.AcceptMismatch)
	quote := func(time.Time) (float64, bool) { return 1, true }
	if o.Quote != nil {
		quote = closesOf(*o.Quote, o.AcceptMismatch).at
	} else {
		r.say("the second price is taken for one in USD: if it is in USDT or USDC, the premium holds the discount of that coin too, at times as much as one percent")
	}
	if o.AcceptMismatch {
		r.say("closes of different instants were accepted: the last close of the second at or before that of the first")
	}
	var noOther, noQuote []time.Time
	for i := range a.Len() {
		label, price := a.At(i)
		end := label.Add(a.Step())
		base, ok := other.at(end)
		rate, quoted := quote(end)
		switch {
		case !ok:
			noOther = append(noOther, label)
		case !quoted:
			noQuote = append(noQuote, label)
		default:
			r.add(label, price/(base*rate)-1)
		}
	}
	r.drop("left out, no close of the second price at that instant", noOther)
	r.drop("left out, no quote rate at that instant", noQuote)
	if len(r.Times) == 0 {
		return r, fmt.Errorf("%s and %s have no close at the same instant; %s", a.Provenance().File, b.Provenance().File, closesText(a, b))
	}
	return r, nil
}

// sameRows refuses series whose rows are of different length.
func sameRows(series []data.Series, accept bool) error {
	first := series[0]
	for _, s := range series[1:] {
		if (s.Step()-first.Step()).Abs() >= time.Second && !accept {
			return fmt.Errorf("found rows of %v in %s and of %v in %s, expected the same length, or that the mismatch is accepted",
				first.Step(), first.Provenance().File, s.Step(), s.Provenance().File)
		}
	}
	return nil
}

// sameDays refuses prices of which one looks rows late: their quotient would be the
// return of a day.
func sameDays(a, b data.Series) error {
	late := inspect.LateBy(a, b)
	if late == 0 {
		return nil
	}
	first, second := a.Provenance().File, b.Provenance().File
	if late < 0 {
		first, second, late = second, first, -late
	}
	rows := "a row"
	if late > 1 {
		rows = fmt.Sprintf("%d rows", late)
	}
	return fmt.Errorf("%s looks %s late beside %s, as files are that stamp the close of a day with 00:00 UTC of the next; expected closes of the same instant, or that the mismatch is accepted",
		second, rows, first)
}

// closesText says when the first rows of two series close.
func closesText(a, b data.Series) string {
	said := func(s data.Series) string {
		at, _ := s.At(0)
		last, _ := s.At(s.Len() - 1)
		end := func(t time.Time) string { return t.Add(s.Step()).Format("2006-01-02 15:04:05 MST") }
		return fmt.Sprintf("%s closes from %s to %s every %v", s.Provenance().File, end(at), end(last), s.Step())
	}
	return said(a) + ", " + said(b)
}

// closes are prices by the instant at which they were made, the end of their row.
type closes struct {
	series data.Series
	accept bool
}

func closesOf(s data.Series, accept bool) closes { return closes{s, accept} }

// at returns the close of that instant, give or take a second of jitter; where older
// ones are accepted, the last at most a day before.
func (c closes) at(end time.Time) (float64, bool) {
	made, v, ok := c.last(end.Add(time.Second))
	age := end.Sub(made)
	switch {
	case !ok:
		return 0, false
	case age <= time.Second:
		return v, true
	}
	return v, c.accept && age <= 24*time.Hour
}

// last returns the last close at or before an instant, and when it was made.
func (c closes) last(end time.Time) (made time.Time, v float64, ok bool) {
	return c.row(c.until(end) - 1)
}

// next returns the first close after an instant, and when it was made.
func (c closes) next(end time.Time) (made time.Time, v float64, ok bool) {
	return c.row(c.until(end))
}

// until returns how many rows close at or before an instant.
func (c closes) until(end time.Time) int {
	return sort.Search(c.series.Len(), func(i int) bool {
		at, _ := c.series.At(i)
		return at.Add(c.series.Step()).After(end)
	})
}

func (c closes) row(i int) (made time.Time, v float64, ok bool) {
	if i < 0 || i >= c.series.Len() {
		return time.Time{}, 0, false
	}
	at, v := c.series.At(i)
	return at.Add(c.series.Step()), v, true
}
