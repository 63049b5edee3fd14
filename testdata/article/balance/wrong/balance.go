// Package balance has an account whose balance is read and set without its lock.
package balance

import "sync"

// An Account has money.
type Account struct {
	mu      sync.Mutex
	balance int
}

// Deposit adds n.
func (a *Account) Deposit(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.balance += n
}

// Withdraw takes n, if there is as much.
func (a *Account) Withdraw(n int) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.balance < n {
		return false
	}
	a.balance -= n
	return true
}

// Balance returns what is left.
func (a *Account) Balance() int {
	return a.balance
}
