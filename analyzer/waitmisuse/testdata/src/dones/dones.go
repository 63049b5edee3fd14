// Package dones is about goroutines that do not call Done as often as they are counted.
package dones

import (
	"errors"
	"os"
	"sync"
)

func use([]byte) {}

func bad(files []string) {
	var wg sync.WaitGroup
	for _, f := range files {
		wg.Add(1)
		go func() {
			data, err := os.ReadFile(f)
			if err != nil {
				return // want `this return ends the goroutine without wg.Done, which another path calls at dones.go:22; Wait then never returns \(waitmisuse\)`
			}
			use(data)
			wg.Done()
		}()
	}
	wg.Wait()
}

func good(files []string) {
	var wg sync.WaitGroup
	for _, f := range files {
		wg.Add(1)
		go func() {
			data, err := os.ReadFile(f)
			if err != nil {
				wg.Done()
				return
			}
			use(data)
			wg.Done()
		}()
	}
	wg.Wait()
}

func goodDeferred(files []string) {
	var wg sync.WaitGroup
	wg.Add(len(files))
	for _, f := range files {
		go func() {
			defer func() {
				wg.Done()
			}()
			data, err := os.ReadFile(f)
			if err != nil {
				return
			}
			use(data)
		}()
	}
	wg.Wait()
}

// The length is what is added.
func badLen(files []string) {
	var wg sync.WaitGroup
	wg.Add(len(files))
	for _, f := range files {
		go func() {
			data, err := os.ReadFile(f)
			if err != nil {
				return // want `this return ends the goroutine without wg.Done`
			}
			use(data)
			wg.Done()
		}()
	}
	wg.Wait()
}

type pool struct {
	wg   sync.WaitGroup
	jobs chan func() error
}

func (p *pool) start() {
	p.wg.Add(2)
	go p.read()
	go p.write()
}

func (p *pool) read() {
	job := <-p.jobs
	if err := job(); err != nil {
		return // want `this return ends the goroutine without p.wg.Done`
	}
	p.wg.Done()
}

func (p *pool) write() {
	defer p.wg.Done()
	p.jobs <- func() error { return errors.New("no") }
}

// goodJobs calls Done for each job, not for the goroutine.
func goodJobs(jobs chan int) {
	var wg sync.WaitGroup
	in := make(chan int)
	go func() {
		for range in {
			wg.Done()
		}
	}()
	for j := range jobs {
		wg.Add(1)
		in <- j
	}
	wg.Wait()
}

// goodHandedOn lets the next goroutine call Done.
func goodHandedOn(deep bool) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		if deep {
			go func() {
				defer wg.Done()
				use(nil)
			}()
			return
		}
		wg.Done()
	}()
	wg.Wait()
}

type task struct {
	wg   *sync.WaitGroup
	name string
}

// goodQueued lets whoever takes the task call Done.
func goodQueued(t *task, queue chan *task) {
	t.wg.Add(1)
	go func() {
		if t.name == "" {
			queue <- t
			return
		}
		t.wg.Done()
	}()
	t.wg.Wait()
}

// goodFatal ends the program.
func goodFatal(f string) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		data, err := os.ReadFile(f)
		if err != nil {
			os.Exit(1)
		}
		if data == nil {
			panic("no data")
		}
		wg.Done()
	}()
	wg.Wait()
}

func badTwice(f string) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		data, err := os.ReadFile(f)
		if err != nil {
			wg.Done() // want `wg.Done is called twice in a goroutine that Add at dones.go:174 counts once`
			return
		}
		use(data)
	}()
	wg.Wait()
}

func goodTwice() {
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		use(nil)
		wg.Done()
		use(nil)
		wg.Done()
	}()
	wg.Wait()
}

func badHelper() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		finish(&wg)
		use(nil)
		wg.Done() // want `wg.Done is called twice in a goroutine that Add at dones.go:201 counts once`
	}()
	wg.Wait()
}

func finish(wg *sync.WaitGroup) { wg.Done() }

func goodHelper() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		use(nil)
		finish(&wg)
	}()
	wg.Wait()
}

// goodOptional has no WaitGroup, or counts.
func goodOptional(wg *sync.WaitGroup) {
	if wg != nil {
		wg.Add(1)
	}
	go func() {
		use(nil)
		if wg != nil {
			wg.Done()
		}
	}()
}

func badOptional(wg *sync.WaitGroup, f string) {
	if wg != nil {
		wg.Add(1)
	}
	go func() {
		if _, err := os.ReadFile(f); err != nil {
			return // want `this return ends the goroutine without wg.Done`
		}
		if wg != nil {
			wg.Done()
		}
	}()
}
