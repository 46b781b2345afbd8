//go:build !linux

package main

import "errors"

// exchange lets two paths change places at once, which only Linux can do.
func exchange(a, b string) error { return errors.ErrUnsupported }
