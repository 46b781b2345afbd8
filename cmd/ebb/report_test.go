package main

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ebb-sim/ebb/plots"
)

// scriptedScenario has markup, quotes and text from right to left wherever a file may
// have a text.
const scriptedScenario = `
name: hostile
title: "<script>alert(1)</script> \"q\" 'q' & שלום עולם"
source: "</script><img src=http://evil.example/x onerror=alert(1)>"
text: "<b>bold</b> & \"quotes\" | pipe ` + "`tick`" + ` [x](http://evil.example) \u202eturned"
assumptions: ["<script src=//evil.example></script>", "# no heading", "a | b\nc", "עברית <i>x</i>"]
market: {btc: {price: 90000, volatility: 50%, depth_1pct: 3bn}, eth: {price: 3000, volatility: 50%, depth_1pct: 1bn}}
mechanisms:
  - collateral:
      name: c
      asset: btc
      holders: [{name: "<script>holder</script> & \"שלום\" | x", units: 1000, debt: 40m, liquidation_threshold: 80%}]
  - perps: {asset: eth, open_interest: 2bn, name: "p"}
shocks: [{on: day 3, news: -30%, asset: btc, name: "<img src=x onerror=alert(2)>"}, {on: day 4, news: -30%, asset: eth}]
simulate: {steps: 20, paths: 30, news: gbm, seed: 1}
compare:
  - {name: "</script><script>alert(3)</script> & \"' | ` + "`" + ` בלי", without: [c]}
  - {name: second <b>, without: [p]}
attribute: {outcomes: [btc.return]}
outcomes: [btc.return, eth.return]
`

func hostile(t *testing.T) map[string][]byte {
	t.Helper()
	dir := t.TempDir()
	name := filepath.Join(dir, "hostile.yaml")
	if err := os.WriteFile(name, []byte(scriptedScenario), 0o644); err != nil {
		t.Fatal(err)
	}
	ebb(t, "run", name, "-o", filepath.Join(dir, "result"))
	return folder(t, filepath.Join(dir, "result"))
}

// What a scenario's texts hold is shown and never markup: the page has our elements
// only, loads nothing, and its tables and pictures have names.
func TestReportOfHostileTexts(t *testing.T) {
	files := hostile(t)
	checkPage(t, string(files[reportName]))
	page := string(files[reportName])
	for _, text := range []string{"&lt;script&gt;alert(1)&lt;/script&gt;", "שלום", "&lt;script&gt;holder&lt;/script&gt;"} {
		if !strings.Contains(page, text) {
			t.Errorf("the page does not show %s", text)
		}
	}
	if strings.Contains(page, "\u202e") {
		t.Error("a mark turns the direction of the page")
	}
	memo := string(files[memoName])
	outside := regexp.MustCompile("(?s)\n(`{3,})\n.*?\n`{3,}\n").ReplaceAllString(memo, "\n")
	for _, markup := range []string{"<script", "<img", "<b>", "](http", "\n# no heading", "`tick`"} {
		for at := range len(outside) {
			if strings.HasPrefix(outside[at:], markup) && outside[at-1] != '\\' {
				t.Errorf("the memo has markup of a file: %s", outside[max(0, at-30):min(len(outside), at+40)])
			}
		}
	}
	checkPipes(t, memo)
}

// Reports of a scenario and of a strategy: whole, small enough to send, with every
// picture of the folder, and in the manifest.
func TestReports(t *testing.T) {
	for name, args := range map[string][]string{
		"redemption-loop": {"run", "redemption-loop", "--paths", "60", "--set", "redemption.response=2bn"},
		"recovery-lights": {"backtest", "recovery-lights"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "result")
			ebb(t, append(args, "-o", dir)...)
			files := folder(t, dir)
			page, text := string(files[reportName]), string(files[memoName])
			checkPage(t, page)
			checkPipes(t, text)
			if len(page) > 3<<20 {
				t.Errorf("a page of %d bytes", len(page))
			}
			pictures := 0
			for file := range files {
				if !strings.HasPrefix(file, "plots/") {
					continue
				}
				pictures++
				if strings.Count(text, "]("+file+")") != 1 {
					t.Errorf("the memo has %s %d times", file, strings.Count(text, "]("+file+")"))
				}
			}
			if got := strings.Count(page, "<img "); got != pictures || pictures == 0 {
				t.Errorf("%d pictures in the page, %d in the folder", got, pictures)
			}
			for _, file := range []string{reportName, memoName} {
				if !strings.Contains(string(files[manifestName]), `"name": "`+file+`"`) {
					t.Errorf("%s is not in the manifest", file)
				}
			}
			for _, said := range []string{"Reconstructed", "reconstructed, not market data", "histories/btc_usd.csv", "How to reproduce", "Parameters"} {
				if !strings.Contains(strings.ToLower(page), strings.ToLower(said)) {
					t.Errorf("the page does not say %s", said)
				}
			}
		})
	}
}

