package montecarlo_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"strings"
	"testing"

	"github.com/ebb-sim/ebb/data/datatest/bounded"
	"github.com/ebb-sim/ebb/sim/montecarlo"
)

// Whatever stands in place of an encoded ensemble, and whatever size it announces,
// Decode gives an error that says so, or an ensemble that is the same when it is
// written and read again. The target adds the checksum that fits: without it little
// but the check of the checksum would be tried.
func FuzzDecode(f *testing.F) {
	list := subjects(f, 2)
	for _, o := range []montecarlo.Options{
		{Paths: 3, Seed: 3}, {Paths: montecarlo.ExactPaths + 617, From: 9000, To: 9003, Seed: 3}, {Paths: montecarlo.OutcomePaths + 1001, From: 262000, To: 262150, Seed: 3, OutcomesOnly: true},
	} {
		for i, e := range together(f, list, o) {
			text := encode(f, e)
			f.Add(text[:len(text)-4], byte(i))
		}
	}
	f.Add([]byte("ebb ensemble 1\n{\"whole\":1000000000000000,\"paths\":1000000000000000,\"steps\":2}\n"), byte(0))
	f.Fuzz(func(t *testing.T, text []byte, subject byte) {
		i := int(subject) % len(list)
		bounded.By(t, 64<<20+1000*uint64(len(text)), func() {
			e, err := montecarlo.Decode(bytes.NewReader(binary.LittleEndian.AppendUint32(bytes.Clone(text), crc32.ChecksumIEEE(text))), list[i], base(list, i))
			if err != nil {
				if !strings.HasPrefix(err.Error(), "part of a run: ") {
					t.Fatalf("%q does not say of what", err)
				}
				return
			}
			written := encode(t, e)
			again, err := montecarlo.Decode(bytes.NewReader(written), list[i], base(list, i))
			if err != nil {
				t.Fatalf("what was read cannot be read again: %v", err)
			}
			if !bytes.Equal(encode(t, again), written) {
				t.Fatal("read again it is another ensemble")
			}
		})
	})
}
