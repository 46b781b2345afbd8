package montecarlo

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"io"
	"math"
)

// format is the version of what [Ensemble.Encode] writes, the first line of it.
const format = "ebb ensemble 1\n"

// head is the second line, in JSON: what a reader must know before the numbers.
type head struct {
	shape
	From        int `json:"from"`
	Paths       int `json:"paths"`
	CappedPaths int `json:"capped_paths"`
	CappedSteps int `json:"capped_steps"`
}

// Encode writes what came out, without the plan and the driver: a line with the
// version, a line of JSON that says of what, the numbers in binary, and a CRC-32 of
// all that. Values are little-endian float64; counts are varints of the bins that
// have any, in ascending order. The same paths give the same bytes, whether they were
// run at once or in parts. What was condensed cannot be written.
func (e *Ensemble) Encode(w io.Writer) error {
	for _, s := range e.Series {
		if s.digest != nil {
			return s.digest.lost(s.Name)
		}
	}
	header, err := json.Marshal(head{e.shape(), e.From, e.Paths, e.CappedPaths, e.CappedSteps})
	if err != nil {
		return err
	}
	sum := crc32.NewIEEE()
	out := &encoder{w: bufio.NewWriter(io.MultiWriter(w, sum))}
	out.bytes([]byte(format))
	out.bytes(append(header, '\n'))
	out.rows(e.Values)
	for _, t := range e.tallies {
		out.tally(t)
	}
	for _, p := range e.Pairs {
		if p != nil {
			out.pair(p)
		}
	}
	for _, s := range e.Series {
		out.rows(s.Values)
		for _, c := range s.counts {
			out.histogram(&c.histogram)
		}
	}
	if out.err == nil {
		out.err = out.w.Flush()
	}
	if out.err != nil {
		return out.err
	}
	_, err = w.Write(binary.LittleEndian.AppendUint32(nil, sum.Sum32()))
	return err
}

// encoder writes until something fails.
type encoder struct {
	w    *bufio.Writer
	room []byte
	err  error
}

func (out *encoder) bytes(b []byte) {
	if out.err == nil {
		_, out.err = out.w.Write(b)
	}
}

func (out *encoder) rows(list [][]float64) {
	for _, row := range list {
		for _, v := range row {
			out.float(v)
		}
	}
}

func (out *encoder) float(v float64) {
	out.room = binary.LittleEndian.AppendUint64(out.room[:0], math.Float64bits(v))
	out.bytes(out.room)
}

func (out *encoder) count(n int) {
	out.room = binary.AppendUvarint(out.room[:0], uint64(n))
	out.bytes(out.room)
}

func (out *encoder) signed(n int64) {
	out.room = binary.AppendVarint(out.room[:0], n)
	out.bytes(out.room)
}

func (out *encoder) tally(t *Tally) {
	out.sum(&t.sum)
	out.sum(&t.squares)
	out.histogram(&t.values)
}

func (out *encoder) pair(p *Pair) {
	out.tally(p.Differences)
	for _, s := range p.sums.list() {
		out.sum(s)
	}
	out.count(p.gains)
	out.count(p.baseFalls)
	out.count(p.variantFalls)
}

func (out *encoder) sum(s *exactSum) {
	of := *s
	of.carry()
	for _, limb := range of.limbs {
		out.signed(limb)
	}
	infinities := 0
	if of.up {
		infinities |= 1
	}
	if of.down {
		infinities |= 2
	}
	out.count(infinities)
}

// histogram writes the absent, the range, and bin and count of every bin that has
// any: each bin as the distance from the one before, and in the end 0.
func (out *encoder) histogram(h *histogram) {
	out.count(h.absent)
	out.float(h.min)
	out.float(h.max)
	before := -1
	h.each(func(at int, o *octave) bool {
		for bin, n := range o {
			if n > 0 {
				this := at<<mantissaBits | bin
				out.count(this - before)
				out.count(int(n))
				before = this
			}
		}
		return true
	})
	out.count(0)
}
