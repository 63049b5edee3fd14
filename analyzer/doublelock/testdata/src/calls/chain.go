// Purpose: the second lock is three calls away, through a method, a function
// whose parameters are in another order, and a method of another type. Only
// the function that holds the lock gets the report. Recursion ends.

package calls

import "sync"

type Node struct {
	mu    sync.Mutex
	peers int
}

type walker struct{ steps int }

func (n *Node) first(w *walker)       { second(w, n) }
func second(w *walker, n *Node)       { w.third(n) }
func (w *walker) third(n *Node)       { n.fourth(); w.steps++ }
func (n *Node) fourth()               { n.mu.Lock(); n.peers++; n.mu.Unlock() }
func (n *Node) firstLocked(w *walker) { secondLocked(w, n) }
func secondLocked(w *walker, n *Node) { w.thirdLocked(n) }
func (w *walker) thirdLocked(n *Node) { n.peers++; w.steps++ }
func (n *Node) elsewhere(w *walker)   { second(w, &Node{}) }
func (n *Node) background(w *walker)  { go second(w, n) }

func (n *Node) VisitBad() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.first(&walker{}) // want `calling \(\*Node\)\.first locks n\.mu \(chain\.go:19\), which is already held from line 27; the call never returns \(doublelock\)`
}

func (n *Node) VisitOk() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.firstLocked(&walker{})
}

// The chain ends at a fresh node's lock.
func (n *Node) VisitElsewhereOk() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.elsewhere(&walker{})
}

// The chain leaves this goroutine on its way.
func (n *Node) VisitBackgroundOk() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.background(&walker{})
}

// Self-recursion under the lock.
func (n *Node) DescendBad(depth int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.peers++
	if depth > 0 {
		n.DescendBad(depth - 1) // want `calling \(\*Node\)\.DescendBad locks n\.mu \(chain\.go:54\), which is already held from line 54; the call never returns \(doublelock\)`
	}
}

func (n *Node) DescendOk(depth int) {
	n.mu.Lock()
	n.peers++
	n.mu.Unlock()
	if depth > 0 {
		n.DescendOk(depth - 1)
	}
}

// Mutual recursion: even takes the lock, odd calls even back.
func (n *Node) evenBad(k int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if k > 0 {
		n.odd(k - 1) // want `calling \(\*Node\)\.odd can lock n\.mu \(chain\.go:73\), which is already held from line 73; the call then never returns \(doublelock\)`
	}
}

func (n *Node) odd(k int) {
	if k > 0 {
		n.evenBad(k - 1)
	}
}

func (n *Node) EvenBad() { n.evenBad(2) }

// Mutual recursion without the lock terminates the analysis, too.
func (n *Node) pingOk(k int) {
	if k > 0 {
		n.pongOk(k - 1)
	}
}

func (n *Node) pongOk(k int) {
	n.mu.Lock()
	n.peers++
	n.mu.Unlock()
	n.pingOk(k)
}

func (n *Node) PingOk() { n.pingOk(3) }
