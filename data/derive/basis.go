package derive

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/ebb-sim/ebb/data"
)

// A Method is how a basis is annualised. With F the future, S spot and d the days to
// expiry, a fraction of a day counted:
type Method string

const (
	// Simple is (F/S − 1)·365/d, as basis is quoted.
	Simple Method = "simple"
	// Log is ln(F/S)·365/d, the rate of continuous compounding.
	Log Method = "log"
	// Compound is (F/S)^(365/d) − 1, the yield of a year.
	Compound Method = "compound"
)

// Methods lists the methods.
func Methods() []Method { return []Method{Simple, Log, Compound} }

// formula of a method, in words for a reader of the file.
func (m Method) formula() string {
	switch m {
	case Log:
		return "ln(F/S) x 365/days to expiry"
	case Compound:
		return "(F/S)^(365/days to expiry) - 1"
	}
	return "(F/S - 1) x 365/days to expiry"
}

func (m Method) annual(ratio, days float64) float64 {
	switch m {
	case Log:
		return math.Log(ratio) * 365 / days
	case Compound:
		return math.Pow(ratio, 365/days) - 1
	}
	return (ratio - 1) * 365 / days
}

// BasisOptions say how [Basis] compares a future with spot.
type BasisOptions struct {
	Expiry  Expiry  // nil of a perpetual, whose premium is not annualised
	MinDays float64 // rows with fewer days to expiry are left out; more than 0
	Method  Method
	// At is when a daily future closes on the date of its row; nil if that is when the
	// row ends, at 00:00 UTC of the next day. CME settles at 16:00 in New York.
	At *Clock
	// AcceptMismatch takes the nearest spot close where there is none at the instant
	// of the future's, and a note says what error that makes.
	AcceptMismatch bool
}

// Basis returns the annualised basis of futures over spot, a fraction a year, or of a
// perpetual F/S − 1, which is not annualised. Both prices must be of one instant. Of
// spot bars finer than a day the last that was complete at the future's close is
// taken. A daily spot price of another instant is an error, unless the mismatch is
// accepted.
func Basis(futures, spot data.Series, o BasisOptions) (Result, error) {
	r := Result{Name: "basis", Source: "basis of " + origin(futures) + " over " + origin(spot), Status: statusOf(futures, spot)}
	if o.Expiry == nil {
		r.Name, r.Source = "premium", "premium of perpetual "+origin(futures)+" over spot "+origin(spot)
	}
	if err := checkPrices(futures, spot); err != nil {
		return r, err
	}
	if err := o.check(futures); err != nil {
		return r, err
	}
	if err := sameDays(futures, spot); err != nil && !o.AcceptMismatch && o.At == nil {
		return r, err
	}
	if o.Expiry == nil {
		r.say("F/S - 1, not annualised")
	} else {
		r.say("%s; %v", o.Method.formula(), o.Expiry)
	}
	if o.At != nil {
		r.say("the future closes at %v", *o.At)
	}
	w := basisWork{Result: &r, options: o, spot: closesOf(spot, o.AcceptMismatch), step: spot.Step()}
	for i := range futures.Len() {
		label, f := futures.At(i)
		end := label.Add(futures.Step())
		if o.At != nil {
			end = o.At.On(label)
		}
		w.row(i, label, end, f)
	}
	if len(r.Times) == 0 && len(w.noSpot) > 0 {
		return r, fmt.Errorf("no spot price at the close of the future: found spot closes at %s and futures at %s; take a spot file of finer bars, say with the time of day when the future closes, or accept the mismatch",
			w.spotExample, w.futureExample)
	}
	if len(r.Times) == 0 {
		return r, fmt.Errorf("no row of %s is left: %d have no expiry or are after it, %d are less than %v days before", futures.Provenance().File, len(w.expired), len(w.soon), o.MinDays)
	}
	r.drop("left out, no spot price at the close of the future", w.noSpot)
	r.drop("left out, after the expiry or without one", w.expired)
	r.drop(fmt.Sprintf("left out, less than %v days to expiry, where an error of the price would be multiplied by more than %.0f", o.MinDays, 365/o.MinDays), w.soon)
	r.drop("left out, too large for a number", w.boundless)
	w.sayMismatch(spot)
	return r, nil
}

