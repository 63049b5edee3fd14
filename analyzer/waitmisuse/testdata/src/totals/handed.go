package totals

import "sync"

type engine struct {
	after func()
	group *sync.WaitGroup
}

func (t *engine) onEnd(f func()) { t.after = f }

func (t *engine) run() { t.after() }

// Each of the two calls Done once, by a method value.
func goodOnces(a, b *engine) {
	var wg sync.WaitGroup
	wg.Add(2)
	var first, second sync.Once
	a.onEnd(func() { first.Do(wg.Done) })
	b.onEnd(func() { second.Do(wg.Done) })
	go a.run()
	go b.run()
	wg.Wait()
}

// What is called when the engine begins keeps the pointer.
func goodKept(t *engine) {
	var wg sync.WaitGroup
	wg.Add(1)
	t.onEnd(func() { t.group = &wg })
	t.run()
	go func() { t.group.Done() }()
	wg.Wait()
}

// Nothing that is handed on is of this WaitGroup.
func badOnces(t *engine) {
	var wg, other sync.WaitGroup
	wg.Add(1)
	other.Add(1)
	t.onEnd(func() { other.Done() })
	go t.run()
	other.Wait()
	wg.Wait() // want `wg.Wait never returns: Add has counted 1 more`
}

// The method value is of another one.
func badValue(t *engine) {
	var wg, other sync.WaitGroup
	wg.Add(1)
	other.Add(1)
	var once sync.Once
	t.onEnd(func() { once.Do(other.Done) })
	go t.run()
	other.Wait()
	wg.Wait() // want `wg.Wait never returns: Add has counted 1 more`
}
