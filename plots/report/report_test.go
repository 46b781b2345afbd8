package report

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func written(t *testing.T, d *Document) (page, memo string) {
	t.Helper()
	var h, m bytes.Buffer
	if err := d.HTML(&h); err != nil {
		t.Fatal(err)
	}
	if err := d.Markdown(&m); err != nil {
		t.Fatal(err)
	}
	return h.String(), m.String()
}

// The memo of a small document, to the letter.
func TestMarkdown(t *testing.T) {
	_, memo := written(t, &Document{Language: "en", Title: "A *title*", Status: "reconstructed", Lead: "1 path", Footer: "made by ebb",
		Sections: []Section{
			{"First", []Block{Paragraph("one\n\n# two"), List{"- a", "b | c"}}},
			{"Second", []Block{
				Table{"Caption", []string{"run", "value"}, [][]string{{"a|b", "−4.12 %"}, {"", "$1.73bn [$1bn, $2bn]"}, {"short"}}, nil},
				&Picture{File: "plots/price.png", PNG: picture(t, 4, 2), Alt: "a](b) [c", Caption: "It falls."},
				Text{Title: "Command", Text: "a ``` b\n\n\n\nc\n"},
				&Runs{}, &Coalitions{},
			}},
		}})
	want := "# A \\*title\\*\n\n**reconstructed**\n\n1 path\n\n## First\n\none # two\n\n- \\- a\n- b \\| c\n\n## Second\n\n**Caption**\n\n" +
		"| run | value |\n| --- | ---: |\n| a\\|b | −4.12 % |\n|  | $1.73bn [$1bn, $2bn] |\n| short |  |\n\n" +
		"![a\\](b) \\[c](plots/price.png)\n\n*It falls.*\n\nCommand:\n\n````\na ``` b\n\n\n\nc\n````\n\n---\n\nmade by ebb\n"
	if diff := cmp.Diff(want, memo); diff != "" {
		t.Error(diff)
	}
}

// Whatever a text holds, it is one line of the memo in which no mark stands unescaped.
func TestMarkdownOfAnyText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching("[-#+=.0-9a`*_<>|~\\[\\](:^!& \n\\\\]{1,12}")).Draw(t, "text")
		got := markdown(plain(text))
		if strings.ContainsAny(got, "\n\r") {
			t.Fatalf("%q has lines: %q", text, got)
		}
		escaped := false
		for _, r := range got {
			if !escaped && strings.ContainsRune("`*<>|~", r) {
				t.Fatalf("%q has markup: %q", text, got)
			}
			escaped = r == '\\' && !escaped
		}
		if escaped {
			t.Fatalf("%q ends in a backslash that escapes what follows: %q", text, got)
		}
		if got != "" && strings.ContainsAny(got[:1], "#+-=>|[") {
			t.Fatalf("%q begins a block: %q", text, got)
		}
	})
}

// The policy allows the very bytes of the style and of the script, and nothing that
// would have to be loaded.
func TestPolicy(t *testing.T) {
	page, _ := written(t, &Document{Language: "en", Title: "t"})
	for _, part := range []string{"<style>" + css + "</style>", "<script>" + js + "</script>"} {
		if !strings.Contains(page, part) {
			t.Error("the style or the script stands changed in the page, and its hash is that of another")
		}
	}
	if got := policy(); !strings.HasPrefix(got, "default-src 'none'; ") || strings.Contains(got, "unsafe") || strings.Contains(got, "http") {
		t.Errorf("policy %s", got)
	}
	if strings.Contains(js, "innerHTML") || strings.Contains(css, "url(") || strings.Contains(css, "@import") {
		t.Error("the script writes markup, or the style loads something")
	}
}

