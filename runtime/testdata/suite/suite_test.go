//lint:file-ignore SA2001 what the locks guard does not matter here

// Package suite has tests that use lockcheck, for the tests of lockcheck: some must fail.
package suite

import (
	"fmt"
	"os"
	"strings"
	realsync "sync"
	"testing"
	"testing/synctest"
	"time"

	sync "github.com/lockcheck/lockcheck/runtime"
)

var asked = map[string]sync.Option{
	"json":       sync.ReportJSON(os.Stdout),
	"text":       sync.ReportTo(os.Stdout),
	"handler":    sync.OnReport(func(r sync.Report) { fmt.Printf("handler: %s\n", r.Headline()) }),
	"ignoreLock": sync.IgnoreLock("suite.loose.b"),
	"ignoreNone": sync.IgnoreLock("loose.b"),
	"ignoreFunc": sync.IgnoreFunc("suite.(*loose).back"),
	"ignoreElse": sync.IgnoreFunc("back"),
	"noDump":     sync.DumpBeforeDeadline(0),
	"stay":       sync.ExitOnDeadlock(false),
	"none":       sync.Signals(true),
}

func TestMain(m *testing.M) {
	if names := os.Getenv("MAIN"); names != "" {
		var opts []sync.Option
		for name := range strings.FieldsSeq(names) {
			opts = append(opts, asked[name])
		}
		sync.VerifyTestMain(m, opts...)
		panic("VerifyTestMain returned")
	}
	os.Exit(m.Run())
}

// inTurn runs functions in goroutines, one after the other.
func inTurn(fs ...func()) {
	for _, f := range fs {
		done := make(chan bool)
		go func() {
			defer close(done)
			f()
		}()
		<-done
	}
}

func TestGood(t *testing.T) {
	sync.VerifyTest(t)
	var x struct{ a, b sync.Mutex }
	f := func() {
		x.a.Lock()
		x.b.Lock()
		x.b.Unlock()
		x.a.Unlock()
	}
	inTurn(f, f)
}

func TestBad(t *testing.T) {
	sync.VerifyTest(t)
	var x struct{ a, b sync.Mutex }
	inTurn(
		func() {
			x.a.Lock()
			x.b.Lock()
			x.b.Unlock()
			x.a.Unlock()
		},
		func() {
			x.b.Lock()
			x.a.Lock()
			x.a.Unlock()
			x.b.Unlock()
		},
	)
}

func TestDeep(t *testing.T) {
	sync.VerifyTest(t)
	inTurn(func() {
		inTurn(func() {
			var x struct{ a, b sync.RWMutex }
			inTurn(
				func() {
					x.a.Lock()
					x.b.RLock()
					x.b.RUnlock()
					x.a.Unlock()
				},
				func() {
					x.b.Lock()
					x.a.RLock()
					x.a.RUnlock()
					x.b.Unlock()
				},
			)
		})
	})
}

// Of tests that run at once, one fails. This needs -parallel=4.
func TestParallel(t *testing.T) {
	var start realsync.WaitGroup
	start.Add(4)
	for i := range 4 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			sync.VerifyTest(t)
			start.Done()
			start.Wait()
			var x struct{ a, b sync.Mutex }
			inTurn(func() {
				inTurn(func() {
					x.a.Lock()
					x.b.Lock()
					x.b.Unlock()
					x.a.Unlock()
				})
				if i == 2 {
					inTurn(func() {
						x.b.Lock()
						x.a.Lock()
						x.a.Unlock()
						x.b.Unlock()
					})
				}
			})
		})
	}
}

func TestSub(t *testing.T) {
	sync.VerifyTest(t)
	t.Run("inner", func(t *testing.T) {
		var x struct{ a, b sync.Mutex }
		inTurn(
			func() {
				x.a.Lock()
				x.b.Lock()
				x.b.Unlock()
				x.a.Unlock()
			},
			func() {
				x.b.Lock()
				x.a.Lock()
				x.a.Unlock()
				x.b.Unlock()
			},
		)
	})
}

