package waitmisuse_test

import (
	"testing"

	"github.com/lockcheck/lockcheck/analyzer/internal/checktest"
	"github.com/lockcheck/lockcheck/analyzer/waitmisuse"
)

func Test(t *testing.T) { checktest.Run(t, waitmisuse.Check, "weaker") }

func TestWeaker(t *testing.T) { checktest.Weaker(t, waitmisuse.Check, "weaker") }

func TestFixes(t *testing.T) { checktest.Fixes(t, waitmisuse.Check) }
