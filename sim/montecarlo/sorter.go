package montecarlo

import (
	"math"
	"slices"
)

// radixFrom is the number of values from which sorting byte by byte is faster
// than by comparison.
const radixFrom = 512

// sorter sorts the values that are present and keeps its memory.
type sorter struct {
	present     []float64
	keys, spare []uint64
}

func newSorter(most int) *sorter {
	return &sorter{present: make([]float64, 0, most), keys: make([]uint64, most), spare: make([]uint64, most)}
}

// sort returns the values without NaN in ascending order, valid until the next
// call.
func (s *sorter) sort(values []float64) []float64 {
	s.present = s.present[:0]
	for _, v := range values {
		if !math.IsNaN(v) {
			s.present = append(s.present, v)
		}
	}
	if len(s.present) < radixFrom {
		slices.Sort(s.present)
	} else {
		s.radix()
	}
	return s.present
}

const sign = 1 << 63

// radix sorts from the lowest byte to the highest (Knuth, The Art of Computer
// Programming, volume 3, section 5.2.5). Ensembles are many and their fans need
// every step sorted: by comparison that takes longer than the simulation.
func (s *sorter) radix() {
	n := len(s.present)
	keys, spare := s.keys[:n], s.spare[:n]
	var counts [8][256]int
	for i, v := range s.present {
		key := ascending(v)
		keys[i] = key
		for b := range counts {
			counts[b][byte(key>>(8*b))]++
		}
	}
	for b := range counts {
		count := &counts[b]
		if count[byte(keys[0]>>(8*b))] == n {
			continue // a byte that all have in common
		}
		at := 0
		for d, c := range count {
			count[d] = at
			at += c
		}
		for _, key := range keys {
			d := byte(key >> (8 * b))
			spare[count[d]] = key
			count[d]++
		}
		keys, spare = spare, keys
	}
	for i, key := range keys {
		s.present[i] = number(key)
	}
}
