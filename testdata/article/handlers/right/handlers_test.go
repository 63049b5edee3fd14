package handlers

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

func Test(t *testing.T) {
	s := httptest.NewServer(&Counter{})
	defer s.Close()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				if r, err := http.Get(s.URL); err == nil {
					r.Body.Close()
				}
			}
		})
	}
	wg.Wait()
}
