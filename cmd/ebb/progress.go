package main

import (
	"fmt"
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
	began  time.Time
	things string // what is counted
	label  string // of the run that is shown
	bar    *progressbar.ProgressBar
	since  time.Time // when from of the things were there, as the rate counts
	from   int
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
	if p.label != label || p.since.IsZero() {
		p.clear()
		p.label, p.since, p.from = label, time.Now(), done
	}
	if time.Since(p.began) < time.Second {
		return
	}
	if p.bar == nil {
		p.bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(p.out), progressbar.OptionShowCount(), progressbar.OptionSetPredictTime(false),
			progressbar.OptionSetElapsedTime(false), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
	}
	if int64(done) > p.bar.State().CurrentNum {
		p.bar.Describe(label + pace(done-p.from, total-done, time.Since(p.since), p.things))
		p.bar.Set(done)
	}
}

// pace is how fast things are done and how long the rest takes at that rate; nothing
// before the first is done. What earlier sittings did does not count.
func pace(done, left int, in time.Duration, things string) string {
	if done == 0 || in <= 0 {
		return ""
	}
	each := in / time.Duration(done)
	rate, unit := float64(done)/in.Seconds(), "s"
	if rate < 1 {
		rate, unit = 60*rate, "min"
	}
	text := fmt.Sprintf("%.2g", rate)
	if rate >= 10 {
		text = fmt.Sprintf("%.0f", rate)
	}
	return fmt.Sprintf(", %s %s/%s, %s left", text, things, unit, (time.Duration(left) * each).Round(time.Second))
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