// A lock that another goroutine unlocked is held no longer.
func TestHandOff(t *testing.T) {
	sync.VerifyTest(t)
	var x struct{ a, b sync.Mutex }
	inTurn(func() {
		x.a.Lock()
		inTurn(func() { x.a.Unlock() })
		x.b.Lock()
		x.b.Unlock()
	}, func() {
		x.b.Lock()
		x.a.Lock()
		x.a.Unlock()
		x.b.Unlock()
	})
}

// So is a read lock.
func TestHandOffRead(t *testing.T) {
	sync.VerifyTest(t)
	var x struct{ a, b sync.RWMutex }
	inTurn(func() {
		x.a.RLock()
		inTurn(func() { x.a.RUnlock() })
		x.b.Lock()
		x.b.Unlock()
	}, func() {
		x.b.Lock()
		x.a.Lock()
		x.a.Unlock()
		x.b.Unlock()
	})
}

// An attempt waits for nobody.
func TestTrySecond(t *testing.T) {
	sync.VerifyTest(t)
	var x struct{ a, b sync.Mutex }
	inTurn(
		func() {
			x.a.Lock()
			x.b.Lock()
			x.b.Unlock()
			x.a.Unlock()
		},
		func() {
			x.b.Lock()
			if !x.a.TryLock() {
				t.Error("TryLock fails")
			}
			x.a.Unlock()
			x.b.Unlock()
		},
	)
}

// But others may wait for what it acquired.
func TestTryFirst(t *testing.T) {
	sync.VerifyTest(t)
	var x struct{ a, b sync.RWMutex }
	inTurn(
		func() {
			x.a.Lock()
			x.b.Lock()
			x.b.Unlock()
			x.a.Unlock()
		},
		func() {
			if !x.b.TryRLock() {
				t.Error("TryRLock fails")
			}
			x.a.Lock()
			x.a.Unlock()
			x.b.RUnlock()
		},
	)
}

func TestTryFails(t *testing.T) {
	sync.VerifyTest(t)
	var x struct{ a, b sync.Mutex }
	x.b.Lock()
	inTurn(func() {
		if x.b.TryLock() {
			t.Error("TryLock succeeds")
		}
	})
	x.b.Unlock()
	inTurn(
		func() {
			x.a.Lock()
			x.b.Lock()
			x.b.Unlock()
			x.a.Unlock()
		},
		func() {
			x.a.Lock()
			x.b.Lock()
			x.b.Unlock()
			x.a.Unlock()
		},
	)
}

func TestOnce(t *testing.T) {
	sync.VerifyTest(t)
	var x struct {
		once sync.Once
		mu   sync.Mutex
	}
	f := func() {
		x.mu.Lock()
		x.mu.Unlock()
	}
	inTurn(
		func() { x.once.Do(f) },
		func() {
			x.mu.Lock()
			x.once.Do(f)
			x.mu.Unlock()
		},
	)
}

type node struct{ mu sync.Mutex }

func (n *node) with(f func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	f()
}

func TestTree(t *testing.T) {
	sync.VerifyTest(t)
	root, left, right := new(node), new(node), new(node)
	f := func() { root.with(func() { left.with(func() { right.with(func() {}) }) }) }
	inTurn(f, func() { root.with(func() { right.with(func() {}) }) }, f)
}

func TestSame(t *testing.T) {
	sync.VerifyTest(t)
	a, b := new(node), new(node)
	inTurn(
		func() { a.with(func() { b.with(func() {}) }) },
		func() { b.with(func() { a.with(func() {}) }) },
	)
}

// Locks in different objects are of one class, if they are locked at one place.
type left struct{ mu sync.Mutex }
type right struct{ mu sync.Mutex }

func (l *left) lock()  { l.mu.Lock() }
func (r *right) lock() { r.mu.Lock() }

