package decide

import "fmt"

// A read lock that its holder acquires again. If a writer comes to wait in between, the second
// acquisition waits for the writer, and the writer for the first. See sync.RWMutex:
// "If any goroutine calls Lock while the lock is already held by one or more readers,
// concurrent calls to RLock will block until the writer has acquired (and released) the lock".
// It is a finding once the class is known to be locked for writing by another goroutine, which no gate
// keeps away.

// recursive notes a recursion.
func (e *Engine) recursive(root uint32, now *run) []*Finding {
	if e.recursions[root] == nil {
		e.recursions[root] = now
	}
	return e.recursionsOf(root)
}

// recursionsOf looks for a writer that spoils the recursion of a class.
func (e *Engine) recursionsOf(root uint32) []*Finding {
	now := e.recursions[root]
	key := fmt.Sprint("recursion ", root)
	if now == nil || e.reported[key] {
		return nil
	}
	for _, c := range e.chains {
		if e.root(c.want.Class) != root || !c.want.Mode.exclusive() {
			continue
		}
		for _, w := range c.runs {
			if w.goroutine == now.goroutine || !c.many && e.apart(w, now) || gated(w, now) {
				continue
			}
			e.reported[key] = true
			var first Held
			for _, h := range now.held {
				if h.Lock == now.want.Lock {
					first = h
					break
				}
			}
			return []*Finding{{
				Kind: Recursion, Closed: w.want.Lock == now.want.Lock,
				Hops:   []Hop{e.hop(now, first)},
				Writer: &Hop{Goroutine: w.goroutine, To: e.ref(w.want), Stack: from(w.stack, w.want.PC)},
			}}
		}
	}
	return nil
}
