package missingunlock_test

import (
	"testing"

	"github.com/lockcheck/lockcheck/analyzer/internal/checktest"
	"github.com/lockcheck/lockcheck/analyzer/missingunlock"
)

func Test(t *testing.T) { checktest.Run(t, missingunlock.Analyzer, "weaker") }

func TestWeaker(t *testing.T) { checktest.Weaker(t, missingunlock.Analyzer, "weaker") }

func TestFixes(t *testing.T) { checktest.Fixes(t, missingunlock.Analyzer) }
