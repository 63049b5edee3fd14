// Package weaker has accesses for which there is some evidence only. They are shown with -all.
package weaker

import "sync"

type Box struct {
	mu   sync.Mutex
	n    int
	name string

	wg sync.WaitGroup
}

func (b *Box) Add(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.n += n
	b.name = "sum"
}

func (b *Box) Clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.n = 0
	b.name = ""
}

func (b *Box) N() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.n
}

// Close has waited for some others.
func (b *Box) Close() {
	b.wg.Wait()
	b.n = -1 // want `write to Box.n without holding Box.mu`
}

// Name is exported; the one call of it here comes from Title.
func (b *Box) Name() string {
	return b.name // want `read of Box.name without holding Box.mu`
}

func (b *Box) Title() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return "box " + b.Name()
}

// group is read without its lock in three functions, which is a habit rather than a slip.
type group struct {
	mu    sync.Mutex
	metas []int
}

func (g *group) add(n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.metas = append(g.metas, n)
}

func (g *group) reset() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.metas = nil
}

func (g *group) swap(ns []int) []int {
	g.mu.Lock()
	defer g.mu.Unlock()
	old := g.metas
	g.metas = ns
	return old
}

func (g *group) has() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.metas) > 0
}

func First(gs []*group) int {
	for _, g := range gs {
		if len(g.metas) > 0 { // want `read of group.metas without holding group.mu`
			return 1
		}
	}
	return 0
}

func Second(gs []*group) int {
	for _, g := range gs {
		return len(g.metas) // want `read of group.metas without holding group.mu`
	}
	return 0
}

func Third(gs []*group) int {
	for _, g := range gs {
		return cap(g.metas) // want `read of group.metas without holding group.mu`
	}
	return 0
}

func Groups(gs []*group) {
	for _, g := range gs {
		go g.add(1)
		go g.reset()
		go g.has()
		go g.swap(nil)
	}
}
