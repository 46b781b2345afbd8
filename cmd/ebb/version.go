package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"sync"
)

// unversioned is the version of a program that was not built from a state of the source
// that version control knows.
const unversioned = "(devel)"

// version is the module's version as the toolchain recorded it.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return unversioned
}

// build tells this program from others, so that nothing is put together of what two have
// computed: its version, with a hash of the program where many have that version.
var build = sync.OnceValues(func() (string, error) {
	v := version()
	if v != unversioned && !strings.HasSuffix(v, "+dirty") {
		return v, nil
	}
	path, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("the file of this program: %w", err)
	}
	sum, err := sumOf(path)
	return v + " " + short(sum), err
})

// sumOf is the SHA-256 of a file.
func sumOf(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("%s: %w", path, bare(err))
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", fmt.Errorf("%s: %w", path, bare(err))
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
