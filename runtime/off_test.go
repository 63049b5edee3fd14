//go:build !lockcheck

//lint:file-ignore SA2001 what the locks guard does not matter here

package lockcheck_test

import (
	"reflect"
	"strings"
	realsync "sync"
	"testing"

	lockcheck "github.com/lockcheck/lockcheck/runtime"
)

// That these are compiled proves that the types are the same.
var (
	_ *realsync.Cond      = (*lockcheck.Cond)(nil)
	_ *realsync.Map       = (*lockcheck.Map)(nil)
	_ *realsync.Mutex     = (*lockcheck.Mutex)(nil)
	_ *realsync.Once      = (*lockcheck.Once)(nil)
	_ *realsync.Pool      = (*lockcheck.Pool)(nil)
	_ *realsync.RWMutex   = (*lockcheck.RWMutex)(nil)
	_ *realsync.WaitGroup = (*lockcheck.WaitGroup)(nil)
	_ *realsync.Locker    = (*lockcheck.Locker)(nil)
)

// TestOffIsAlias compares types as they are when the program runs.
func TestOffIsAlias(t *testing.T) {
	if lockcheck.Enabled {
		t.Error("lockcheck is enabled")
	}
	for _, p := range [][2]reflect.Type{
		{reflect.TypeFor[lockcheck.Cond](), reflect.TypeFor[realsync.Cond]()},
		{reflect.TypeFor[lockcheck.Map](), reflect.TypeFor[realsync.Map]()},
		{reflect.TypeFor[lockcheck.Mutex](), reflect.TypeFor[realsync.Mutex]()},
		{reflect.TypeFor[lockcheck.Once](), reflect.TypeFor[realsync.Once]()},
		{reflect.TypeFor[lockcheck.Pool](), reflect.TypeFor[realsync.Pool]()},
		{reflect.TypeFor[lockcheck.RWMutex](), reflect.TypeFor[realsync.RWMutex]()},
		{reflect.TypeFor[lockcheck.WaitGroup](), reflect.TypeFor[realsync.WaitGroup]()},
		{reflect.TypeFor[lockcheck.Locker](), reflect.TypeFor[realsync.Locker]()},
	} {
		if p[0] != p[1] || p[0].Size() != p[1].Size() {
			t.Errorf("%v of %d bytes is not %v of %d bytes", p[0], p[0].Size(), p[1], p[1].Size())
		}
	}
}

// TestOffIsSilent inverts an order: without the tag, nobody sees that.
func TestOffIsSilent(t *testing.T) {
	var out strings.Builder
	lockcheck.Configure(lockcheck.ReportTo(&out))
	defer lockcheck.Configure(lockcheck.ReportTo(nil))
	lockcheck.VerifyTest(t)
	var a, b lockcheck.Mutex
	for _, l := range [][2]*lockcheck.Mutex{{&a, &b}, {&b, &a}} {
		done := make(chan bool)
		go func() {
			l[0].Lock()
			l[1].Lock()
			l[1].Unlock()
			l[0].Unlock()
			done <- true
		}()
		<-done
	}
	lockcheck.Settle()
	if out.Len() > 0 {
		t.Errorf("reported:\n%s", &out)
	}
}
