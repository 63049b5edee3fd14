// Package copies changes objects of its own: a pointer that is set to a copy on some paths points to that wherever the
// same condition holds.
package copies

import "sync/atomic"

type Route struct {
	name   string
	weight int64
}

var sent = make(chan Route, 1)

func Weight(r *Route) int64 { return atomic.LoadInt64(&r.weight) }

func Set(r *Route, n int64) { atomic.StoreInt64(&r.weight, n) }

func good(r *Route, own bool) {
	if own {
		c := Route{name: r.name}
		r = &c
	}
	println(r.name)
	if own {
		r.weight = 1
	}
	sent <- Route{name: r.name}
}

func goodNot(r *Route, n int) {
	if n == 0 {
		println(r.name)
	} else {
		r = &Route{name: r.name}
	}
	if n != 0 {
		r.weight = int64(n)
	}
	sent <- Route{name: r.name}
}

func goodBoth(own bool) {
	r := &Route{name: "b"}
	if own {
		r = &Route{name: "a"}
	}
	r.weight = 2
	sent <- Route{name: r.name}
}

// The condition is another one.
func bad(r *Route, own, heavy bool) {
	if own {
		c := Route{name: r.name}
		r = &c
	}
	if heavy {
		r.weight = 1 // want `plain write to Route.weight`
	}
	sent <- Route{name: r.name}
}

// It is the other way round.
func badNot(r *Route, own bool) {
	if own {
		r = &Route{name: r.name}
	}
	if !own {
		r.weight = 1 // want `plain write to Route.weight`
	}
	sent <- Route{name: r.name}
}

// Others have the copy already.
func badPublished(r *Route, own bool, to chan *Route) {
	if own {
		r = &Route{name: r.name}
	}
	to <- r
	if own {
		r.weight = 1 // want `plain write to Route.weight`
	}
}

func Start(r *Route, to chan *Route) {
	for i := range 3 {
		go good(r, i > 0)
		go goodNot(r, i)
		go goodBoth(i > 0)
		go bad(r, i > 0, i > 1)
		go badNot(r, i > 0)
		go badPublished(r, i > 0, to)
	}
}
