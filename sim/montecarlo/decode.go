package montecarlo

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
)

// Decode reads what [Ensemble.Encode] wrote of a run of the subject, whose plan and
// driver are taken as they are. The base is what the subject was run together with,
// nil where that is nothing. It is an error if series, steps or outcomes are not
// those of the subject, or anything in the file contradicts itself.
func Decode(r io.Reader, s Subject, base *Subject) (*Ensemble, error) {
	e, err := decode(r, s, base)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, fmt.Errorf("part of a run: %w", err)
	}
	return e, nil
}

func decode(r io.Reader, s Subject, base *Subject) (*Ensemble, error) {
	in := &decoder{r: bufio.NewReader(r)}
	if line := in.line(len(format)); in.err == nil && string(line) != format {
		return nil, fmt.Errorf("found the first line %q, expected %q", line, format)
	}
	var h head
	if line := in.line(1 << 24); in.err == nil {
		in.err = json.Unmarshal(line, &h)
	}
	if in.err != nil {
		return nil, in.err
	}
	e, err := h.ensemble(s, base)
	if err != nil {
		return nil, err
	}
	in.paths = e.Paths
	in.rows(e.Values)
	for _, t := range e.tallies {
		in.tally(t)
	}
	for _, p := range e.Pairs {
		if p != nil {
			in.pair(p)
		}
	}
	for _, s := range e.Series {
		in.rows(s.Values)
		for _, c := range s.counts {
			if e.grown.Add(int64(in.histogram(&c.histogram))); in.err == nil {
				in.err = e.fits()
			}
		}
	}
	in.end()
	return e, in.err
}

// ensemble makes room for what the head announces, as far as the subject can give it.
func (h head) ensemble(s Subject, base *Subject) (*Ensemble, error) {
	o := Options{Paths: h.Whole, From: h.From, To: h.From + h.Paths, Seed: h.Seed, OutcomesOnly: len(h.Series) == 0}
	if err := o.check(s); err != nil {
		return nil, err
	}
	if h.CappedPaths < 0 || h.CappedPaths > h.Paths || h.CappedSteps < h.CappedPaths {
		return nil, fmt.Errorf("found %d capped paths and %d capped steps, expected no more than the %d paths, and a step for each", h.CappedPaths, h.CappedSteps, h.Paths)
	}
	e := newEnsemble(s, o)
	if base != nil {
		e.pairWith(&Ensemble{Outcomes: base.Outcomes})
	}
	e.CappedPaths, e.CappedSteps = h.CappedPaths, h.CappedSteps
	return e, e.shape().differs(h.shape)
}

// decoder reads until something is wrong.
type decoder struct {
	r     *bufio.Reader
	sum   uint32
	paths int // that everything has to add up to
	err   error
}

// ReadByte implements [io.ByteReader] and keeps the checksum.
func (in *decoder) ReadByte() (byte, error) {
	b, err := in.r.ReadByte()
	if err == nil {
		in.sum = crc32.Update(in.sum, crc32.IEEETable, []byte{b})
	}
	return b, err
}

// line reads up to the end of a line, and no more than most bytes.
func (in *decoder) line(most int) []byte {
	var line []byte
	for in.err == nil && len(line) < most {
		var b byte
		if b, in.err = in.ReadByte(); in.err == nil {
			line = append(line, b)
		}
		if b == '\n' {
			break
		}
	}
	return line
}

func (in *decoder) rows(list [][]float64) {
	for _, row := range list {
		for i := range row {
			row[i] = in.float()
		}
	}
}

func (in *decoder) float() float64 {
	var b [8]byte
	if in.err == nil {
		if _, in.err = io.ReadFull(in.r, b[:]); in.err == nil {
			in.sum = crc32.Update(in.sum, crc32.IEEETable, b[:])
		}
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(b[:]))
}

// count reads a number from 0 to most.
func (in *decoder) count(most int) int {
	if in.err != nil {
		return 0
	}
	var n uint64
	if n, in.err = binary.ReadUvarint(in); in.err == nil && n > uint64(most) {
		in.err = fmt.Errorf("found a count of %d, expected at most %d", n, most)
	}
	if in.err != nil {
		return 0
	}
	return int(n)
}

func (in *decoder) tally(t *Tally) {
	in.exact(&t.sum)
	in.exact(&t.squares)
	in.histogram(&t.values)
}

func (in *decoder) pair(p *Pair) {
	in.tally(p.Differences)
	for _, s := range p.sums.list() {
		in.exact(s)
	}
	p.gains, p.baseFalls, p.variantFalls = in.count(in.paths), in.count(in.paths), in.count(in.paths)
}

func (in *decoder) exact(s *exactSum) {
	for i := range s.limbs {
		if in.err != nil {
			return
		}
		s.limbs[i], in.err = binary.ReadVarint(in)
		if limb := s.limbs[i]; in.err == nil && i < limbs-1 && (limb < 0 || limb > math.MaxUint32) {
			in.err = fmt.Errorf("found %d as 32 bits of a sum", limb)
		}
	}
	s.pending = 1
	infinities := in.count(3)
	s.up, s.down = infinities&1 != 0, infinities&2 != 0
}

// histogram reads one and tells its memory.
func (in *decoder) histogram(h *histogram) (grown int) {
	const bins = 1 << (64 - binBits)
	h.absent = in.count(in.paths)
	h.min, h.max = in.float(), in.float()
	for at := -1; in.err == nil; {
		further := in.count(bins - 1 - at)
		if further == 0 {
			break
		}
		at += further
		o, bytes := h.octave(at >> mantissaBits)
		grown += bytes
		n := in.count(in.paths - h.present)
		if n == 0 && in.err == nil {
			in.err = errors.New("found a bin without a count")
		}
		o[at%binsPerOctave] = uint32(n)
		h.present += n
	}
	if in.err == nil && h.present+h.absent != in.paths {
		in.err = fmt.Errorf("found %d values in a histogram, expected the %d paths", h.present+h.absent, in.paths)
	}
	return grown
}

// end compares the checksum and expects nothing behind it.
func (in *decoder) end() {
	if in.err != nil {
		return
	}
	var b [4]byte
	if _, in.err = io.ReadFull(in.r, b[:]); in.err != nil {
		return
	}
	if found := binary.LittleEndian.Uint32(b[:]); found != in.sum {
		in.err = fmt.Errorf("found the checksum %08x, expected %08x: the file was damaged", found, in.sum)
		return
	}
	if _, err := in.r.ReadByte(); err == nil {
		in.err = errors.New("found more bytes behind the checksum")
	}
}
