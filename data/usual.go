package data

// The two readers below take the cells of nearly every file without a string
// for each: numbers of few digits and dates of fixed width. What they refuse
// may still be read by the slower ones; what they accept is the same to the
// last bit.

// tens are the powers of ten that a float64 holds exactly.
var tens = [...]float64{
	1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
}

// decimal reads the number without an exponent at the start of s and returns its
// length, 0 if there is none. It reads only numbers whose digits, as an integer, a
// float64 holds exactly. That divided by a power of ten that it holds exactly too
// is rounded once, and so right (Clinger, How to read floating point numbers
// accurately, 1990, section 3).
func decimal(s []byte) (value float64, length int) {
	const exact = 1 << 53
	i := 0
	if len(s) > 0 && (s[0] == '-' || s[0] == '+') {
		i = 1
	}
	var digits uint64
	start := i
	for i < len(s) && s[i]-'0' <= 9 {
		digits = 10*digits + uint64(s[i]-'0')
		i++
	}
	read, decimals := i-start, 0
	if i < len(s) && s[i] == '.' {
		i++
		start = i
		for i < len(s) && s[i]-'0' <= 9 {
			digits = 10*digits + uint64(s[i]-'0')
			i++
		}
		decimals = i - start
		read += decimals
	}
	if read == 0 || read > 19 || digits > exact { // 19 digits do not overflow
		return 0, 0
	}
	value = float64(digits) / tens[decimals]
	if s[0] == '-' {
		value = -value
	}
	return value, i
}

const (
	second    = 1_000_000_000 // in nanoseconds
	daySecond = 24 * 60 * 60
)

// dateTime reads 2025-10-06, 2025-10-06 12:30:00 and 2025-10-06T12:30:00, the
// latter two also with Z or +00:00 behind, and epoch seconds, milliseconds and
// microseconds.
func dateTime(cell []byte) (at instant, ok bool) {
	if len(cell) < 10 {
		return 0, false
	}
	if cell[4] != '-' {
		return epoch(cell)
	}
	days, ok := civil(cell[:10])
	if !ok || len(cell) == 10 {
		return instant(days * daySecond * second), ok
	}
	if len(cell) < 19 || cell[10] != ' ' && cell[10] != 'T' {
		return 0, false
	}
	seconds, ok := clock(cell[11:19])
	switch string(cell[19:]) {
	case "", "Z", "+00:00":
		return instant((days*daySecond + seconds) * second), ok
	}
	return 0, false
}

// civil reads 2025-10-06 as days since 1970.
func civil(s []byte) (days int64, ok bool) {
	_ = s[9]
	a, b, c, d := s[0]-'0', s[1]-'0', s[2]-'0', s[3]-'0'
	month, okMonth := pair(s[5], s[6])
	day, okDay := pair(s[8], s[9])
	if a > 9 || b > 9 || c > 9 || d > 9 || !okMonth || !okDay || s[4] != '-' || s[7] != '-' {
		return 0, false
	}
	year := 1000*int64(a) + 100*int64(b) + 10*int64(c) + int64(d)
	if year < firstYear || year > lastYear || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return 0, false
	}
	// Years from March on, so that the leap day is the last.
	if month > 2 {
		month -= 3
	} else {
		month += 9
		year--
	}
	const to1970 = 719468 // from 1 March of the year 0
	return 365*year + year/4 - year/100 + year/400 + (153*month+2)/5 + day - 1 - to1970, true
}

func daysIn(year, month int64) int64 {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// clock reads 12:30:00 as seconds.
func clock(s []byte) (seconds int64, ok bool) {
	_ = s[7]
	h, okHour := pair(s[0], s[1])
	m, okMinute := pair(s[3], s[4])
	sec, okSecond := pair(s[6], s[7])
	ok = okHour && okMinute && okSecond && s[2] == ':' && s[5] == ':' && h < 24 && m < 60 && sec < 60
	return 3600*h + 60*m + sec, ok
}

// pair reads two digits.
func pair(a, b byte) (n int64, ok bool) {
	a, b = a-'0', b-'0'
	return 10*int64(a) + int64(b), a <= 9 && b <= 9
}

// epoch reads what [parseEpoch] does, in the years that are plausible.
func epoch(s []byte) (at instant, ok bool) {
	var unit int64
	switch len(s) {
	case 10:
		unit = 1
	case 13:
		unit = 1000
	case 16:
		unit = 1_000_000
	default:
		return 0, false
	}
	var n int64
	for _, c := range s {
		d := c - '0'
		if d > 9 {
			return 0, false
		}
		n = 10*n + int64(d)
	}
	const end = 7258118400 // 1 January of the year after lastYear
	if n/unit >= end {
		return 0, false
	}
	return instant(n * (second / unit)), true
}
