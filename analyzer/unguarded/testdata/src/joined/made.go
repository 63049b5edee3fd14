package joined

import "sync"

// A League is known to a list as soon as it is made.
type League struct {
	mu    sync.Mutex
	teams int
}

var (
	leaguesMu sync.Mutex
	leagues   []*League // guarded by leaguesMu
)

func newLeague() (*League, error) {
	l := &League{}
	leaguesMu.Lock()
	leagues = append(leagues, l)
	leaguesMu.Unlock()
	return l, nil
}

func (l *League) Join()       { l.mu.Lock(); l.teams++; l.mu.Unlock() }
func (l *League) Leave()      { l.mu.Lock(); l.teams--; l.mu.Unlock() }
func (l *League) Merge(n int) { l.mu.Lock(); l.teams += n; l.mu.Unlock() }
func (l *League) Split(n int) { l.mu.Lock(); l.teams -= n; l.mu.Unlock() }
func (l *League) Double()     { l.mu.Lock(); l.teams *= 2; l.mu.Unlock() }
func (l *League) Clear()      { l.mu.Lock(); l.teams = 0; l.mu.Unlock() }
func (l *League) Teams() int  { l.mu.Lock(); defer l.mu.Unlock(); return l.teams }

func (l *League) seed() int { return l.teams }

// Seeded asks a league that it has just got, and that it gives to nobody.
func Seeded() int {
	l, err := newLeague()
	if err != nil {
		return 0
	}
	return l.seed()
}

// A Cup is the same.
type Cup struct {
	mu    sync.Mutex
	teams int
}

var cups []*Cup // guarded by leaguesMu

func newCup() (*Cup, error) {
	c := &Cup{}
	leaguesMu.Lock()
	cups = append(cups, c)
	leaguesMu.Unlock()
	return c, nil
}

func (c *Cup) Join()       { c.mu.Lock(); c.teams++; c.mu.Unlock() }
func (c *Cup) Leave()      { c.mu.Lock(); c.teams--; c.mu.Unlock() }
func (c *Cup) Merge(n int) { c.mu.Lock(); c.teams += n; c.mu.Unlock() }
func (c *Cup) Split(n int) { c.mu.Lock(); c.teams -= n; c.mu.Unlock() }
func (c *Cup) Double()     { c.mu.Lock(); c.teams *= 2; c.mu.Unlock() }
func (c *Cup) Clear()      { c.mu.Lock(); c.teams = 0; c.mu.Unlock() }
func (c *Cup) Teams() int  { c.mu.Lock(); defer c.mu.Unlock(); return c.teams }

func (c *Cup) seed() int {
	return c.teams // want `read of Cup\.teams without holding Cup\.mu`
}

// SeededWhile asks while somebody joins.
func SeededWhile() int {
	c, err := newCup()
	if err != nil {
		return 0
	}
	go c.Join()
	return c.seed()
}

// A Race has a goroutine of its own from the start.
type Race struct {
	mu   sync.Mutex
	laps int
}

func newRace() (*Race, error) {
	r := &Race{}
	go r.run()
	return r, nil
}

func (r *Race) run() {
	for {
		r.Lap()
	}
}

func (r *Race) Lap()        { r.mu.Lock(); r.laps++; r.mu.Unlock() }
func (r *Race) Back()       { r.mu.Lock(); r.laps--; r.mu.Unlock() }
func (r *Race) Skip(n int)  { r.mu.Lock(); r.laps += n; r.mu.Unlock() }
func (r *Race) Cut(n int)   { r.mu.Lock(); r.laps -= n; r.mu.Unlock() }
func (r *Race) Twice()      { r.mu.Lock(); r.laps *= 2; r.mu.Unlock() }
func (r *Race) Clear()      { r.mu.Lock(); r.laps = 0; r.mu.Unlock() }
func (r *Race) Laps() int   { r.mu.Lock(); defer r.mu.Unlock(); return r.laps }
func (r *Race) Level(n int) { r.mu.Lock(); r.laps = n; r.mu.Unlock() }

func (r *Race) glance() int {
	return r.laps // want `read of Race\.laps without holding Race\.mu`
}

// Glance looks at a race that goes on.
func Glance() int {
	r, err := newRace()
	if err != nil {
		return 0
	}
	return r.glance()
}
