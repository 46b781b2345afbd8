package plots

import (
	"bytes"
	"flag"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden pictures in testdata")

func half(f Figure, err error) (Figure, error) { f.frame.Size = HalfPage; return f, err }

var golden = []struct {
	name string
	make func() (Figure, error)
}{
	{"price", func() (Figure, error) { return Price(priceData()) }},
	{"price_half", func() (Figure, error) { return half(Price(priceData())) }},
	{"flows", func() (Figure, error) { return Flows(flowsData()) }},
	{"ledger", func() (Figure, error) { return Ledger(ledgerData()) }},
	{"fan", func() (Figure, error) { return Fan(fanData()) }},
	{"drawdown", func() (Figure, error) { return Drawdown(drawdownData()) }},
	{"treasuries", func() (Figure, error) { return Treasuries(treasuriesData()) }},
	{"waves", func() (Figure, error) { return Waves(wavesData()) }},
	{"distribution", func() (Figure, error) { return Distribution(distributionData()) }},
	{"response", func() (Figure, error) { return Response(responseData()) }},
}

// TestGolden compares every chart with the picture in testdata. After a change
// that is meant, run `go test ./plots -update` and look at the pictures.
func TestGolden(t *testing.T) {
	for _, g := range golden {
		t.Run(g.name, func(t *testing.T) {
			t.Parallel()
			got := render(t, g.make)
			path := filepath.Join("testdata", g.name+".png")
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if share := different(t, got, want); share > 1e-4 {
				t.Errorf("%.4f %% of the pixels differ from %s", 100*share, path)
			}
		})
	}
}

// TestSameBytes draws one figure many times at once.
func TestSameBytes(t *testing.T) {
	d := treasuriesData()
	for range 3 { // so many that labels become a legend
		d.Holders = append(d.Holders, d.Holders...)
	}
	fig, err := Treasuries(d)
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	pictures := make([][]byte, 4)
	for i := range pictures {
		wait.Go(func() {
			var b bytes.Buffer
			if err := fig.PNG(&b); err != nil {
				t.Error(err)
			}
			pictures[i] = b.Bytes()
		})
	}
	wait.Wait()
	for i, p := range pictures {
		if !bytes.Equal(p, pictures[0]) {
			t.Errorf("picture %d has other bytes than picture 0", i)
		}
	}
}

func render(t *testing.T, build func() (Figure, error)) []byte {
	t.Helper()
	fig, err := build()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := fig.PNG(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// different is the share of pixels that differ visibly: by more than a
// sixteenth of a channel, so that the rounding of another processor does not
// count.
func different(t *testing.T, a, b []byte) float64 {
	t.Helper()
	p, q := decode(t, a), decode(t, b)
	if p.Bounds() != q.Bounds() {
		t.Fatalf("size %v, want %v", p.Bounds().Size(), q.Bounds().Size())
	}
	count, box := 0, p.Bounds()
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			if apart(p.At(x, y), q.At(x, y)) {
				count++
			}
		}
	}
	return float64(count) / float64(box.Dx()*box.Dy())
}

func apart(a, b color.Color) bool {
	ar, ag, ab, _ := a.RGBA()
	br, bg, bb, _ := b.RGBA()
	far := func(x, y uint32) bool { return max(x, y)-min(x, y) > 0x1000 }
	return far(ar, br) || far(ag, bg) || far(ab, bb)
}

func decode(t *testing.T, raw []byte) image.Image {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return img
}
