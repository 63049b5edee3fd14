package extract_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const imported = `
import (
	"bytes"; "context"; "fmt"; "os"; "runtime"; "sort"; "strconv"; "sync"; "sync/atomic"; "time"; "unsafe"
)
var (
	_ = bytes.NewBuffer; _ context.Context; _ = fmt.Sprint; _ = os.Exit; _ = runtime.Goexit; _ = sort.Sort; _ = strconv.Itoa; _ sync.Mutex; _ atomic.Int64
	_ = time.Now; _ unsafe.Pointer
)
type T struct {
	mu sync.Mutex; rw sync.RWMutex; cond *sync.Cond; wg sync.WaitGroup; once sync.Once
	n, hits int64; count atomic.Int64; next atomic.Pointer[T]; m map[string]int; list []int; ch chan int; buf bytes.Buffer; arr [4]int; ok bool
}
func (t *T) String() string { return "" }
func (t *T) Len() int { return len(t.list) }
func (t *T) Less(i, j int) bool { return t.list[i] < t.list[j] }
func (t *T) Swap(i, j int) { t.list[i], t.list[j] = t.list[j], t.list[i] }
type E struct{ sync.Mutex; v int }
type Group struct { wg sync.WaitGroup }
func (g *Group) Go(f func()) { g.wg.Go(f) }
func (g *Group) Wait() { g.wg.Wait() }
type Waiter interface { Wait(); Done() }
func use(...any) {}
func cond() bool { return true }
func work() {}
`

