package main

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestReportInABrowser opens reports in the browser that EBB_BROWSER names, a Chromium,
// as .ci/browser does. EBB_SCREENSHOTS is a folder for pictures of what it saw.
func TestReportInABrowser(t *testing.T) {
	program := os.Getenv("EBB_BROWSER")
	if program == "" {
		t.Skip("EBB_BROWSER names no browser; .ci/browser does")
	}
	b := startBrowser(t, program)
	dir := t.TempDir()
	hostile := filepath.Join(dir, "hostile.yaml")
	if err := os.WriteFile(hostile, []byte(scriptedScenario), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Run("the checks can fail", func(t *testing.T) {
		loud := filepath.Join(dir, "loud.html")
		if err := os.WriteFile(loud, []byte(`<img src="http://127.0.0.1:9/x.png"><script>console.log("said"); none()</script>`), 0o644); err != nil {
			t.Fatal(err)
		}
		p := b.open(t, loud)
		found := strings.Join(p.complaints(t), "\n")
		for _, text := range []string{"asks for http://127.0.0.1:9/x.png", `"said"`, "none is not defined"} {
			if !strings.Contains(found, text) {
				t.Errorf("%s was not seen in\n%s", text, found)
			}
		}
	})
	for name, args := range map[string][]string{
		"redemption-loop": {"redemption-loop", "--paths", "300"},
		"winter-2025-26":  {"winter-2025-26", "--set", "forecast.paths=20"},
		"hostile":         {hostile},
	} {
		t.Run(name, func(t *testing.T) {
			result := filepath.Join(dir, name)
			ebb(t, append([]string{"run", "-o", result}, args...)...)
			p := b.open(t, filepath.Join(result, reportName))
			p.reads(t)
			if name != "hostile" {
				p.answers(t)
			}
			p.fits(t, name)
			p.prints(t, name)
			p.quiet(t)
			p.readsWithoutScript(t)
		})
	}
}

// reads: pictures have names, tables have captions and headings, for a screen reader.
func (p *tab) reads(t *testing.T) {
	t.Helper()
	var tree struct {
		Nodes []struct {
			Ignored bool
			Role    struct{ Value string }
			Name    struct{ Value string }
		}
	}
	p.call(t, "Accessibility.getFullAXTree", nil, &tree)
	count := map[string]int{}
	for _, n := range tree.Nodes {
		role := strings.ToLower(n.Role.Value)
		if n.Ignored {
			continue
		}
		count[role]++
		switch role {
		case "image", "img", "table", "link", "slider", "radio", "checkbox", "region":
			if strings.TrimSpace(n.Name.Value) == "" {
				t.Errorf("a screen reader finds a %s without a name", role)
			}
		}
	}
	for _, role := range []string{"image", "table", "columnheader", "rowheader", "heading", "main"} {
		if count[role] == 0 {
			t.Errorf("a screen reader finds no %s: %v", role, count)
		}
	}
	if got := p.text(t, `String(document.querySelectorAll("h1").length)`); got != "1" {
		t.Errorf("%s headings of the first level", got)
	}
	if got := p.text(t, `[...document.images].filter(i => !i.complete || !i.naturalWidth || i.naturalWidth !== Number(i.getAttribute("width"))).map(i => i.alt).join("; ")`); got != "" {
		t.Errorf("pictures that are not shown, or of another size than they say: %s", got)
	}
	if got := p.text(t, `String(document.querySelectorAll(".live:not([hidden])").length > 0)`); got != "true" {
		t.Error("the script has not begun")
	}
}

// answers: values follow the pointer and the keyboard, and the switches switch.
func (p *tab) answers(t *testing.T) {
	t.Helper()
	p.eval(t, `(() => {
		window.figure = [...document.querySelectorAll("figure")].find(f => f.querySelector("input[type=range]"));
		window.figure.scrollIntoView({block: "center"});
	})()`)
	said := func() string {
		return p.text(t, `window.figure.querySelector("output").textContent + " | " + window.figure.querySelector("dl").innerText`)
	}
	var box struct{ X, Y, Width, Height float64 }
	if err := json.Unmarshal([]byte(p.text(t, `JSON.stringify(window.figure.querySelector("img").getBoundingClientRect())`)), &box); err != nil {
		t.Fatal(err)
	}
	before := said()
	p.call(t, "Input.dispatchMouseEvent", map[string]any{"type": "mouseMoved", "x": box.X + box.Width/2, "y": box.Y + box.Height/2}, nil)
	hovered := said()
	if hovered == before {
		t.Errorf("the pointer over the middle of a chart tells what the end does: %s", hovered)
	}
	p.eval(t, `window.figure.querySelector("input").focus()`)
	for _, kind := range []string{"keyDown", "keyUp"} {
		p.call(t, "Input.dispatchKeyEvent", map[string]any{"type": kind, "key": "ArrowLeft", "code": "ArrowLeft", "windowsVirtualKeyCode": 37}, nil)
	}
	if got := said(); got == hovered {
		t.Errorf("the arrow keys move nothing: %s", got)
	}
	if got := p.text(t, `window.figure.querySelector("input").getAttribute("aria-valuetext")`); !strings.Contains(got, ": ") {
		t.Errorf("a screen reader is told %q", got)
	}

	shown := func() string { return p.text(t, `document.querySelector(".runs").innerText`) }
	first := shown()
	name := p.text(t, `(() => { const r = document.querySelectorAll(".runs input[type=radio]")[2]; r.click(); return r.closest("label").innerText; })()`)
	name, _, _ = strings.Cut(strings.TrimSpace(name), " (")
	if got := shown(); got == first || !strings.Contains(got, "minus "+name) {
		t.Errorf("the switch to %q shows\n%s", name, got)
	}
	if got := p.text(t, `document.querySelector(".runs svg[role=img]").getAttribute("aria-label")`); !strings.Contains(got, name) {
		t.Errorf("the chart of the switch is called %q", got)
	}

	table := func(column int) string {
		return p.text(t, fmt.Sprintf(`document.querySelector(".coalitions tbody tr").cells[%d].innerText`, column))
	}
	all := table(1)
	if all != table(2) {
		t.Errorf("with everything on %s, expected %s", all, table(2))
	}
	p.eval(t, `document.querySelectorAll(".coalitions input").forEach(i => i.click())`)
	if none := table(1); none != table(3) || none == all {
		t.Errorf("with nothing on %s, expected %s and not %s", none, table(3), all)
	}
}

// fits: nothing is wider than the screen, which would have to be moved sideways.
func (p *tab) fits(t *testing.T, name string) {
	t.Helper()
	for _, width := range []int{360, 800, 1280} {
		p.call(t, "Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false}, nil)
		p.eval(t, "new Promise(r => setTimeout(r, 50))")
		if got := p.text(t, `String(document.documentElement.scrollWidth)`); got != fmt.Sprint(width) {
			t.Errorf("on a screen %d wide the page is %s wide: %s", width, got, p.text(t, `[...document.body.querySelectorAll("*")].filter(e => e.scrollWidth > e.clientWidth && e.clientWidth && !e.closest(".scroll")).map(e => e.tagName + "." + e.className + " " + e.textContent.slice(0, 40)).join("\n")`))
		}
		p.picture(t, fmt.Sprintf("%s-%d.png", name, width))
	}
}

// prints: on paper nothing is cut at the right, and no control is there.
func (p *tab) prints(t *testing.T, name string) {
	t.Helper()
	const between = 673 // A4 less the margins of the style, in CSS pixels
	p.call(t, "Emulation.setDeviceMetricsOverride", map[string]any{"width": between, "height": 900, "deviceScaleFactor": 1, "mobile": false}, nil)
	p.call(t, "Emulation.setEmulatedMedia", map[string]any{"media": "print"}, nil)
	if got := p.text(t, fmt.Sprintf(`[...document.body.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > %d + 1).map(e => e.tagName + " " + e.textContent.slice(0, 40)).join("\n")`, between)); got != "" {
		t.Errorf("wider than the paper:\n%s", got)
	}
	if got := p.text(t, `[...document.querySelectorAll("input, nav, .live")].filter(e => e.getClientRects().length).map(e => e.outerHTML).join("\n")`); got != "" {
		t.Errorf("controls on paper: %s", got)
	}
	p.call(t, "Emulation.setEmulatedMedia", map[string]any{"media": ""}, nil)
	p.call(t, "Emulation.clearDeviceMetricsOverride", nil, nil)
	var printed struct{ Data string }
	p.call(t, "Page.printToPDF", map[string]any{"preferCSSPageSize": true, "printBackground": true}, &printed)
	pdf, err := base64.StdEncoding.DecodeString(printed.Data)
	if err != nil {
		t.Fatal(err)
	}
	if pages := strings.Count(string(pdf), "/Type /Page\n"); !strings.HasPrefix(string(pdf), "%PDF-") || pages < 3 {
		t.Errorf("the print has %d pages", pages)
	}
	keep(t, name+".pdf", pdf)
}

// quiet: no error was told and nothing was asked of the network.
func (p *tab) quiet(t *testing.T) {
	t.Helper()
	for _, text := range p.complaints(t) {
		t.Error(text)
	}
}

// complaints are what the console said and what was asked of the network.
func (p *tab) complaints(t *testing.T) []string {
	t.Helper()
	p.text(t, "''") // what came before it has arrived
	var list []string
	for _, e := range p.seen {
		switch e.Method {
		case "Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded":
			list = append(list, "the console says "+string(e.Params))
		case "Network.requestWillBeSent":
			var request struct{ Request struct{ URL string } }
			if err := json.Unmarshal(e.Params, &request); err != nil {
				t.Fatal(err)
			}
			if at := request.Request.URL; at != p.url && !strings.HasPrefix(at, "data:") {
				list = append(list, "the page asks for "+at)
			}
		}
	}
	return list
}

// readsWithoutScript: tables and pictures are there, and nothing that would not work.
func (p *tab) readsWithoutScript(t *testing.T) {
	t.Helper()
	p.call(t, "Emulation.setScriptExecutionDisabled", map[string]any{"value": true}, nil)
	p.load(t)
	if got := p.text(t, `[...document.querySelectorAll(".live, input")].filter(e => e.getClientRects().length).length + " " + [...document.images, ...document.querySelectorAll("table")].filter(e => !e.getClientRects().length).length`); got != "0 0" {
		t.Errorf("without scripts: controls that are shown, and tables and pictures that are not: %s", got)
	}
}

// browser is a Chromium that is driven over two pipes.
type browser struct {
	to   *os.File
	from *bufio.Reader
	last int
}

// message is what a browser says: an answer or an event.
type message struct {
	ID        int
	SessionID string
	Method    string
	Params    json.RawMessage
	Result    json.RawMessage
	Error     *struct{ Message string }
}

func startBrowser(t *testing.T, program string) *browser {
	t.Helper()
	theirIn, ourOut, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	ourIn, theirOut, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(context.Background(), 9*time.Minute)
	args := []string{"--headless=new", "--remote-debugging-pipe", "--user-data-dir=" + t.TempDir(), "--no-first-run", "--disable-gpu", "--disable-background-networking",
		"--disable-component-update", "--disable-extensions", "--disable-dev-shm-usage", "--hide-scrollbars"}
	if os.Getuid() == 0 {
		args = append(args, "--no-sandbox") // it refuses to run as root with one
	}
	c := exec.CommandContext(ctx, program, args...)
	c.ExtraFiles = []*os.File{theirIn, theirOut}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	theirIn.Close()
	theirOut.Close()
	b := &browser{to: ourOut, from: bufio.NewReader(ourIn)}
	t.Cleanup(func() {
		b.call(t, "", "Browser.close", nil, nil, nil)
		c.Wait()
		stop()
	})
	return b
}

// call asks the browser and waits for its answer; what else it says goes to seen.
func (b *browser) call(t *testing.T, session, method string, params map[string]any, result any, seen func(message)) {
	t.Helper()
	b.last++
	ask := map[string]any{"id": b.last, "method": method}
	if params != nil {
		ask["params"] = params
	}
	if session != "" {
		ask["sessionId"] = session
	}
	text, err := json.Marshal(ask)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.to.Write(append(text, 0)); err != nil {
		t.Fatalf("%s: %v", method, err)
	}
	for {
		m := b.next(t)
		if m.ID != b.last {
			if seen != nil {
				seen(m)
			}
			continue
		}
		if m.Error != nil {
			t.Fatalf("%s: %s", method, m.Error.Message)
		}
		if result != nil {
			if err := json.Unmarshal(m.Result, result); err != nil {
				t.Fatalf("%s: %v", method, err)
			}
		}
		return
	}
}

func (b *browser) next(t *testing.T) message {
	t.Helper()
	text, err := b.from.ReadBytes(0)
	if err != nil {
		t.Fatalf("the browser has ended: %v", err)
	}
	var m message
	if err := json.Unmarshal(text[:len(text)-1], &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// tab is one page of a browser.
type tab struct {
	*browser
	session, url string
	seen         []message
}

func (b *browser) open(t *testing.T, path string) *tab {
	t.Helper()
	var target struct{ TargetID string }
	b.call(t, "", "Target.createTarget", map[string]any{"url": "about:blank"}, &target, nil)
	var attached struct{ SessionID string }
	b.call(t, "", "Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached, nil)
	p := &tab{browser: b, session: attached.SessionID, url: (&url.URL{Scheme: "file", Path: path}).String()}
	for _, domain := range []string{"Page", "Runtime", "Log", "Network", "Accessibility"} {
		p.call(t, domain+".enable", nil, nil)
	}
	p.load(t)
	return p
}

func (p *tab) load(t *testing.T) {
	t.Helper()
	from := len(p.seen)
	p.call(t, "Page.navigate", map[string]any{"url": p.url}, nil)
	for {
		for _, m := range p.seen[from:] {
			if m.Method == "Page.loadEventFired" {
				return
			}
		}
		p.keepSeen(p.next(t))
	}
}

func (p *tab) keepSeen(m message) {
	if m.SessionID == p.session {
		p.seen = append(p.seen, m)
	}
}

func (p *tab) call(t *testing.T, method string, params map[string]any, result any) {
	t.Helper()
	p.browser.call(t, p.session, method, params, result, p.keepSeen)
}

// eval runs an expression in the page and waits for what it promises.
func (p *tab) eval(t *testing.T, expression string) json.RawMessage {
	t.Helper()
	var out struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails json.RawMessage
	}
	p.call(t, "Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true, "awaitPromise": true}, &out)
	if out.ExceptionDetails != nil {
		t.Fatalf("%s: %s", expression, out.ExceptionDetails)
	}
	return out.Result.Value
}

// text is a text that the page gives.
func (p *tab) text(t *testing.T, expression string) string {
	t.Helper()
	var text string
	if err := json.Unmarshal(p.eval(t, expression), &text); err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return text
}

// picture keeps a picture of the whole page, where that is asked for.
func (p *tab) picture(t *testing.T, name string) {
	t.Helper()
	if os.Getenv("EBB_SCREENSHOTS") == "" {
		return
	}
	var shot struct{ Data string }
	p.call(t, "Page.captureScreenshot", map[string]any{"captureBeyondViewport": true}, &shot)
	image, err := base64.StdEncoding.DecodeString(shot.Data)
	if err != nil {
		t.Fatal(err)
	}
	keep(t, name, image)
}

func keep(t *testing.T, name string, content []byte) {
	t.Helper()
	dir := os.Getenv("EBB_SCREENSHOTS")
	if dir == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
		t.Fatal(err)
	}
}
