// Package handlers counts requests in the handler, which runs for many at once.
package handlers

import (
	"fmt"
	"net/http"
	"sync/atomic"
)

// A Counter answers each request with its number.
type Counter struct {
	hits atomic.Int64
}

// ServeHTTP implements http.Handler.
func (c *Counter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.hits.Add(1)
	fmt.Fprintln(w, c.hits.Load())
}
