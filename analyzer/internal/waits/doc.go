// Package waits finds wrong uses of sync.WaitGroup, sync.Cond and sync.Once in the
// functions of one package.
package waits
