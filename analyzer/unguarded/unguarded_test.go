package unguarded_test

import (
	"testing"

	"github.com/lockcheck/lockcheck/analyzer/internal/checktest"
	"github.com/lockcheck/lockcheck/analyzer/unguarded"
)

func Test(t *testing.T) { checktest.Run(t, unguarded.Check, "weaker", "ended") }

func TestWeaker(t *testing.T) { checktest.Weaker(t, unguarded.Check, "weaker", "ended/...") }

func TestFixes(t *testing.T) { checktest.Fixes(t, unguarded.Check) }
