package main

import "golang.org/x/sys/unix"

// exchange lets two paths change places at once. It fails where one is not there, and on
// file systems that cannot do it.
func exchange(a, b string) error {
	return unix.Renameat2(unix.AT_FDCWD, a, unix.AT_FDCWD, b, unix.RENAME_EXCHANGE)
}
