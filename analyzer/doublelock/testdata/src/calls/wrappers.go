// Purpose: methods that only lock or only unlock, lock types of one's own that
// forward to a sync lock, and functions that hand back the unlock function.

package calls

import "sync"

type Ledger struct {
	mu    sync.Mutex
	total int
	log   []string
}

func (l *Ledger) lock()   { l.mu.Lock() }
func (l *Ledger) unlock() { l.mu.Unlock() }

// begin and end do something besides.
func (l *Ledger) begin(what string) {
	l.mu.Lock()
	l.log = append(l.log, what)
}

func (l *Ledger) end() {
	l.log = l.log[:0]
	l.mu.Unlock()
}

func (l *Ledger) AddBad() {
	l.lock()
	l.total++
	l.lock() // want `calling \(\*Ledger\)\.lock locks l\.mu \(wrappers\.go:14\), which is already held from line \d+; the call never returns \(doublelock\)`
	l.unlock()
}

func (l *Ledger) AddOk() {
	l.lock()
	l.total++
	l.unlock()
	l.lock()
	defer l.unlock()
	l.total++
}

func (l *Ledger) MixedBad() {
	l.lock()
	defer l.unlock()
	l.mu.Lock() // want `l\.mu is locked again while this goroutine still holds it from line \d+; this call never returns \(doublelock\)`
	l.total++
}

func (l *Ledger) MixedOk() {
	l.lock()
	l.total++
	l.mu.Unlock()
	l.mu.Lock()
	l.total++
	l.unlock()
}

func (l *Ledger) BeginBad() {
	l.begin("outer")
	defer l.end()
	l.begin("inner") // want `calling \(\*Ledger\)\.begin locks l\.mu \(wrappers\.go:19\), which is already held from line \d+; the call never returns \(doublelock\)`
}

func (l *Ledger) BeginOk() {
	l.begin("one")
	l.end()
	l.begin("two")
	l.end()
}

// A lock type of one's own.
type traced struct {
	mu    sync.Mutex
	count int
}

func (t *traced) Lock() {
	t.mu.Lock()
	t.count++
}

func (t *traced) Unlock() {
	t.count--
	t.mu.Unlock()
}

type Account struct {
	traced
	lk      traced
	balance int
}

func (a *Account) DepositBad() {
	a.lk.Lock()
	a.balance++
	a.lk.Lock() // want `a\.lk(\.mu)?.*held from line \d+; .* never returns \(doublelock\)|a\.lk(\.mu)? is locked again .*\(doublelock\)`
	a.lk.Unlock()
}

func (a *Account) DepositOk() {
	a.lk.Lock()
	a.balance++
	a.lk.Unlock()
	a.lk.Lock()
	defer a.lk.Unlock()
	a.balance++
}

func (a *Account) PromotedBad() {
	a.Lock()
	defer a.Unlock()
	a.Lock() // want `a(\.traced)?(\.mu)?.*held from line \d+; .* never returns \(doublelock\)|a(\.traced)?(\.mu)? is locked again .*\(doublelock\)`
	a.balance++
}

func (a *Account) PromotedOk() {
	a.Lock()
	a.lk.Lock()
	a.balance++
	a.lk.Unlock()
	a.Unlock()
}

// acquire hands back the function that releases.
func (l *Ledger) acquire() func() {
	l.mu.Lock()
	return l.mu.Unlock
}

// acquireLogged hands back a literal.
func (l *Ledger) acquireLogged() func() {
	l.mu.Lock()
	return func() {
		l.log = nil
		l.mu.Unlock()
	}
}

func (l *Ledger) AcquireBad() {
	release := l.acquire()
	l.mu.Lock() // want `l\.mu is locked again while this goroutine still holds it from line \d+; this call never returns \(doublelock\)`
	l.total++
	release()
}

func (l *Ledger) AcquireOk() {
	release := l.acquire()
	l.total++
	release()
	l.mu.Lock()
	l.total++
	l.mu.Unlock()
}

func (l *Ledger) AcquireDeferBad() {
	defer l.acquire()()
	l.lock() // want `calling \(\*Ledger\)\.lock locks l\.mu \(wrappers\.go:14\), which is already held from line \d+; the call never returns \(doublelock\)`
	l.total++
}

func (l *Ledger) AcquireDeferOk() {
	func() {
		defer l.acquireLogged()()
		l.total++
	}()
	release := l.acquireLogged()
	release()
	l.lock()
	l.unlock()
}
