//go:build lockcheck

package main

import lockcheck "github.com/lockcheck/lockcheck/runtime"

func init() { settle = lockcheck.Settle }