func TestClass(t *testing.T) {
	sync.VerifyTest(t)
	inTurn(
		func() {
			l, r := new(left), new(right)
			l.lock()
			r.lock()
			r.mu.Unlock()
			l.mu.Unlock()
		},
		func() {
			l, r := new(left), new(right)
			r.lock()
			l.lock()
			l.mu.Unlock()
			r.mu.Unlock()
		},
	)
}

// known makes objects known to others.
var known any

// Or if they are of one field, though they are locked at different places.
func TestMerge(t *testing.T) {
	sync.VerifyTest(t)
	type pair struct{ a, b sync.Mutex }
	inTurn(
		func() {
			x := new(pair)
			known = x
			x.a.Lock()
			x.b.Lock()
			x.b.Unlock()
			x.a.Unlock()
		},
		func() {
			x := new(pair)
			known = x
			x.b.Lock()
			x.a.Lock()
			x.a.Unlock()
			x.b.Unlock()
		},
	)
}

// Locks of objects that nobody else can know are taken in no order.
func TestNew(t *testing.T) {
	sync.VerifyTest(t)
	type pair struct{ a, b sync.Mutex }
	inTurn(
		func() {
			x := new(pair)
			x.a.Lock()
			x.b.Lock()
			x.b.Unlock()
			x.a.Unlock()
		},
		func() {
			x := new(pair)
			x.b.Lock()
			x.a.Lock()
			x.a.Unlock()
			x.b.Unlock()
		},
	)
}

func TestBubble(t *testing.T) {
	sync.VerifyTest(t)
	synctest.Test(t, func(t *testing.T) {
		var x struct{ a, b sync.Mutex }
		go func() {
			x.a.Lock()
			x.b.Lock()
			x.b.Unlock()
			x.a.Unlock()
		}()
		synctest.Wait()
		go func() {
			time.Sleep(time.Hour)
			x.b.Lock()
			x.a.Lock()
			x.a.Unlock()
			x.b.Unlock()
		}()
		time.Sleep(2 * time.Hour)
	})
}

func TestBubbleGood(t *testing.T) {
	sync.VerifyTest(t)
	synctest.Test(t, func(t *testing.T) {
		var wg sync.WaitGroup
		var x struct {
			mu sync.Mutex
			rw sync.RWMutex
		}
		some := sync.NewCond(&x.mu)
		n := 0
		for range 20 {
			wg.Go(func() {
				for range 50 {
					x.mu.Lock()
					x.rw.RLock()
					n++
					x.rw.RUnlock()
					some.Broadcast()
					x.mu.Unlock()
					time.Sleep(time.Minute)
				}
			})
		}
		x.mu.Lock()
		for n < 1000 {
			some.Wait()
		}
		x.mu.Unlock()
		wg.Wait()
	})
}

// Where no test asks, VerifyTestMain does.
type loose struct{ a, b sync.Mutex }

func (x *loose) cross() {
	inTurn(
		func() {
			x.a.Lock()
			x.b.Lock()
			x.b.Unlock()
			x.a.Unlock()
		},
		func() { x.back() },
	)
}

func (x *loose) back() {
	x.b.Lock()
	x.a.Lock()
	x.a.Unlock()
	x.b.Unlock()
}

func TestLoose(t *testing.T) {
	new(loose).cross()
}

func TestDeadlock(t *testing.T) {
	if os.Getenv("MAIN") == "" {
		t.Skip("hangs")
	}
	var x struct{ a, b sync.Mutex }
	first, second := make(chan bool), make(chan bool)
	go func() {
		x.a.Lock()
		close(first)
		<-second
		x.b.Lock()
	}()
	x.b.Lock()
	close(second)
	<-first
	x.a.Lock()
}

func TestSelf(t *testing.T) {
	if os.Getenv("MAIN") == "" {
		t.Skip("hangs")
	}
	var once sync.Once
	once.Do(func() { once.Do(func() {}) })
}
