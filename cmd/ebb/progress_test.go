package main

import (
	"testing"
	"time"
)

func TestPace(t *testing.T) {
	for _, tc := range []struct {
		done, left int
		in         time.Duration
		want       string
	}{
		{0, 8, time.Second, ""},
		{2, 6, 10 * time.Second, ", 12 cells/min, 30s left"},
		{20_000, 980_000, 2 * time.Second, ", 10000 cells/s, 1m38s left"},
		{3, 0, time.Second, ", 3 cells/s, 0s left"},
	} {
		if got := pace(tc.done, tc.left, tc.in, "cells"); got != tc.want {
			t.Errorf("%d done in %v: %q, want %q", tc.done, tc.in, got, tc.want)
		}
	}
}
