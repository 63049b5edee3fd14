package blocking_test

import (
	"testing"

	"github.com/lockcheck/lockcheck/analyzer/blocking"
	"github.com/lockcheck/lockcheck/analyzer/internal/checktest"
)

func Test(t *testing.T) { checktest.Run(t, blocking.Check, "weaker") }

func TestWeaker(t *testing.T) { checktest.Weaker(t, blocking.Check, "weaker") }