// A row without a heading belongs to the one above; numbers stand to the right, with
// their interval apart.
func TestGrid(t *testing.T) {
	g := gridOf(Table{Head: []string{"outcome", "run", "value"}, Rows: [][]string{
		{"return", "all", "−1.00 % [−2.00 %, 0.50 %]"}, {"", "none", "–"}, {"flow", "all"}, {}}})
	if len(g.Body) != 2 || g.Body[0].Span() != 2 || g.Body[1].Span() != 1 {
		t.Fatalf("groups: %+v", g.Body)
	}
	if g.Head[1].Number || !g.Head[2].Number {
		t.Errorf("columns of numbers: %+v", g.Head)
	}
	if c := g.Body[0].Rows[0][1]; c.Interval != "[−2.00 %, 0.50 %]" || c.Parts[0] != "−1.00 %" {
		t.Errorf("an estimate: %+v", c)
	}
	for text, want := range map[string]bool{"−$1.73bn": true, "12": true, "0.00 pp [0.00 pp, 0.00 pp]": true, "2025-10-10": false, "1e-06": true, "3 paths": false, "": false, "$1.09bn redeemed": false} {
		if got := number.MatchString(text); got != want {
			t.Errorf("%q is a number: %v", text, got)
		}
	}
}

func TestParts(t *testing.T) {
	for text, want := range map[string][]string{
		"news.student.degrees_of_freedom": {"news.", "student.", "degrees_", "of_", "freedom"},
		"btc.price":                       {"btc.price"},
		"a b, c.":                         {"a b, c."},
		"":                                {""},
	} {
		if diff := cmp.Diff(want, parts(text)); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		if got := strings.Join(parts(text), ""); got != text {
			t.Fatalf("%q became %q", text, got)
		}
	})
}

func picture(t *testing.T, width, height int) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	for i := range m.Pix {
		m.Pix[i] = uint8(i * 7)
		if i%4 == 3 {
			m.Pix[i] = 255
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A picture of few colours keeps every point; of many, the frequent ones.
func TestPaletted(t *testing.T) {
	m := image.NewRGBA(image.Rect(0, 0, 40, 40))
	for y := range 40 {
		for x := range 40 {
			c := color.RGBA{uint8(x / 10), 20, 30, 255}
			if y == 0 {
				c = color.RGBA{uint8(x * 6), uint8(x), 200, 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	few := paletted(m)
	for y := range 40 {
		for x := range 40 {
			if few.At(x, y) != m.At(x, y) {
				t.Fatalf("%d, %d: %v, was %v", x, y, few.At(x, y), m.At(x, y))
			}
		}
	}
	for i := range 600 {
		m.SetRGBA(i%40, 1+i/40, color.RGBA{uint8(i % 25 * 10), uint8(i / 25 * 10), 255, 255})
	}
	many := paletted(m)
	if len(many.Palette) != 256 {
		t.Errorf("%d colours", len(many.Palette))
	}
	if many.At(5, 39) != m.At(5, 39) {
		t.Error("a frequent colour has changed")
	}
}

// A picture that is none is an error that names it, and nothing is written.
func TestBrokenPicture(t *testing.T) {
	d := &Document{Sections: []Section{{"s", []Block{&Picture{File: "plots/x.png", PNG: []byte("no")}}}}}
	var b bytes.Buffer
	if err := d.HTML(&b); err == nil || !strings.Contains(err.Error(), "plots/x.png") || b.Len() > 0 {
		t.Errorf("error %v, %d bytes", err, b.Len())
	}
}

// What the script reads: no number where there is none, and text that ends no element.
func TestDataOfTheScript(t *testing.T) {
	page, _ := written(t, &Document{Language: "en", Title: "t", Sections: []Section{{"s", []Block{
		&Runs{Points: []string{"</script><b>"}, Assets: []string{"BTC"}, Runs: []Run{{Name: "a", Prices: [][]float64{{1.23456789, math.NaN(), math.Inf(1)}}}}}}}}})
	if !strings.Contains(page, `"Prices":[[1.23457,null,null]]`) || strings.Contains(page, "<b>") {
		t.Error("the data of the switch are not as expected")
	}
}

// Sections of one title have names of their own, and the same document the same bytes.
func TestNames(t *testing.T) {
	d := &Document{Language: "en", Title: "t", Sections: []Section{{"Was? 1", nil}, {"Was! 1", nil}, {"", nil}}}
	page, _ := written(t, d)
	for _, id := range []string{`<h2 id="section-was--1">`, `<h2 id="section-was--1.2">`, `<h2 id="section-">`} {
		if strings.Count(page, id) != 1 {
			t.Errorf("%s stands %d times", id, strings.Count(page, id))
		}
	}
	if again, _ := written(t, d); again != page {
		t.Error("twice the same document, and other bytes")
	}
}
