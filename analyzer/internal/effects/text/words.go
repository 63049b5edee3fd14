package text

import "github.com/lockcheck/lockcheck/analyzer/internal/effects"

// The words of the text form that are not names of operations and types.

var flagWords = [...]string{
	"commaok", "shared", "all", "blocking", "noreturn", "dynamic", "heap", "through", "recover", "exported", "method", "reads", "mutates",
	"varargs", "joins",
}

// ops are the operations by their words.
var ops = func() map[string]effects.Op {
	m := map[string]effects.Op{}
	for op := effects.Param; op <= effects.LastOp; op++ {
		m[op.String()] = op
	}
	return m
}()

// counts tells how many operands an operation has, at least and at most, where that is certain; the other operations have any number.
var counts = map[effects.Op][2]int{
	effects.Const: {0, 0}, effects.Global: {0, 0}, effects.FuncOf: {0, 0}, effects.Alloc: {0, 0}, effects.Field: {1, 1}, effects.FieldOf: {1, 1}, effects.Elem: {2, 2}, effects.ElemOf: {2, 2},
	effects.Load: {1, 1}, effects.Store: {2, 2}, effects.Lookup: {2, 2}, effects.MapUpdate: {3, 3}, effects.Range: {1, 1}, effects.Next: {1, 1}, effects.Slice: {4, 4}, effects.Convert: {1, 1},
	effects.Box: {1, 1}, effects.Assert: {1, 1}, effects.Extract: {1, 1}, effects.MakeMap: {0, 0}, effects.MakeSlice: {0, 0}, effects.MakeChan: {1, 1}, effects.Compare: {2, 2}, effects.Not: {1, 1},
	effects.Acquire: {1, 99}, effects.Release: {1, 99}, effects.TryAcquire: {1, 99}, effects.RLocker: {1, 99}, effects.NewCond: {1, 99}, effects.CondWait: {1, 99}, effects.Signal: {1, 99},
	effects.Add: {1, 99}, effects.Done: {1, 99}, effects.Wait: {1, 99}, effects.Start: {1, 99}, effects.Once: {1, 99}, effects.Send: {2, 2}, effects.Recv: {1, 1}, effects.Close: {1, 1},
	effects.RunDefers: {0, 0}, effects.Panic: {1, 1}, effects.If: {1, 1}, effects.Jump: {0, 0},
}

// knownTypes are what the text form takes these names for if it does not declare them.
var knownTypes = map[string]effects.Type{
	"error":               {Kind: effects.Interface, Error: true},
	"sync.Mutex":          {Kind: effects.Struct, Sync: effects.Mutex, Pkg: "sync"},
	"sync.RWMutex":        {Kind: effects.Struct, Sync: effects.RWMutex, Pkg: "sync"},
	"sync.Locker":         {Kind: effects.Interface, Sync: effects.Locker, Pkg: "sync"},
	"sync.WaitGroup":      {Kind: effects.Struct, Sync: effects.WaitGroup, Pkg: "sync"},
	"sync.Cond":           {Kind: effects.Struct, Sync: effects.Cond, Pkg: "sync"},
	"sync.Once":           {Kind: effects.Struct, Sync: effects.OnceType, Pkg: "sync"},
	"context.Context":     {Kind: effects.Interface, Sync: effects.Context, Pkg: "context"},
	"sync/atomic.Bool":    {Kind: effects.Struct, Sync: effects.AtomicOf, Pkg: "sync/atomic"},
	"sync/atomic.Int32":   {Kind: effects.Struct, Sync: effects.AtomicOf, Pkg: "sync/atomic"},
	"sync/atomic.Int64":   {Kind: effects.Struct, Sync: effects.AtomicOf, Pkg: "sync/atomic"},
	"sync/atomic.Uint32":  {Kind: effects.Struct, Sync: effects.AtomicOf, Pkg: "sync/atomic"},
	"sync/atomic.Uint64":  {Kind: effects.Struct, Sync: effects.AtomicOf, Pkg: "sync/atomic"},
	"sync/atomic.Pointer": {Kind: effects.Struct, Sync: effects.AtomicOf, Pkg: "sync/atomic"},
	"sync/atomic.Value":   {Kind: effects.Struct, Sync: effects.AtomicOf, Pkg: "sync/atomic"},
}

// syncs are the marks of types by their words.
var syncs = func() map[string]effects.Sync {
	m := map[string]effects.Sync{}
	for s := effects.NoSync + 1; s <= effects.Safe; s++ {
		m[s.String()] = s
	}
	return m
}()
