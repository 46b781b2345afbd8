package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// A result is made in a folder beside its place, named after the machine and the process
// that make it: .ebb-unfinished-1a2b3c4d-4711-123456789. A process that is killed leaves
// it behind, and the next that writes there can tell and remove it.
const unfinishedName = ".ebb-unfinished-"

// unfinishedHere begins the names of what processes of this machine make.
func unfinishedHere() string {
	host, _ := os.Hostname()
	space, _ := os.Readlink("/proc/self/ns/pid") // a container counts processes for itself; "" where there are none
	sum := sha256.Sum256([]byte(host + "\n" + space))
	return unfinishedName + hex.EncodeToString(sum[:4]) + "-"
}

// makeUnfinished makes a folder for a result that is to stand in parent.
func makeUnfinished(parent string) (string, error) {
	return os.MkdirTemp(parent, unfinishedHere()+strconv.Itoa(os.Getpid())+"-*")
}

// clearUnfinished removes what processes of this machine have left in a folder that are
// no more. What cannot be removed stays: it is no part of any result.
func clearUnfinished(parent string) {
	here := unfinishedHere()
	entries, _ := os.ReadDir(parent) // none: whoever writes there says why
	for _, e := range entries {
		name, ours := strings.CutPrefix(e.Name(), here)
		pid, number, _ := strings.Cut(name, "-")
		process, err := strconv.Atoi(pid)
		if _, other := strconv.ParseUint(number, 10, 64); !ours || !e.IsDir() || err != nil || other != nil {
			continue // among others an older result on its way, see replace: it may be all there is
		}
		if process > 0 && dead(process) {
			os.RemoveAll(filepath.Join(parent, e.Name()))
		}
	}
}

// dead tells whether there is surely no process of that number.
func dead(pid int) bool {
	p, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	defer p.Release()
	err = p.Signal(syscall.Signal(0))
	return errors.Is(err, os.ErrProcessDone) || errors.Is(err, syscall.ESRCH)
}
