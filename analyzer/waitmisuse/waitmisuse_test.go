package waitmisuse_test

import (
	"testing"

	"github.com/lockcheck/lockcheck/analyzer/internal/checktest"
	"github.com/lockcheck/lockcheck/analyzer/waitmisuse"
)

func Test(t *testing.T) { checktest.Run(t, waitmisuse.Analyzer, "weaker") }

func TestWeaker(t *testing.T) { checktest.Weaker(t, waitmisuse.Analyzer, "weaker") }

func TestFixes(t *testing.T) { checktest.Fixes(t, waitmisuse.Analyzer) }
