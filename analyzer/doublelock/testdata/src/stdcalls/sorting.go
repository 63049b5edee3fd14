// Purpose: sort and slices call back: the less function, the methods of a
// sort.Interface, the comparison of SortFunc, the predicates of the others.

package stdcalls

import (
	"slices"
	"sort"
	"sync"
)

type Ranking struct {
	mu    sync.Mutex
	names []string
	score map[string]int
}

func NewRanking() *Ranking {
	return &Ranking{names: []string{"b", "a", "c"}, score: map[string]int{}}
}

func (r *Ranking) of(name string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.score[name]
}

func (r *Ranking) ofLocked(name string) int { return r.score[name] }

func (r *Ranking) SliceBad() {
	r.mu.Lock()
	defer r.mu.Unlock()
	sort.Slice(r.names, func(i, j int) bool { return r.of(r.names[i]) < r.of(r.names[j]) }) // want `r\.mu.*already held from line \d+.*\(doublelock\)`
}

func (r *Ranking) SliceOk() {
	r.mu.Lock()
	defer r.mu.Unlock()
	sort.Slice(r.names, func(i, j int) bool { return r.ofLocked(r.names[i]) < r.ofLocked(r.names[j]) })
}

// Sorting a copy, without the lock.
func (r *Ranking) SliceCopyOk() []string {
	r.mu.Lock()
	names := slices.Clone(r.names)
	r.mu.Unlock()
	sort.Slice(names, func(i, j int) bool { return r.of(names[i]) < r.of(names[j]) })
	return names
}

func (r *Ranking) SearchBad() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return sort.Search(len(r.names), func(i int) bool { return r.of(r.names[i]) > 1 }) // want `r\.mu.*already held from line \d+.*\(doublelock\)`
}

func (r *Ranking) SearchOk() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return sort.Search(len(r.names), func(i int) bool { return r.ofLocked(r.names[i]) > 1 })
}

func (r *Ranking) SortFuncBad() {
	r.mu.Lock()
	defer r.mu.Unlock()
	slices.SortFunc(r.names, func(a, b string) int { return r.of(a) - r.of(b) }) // want `r\.mu.*already held from line \d+.*\(doublelock\)`
}

func (r *Ranking) SortFuncOk() {
	r.mu.Lock()
	defer r.mu.Unlock()
	slices.SortFunc(r.names, func(a, b string) int { return r.ofLocked(a) - r.ofLocked(b) })
}

func (r *Ranking) compare(a, b string) int { return r.of(a) - r.of(b) }

func (r *Ranking) SortMethodBad() {
	r.mu.Lock()
	defer r.mu.Unlock()
	slices.SortFunc(r.names, r.compare) // want `r\.mu.*already held from line \d+.*\(doublelock\)`
}

func (r *Ranking) DeleteFuncBad() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.names = slices.DeleteFunc(r.names, func(a string) bool { return r.of(a) < 0 }) // want `r\.mu.*already held from line \d+.*\(doublelock\)`
}

func (r *Ranking) DeleteFuncOk() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.names = slices.DeleteFunc(r.names, func(a string) bool { return r.ofLocked(a) < 0 })
}

func (r *Ranking) ContainsFuncBad() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.ContainsFunc(r.names, func(a string) bool { return r.of(a) > 0 }) // want `r\.mu.*already held from line \d+.*\(doublelock\)`
}

func (r *Ranking) ContainsFuncOk() bool {
	return slices.ContainsFunc([]string{"a"}, func(a string) bool { return r.of(a) > 0 })
}

// A sort.Interface whose Less locks.
type Deck struct {
	mu    sync.Mutex
	cards []int
}

func NewDeck() *Deck { return &Deck{cards: []int{2, 1, 3}} }

func (d *Deck) Len() int      { return len(d.cards) }
func (d *Deck) Swap(i, j int) { d.cards[i], d.cards[j] = d.cards[j], d.cards[i] }

func (d *Deck) Less(i, j int) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.cards[i] < d.cards[j]
}

func (d *Deck) SortBad() {
	d.mu.Lock()
	defer d.mu.Unlock()
	sort.Sort(d) // want `d\.mu.*already held from line \d+.*\(doublelock\)`
}

func (d *Deck) SortOk() {
	d.mu.Lock()
	d.cards = append(d.cards, 0)
	d.mu.Unlock()
	sort.Sort(d)
}

// The same through a value that carries the owner in a field.
type byScore struct{ r *Ranking }

func (b byScore) Len() int           { return len(b.r.names) }
func (b byScore) Swap(i, j int)      { b.r.names[i], b.r.names[j] = b.r.names[j], b.r.names[i] }
func (b byScore) Less(i, j int) bool { return b.r.of(b.r.names[i]) < b.r.of(b.r.names[j]) }

type byName struct{ r *Ranking }

func (b byName) Len() int           { return len(b.r.names) }
func (b byName) Swap(i, j int)      { b.r.names[i], b.r.names[j] = b.r.names[j], b.r.names[i] }
func (b byName) Less(i, j int) bool { return b.r.names[i] < b.r.names[j] }

func (r *Ranking) SortByMissed() {
	r.mu.Lock()
	defer r.mu.Unlock()
	// not found: the fields of a struct value are not followed into the callee
	sort.Sort(byScore{r})
}

func (r *Ranking) SortByOk() {
	r.mu.Lock()
	defer r.mu.Unlock()
	sort.Sort(byName{r})
}
