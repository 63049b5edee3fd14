package sharedvar_test

import (
	"testing"

	"github.com/lockcheck/lockcheck/analyzer/internal/checktest"
	"github.com/lockcheck/lockcheck/analyzer/sharedvar"
)

func Test(t *testing.T) { checktest.Run(t, sharedvar.Check, "weaker") }

func TestWeaker(t *testing.T) { checktest.Weaker(t, sharedvar.Check, "weaker") }

func TestFixes(t *testing.T) { checktest.Fixes(t, sharedvar.Check) }