// TestOps checks what instructions become: the body of a function f of *T.
func TestOps(t *testing.T) {
	tests := []struct {
		name, body string
		want       string
	}{
		{"locks", "t.mu.Lock(); t.mu.Unlock(); t.rw.RLock(); t.rw.RUnlock(); t.rw.Lock(); t.rw.Unlock()",
			`acquire t.mu
release t.mu
acquire shared t.rw
release shared t.rw
acquire t.rw
release t.rw`},
		{"deferred and started", "t.mu.Lock(); defer t.mu.Unlock(); go t.mu.Lock(); defer close(t.ch); go work(); defer func() { recover() }()",
			`acquire t.mu
defer release t.mu
go acquire t.mu
load t.ch
defer close *t.ch
go call : m.work = m.work
defer call : m.(*T).f$1 = m.(*T).f$1
return`},
		{"tried", "if t.mu.TryLock() { t.mu.Unlock() }; t.rw.TryRLock()",
			`tryacquire t.mu
if tryacquire(t.mu)
release t.mu
tryacquire shared t.rw`},
		{"locker", "var l sync.Locker = &t.mu; l.Lock(); r := t.rw.RLocker(); r.Lock(); t.cond.L.Unlock()",
			`acquire box(t.mu)
rlocker t.rw
acquire rlocker(t.rw)
load t.cond
load *t.cond.L
release **t.cond.L`},
		{"embedded", "var e E; use(&e); e.Lock(); var l sync.Locker = &e; l.Unlock()",
			`store new[0] box(&e)
call slice(new _ _ _) : m.use = m.use
acquire &e.Mutex
call &e : sync.(*m.E).Unlock = sync.(*m.E).Unlock`},
		{"condition", "t.cond = sync.NewCond(&t.mu); t.cond.Wait(); t.cond.Signal(); t.cond.Broadcast()",
			`newcond box(t.mu)
store t.cond newcond(box(t.mu))
load t.cond
condwait *t.cond
load t.cond
signal *t.cond
load t.cond
signal all *t.cond`},
		{"group", "t.wg.Add(1); go func() { t.wg.Done() }(); t.wg.Go(work); t.wg.Wait(); t.once.Do(work)",
			`store &t t
load &t
add t.wg 1
go call dynamic m.(*T).f$1
load &t
start t.wg m.work | go m.work
load &t
wait t.wg
load &t
once t.once m.work | m.work`},
		{"groups by shape", "var g Group; g.Wait(); var w Waiter = t.w(); w.Wait(); w.Done()",
			`call joins &g : (*m.Group).Wait = m.(*Group).Wait
call t : (*m.T).w = m.(*T).w
invoke joins call(t) : Wait
invoke call(t) : Done`},
		{"atomics", "atomic.AddInt64(&t.n, 1); t.count.Store(2); t.next.CompareAndSwap(nil, t); defer atomic.StoreInt64(&t.hits, 0)",
			`atomic t.n 1 : AddInt64
atomic method t.count 2 : Store
atomic method t.next nil t : CompareAndSwap
defer atomic t.hits 0 : StoreInt64`},
		{"channels", "t.ch <- 1; <-t.ch; v, ok := <-t.ch; use(v, ok); close(t.ch); use(make(chan int, 3), len(t.ch))", `load t.ch
send *t.ch 1
load t.ch
recv *t.ch
load t.ch
recv commaok *t.ch
call slice(new _ _ _) : m.use = m.use
load t.ch
close *t.ch
load t.ch
builtin *t.ch : len
store new[0] box(makechan(3))
call slice(new _ _ _) : m.use = m.use`},
		{"select", "select { case t.ch <- 1: work(); case <-t.ch: }; select { case <-t.ch: default: }", `load t.ch
load t.ch
select blocking *t.ch 1 *t.ch _
compare extract(select(*t.ch 1 *t.ch _)) 0 : ==
if compare(extract(select(*t.ch 1 *t.ch _)) 0)
load t.ch
select *t.ch _
return
call : m.work = m.work
compare extract(select(*t.ch 1 *t.ch _)) 1 : ==
if compare(extract(select(*t.ch 1 *t.ch _)) 1)
panic box("blocking select matched no case")`},
		{"maps", `t.m["a"] = 1; _ = t.m["b"]; if _, ok := t.m["c"]; ok { delete(t.m, "c") }; for range t.m { work() }; clear(t.m); _ = len(t.m)`, `load t.m
mapupdate *t.m "a" 1
load t.m
lookup *t.m "b"
load t.m
lookup commaok *t.m "c"
if extract(*t.m["c"])
load t.m
builtin *t.m "c" : delete
load t.m
range *t.m
next range(*t.m)
if extract(next(range(*t.m)))
call : m.work = m.work
load t.m
builtin *t.m : clear
load t.m
builtin *t.m : len`},
		{"numbers are left out", "n := len(t.list) * 2; n += 3; s := strconv.Itoa(n); _ = s + strconv.Itoa(4); _ = time.Now()", `load t.list`},
		{"comparisons", "n := t.n; if n > 3 && !t.ok { work() }; _ = n == 4", `load t.n
compare *t.n 3 : >
if compare(*t.n 3)
call : m.work = m.work
return
load t.ok
if *t.ok`},
		{"containers", `t.buf.WriteString("x"); t.buf.Len()`, `call mutates t.buf "x" : (*bytes.Buffer).WriteString
call reads t.buf : (*bytes.Buffer).Len`},
		{"called back", `sort.Sort(t); sort.Slice(t.list, func(i, j int) bool { return i < j }); time.AfterFunc(3, work)`,
			`known box(t) : sort.Sort | t.Len = m.(*T).Len | t.Less = m.(*T).Less | t.Swap = m.(*T).Swap
load t.list
known box(*t.list) m.(*T).f$1 : sort.Slice | m.(*T).f$1
known 3 m.work : time.AfterFunc | go m.work`},
		{"formats", `fmt.Printf("%d %v", 1, t); fmt.Println(t, time.Second)`, `store new[1] box(t)
known "%d %v" slice(new _ _ _) : fmt.Printf | t.String = m.(*T).String
store new[0] box(t)
store new[1] box(1000000000)
known slice(new _ _ _) : fmt.Println | t.String = m.(*T).String | 1000000000.String (time.Duration).String`},
		{"never back", `if t.ok { os.Exit(1) }; runtime.Goexit()`, `load t.ok
if *t.ok
known noreturn 1 : os.Exit`},
		{"unsafe", "p := unsafe.Pointer(t); use((*E)(p), uintptr(p))", `store new[0] box(convert(convert(t)))
call slice(new _ _ _) : m.use = m.use`},
		{"method values", "f := t.mu.Lock; f(); g := (*sync.Mutex).Unlock; g(&t.mu)", `call dynamic sync.(*Mutex).Lock$bound
release t.mu`},
		{"tables", "use([]int{1, 2}); t.arr[2] = 3; a := [2]bool{true}; use(a)", `store new[0] box(slice(new _ _ _))`},
		{"context", "ctx, cancel := context.WithCancel(context.Background()); defer cancel(); <-ctx.Done()", `call : context.Background
call call() : context.WithCancel
defer call dynamic extract(call(call()))
invoke extract(call(call())) : Done
recv invoke(extract(call(call())))`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			src := "package m\n" + imported + "func (t *T) w() Waiter { return nil }\nfunc (t *T) f() {\n" + tt.body + "\n}\n"
			_, fns := extracted(t, src, 0)
			sound(t, fns["m.(*T).f"])
			got := strings.Join(sayings(fns["m.(*T).f"]), "\n")
			if !strings.HasPrefix(got, tt.want+"\n") && got != tt.want {
				t.Errorf("expected (-), got (+):\n%s", cmp.Diff(strings.Split(tt.want, "\n"), strings.Split(got, "\n")))
			}
		})
	}
}
