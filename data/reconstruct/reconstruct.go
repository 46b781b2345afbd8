// Package reconstruct makes daily histories out of weekly facts. Each series is
// a seeded Gaussian bridge that passes exactly through what is known: the Friday
// closes, the highs and lows of the weeks, the weekly sums of fund flows, and
// the few facts that have a date. Everything between is invented, though with
// the size and persistence that the facts imply. It is not market data.
//
// The same facts and seed give the same bytes. Each series and week draws from
// its own random stream, so that a change in one leaves the others alone, but
// for what they answer to: Ether follows Bitcoin, and flows follow prices.
package reconstruct

import (
	"errors"
	"math/rand/v2"
	"time"

	"github.com/ebb-sim/ebb/data"
)

// A File is one reconstructed history in ebb's own CSV format.
type File struct {
	Name    string // such as btc_usd.csv
	Content []byte
}

// Files reconstructs the daily histories from the first to the last Friday of
// the weekly facts. Every day: btc_usd.csv, eth_usd.csv, sol_usd.csv,
// btc_basis.csv and btc_premium.csv. On the sessions of the New York Stock
// Exchange: nasdaq100_etf.csv, software_etf.csv, ai_etf.csv, silver_etf.csv,
// mstr.csv, btc_etf_flow.csv and eth_etf_flow.csv. It fails where the facts are
// too few, contradict each other or are finer than the files: whole dollars for
// Bitcoin, cents for other prices, tenths of a million for flows, four decimals
// for the basis and five for the premium. The error names all that is wrong.
func Files(facts data.Facts, seed uint64) ([]File, error) {
	dated, err := findDated(facts)
	s := source{weeks: facts.Weekly, dated: dated, seed: seed}
	if err := errors.Join(err, s.check()); err != nil {
		return nil, err
	}
	laws, err := s.regressions()
	if err != nil {
		return nil, err
	}
	bars := s.bitcoin()
	closes := s.follow(closesOf(bars), laws)
	files := []File{s.bitcoinFile(bars)}
	for _, f := range followers {
		files = append(files, s.closesFile(f, closes[f.closes.name]))
	}
	return append(files,
		s.flowFile("btc_etf_flow.csv", s.flows(bitcoinFlow, s.ticks(btcFlow), closes[btcClose.name])),
		s.flowFile("eth_etf_flow.csv", s.flows(etherFlow, s.ticks(ethFlow), closes[ethClose.name])),
		s.rateFile("btc_basis.csv", "basis", btcBasis, s.rates(bitcoinBasis, btcBasis, nil)),
		s.rateFile("btc_premium.csv", "premium", premium, s.rates(coinbasePremium, premium, s.dated.premiums)),
	), nil
}

// A source is what the histories are made from.
type source struct {
	weeks []data.Week
	dated dated
	seed  uint64
}

const daysPerWeek = 7

// ticks gives a column of the weekly facts in ticks.
func (s source) ticks(c column) []int {
	ticks := make([]int, len(s.weeks))
	for k, week := range s.weeks {
		ticks[k] = c.ticks(week)
	}
	return ticks
}

// firstDay is the Saturday that opens the first week. Series are held by the
// number of days since then; the first week is made like the others, but only
// its Friday is written.
func (s source) firstDay() time.Time {
	return s.weeks[0].End.AddDate(0, 0, 1-daysPerWeek)
}

func (s source) day(t int) time.Time { return s.firstDay().AddDate(0, 0, t) }

func (s source) days() int { return len(s.weeks) * daysPerWeek }

// sessions are the days of week k on which a market is open.
func (s source) sessions(c data.Calendar, k int) []int {
	var open []int
	for t := k * daysPerWeek; t < (k+1)*daysPerWeek; t++ {
		if c.Open(s.day(t)) {
			open = append(open, t)
		}
	}
	return open
}

// A stream names the randomness of one series.
type stream uint64

// The numbers are part of the files' definition: a new series takes a new one.
const (
	bitcoinPrice stream = 1 + iota
	etherPrice
	bitcoinFlow
	etherFlow
	bitcoinBasis
	coinbasePremium
	solanaPrice
	nasdaqPrice
	softwarePrice
	aiPrice
	silverPrice
	strategyPrice
)

// random gives the generator of one series in one week, which depends on
// nothing but these and the seed.
func (s source) random(series stream, week int) *rand.Rand {
	sinceEpoch := s.weeks[week].End.Unix() / (24 * 60 * 60)
	return rand.New(rand.NewPCG(s.seed, uint64(series)<<32|uint64(sinceEpoch)))
}
