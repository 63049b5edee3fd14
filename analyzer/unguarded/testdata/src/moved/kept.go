package moved

import "sync"

type Log struct {
	mu    sync.Mutex
	lines []string
	other []string
}

func (l *Log) Add(s string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.lines) > 0 {
		l.lines[0] = s
		return
	}
	l.lines = append(l.lines, s)
}

func (l *Log) Clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range l.lines {
		l.lines[i] = ""
	}
}

func (l *Log) Len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.lines)
}

// first is for who keeps the slice where it is.
func (l *Log) first() []string { return l.lines } // want `hands out the slice of Log.lines, whose content Log.mu guards: \(\*Log\).Print reads it without the lock`

func (l *Log) Print() {
	l.mu.Lock()
	lines := l.first()
	l.other = nil
	l.mu.Unlock()
	for _, s := range lines {
		println(s)
	}
}

// second is for who puts the same back, shorter.
func (l *Log) second() []string { return l.lines } // want `hands out the slice of Log.lines, whose content Log.mu guards: \(\*Log\).Trim reads it without the lock`

func (l *Log) Trim() {
	l.mu.Lock()
	lines := l.second()
	l.lines = lines[:1]
	l.mu.Unlock()
	println(lines[0])
}

// third is for who looks at the lines before it takes them out.
func (l *Log) third() []string { return l.lines } // want `hands out the slice of Log.lines, whose content Log.mu guards: \(\*Log\).Late reads it without the lock`

func (l *Log) Late() {
	l.mu.Lock()
	lines := l.third()
	l.mu.Unlock()
	println(lines[0])
	l.mu.Lock()
	l.lines = nil
	l.mu.Unlock()
}

// fourth is for who takes the lines out of another one.
func (l *Log) fourth() []string { return l.lines } // want `hands out the slice of Log.lines, whose content Log.mu guards: Swap reads it without the lock`

func Swap(a, b *Log) {
	a.mu.Lock()
	lines := a.fourth()
	a.mu.Unlock()
	b.mu.Lock()
	b.lines = nil
	b.mu.Unlock()
	println(lines[0])
}

// fifth is for who takes the lines out now and then.
func (l *Log) fifth() []string { return l.lines } // want `hands out the slice of Log.lines, whose content Log.mu guards: \(\*Log\).Maybe reads it without the lock`

func (l *Log) trim(max int) {
	if len(l.lines) > max {
		l.lines = nil
	}
}

func (l *Log) Maybe() {
	l.mu.Lock()
	lines := l.fifth()
	l.trim(3)
	l.mu.Unlock()
	println(lines[0])
}
