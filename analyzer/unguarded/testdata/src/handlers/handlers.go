// Package handlers has state that handlers of HTTP requests write without any lock.
package handlers

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
)

var hits int

func count(w http.ResponseWriter, r *http.Request) {
	hits++ // want `write to hits without any lock by count, which handles many requests at once`
	fmt.Fprintln(w, hits)
}

type Page struct {
	views int
	seen  map[string]bool
	title string
}

func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.note(r.URL.Path)
	p.views++ // want `write to Page.views without any lock by \(\*Page\).ServeHTTP, which handles many requests at once`
	fmt.Fprintln(w, p.title)
}

func (p *Page) note(path string) {
	p.seen[path] = true // want `write to the content of Page.seen without any lock by \(\*Page\).ServeHTTP`
}

// Safe is the right twin.
type Safe struct {
	mu    sync.Mutex
	views int
	total atomic.Int64
}

func (p *Safe) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.total.Add(1)
	p.mu.Lock()
	p.views++
	n := p.views
	p.mu.Unlock()
	fmt.Fprintln(w, n)
}

// A request of its own is nobody else's.
type request struct{ n int }

func (p *Safe) own(w http.ResponseWriter, r *http.Request) {
	q := &request{}
	q.n++
	fmt.Fprintln(w, q.n)
}

func Main() {
	http.HandleFunc("/count", count)
	http.Handle("/page", &Page{seen: map[string]bool{}})
	s := &Safe{}
	http.Handle("/safe", s)
	http.HandleFunc("/own", s.own)
	title := ""
	http.HandleFunc("/title", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, title)
	})
}
