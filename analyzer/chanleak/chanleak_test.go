package chanleak_test

import (
	"testing"

	"github.com/lockcheck/lockcheck/analyzer/chanleak"
	"github.com/lockcheck/lockcheck/analyzer/internal/checktest"
)

func Test(t *testing.T) { checktest.Run(t, chanleak.Check, "weaker") }

func TestWeaker(t *testing.T) { checktest.Weaker(t, chanleak.Check, "weaker") }

func TestFixes(t *testing.T) { checktest.Fixes(t, chanleak.Check) }
