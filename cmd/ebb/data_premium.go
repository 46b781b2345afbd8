package main

import (
	"github.com/ebb-sim/ebb/data/derive"
	"github.com/urfave/cli/v2"
)

func premiumCommand() *cli.Command {
	return &cli.Command{
		Name: "premium", Usage: "what one market pays over another, such as the Coinbase premium: first / second − 1, where both close at the same instant",
		ArgsUsage: "FIRST SECOND", Action: premiumAction,
		Flags: append(deriveFlags(),
			&cli.StringFlag{Name: "quote", Usage: "`FILE` with the price in USD of what the second is quoted in, such as USDT"}),
	}
}

func premiumAction(c *cli.Context) error {
	if err := notAnInput(c, append(c.Args().Slice(), c.String("quote"))...); err != nil {
		return err
	}
	a, b, _, err := twoPrices(c)
	if err != nil {
		return err
	}
	o := derive.PremiumOptions{AcceptMismatch: c.Bool("accept-mismatch")}
	if c.IsSet("quote") {
		quote, _, err := price(c.String("quote"), "")
		if err != nil {
			return err
		}
		o.Quote = &quote
	}
	r, err := derive.Premium(a, b, o)
	if err != nil {
		return usagef("data premium: %w", err)
	}
	return writeDerived(c, r)
}
