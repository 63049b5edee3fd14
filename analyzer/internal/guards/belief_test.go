package guards

import (
	"testing"

	"github.com/lockcheck/lockcheck/analyzer/internal/access"
)

// TestCounted weighs an access without the guard, from 100. The access is one of Total.
func TestCounted(t *testing.T) {
	for _, tt := range []struct {
		name  string
		g     Guard
		read  int
		write int
	}{
		{"nothing is known", Guard{}, 0, 0},
		{"nobody writes", Guard{Held: 9, Total: 10, Funcs: 3, Others: 1}, 0, 0},
		{"one access holds it", Guard{Held: 1, Total: 2, Writes: 1, Funcs: 1, Others: 1}, 0, 0},
		{"most do not hold it", Guard{Held: 2, Total: 5, Writes: 2, Funcs: 2, Others: 1}, 0, 0},
		{"half hold it", Guard{Held: 2, Total: 4, Writes: 1, Funcs: 1, Others: 1}, 50, 50},
		{"two of three", Guard{Held: 2, Total: 3, Writes: 1, Funcs: 1, Others: 1}, 75, 75},
		{"two of three, the lock of the paragraph", Guard{Held: 2, Total: 3, Writes: 1, Funcs: 1, Others: 1, Sibling: true, Adjacent: true, Only: true}, 95, 95},
		{"two of three, one of several locks", Guard{Held: 2, Total: 3, Writes: 1, Funcs: 1, Others: 1, Sibling: true, Adjacent: true}, 75, 75},
		{"three of four", Guard{Held: 3, Total: 4, Writes: 1, Funcs: 1, Others: 1}, 100, 100},
		{"six of eight", Guard{Held: 6, Total: 8, Writes: 1, Funcs: 2, Others: 1}, 100, 100},
		{"six of seven", Guard{Held: 6, Total: 7, Writes: 1, Funcs: 2, Others: 1}, 120, 120},
		{"five of six", Guard{Held: 5, Total: 6, Writes: 1, Funcs: 2, Others: 1}, 100, 100},
		// More than half, in more functions: a read asks for two writes, since one may be of the constructor's kind.
		{"three of five, one writes", Guard{Held: 3, Total: 5, Writes: 1, Funcs: 2, Others: 1, Adjacent: true, Only: true}, 50, 85},
		{"three of five, two write", Guard{Held: 3, Total: 5, Writes: 2, Funcs: 2, Others: 1, Adjacent: true, Only: true}, 85, 85},
		{"three of five, one function", Guard{Held: 3, Total: 5, Writes: 2, Funcs: 1, Others: 1, Adjacent: true, Only: true}, 50, 50},
		{"half, but in more functions", Guard{Held: 3, Total: 6, Writes: 2, Funcs: 3, Others: 2, Adjacent: true, Only: true}, 85, 85},
	} {
		if got := tt.g.counted(100, access.Read); got != tt.read {
			t.Errorf("%s: a read weighs %d, want %d", tt.name, got, tt.read)
		}
		if got := tt.g.counted(100, access.Write); got != tt.write {
			t.Errorf("%s: a write weighs %d, want %d", tt.name, got, tt.write)
		}
	}
}

// TestCountedGrows adds accesses that hold the guard, one by one: the weight of the one that does not never falls.
func TestCountedGrows(t *testing.T) {
	for _, near := range []bool{false, true} {
		for bad := 1; bad < 5; bad++ {
			last := 0
			for held := range 40 {
				g := Guard{Held: held, Total: held + bad, Writes: min(held, 2), Funcs: min(held, 3), Others: min(bad, 2), Adjacent: near, Only: near}
				c := g.counted(100, access.Write)
				if c < last {
					t.Errorf("%d without, %d with the guard: %d, with one fewer %d", bad, held, c, last)
				}
				last = c
			}
			if last != 120 {
				t.Errorf("%d of 40 without the guard: %d, want 120", bad, last)
			}
		}
	}
}

func TestPlaced(t *testing.T) {
	for _, tt := range []struct {
		name string
		g    Guard
		want int
	}{
		{"the only lock, in the paragraph", Guard{Sibling: true, Adjacent: true, Only: true}, 108},
		{"one of several locks", Guard{Sibling: true, Adjacent: true}, 100},
		{"the only lock, elsewhere in the struct", Guard{Sibling: true, Only: true}, 100},
		{"a lock of another struct", Guard{}, 80},
	} {
		if got := tt.g.placed(100); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
}

func TestHabit(t *testing.T) {
	for _, tt := range []struct {
		g    Guard
		want bool
	}{
		{Guard{Held: 3, Total: 6, Others: 3}, true},
		{Guard{Held: 3, Total: 6, Others: 2}, false}, // of two functions
		{Guard{Held: 6, Total: 9, Others: 3}, false}, // a third, no more
		{Guard{Held: 5, Total: 8, Others: 3}, true},
	} {
		if got := tt.g.habit(); got != tt.want {
			t.Errorf("%+v: %v", tt.g, got)
		}
	}
}

// TestEnough has what the comment of enough asks for, and each time a little less.
func TestEnough(t *testing.T) {
	above := Guard{Sibling: true, Adjacent: true, Only: true}
	beside := Guard{Sibling: true}
	for _, tt := range []struct {
		name                string
		g                   Guard
		held, writes, funcs int
		total               int
		want                bool
	}{
		{"two, the only lock, above", above, 2, 1, 2, 2, true},
		{"two, in one function", above, 2, 1, 1, 2, false},
		{"two reads", above, 2, 0, 2, 2, false},
		{"one", above, 1, 1, 1, 1, false},
		{"two, of several locks", beside, 2, 1, 2, 2, false},
		{"three, of several locks", beside, 3, 1, 2, 3, true},
		{"three, in one function", beside, 3, 1, 1, 3, false},
		{"three, and one does without", beside, 3, 1, 2, 4, false},
		{"three, of another struct", Guard{}, 3, 1, 2, 3, false},
		{"many, of another struct", Guard{}, 12, 3, 4, 12, true},
	} {
		g := tt.g
		g.Held, g.Writes, g.Funcs, g.Total = tt.held, tt.writes, tt.funcs, tt.total
		if got := g.enough(); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}
