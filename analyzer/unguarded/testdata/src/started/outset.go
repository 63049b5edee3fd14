package started

import "sync"

// A Board has its map made anew while others use the old one.
type Board struct {
	mu    sync.Mutex
	lines map[string]int
}

func NewBoard() *Board { return &Board{lines: map[string]int{}} }

func (b *Board) Init() {
	b.lines = make(map[string]int) // want `write to Board\.lines without holding Board\.mu`
}

func (b *Board) Plug(k string)   { b.mu.Lock(); b.lines[k]++; b.mu.Unlock() }
func (b *Board) Unplug(k string) { b.mu.Lock(); delete(b.lines, k); b.mu.Unlock() }
func (b *Board) Busy(k string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.lines[k] > 0
}
func (b *Board) Close() { b.mu.Lock(); b.lines = nil; b.mu.Unlock() }

// A Table can be locked by callers, but Pick takes the lock itself and gives it back too early.
type Table struct {
	mu    sync.Mutex
	plate int
}

func (t *Table) Begin() { t.mu.Lock() }
func (t *Table) End()   { t.mu.Unlock() }

func (t *Table) Put()   { t.mu.Lock(); t.plate++; t.mu.Unlock() }
func (t *Table) Clear() { t.mu.Lock(); t.plate = 0; t.mu.Unlock() }
func (t *Table) Half()  { t.mu.Lock(); t.plate /= 2; t.mu.Unlock() }

func (t *Table) Pick() {
	t.mu.Lock()
	t.plate--
	t.mu.Unlock()
	t.plate *= 2 // want `write to Table\.plate without holding Table\.mu`
}

// A Kiln gets its fuel by New, and another one by Refuel, which comes at any time.
type Kiln struct {
	fuel interface{ Burn() }

	mu     sync.Mutex
	bricks int
}

func New(fuel interface{ Burn() }) *Kiln { return &Kiln{fuel: fuel} }

func (k *Kiln) Refuel(fuel interface{ Burn() }) {
	k.fuel = fuel
	k.bricks = 0 // want `write to Kiln\.bricks without holding Kiln\.mu`
}

func (k *Kiln) Fire() {
	k.fuel.Burn()
	k.mu.Lock()
	k.bricks++
	k.mu.Unlock()
}

func (k *Kiln) Break()      { k.mu.Lock(); k.bricks--; k.mu.Unlock() }
func (k *Kiln) Sell()       { k.mu.Lock(); k.bricks -= 100; k.mu.Unlock() }
func (k *Kiln) Bricks() int { k.mu.Lock(); defer k.mu.Unlock(); return k.bricks }
