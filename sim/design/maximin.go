package design

// spread tries exchanges of parts between two points and keeps those that move points apart.
func (l latin) spread(seed uint64, exchanges int) {
	if l.n < 3 || l.dim < 2 { // every Latin hypercube has the same distances
		return
	}
	source := spreading.stream(seed, 0)
	for range exchanges {
		a, b, j := source.IntN(l.n), source.IntN(l.n-1), source.IntN(l.dim)
		if b >= a {
			b++
		}
		before := l.crowding(a, b)
		l.exchange(a, b, j)
		if l.crowding(a, b) >= before {
			l.exchange(a, b, j)
		}
	}
}

// crowding is Σ d⁻¹⁶ over the pairs that hold a or b, but not both: their own distance does
// not change when they exchange parts.
func (l latin) crowding(a, b int) float64 {
	sum := 0.
	for i := range l.n {
		if i != a && i != b {
			sum += l.nearness(i, a) + l.nearness(i, b)
		}
	}
	return sum
}

// nearness is d⁻¹⁶ with d counted in cells, at least √dim.
func (l latin) nearness(a, b int) float64 {
	square := 0.
	for j := range l.dim {
		d := float64(l.at(a, j) - l.at(b, j))
		square += d * d
	}
	inverse := 1 / square
	inverse *= inverse
	inverse *= inverse
	return inverse * inverse
}
