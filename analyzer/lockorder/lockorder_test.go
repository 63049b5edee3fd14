package lockorder_test

import (
	"testing"

	"github.com/lockcheck/lockcheck/analyzer/internal/checktest"
	"github.com/lockcheck/lockcheck/analyzer/lockorder"
)

func Test(t *testing.T) { checktest.Run(t, lockorder.Check, "unordered") }

func TestWeaker(t *testing.T) { checktest.Weaker(t, lockorder.Check, "unordered") }
