//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A run that cannot end well must leave nothing half written. These tests run
// ebb as a process of its own.

// program puts ebb where another user may run it.
func program(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	dir := open(t)
	path := filepath.Join(dir, "ebb") // testscript.Main runs ebb under this name
	if err := os.WriteFile(path, content, 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// open is a temporary folder that every user may enter.
func open(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "ebb-test-*")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// anyone is an ordinary user, also where the tests run as root, whom no
// permission stops.
func anyone(cmd *exec.Cmd) *exec.Cmd {
	if os.Geteuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	return cmd
}

func exit(t *testing.T, cmd *exec.Cmd) (code int, stderr string) {
	t.Helper()
	var text bytes.Buffer
	cmd.Stderr = &text
	err := cmd.Run()
	var status *exec.ExitError
	if err != nil && !errors.As(err, &status) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), text.String()
}

func TestNoPermissionToRead(t *testing.T) {
	ebb, dir := program(t), open(t)
	for _, name := range []string{"mine.yaml", "btc.csv"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0); err != nil {
			t.Fatal(err)
		}
	}
	for args, want := range map[string]string{
		"run ./mine.yaml":    "./mine.yaml: permission denied\n",
		"data check btc.csv": "btc.csv: permission denied\n",
	} {
		cmd := anyone(exec.Command(ebb, strings.Fields(args)...))
		cmd.Dir = dir
		if code, stderr := exit(t, cmd); code != exitUsage || stderr != want {
			t.Errorf("ebb %s: exit code %d, %q; want %d, %q", args, code, stderr, exitUsage, want)
		}
	}
}

func TestNoPermissionToWrite(t *testing.T) {
	ebb, dir := program(t), open(t)
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	cmd := anyone(exec.Command(ebb, "run", "redemption-loop", "--paths", "20"))
	cmd.Dir = dir
	if code, stderr := exit(t, cmd); code != exitFailed || stderr != "ebb: out: permission denied\n" {
		t.Errorf("exit code %d, %q", code, stderr)
	}
}

// On a disk too small for the result nothing of it is left, and an older result
// stays as it was.
func TestDiskFull(t *testing.T) {
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=2m"); err != nil {
		t.Skipf("no small disk could be mounted here: %v", err)
	}
	defer syscall.Unmount(disk, 0)
	ebb, result := program(t), filepath.Join(disk, "result")
	if code, stderr := exit(t, exec.Command(ebb, "run", "redemption-loop", "--paths", "20", "-o", result, "--set", "charts=[waves]")); code != exitDone {
		t.Fatalf("the small result does not fit: %s", stderr)
	}
	before := folder(t, result)

	code, stderr := exit(t, exec.Command(ebb, "run", "redemption-loop", "--paths", "20", "-o", result))
	if code != exitFailed || !strings.Contains(stderr, "no space left on device; nothing was written") {
		t.Errorf("exit code %d, %q", code, stderr)
	}
	after := folder(t, disk)
	if len(after) != len(before) {
		t.Errorf("%d files on the disk after it, %d before", len(after), len(before))
	}
	for name, content := range before {
		if !bytes.Equal(after["result/"+name], content) {
			t.Errorf("%s of the older result has changed", name)
		}
	}
}

// What cannot be printed is an error too.
func TestOutputThatTakesNothing(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skipf("no /dev/full: %v", err)
	}
	defer full.Close()
	ebb, prices := program(t), filepath.Join(open(t), "btc.csv")
	if err := os.WriteFile(prices, []byte("date,close\n2026-02-02,100\n2026-02-03,90\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	result := filepath.Join(filepath.Dir(prices), "result")
	for _, args := range [][]string{{"list"}, {"check", prices}, {"check", "redemption-loop"}, {"data", "check", prices}, {"data", "describe", prices},
		{"data", "reconstruct", "-o", filepath.Dir(prices)}, {"show", "redemption-loop"}, {"explain", "redemption"}, {"schema"}, {"backtest", "--list"},
		{"backtest", "--show", "trend-target"}, {"stats", prices, "--kind", "price"}, {"stats", prices, "--kind", "price", "--json"}, {"calibrate", "redemption-loop"},
		{"run", "redemption-loop", "--paths", "20", "--set", "charts=[waves]", "-o", result}, {"diff", result, result}} {
		cmd := exec.Command(ebb, args...)
		cmd.Stdout = full
		if code, stderr := exit(t, cmd); code != exitFailed || !strings.HasPrefix(stderr, "ebb: ") || !strings.Contains(stderr, "no space left on device") {
			t.Errorf("ebb %v: exit code %d, %q", args, code, stderr)
		}
	}
}

// An interrupt ends a run at once, with an error and without a folder.
func TestInterrupt(t *testing.T) {
	ebb := program(t)
	for _, wait := range []time.Duration{0, 30 * time.Millisecond, 300 * time.Millisecond, time.Second} {
		dir := open(t)
		cmd := exec.Command(ebb, "run", "redemption-loop", "--paths", "100000", "--set", "compare=[]")
		cmd.Dir = dir
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(wait)
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
		sent := time.Now()
		cmd.Wait()
		if took := time.Since(sent); took > 10*time.Second {
			t.Errorf("it went on for %v after the interrupt", took)
		}
		if left := folder(t, dir); len(left) > 0 {
			t.Errorf("interrupted after %v it left %d files", wait, len(left))
		}
		if wait >= time.Second && (cmd.ProcessState.ExitCode() != exitFailed || stderr.String() != "ebb: interrupted, nothing was written\n") {
			t.Errorf("interrupted after %v: exit code %d, %q", wait, cmd.ProcessState.ExitCode(), &stderr)
		}
	}
}

// A reader that has seen enough, such as head, ends ebb without a word of a panic.
func TestOutputThatNobodyReads(t *testing.T) {
	ebb := program(t)
	for _, args := range [][]string{{"list"}, {"show", "redemption-loop"}, {"explain", "redemption"}, {"schema"}, {"calibrate", "redemption-loop"}} {
		read, write, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		read.Close()
		cmd := exec.Command(ebb, args...)
		cmd.Stdout = write
		code, stderr := exit(t, cmd)
		write.Close()
		if code == exitDone || strings.Contains(stderr, "panic") || strings.Contains(stderr, "goroutine") {
			t.Errorf("ebb %v: exit code %d, %q", args, code, stderr)
		}
	}
}

// An ordinary user needs no home, no temporary folder, and no right to write but where
// the result goes.
func TestOrdinaryUser(t *testing.T) {
	ebb, here, there := program(t), open(t), open(t)
	if err := os.Chmod(there, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(here, 0o555); err != nil {
		t.Fatal(err)
	}
	for i, args := range []string{
		"run redemption-loop --paths 20 --set charts=[waves] -o", "backtest buy-and-hold -o", "stats histories/btc_usd.csv -o",
		"sweep redemption-loop --paths 20 --vary redemption.response=0,1bn -o", "calibrate redemption-loop -o",
	} {
		cmd := anyone(exec.Command(ebb, append(strings.Fields(args), filepath.Join(there, fmt.Sprint(i)))...))
		cmd.Dir, cmd.Env = here, []string{"TMPDIR=/nonexistent"}
		if code, stderr := exit(t, cmd); code != exitDone {
			t.Errorf("ebb %s: exit code %d, %s", args, code, stderr)
		}
	}
}
