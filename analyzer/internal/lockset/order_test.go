package lockset_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
	"github.com/lockcheck/lockcheck/analyzer/internal/ssatest"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// sections walks the functions in the order given, and returns the sections as bytes.
func sections(p *ssatest.Program, funcs []*ssa.Function) map[string]string {
	in := lockset.Input{Fset: p.Fset, Funcs: slices.Values([][]*ssa.Function{funcs})}
	for _, pkg := range p.Pkgs {
		in.Files = append(in.Files, pkg.Files...)
	}
	e := lockset.New(in)
	out := map[string]string{}
	for path, s := range e.Sections(func(string, []lockgraph.Frame) bool { return false }) {
		out[path] = fmt.Sprintf("%q", s.Encode())
	}
	return out
}

// TestOrder checks that what is learned of a function does not depend on the function that was looked at before, nor on
// the package that asks.
func TestOrder(t *testing.T) {
	tests := map[string]string{
		"wiring": `
-- example.com/house/house.go --
package house
import "sync"
type House struct { Mu sync.Mutex; Lamps int }
type Room struct { in *House }
func Build(h *House) *Room { return &Room{in: h} }
func (r *Room) Light() { r.in.Mu.Lock(); r.in.Lamps++; r.in.Mu.Unlock() }
func Lit(h *House) { r := Build(h); r.Light() }
-- example.com/street/street.go --
package street
import "example.com/house"
func Evening(h *house.House) { h.Mu.Lock(); defer h.Mu.Unlock(); r := house.Build(h); r.Light() }`,
		"light recursion": `
-- example.com/tree/tree.go --
package tree
import "sync"
type Node struct { Mu sync.Mutex; Kids []*Node; n int }
var root, last *Node
func Odd(n *Node, d int) *Node { if d == 0 { return n }; return Even(n, d-1) }
func Even(n *Node, d int) *Node { if d == 0 { last = n; return &Node{} }; return Odd(n, d-1) }
func Third(n *Node, d int) *Node { Odd(n, d); return &Node{} }
func A() { n := &Node{}; n.Mu.Lock(); root.Mu.Lock(); Odd(n, 3); n.Mu.Unlock(); root.Mu.Unlock() }
func B() { n := &Node{}; Even(n, 3); n.Mu.Lock(); root.Mu.Lock(); root.Mu.Unlock(); n.Mu.Unlock() }
func C() { n := &Node{}; Third(n, 3); root.Mu.Lock(); n.Mu.Lock(); root.Mu.Unlock(); n.Mu.Unlock() }
func D() { n := &Node{}; Odd(n, 3); root.Mu.Lock(); n.Mu.Lock(); root.Mu.Unlock(); n.Mu.Unlock() }`,
		"recursion": `
-- example.com/walk/walk.go --
package walk
import "sync"
type Dir struct { mu sync.Mutex; files sync.RWMutex; sub []*Dir }
func (d *Dir) Size() int { d.mu.Lock(); defer d.mu.Unlock(); n := 0; for _, s := range d.sub { n += s.count() }; return n }
func (d *Dir) count() int { d.files.RLock(); defer d.files.RUnlock(); return d.deep(2) }
func (d *Dir) deep(n int) int { if n > 0 { return d.count() }; return d.Size() }
func (d *Dir) Clear() { d.files.Lock(); d.mu.Lock(); d.mu.Unlock(); d.files.Unlock() }`,
	}
	for name, src := range tests {
		t.Run(name, func(t *testing.T) {
			p := ssatest.Load(t, src)
			want := sections(p, p.Functions())
			if len(want) == 0 {
				t.Fatal("nothing is learned")
			}
			r := rand.New(rand.NewPCG(1, 2))
			for range 40 {
				funcs := slices.Clone(p.Functions())
				r.Shuffle(len(funcs), func(i, j int) { funcs[i], funcs[j] = funcs[j], funcs[i] })
				if got := sections(p, funcs); !maps.Equal(want, got) {
					t.Fatalf("in the order %v:\n%s", funcs, cmp.Diff(want, got))
				}
			}
		})
	}
}
