// Package lockhttp serves dumps of all goroutines and their locks over HTTP, as net/http/pprof serves
// profiles. It is apart from package lockcheck so that programs which do not want it do not link
// net/http.
//
//	mux.Handle("/debug/lockcheck", lockhttp.Handler())
//
// The page is what [lockcheck.Dump] prints; with ?format=json, what [lockcheck.DumpJSON] does. Either can be
// read by
//
//	lockcheck dump http://localhost:6060/debug/lockcheck
//
// A dump tells names of functions and addresses of objects: do not serve it to the public. Each
// request stops the world for about a millisecond per 1,000 goroutines.
package lockhttp

import (
	"bytes"
	"fmt"
	"net/http"

	lockcheck "github.com/lockcheck/lockcheck/runtime"
)

// Handler returns a handler that serves dumps.
func Handler() http.Handler { return http.HandlerFunc(serve) }

func serve(w http.ResponseWriter, r *http.Request) {
	var b bytes.Buffer
	var err error
	switch format := r.FormValue("format"); format {
	case "", "text":
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		err = lockcheck.Dump(&b)
	case "json":
		w.Header().Set("Content-Type", "application/json")
		err = lockcheck.DumpJSON(&b)
	default:
		http.Error(w, fmt.Sprintf("format is %q, want text or json", format), http.StatusBadRequest)
		return
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = b.WriteTo(w) // the client is gone if it fails
}
