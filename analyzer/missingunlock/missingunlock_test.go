package missingunlock_test

import (
	"testing"

	"github.com/lockcheck/lockcheck/analyzer/internal/checktest"
	"github.com/lockcheck/lockcheck/analyzer/missingunlock"
)

func Test(t *testing.T) { checktest.Run(t, missingunlock.Check, "weaker") }

func TestWeaker(t *testing.T) { checktest.Weaker(t, missingunlock.Check, "weaker") }

func TestFixes(t *testing.T) { checktest.Fixes(t, missingunlock.Check) }