// The report tells how to get it again, which parameters were given, what they say, and the
// colours of the charts.
func TestReportOfChanges(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "result")
	ebb(t, "run", "redemption-loop", "--paths", "60", "--set", "redemption.response=2bn", "-o", dir)
	files := folder(t, dir)
	page, text := string(files[reportName]), string(files[memoName])
	for _, line := range []string{
		"\nebb run redemption-loop.yaml\n",
		"| response | 2bn | usd per return | given | flow per unit log return (Φ); 0 switches the loop off |  |\n",
		"| asymmetry | 1 | factor | default | response to rises over the response to falls (Φ⁺/Φ⁻) | symmetric in the fit |\n",
		"\n      response: 2bn\n",
	} {
		if !strings.Contains(text, line) {
			t.Errorf("the memo does not have %s", line)
		}
	}
	if hex := hexOf(plots.ColorOf("redemption")); !strings.Contains(page, `fill="`+hex+`"`) {
		t.Errorf("redemption does not have its colour %s", hex)
	}
	// The scenario as the report has it gives the same numbers.
	_, yaml, _ := strings.Cut(text, "in YAML:\n\n```\n")
	yaml, _, _ = strings.Cut(yaml, "\n```")
	mine := filepath.Join(t.TempDir(), "mine.yaml")
	if err := os.WriteFile(mine, []byte(yaml), 0o644); err != nil {
		t.Fatal(err)
	}
	again := filepath.Join(t.TempDir(), "again")
	ebb(t, "run", mine, "-o", again)
	for _, name := range []string{"summary.json", "path.csv", "quantiles.csv"} {
		if got := folder(t, again)[name]; string(got) != string(files[name]) {
			t.Errorf("the scenario of the report gives another %s", name)
		}
	}
}

func TestShellWord(t *testing.T) {
	for word, want := range map[string]string{"mine.yaml": "mine.yaml", "": "''", "it's; rm -rf $HOME": `'it'\''s; rm -rf $HOME'`} {
		if got := shellWord(word); got != want {
			t.Errorf("%q: %s, expected %s", word, got, want)
		}
	}
}

// The rows of each table have as many cells as its head.
func checkPipes(t *testing.T, memo string) {
	t.Helper()
	width := 0
	pipe := regexp.MustCompile(`(^|[^\\])\|`)
	for line := range strings.Lines(memo) {
		if !strings.HasPrefix(line, "|") {
			width = 0
			continue
		}
		n := len(pipe.FindAllString(strings.ReplaceAll(line, `\\`, ""), -1))
		if width == 0 {
			width = n
		}
		if n != width {
			t.Errorf("a row of %d pipes in a table of %d: %s", n, width, line)
		}
	}
}

// elements are those that the page's own template writes.
var elements = strings.Fields("html head wbr span meta title style body a header h1 p nav ul li main section h2 h3 div table caption thead tbody tr th td svg rect figure img figcaption details summary pre code script footer")

// checkPage reads a page as a parser does.
func checkPage(t *testing.T, page string) {
	t.Helper()
	if !strings.HasPrefix(page, "<!DOCTYPE html>") || !strings.Contains(page, `<html lang="en">`) {
		t.Error("no type or no language")
	}
	if strings.Count(page, "<script") != strings.Count(page, "</script") {
		t.Error("a script does not end")
	}
	scripts := regexp.MustCompile(`(?s)(<script[^>]*>)(.*?)(</script>)`)
	bare := scripts.ReplaceAllString(page, "$1$3") // XML would read what is in them
	bare = regexp.MustCompile(`(?s)<style>.*?</style>`).ReplaceAllString(bare, "<style></style>")
	d := xml.NewDecoder(strings.NewReader(bare))
	ids := map[string]bool{}
	open, captions, tables := []string{}, 0, 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("the page is not well formed: %v", err)
		}
		switch x := token.(type) {
		case xml.StartElement:
			name := x.Name.Local
			open = append(open, name)
			if !slices.Contains(elements, name) {
				t.Errorf("the page has an element %s", name)
			}
			attributes := map[string]string{}
			for _, a := range x.Attr {
				attributes[a.Name.Local] = a.Value
				if strings.HasPrefix(a.Name.Local, "on") || a.Name.Local == "style" {
					t.Errorf("%s has an attribute %s", name, a.Name.Local)
				}
			}
			if id := attributes["id"]; id != "" && ids[id] {
				t.Errorf("two elements are called %s", id)
			} else if id != "" {
				ids[id] = true
			}
			if src, ok := attributes["src"]; ok && !strings.HasPrefix(src, "data:image/png;base64,") {
				t.Errorf("%s loads %.60s", name, src)
			}
			if href, ok := attributes["href"]; ok && !strings.HasPrefix(href, "#") {
				t.Errorf("%s leads to %s", name, href)
			}
			switch {
			case name == "img" && (attributes["alt"] == "" || attributes["width"] == "" || attributes["height"] == ""):
				t.Errorf("a picture without a name or a size: %.80v", attributes["alt"])
			case name == "th" && attributes["scope"] == "":
				t.Error("a heading of a table without a scope")
			case name == "table":
				tables++
			case name == "caption":
				captions++
			}
		case xml.CharData:
			if text := strings.TrimSpace(string(x)); text != "" && slices.Contains([]string{"html", "head", "ul", "table", "thead", "tbody", "tr", "svg"}, open[len(open)-1]) {
				t.Errorf("text in %s: %.60s", open[len(open)-1], text)
			}
		case xml.EndElement:
			if len(open) == 0 || open[len(open)-1] != x.Name.Local {
				t.Fatalf("%s ends where %v are open", x.Name.Local, open)
			}
			open = open[:len(open)-1]
		}
	}
	if tables == 0 || tables != captions {
		t.Errorf("%d tables and %d captions", tables, captions)
	}
}