func (o BasisOptions) check(futures data.Series) error {
	file := futures.Provenance().File
	switch {
	case o.At != nil && futures.Step() != 24*time.Hour:
		return fmt.Errorf("%s: found rows of %v and a time of day of the close, expected days", file, futures.Step())
	case o.At == nil && !o.AcceptMismatch && futures.Step() == 24*time.Hour && data.CalendarOf(futures) == data.NYSE:
		return fmt.Errorf("%s has rows on sessions of the NYSE only, so its days do not end at 00:00 UTC; say with the time of day when the future closes (CME: 16:00 America/New_York), or accept the mismatch", file)
	case o.Expiry != nil && !(o.MinDays > 0):
		return fmt.Errorf("found %v days before expiry to leave out, expected more than 0: at expiry the annualised basis has no bound", o.MinDays)
	case o.Expiry != nil && !slices.Contains(Methods(), o.Method):
		return fmt.Errorf("found method %q, expected one of %v", o.Method, Methods())
	}
	return nil
}

// basisWork goes over the rows of the future.
type basisWork struct {
	*Result
	options BasisOptions
	spot    closes
	step    time.Duration // of the spot

	noSpot, expired, soon      []time.Time
	boundless                  []time.Time // too large for a number
	spotExample, futureExample string
	ages                       []time.Duration // between the closes of the two prices, where they differ
	days                       []float64       // to expiry
}

func (w *basisWork) row(i int, label, end time.Time, f float64) {
	days := math.NaN()
	if w.options.Expiry != nil {
		expiry, ok := w.options.Expiry.of(i, end)
		days = expiry.Sub(end).Hours() / 24
		switch {
		case !ok || days < 0:
			w.expired = append(w.expired, label)
			return
		case days < w.options.MinDays:
			w.soon = append(w.soon, label)
			return
		}
	}
	s, made, ok := w.spotAt(end)
	if !ok {
		if w.spotExample == "" && !made.IsZero() {
			w.spotExample, w.futureExample = made.Format("2006-01-02 15:04 MST"), end.Format("2006-01-02 15:04 MST")
		}
		w.noSpot = append(w.noSpot, label)
		return
	}
	if age := end.Sub(made).Abs(); age > time.Second {
		w.ages = append(w.ages, age)
	}
	if w.options.Expiry == nil {
		w.add(label, f/s-1)
		return
	}
	v := w.options.Method.annual(f/s, days)
	if math.IsInf(v, 0) {
		w.boundless = append(w.boundless, label)
		return
	}
	w.days = append(w.days, days)
	w.add(label, v)
}

// spotAt returns the spot price for a close of the future, and when it was made.
func (w *basisWork) spotAt(end time.Time) (s float64, made time.Time, ok bool) {
	made, s, found := w.spot.last(end.Add(time.Second))
	age := end.Sub(made)
	if found && (age <= time.Second || w.step < 24*time.Hour && age < w.step) {
		return s, made, true
	}
	if !w.options.AcceptMismatch {
		return 0, made, false
	}
	if later, v, ok := w.spot.next(end); ok && (!found || later.Sub(end) < age) {
		made, s, age, found = later, v, later.Sub(end), true
	}
	return s, made, found && age <= 24*time.Hour
}

// sayMismatch says how far apart the closes were, and how much a typical move of spot
// in that time makes of the basis: its median absolute change, which grows with the
// square root of time.
func (w *basisWork) sayMismatch(spot data.Series) {
	if len(w.ages) == 0 || spot.Len() < 2 {
		return
	}
	moves := make([]float64, 0, spot.Len())
	for i := 1; i < spot.Len(); i++ {
		_, before := spot.At(i - 1)
		_, v := spot.At(i)
		moves = append(moves, math.Abs(math.Log(v/before)))
	}
	slices.Sort(w.ages)
	age := w.ages[len(w.ages)/2]
	typical := median(moves) * math.Sqrt(float64(age)/float64(w.step))
	text := fmt.Sprintf("on %d of %d rows spot is not of the instant of the future's close, typically by %v, at most by %v; spot typically moves by %.2f %% in that time, an error of the basis of",
		len(w.ages), len(w.Times), age, w.ages[len(w.ages)-1], 100*typical)
	if w.options.Expiry == nil {
		w.say("%s as much", text)
		return
	}
	w.say("%s %.1f percentage points a year at the usual %.0f days to expiry", text, 100*typical*365/median(w.days), median(w.days))
}

// median of xs, of which there are some, and which it sorts.
func median(xs []float64) float64 {
	slices.Sort(xs)
	n := len(xs)
	return (xs[(n-1)/2] + xs[n/2]) / 2
}
