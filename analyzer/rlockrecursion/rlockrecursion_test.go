package rlockrecursion_test

import (
	"testing"

	"github.com/lockcheck/lockcheck/analyzer/internal/checktest"
	"github.com/lockcheck/lockcheck/analyzer/rlockrecursion"
)

func Test(t *testing.T) { checktest.Run(t, rlockrecursion.Check) }

func TestFixes(t *testing.T) { checktest.Fixes(t, rlockrecursion.Check) }
