//go:build linux

package main

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// kills is how many times ebb is killed here; EBB_KILLS=200 for more.
func kills(t *testing.T) int {
	t.Helper()
	text := os.Getenv("EBB_KILLS")
	if text == "" {
		return 20
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("EBB_KILLS=%s, expected a number of kills", text)
	}
	return n
}

// leftovers are what a killed process left in a folder.
func leftovers(t *testing.T, dir string) []string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(dir, unfinishedName+"*"))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// Whenever ebb is interrupted or killed, the place of its result holds the result as a
// whole, the older one, or nothing; an interrupt leaves no unfinished folder beside it,
// and what a kill leaves is gone after the next run. A sweep goes on with the cells that
// it had, and ends with the bytes of one that nobody stopped.
func TestKilled(t *testing.T) {
	ebb, folders := program(t), open(t)
	commands := []struct{ name, args string }{
		{"run", "run redemption-loop --set charts=[price] --set compare=[] --paths 200"},
		{"sweep", "sweep redemption-loop --vary redemption.response=0..4bn/40 --set compare=[] --paths 40 --workers 2"},
	}
	older := filepath.Join(folders, "older")
	for _, args := range []string{"run", "sweep"} {
		args += " redemption-loop --paths 20 --seed 7 --set compare=[] -o " + filepath.Join(older, args)
		if strings.HasPrefix(args, "run") {
			args += " --set charts=[price]"
		} else {
			args += " --vary redemption.response=0..1bn/2"
		}
		if code, stderr := exit(t, exec.Command(ebb, strings.Fields(args)...)); code != exitDone {
			t.Fatal(stderr)
		}
	}
	want, length := map[string]map[string][]byte{}, map[string]time.Duration{}
	for _, c := range commands {
		started, dir := time.Now(), filepath.Join(folders, "whole", c.name)
		if code, stderr := exit(t, exec.Command(ebb, append(strings.Fields(c.args), "-o", dir)...)); code != exitDone {
			t.Fatal(stderr)
		}
		want[c.name], length[c.name] = folder(t, dir), time.Since(started)
	}
	chance := rand.New(rand.NewPCG(1, 2))
	said := map[string]int{}
	for round := range kills(t) {
		c, signal := commands[round/2%2], []os.Signal{os.Interrupt, syscall.SIGKILL}[round%2]
		delay := time.Duration(chance.Float64() * 1.1 * float64(length[c.name]))
		if chance.IntN(4) == 0 { // the end, when files are written
			delay = time.Duration((.85 + .2*chance.Float64()) * float64(length[c.name]))
		}
		where := fmt.Sprintf("round %d, %s, %v after %v", round, c.name, signal, delay)
		parent := filepath.Join(folders, strconv.Itoa(round))
		dir := filepath.Join(parent, "result")
		var before map[string][]byte
		if err := os.MkdirAll(parent, 0o755); err != nil {
			t.Fatal(err)
		}
		if round/4%2 == 0 {
			if err := os.CopyFS(dir, os.DirFS(filepath.Join(older, c.name))); err != nil {
				t.Fatal(err)
			}
			before = folder(t, dir)
		}
		cmd := exec.Command(ebb, append(strings.Fields(c.args), "-o", dir)...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(delay)
		cmd.Process.Signal(signal) // or it has ended already
		cmd.Wait()

		after := map[string][]byte{}
		if _, err := os.Stat(dir); err == nil {
			after = folder(t, dir)
		}
		switch {
		case same(after, want[c.name]):
			said["new"]++
		case len(after) > 0 && same(after, before):
			said["older"]++
		case len(after) == 0 && before == nil:
			said["none"]++
		default:
			t.Errorf("%s: found %d files, which are neither the older result nor the new one", where, len(after))
		}
		left := leftovers(t, parent)
		if len(left) > 0 {
			said["left"]++
		}
		if signal == os.Interrupt && len(left) > 0 && cmd.ProcessState.Exited() { // it may come before ebb listens
			t.Errorf("%s: left %v", where, left)
		}
		if _, err := os.Stat(dir + ".unfinished.jsonl"); err == nil {
			said["journal"]++
		}
		if code, stderr := exit(t, exec.Command(ebb, append(strings.Fields(c.args), "-o", dir)...)); code != exitDone {
			t.Fatalf("%s: the next run fails: %s", where, stderr)
		}
		if !same(folder(t, dir), want[c.name]) {
			t.Errorf("%s: the next run ends with other bytes", where)
		}
		if entries, err := os.ReadDir(parent); err != nil || len(entries) != 1 {
			t.Errorf("%s: after the next run there is %v beside the result, %v", where, entries, err)
		}
		if err := os.RemoveAll(parent); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("afterwards: %v", said)
	if said["older"]+said["none"] == 0 || said["new"]+said["journal"] == 0 {
		t.Errorf("every kill came too late or too early: %v", said)
	}
}

func same(a, b map[string][]byte) bool { return maps.EqualFunc(a, b, bytes.Equal) }

// What a process that is no more has left is removed, and nothing else.
func TestUnfinishedOfOthers(t *testing.T) {
	dir := t.TempDir()
	gone := exec.Command("true")
	if err := gone.Run(); err != nil {
		t.Skipf("no program that ends at once, whose number is then free: %v", err)
	}
	pid, here := gone.Process.Pid, unfinishedHere()
	for name, stays := range map[string]bool{
		fmt.Sprintf("%s%d-1234", here, pid):                       false,
		fmt.Sprintf("%s%d-1234.old", here, pid):                   true, // an older result on its way
		fmt.Sprintf("%s%d-1234", here, os.Getpid()):               true, // alive
		fmt.Sprintf("%s%d-1234", unfinishedName+"00000000-", pid): true, // of another machine
		unfinishedName + "1234":                                   true, // of an ebb that did not say
		fmt.Sprintf("%s%d-mine", here, pid):                       true,
		here + "0-1":                                              true,
		here + "-1-1":                                             true,
		here + "x":                                                true,
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Join(path, "charts"), 0o755); err != nil {
			t.Fatal(err)
		}
		clearUnfinished(dir)
		if _, err := os.Stat(path); (err == nil) != stays {
			t.Errorf("%s: stays is %v", name, err == nil)
		}
	}
	// A link of such a name leads to what is not ours.
	target := t.TempDir()
	link := filepath.Join(dir, fmt.Sprintf("%s%d-99", here, pid))
	if err := os.Symlink(target, link); err != nil {
		t.Fatal(err)
	}
	clearUnfinished(dir)
	if _, err := os.Stat(target); err != nil {
		t.Error(err)
	}
}
