package atomicmix_test

import (
	"testing"

	"github.com/lockcheck/lockcheck/analyzer/atomicmix"
	"github.com/lockcheck/lockcheck/analyzer/internal/checktest"
)

func Test(t *testing.T) { checktest.Run(t, atomicmix.Check, "weaker") }

func TestWeaker(t *testing.T) { checktest.Weaker(t, atomicmix.Check, "weaker") }

func TestFixes(t *testing.T) { checktest.Fixes(t, atomicmix.Check) }
