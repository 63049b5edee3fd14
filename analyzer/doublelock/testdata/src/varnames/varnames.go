// Package varnames has locks in local variables, whose names are short, or those which SSA gives to what has none.
package varnames

import "sync"

type jar struct {
	mu   sync.Mutex
	lids int
}

func (j *jar) close() { j.mu.Lock() }

func (j *jar) count() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.lids
}

func short() {
	var s, c, p jar
	s.close()
	s.mu.Lock() // want `s\.mu is locked again while this goroutine still holds it from line \d+`
	c.close()
	c.count() // want `calling \(\*jar\)\.count locks c\.mu .*already held`
	p.close()
	p.count() // want `calling \(\*jar\)\.count locks p\.mu .*already held`
}

func likeOthers() {
	var new, complit jar
	new.close()
	new.count() // want `calling \(\*jar\)\.count locks new\.mu .*already held`
	func() {
		complit.close()
		complit.count() // want `calling \(\*jar\)\.count locks complit\.mu .*already held`
	}()
}

func parameter(makeslice jar) {
	makeslice.close()
	makeslice.count() // want `calling \(\*jar\)\.count locks makeslice\.mu .*already held`
}

// unnamed has no variable that is the object.
func unnamed() {
	e, it := new(jar), &jar{}
	e.close()
	e.count() // want `calling \(\*jar\)\.count locks jar\.mu .*already held`
	it.close()
	it.count() // want `calling \(\*jar\)\.count locks jar\.mu .*already held`
}

// each has two jars.
func each() {
	var s, c jar
	s.close()
	c.count()
	s.mu.Unlock()
}
