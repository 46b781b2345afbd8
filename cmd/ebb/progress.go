package main

import (
	"io"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress shows on a terminal how far a run is, once it takes over a second; in
// a pipe it shows nothing.
type progress struct {
	mutex  sync.Mutex
	out    io.Writer // nil: no terminal
	things string    // what is counted
	began  time.Time
	label  string
	bar    *progressbar.ProgressBar
}

func newProgress(w io.Writer) *progress {
	p := &progress{began: time.Now(), things: "paths"}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		p.out = w
	}
	return p
}

// show is told the number of finished paths of one run of the study.
func (p *progress) show(label string, done, total int) {
	if p.out == nil {
		return
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if time.Since(p.began) < time.Second {
		return
	}
	if p.bar == nil || p.label != label {
		p.clear()
		p.label = label
		p.bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(p.out), progressbar.OptionSetDescription(label),
			progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionSetItsString(p.things),
			progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
	}
	if int64(done) > p.bar.State().CurrentNum {
		p.bar.Set(done)
	}
}

// done wipes the bar off the terminal.
func (p *progress) done() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.clear()
}

func (p *progress) clear() {
	if p.bar != nil {
		p.bar.Clear()
		p.bar = nil
	}
}
