package data_test

import (
	"encoding/csv"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/data/datatest"
	"github.com/google/go-cmp/cmp"
)

// The NYSE's published holidays, and the two days of mourning.
var nyseClosedWeekdays = map[int]string{
	2001: "01-01 01-15 02-19 04-13 05-28 07-04 09-03 09-11 09-12 09-13 09-14 11-22 12-25",
	2011: "01-17 02-21 04-22 05-30 07-04 09-05 11-24 12-26",
	2012: "01-02 01-16 02-20 04-06 05-28 07-04 09-03 10-29 10-30 11-22 12-25",
	2018: "01-01 01-15 02-19 03-30 05-28 07-04 09-03 11-22 12-05 12-25",
	2019: "01-01 01-21 02-18 04-19 05-27 07-04 09-02 11-28 12-25",
	2020: "01-01 01-20 02-17 04-10 05-25 07-03 09-07 11-26 12-25",
	2021: "01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24",
	2022: "01-17 02-21 04-15 05-30 06-20 07-04 09-05 11-24 12-26",
	2023: "01-02 01-16 02-20 04-07 05-29 06-19 07-04 09-04 11-23 12-25",
	2024: "01-01 01-15 02-19 03-29 05-27 06-19 07-04 09-02 11-28 12-25",
	2025: "01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25",
	2026: "01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25",
}

func TestNYSEHolidays(t *testing.T) {
	for year, want := range nyseClosedWeekdays {
		var closed []string
		for d := newYear(year); d.Year() == year; d = d.AddDate(0, 0, 1) {
			weekend := d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
			if weekend && data.NYSE.Open(d) {
				t.Errorf("NYSE is open on the weekend day %s", d.Format(time.DateOnly))
			}
			if !weekend && !data.NYSE.Open(d) {
				closed = append(closed, d.Format("01-02"))
			}
		}
		if diff := cmp.Diff(strings.Fields(want), closed); diff != "" {
			t.Errorf("closed weekdays of %d (-want +got):\n%s", year, diff)
		}
	}
}

func TestCalendarDay(t *testing.T) {
	christmas := time.Date(2025, time.December, 25, 0, 0, 0, 0, time.UTC)
	tests := []struct {
		name     string
		calendar data.Calendar
		day      time.Time
		want     bool
	}{
		{"crypto trades on Christmas", data.EveryDay, christmas, true},
		{"crypto trades on Saturday", data.EveryDay, christmas.AddDate(0, 0, 2), true},
		{"the time of day does not matter", data.NYSE, christmas.Add(20 * time.Hour), false},
		{"the date is the UTC one", data.NYSE, christmas.In(time.FixedZone("New York", -5*3600)), false},
		{"the day after Christmas", data.NYSE, christmas.AddDate(0, 0, 1), true},
		{"an unknown calendar has no sessions", data.Calendar(9), christmas, false},
	}
	for _, test := range tests {
		if got := test.calendar.Open(test.day); got != test.want {
			t.Errorf("%s: %v.Open(%v) = %t, want %t", test.name, test.calendar, test.day, got, test.want)
		}
	}
}

func TestDaysPerYear(t *testing.T) {
	for calendar, want := range map[data.Calendar]float64{data.EveryDay: 365, data.NYSE: 252} {
		if got := calendar.DaysPerYear(); got != want {
			t.Errorf("%v: %v days, want %v", calendar, got, want)
		}
	}
	if got := data.Calendar(9).DaysPerYear(); !math.IsNaN(got) {
		t.Errorf("an unknown calendar has %v days", got)
	}
	// The convention is the mean number of sessions, to a day.
	sessions := 0
	for d := newYear(2005); d.Year() < 2025; d = d.AddDate(0, 0, 1) {
		if data.NYSE.Open(d) {
			sessions++
		}
	}
	if mean := float64(sessions) / 20; math.Abs(mean-data.NYSE.DaysPerYear()) > 1 {
		t.Errorf("%v sessions a year from 2005 to 2024", mean)
	}
}

func TestCalendarString(t *testing.T) {
	for calendar, want := range map[data.Calendar]string{
		data.EveryDay: "every day", data.NYSE: "NYSE", data.Calendar(9): "Calendar(9)",
	} {
		if got := calendar.String(); got != want {
			t.Errorf("String() = %q, want %q", got, want)
		}
	}
}

// Funds report a flow on exactly the sessions.
func TestNYSEAgainstReportedFlows(t *testing.T) {
	flowDays := reportedFlowDays(t)
	from := time.Date(2024, time.January, 11, 0, 0, 0, 0, time.UTC)
	to := time.Date(2026, time.February, 20, 0, 0, 0, 0, time.UTC)
	for d := from; !d.After(to); d = d.AddDate(0, 0, 1) {
		if open := data.NYSE.Open(d); open != flowDays[d] {
			t.Errorf("%s: open %t, flows reported %t", d.Format(time.DateOnly), open, flowDays[d])
		}
	}
}

// reportedFlowDays reads the days on which at least one US Bitcoin fund
// reported a flow; holiday rows are blank in all fund columns.
func reportedFlowDays(t *testing.T) map[time.Time]bool {
	t.Helper()
	f, err := os.Open(datatest.File(t, "haturatu__crypto-etf-flow/etf_btc.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	days := make(map[time.Time]bool)
	for _, row := range rows[1:] {
		day, err := time.Parse("02 Jan 2006", row[0])
		if err != nil {
			t.Fatal(err)
		}
		funds := row[1 : len(row)-1]
		days[day] = strings.Join(funds, "") != ""
	}
	return days
}

func newYear(year int) time.Time { return time.Date(year, time.January, 1, 0, 0, 0, 0, time.UTC) }
