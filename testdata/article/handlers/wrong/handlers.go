// Package handlers counts requests in the handler, which runs for many at once.
package handlers

import (
	"fmt"
	"net/http"
)

// A Counter answers each request with its number.
type Counter struct {
	hits int64
}

// ServeHTTP implements http.Handler.
func (c *Counter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.hits++
	fmt.Fprintln(w, c.hits)
}
