package doublelock_test

import (
	"testing"

	"github.com/lockcheck/lockcheck/analyzer/doublelock"
	"github.com/lockcheck/lockcheck/analyzer/internal/checktest"
)

func Test(t *testing.T) { checktest.Run(t, doublelock.Check, "weaker") }

func TestWeaker(t *testing.T) { checktest.Weaker(t, doublelock.Check, "weaker") }

func TestFixes(t *testing.T) { checktest.Fixes(t, doublelock.Check) }
