//lint:file-ignore SA2001 what the locks guard does not matter here

package main

import "sync"

// Goroutines ordered by starting and waiting for each other.
var joins = []scenario{
	{Name: "join-inside", What: "inversion across go and WaitGroup.Wait inside a critical section", Want: 1, run: func() { joinInside((*fanOut).withGo) }},
	{Name: "join-inside-wggo", What: "inversion across WaitGroup.Go and Wait inside a critical section", Want: 1, run: func() { joinInside((*fanOut).withWaitGroupGo) }},
	{Name: "phases", What: "opposite orders in two phases, joined in between", Want: 0, run: phases},
	{Name: "phases-wggo", What: "opposite orders in two phases, joined in between, with WaitGroup.Go", Want: 0, run: phasesGo},
}

type fanOut struct {
	all  sync.Mutex
	part sync.Mutex
	n    int
}

func (f *fanOut) child() {
	f.part.Lock()
	f.n++
	f.part.Unlock()
}

func (f *fanOut) withGo() {
	f.all.Lock()
	defer f.all.Unlock()
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		f.child()
	}()
	wg.Wait()
}

func (f *fanOut) withWaitGroupGo() {
	f.all.Lock()
	defer f.all.Unlock()
	var wg sync.WaitGroup
	wg.Go(f.child)
	wg.Wait()
}

func joinInside(parent func(*fanOut)) {
	f := new(fanOut)
	inTurn(
		func() { parent(f) },
		func() { f.part.Lock(); f.all.Lock(); f.all.Unlock(); f.part.Unlock() },
	)
}

func phases() {
	b := new(bank)
	for _, f := range []func(){b.transfer, b.audit} {
		var wg sync.WaitGroup
		for range 4 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				f()
			}()
		}
		wg.Wait()
	}
}

func phasesGo() {
	b := new(bank)
	for _, f := range []func(){b.transfer, b.audit} {
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(f)
		}
		wg.Wait()
	}
}
