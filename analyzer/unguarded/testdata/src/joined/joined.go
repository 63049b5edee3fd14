// Package joined has scores that goroutines work on. Nearly everything holds the lock, so what does not stands out.
package joined

import "sync"

// A Score is locked by its methods.
type Score struct {
	mu  sync.Mutex
	pts int
}

func (s *Score) Win()        { s.mu.Lock(); s.pts += 3; s.mu.Unlock() }
func (s *Score) Draw()       { s.mu.Lock(); s.pts++; s.mu.Unlock() }
func (s *Score) Fine(n int)  { s.mu.Lock(); s.pts -= n; s.mu.Unlock() }
func (s *Score) Twice()      { s.mu.Lock(); s.pts *= 2; s.mu.Unlock() }
func (s *Score) Zero()       { s.mu.Lock(); s.pts = 0; s.mu.Unlock() }
func (s *Score) Level(n int) { s.mu.Lock(); s.pts = n; s.mu.Unlock() }
func (s *Score) Points() int { s.mu.Lock(); defer s.mu.Unlock(); return s.pts }

// Season has ended when the mean is taken.
func Season(games []int) int {
	var s Score
	var wg sync.WaitGroup
	for _, g := range games {
		wg.Add(1)
		go func() {
			defer wg.Done()
			s.mu.Lock()
			s.pts += g
			s.mu.Unlock()
		}()
	}
	wg.Wait()
	s.pts /= len(games)
	return s.Points()
}

// Midway some games are still played.
func Midway(games []int) int {
	var s Score
	var wg sync.WaitGroup
	for _, g := range games {
		wg.Add(1)
		go func() {
			defer wg.Done()
			s.mu.Lock()
			s.pts += g
			s.mu.Unlock()
		}()
	}
	s.pts /= len(games) // want `write to Score\.pts without holding Score\.mu`
	wg.Wait()
	return s.Points()
}
