package plots

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// awkward is a title that SVG and PDF must write as it is.
const awkward = `A <b>"fall"</b> & 'rise' of −5 %: é, Σ, ☃, ` + "\x01"

func awkwardPrice(t *testing.T) Figure {
	t.Helper()
	d := priceData()
	d.Title = awkward
	f, err := Price(d)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestSVGIsTextAndWellFormed(t *testing.T) {
	f := awkwardPrice(t)
	var first, second bytes.Buffer
	for _, b := range []*bytes.Buffer{&first, &second} {
		if err := f.SVG(b); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("two SVGs of one figure differ")
	}
	path := filepath.Join("testdata", "price.svg")
	if *update {
		if err := os.WriteFile(path, first.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(texts(t, want), texts(t, first.Bytes())); diff != "" {
		t.Errorf("the texts differ from %s (-want +got):\n%s", path, diff)
	}
	for _, text := range []string{`A <b>"fall"</b> & 'rise' of −5` + " %: é, Σ, □, □", "feedback −5.3" + nbsp + "%"} {
		if !strings.Contains(strings.Join(texts(t, first.Bytes()), "\n"), text) {
			t.Errorf("the SVG has no text %q:\n%s", text, strings.Join(texts(t, first.Bytes()), "\n"))
		}
	}
	if n := bytes.Count(first.Bytes(), []byte("<text ")); n == 0 || n != bytes.Count(first.Bytes(), []byte("<text textLength=")) {
		t.Errorf("of %d texts some do not say how wide they are", n)
	}
	if left := regexp.MustCompile(`font-family:Lib`).Find(first.Bytes()); left != nil {
		t.Error("a text names no font to fall back on")
	}
}

// texts are the texts of an SVG, which must be XML.
func texts(t *testing.T, svg []byte) []string {
	t.Helper()
	var list []string
	inside := false
	for d := xml.NewDecoder(bytes.NewReader(svg)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return list
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			inside = token.Name.Local == "text" || token.Name.Local == "title"
		case xml.EndElement:
			inside = false
		case xml.CharData:
			if inside {
				list = append(list, string(token))
			}
		}
	}
}

// Every chart becomes the same PDF and the same SVG when it is drawn again.
func TestSameVectors(t *testing.T) {
	for _, g := range golden {
		t.Run(g.name, func(t *testing.T) {
			t.Parallel()
			for _, write := range []func(Figure, io.Writer) error{Figure.PDF, Figure.SVG} {
				var drawings [2]bytes.Buffer
				for i := range drawings {
					f, err := g.make()
					if err != nil {
						t.Fatal(err)
					}
					if err := write(f, &drawings[i]); err != nil {
						t.Fatal(err)
					}
				}
				if !bytes.Equal(drawings[0].Bytes(), drawings[1].Bytes()) {
					t.Error("two drawings of one figure differ")
				}
			}
		})
	}
}

func TestPDFHasNoClock(t *testing.T) {
	var b bytes.Buffer
	if err := awkwardPrice(t).PDF(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"%PDF-", "/CreationDate (D:19700101000000)", "/ModDate (D:19700101000000)", "/Producer", "%%EOF"} {
		if !bytes.Contains(b.Bytes(), []byte(want)) {
			t.Errorf("the PDF has no %s", want)
		}
	}
}

func TestEmptyFigureIsAnError(t *testing.T) {
	for _, write := range []func(Figure, io.Writer) error{Figure.PNG, Figure.PDF, Figure.SVG} {
		if err := write(Figure{}, io.Discard); err == nil {
			t.Error("an empty figure was written")
		}
	}
}
