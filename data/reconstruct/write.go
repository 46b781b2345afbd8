package reconstruct

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// status is what each file says of itself.
const status = "reconstructed, not market data"

// A table is a file in the making: its columns as the header documents them,
// and one row a day.
type table struct {
	strings.Builder
}

// newTable writes the header of ebb's own format. A column is documented as
// "NAME: KIND UNIT", with the publication lag where there is one.
func (s source) newTable(columns ...string) *table {
	t := &table{}
	fmt.Fprintln(t, "# ebb history 1")
	fmt.Fprintln(t, "# status: "+status)
	fmt.Fprintf(t, "# source: bridge with seed %d through facts/weekly_market.csv and the dated facts; rebuild with: ebb data reconstruct\n", s.seed)
	names := []string{"date"}
	for _, column := range columns {
		fmt.Fprintln(t, "# column "+column)
		name, _, _ := strings.Cut(column, ":")
		names = append(names, name)
	}
	fmt.Fprintln(t, strings.Join(names, ","))
	return t
}

// row writes numbers given in ticks.
func (t *table) row(day time.Time, decimals int, values ...int) {
	t.WriteString(day.Format(time.DateOnly))
	for _, value := range values {
		t.WriteString("," + decimal(value, decimals))
	}
	t.WriteString("\n")
}

// decimal writes ticks as a number with that many decimals.
func decimal(value, decimals int) string {
	if decimals == 0 {
		return strconv.Itoa(value)
	}
	sign := ""
	if value < 0 {
		sign, value = "-", -value
	}
	digits := fmt.Sprintf("%0*d", decimals+1, value)
	point := len(digits) - decimals
	return sign + digits[:point] + "." + digits[point:]
}

func (t *table) file(name string) File { return File{name, []byte(t.String())} }

// written are the days that the files hold, from the first Friday to the last.
func (s source) written() (from, to int) { return daysPerWeek - 1, s.days() }

func (s source) bitcoinFile(bars []bar) File {
	t := s.newTable("open: price usd", "high: price usd", "low: price usd", "close: price usd")
	for day, to := s.written(); day < to; day++ {
		b := bars[day]
		t.row(s.day(day), btcClose.decimals, b.open, b.high, b.low, b.close)
	}
	return t.file("btc_usd.csv")
}

// closesFile starts on the session that has the first week's fact.
func (s source) closesFile(f follower, p prices) File {
	t := s.newTable("close: price usd")
	for k := range s.weeks {
		sessions := s.sessions(f.calendar, k)
		if k == 0 {
			sessions = sessions[len(sessions)-1:]
		}
		for _, day := range sessions {
			t.row(s.day(day), f.closes.decimals, f.closes.round(p.closes[day]))
		}
	}
	return t.file(f.file)
}

func (s source) flowFile(name string, flows map[int]int) File {
	t := s.newTable("total: flow usd_m published 1d")
	for day, to := s.written(); day < to; day++ {
		if flow, ok := flows[day]; ok {
			t.row(s.day(day), btcFlow.decimals, flow)
		}
	}
	return t.file(name)
}

func (s source) rateFile(name, title string, c column, rates []int) File {
	t := s.newTable(title + ": rate fraction")
	from, _ := s.written()
	for i, rate := range rates {
		t.row(s.day(from+i), c.decimals, rate)
	}
	return t.file(name)
}
