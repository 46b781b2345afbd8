package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/data/derive"
	"github.com/urfave/cli/v2"
)

// contractFlags say when the futures expire; one of them has to be given.
var contractFlags = []string{"expiry", "expiry-column", "rolling", "perpetual"}

func basisCommand() *cli.Command {
	return &cli.Command{
		Name: "basis", Usage: "the annualised basis of futures over spot: (F/S − 1) × 365 / days to expiry, with closes of the same instant",
		ArgsUsage: "FUTURES SPOT", Action: basisAction,
		Description: `One of --expiry, --expiry-column, --rolling and --perpetual says when the contract expires. A spot file of bars
finer than a day is sampled when the future closes: CME settles at 16:00 in New York, hours before a daily spot close.`,
		Flags: append(deriveFlags(),
			&cli.StringFlag{Name: "expiry", Usage: "`DATE` on which the contract expires, or date and time such as 2026-03-27T08:00:00Z"},
			&cli.StringFlag{Name: "expiry-column", Usage: "`COLUMN` of the futures file with the date of expiry of each row"},
			&cli.StringFlag{Name: "rolling", Usage: "monthly or quarterly: a continuous series of the nearest contract, expiring on last Fridays"},
			&cli.BoolFlag{Name: "perpetual", Usage: "no expiry: F/S − 1, not annualised"},
			&cli.StringFlag{Name: "expiry-at", Value: "16:00 Europe/London", Usage: "time of day of an expiry that is a date (CME; Deribit and Binance: 08:00 UTC)"},
			&cli.StringFlag{Name: "at", Usage: "`TIME` of day and zone at which a daily future closes, such as 16:00 America/New_York"},
			&cli.Float64Flag{Name: "min-days", Value: 7, Usage: "leave out rows with fewer `DAYS` to expiry, which annualising would blow up"},
			&cli.StringFlag{Name: "method", Value: string(derive.Simple), Usage: "simple (F/S − 1)·365/d, log ln(F/S)·365/d, or compound (F/S)^(365/d) − 1"}),
	}
}

func basisAction(c *cli.Context) error {
	o, err := basisOptions(c)
	if err != nil {
		return usagef("data basis: %w", err)
	}
	if err := notAnInput(c, c.Args().Slice()...); err != nil {
		return err
	}
	futures, spot, table, err := twoPrices(c)
	if err != nil {
		return err
	}
	if o.Expiry, err = contractOf(c, table, futures); err != nil {
		return err
	}
	r, err := derive.Basis(futures, spot, o)
	if err != nil {
		return usagef("data basis: %w", err)
	}
	return writeDerived(c, r)
}

// basisOptions are what the flags say whatever the files hold.
func basisOptions(c *cli.Context) (derive.BasisOptions, error) {
	o := derive.BasisOptions{MinDays: c.Float64("min-days"), Method: derive.Method(c.String("method")), AcceptMismatch: c.Bool("accept-mismatch")}
	var given []string
	for _, name := range contractFlags {
		if c.IsSet(name) {
			given = append(given, "--"+name)
		}
	}
	if len(given) != 1 {
		return o, fmt.Errorf("found %d of --%s, expected one", len(given), strings.Join(contractFlags, ", --"))
	}
	if c.IsSet("at") {
		at, err := derive.ParseClock(c.String("at"))
		if err != nil {
			return o, fmt.Errorf("--at: %w", err)
		}
		o.At = &at
	}
	return o, nil
}

// contractOf is when the futures expire; nil of a perpetual.
func contractOf(c *cli.Context, t *data.Table, futures data.Series) (derive.Expiry, error) {
	at, err := derive.ParseClock(c.String("expiry-at"))
	if err != nil {
		return nil, usagef("data basis: --expiry-at: %w", err)
	}
	switch {
	case c.IsSet("expiry"):
		return fixedExpiry(c.String("expiry"), at)
	case c.IsSet("expiry-column"):
		return datedExpiry(t, futures, c.String("expiry-column"), at)
	case c.IsSet("rolling"):
		months := map[string]int{"monthly": 1, "quarterly": 3}[c.String("rolling")]
		if months == 0 {
			return nil, usagef("data basis: --rolling: found %q, expected monthly or quarterly", c.String("rolling"))
		}
		return derive.Rolling{Months: months, At: at}, nil
	}
	return nil, nil
}

func fixedExpiry(s string, at derive.Clock) (derive.Expiry, error) {
	if day, err := time.Parse(time.DateOnly, s); err == nil {
		return derive.Fixed(at.On(day)), nil
	}
	instant, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return nil, usagef("data basis: --expiry: found %q, expected a date such as 2026-03-27, or 2026-03-27T08:00:00Z", s)
	}
	return derive.Fixed(instant.UTC()), nil
}

// datedExpiry reads the expiries of the rows that have a price.
func datedExpiry(t *data.Table, futures data.Series, column string, at derive.Clock) (derive.Expiry, error) {
	dates, err := t.Dates(column)
	if err != nil {
		return nil, err
	}
	d := derive.Dated{Column: column}
	for row, date := range dates {
		i := len(d.Times)
		if i == futures.Len() {
			break
		}
		if label, _ := futures.At(i); !t.Time(row).Equal(label) {
			continue // the row has no price
		}
		if !date.IsZero() && date.Equal(date.Truncate(24*time.Hour)) {
			date = at.On(date)
		}
		d.Times = append(d.Times, date)
	}
	return d, nil
}
