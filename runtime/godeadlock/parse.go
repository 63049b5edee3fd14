package godeadlock

import (
	"regexp"
	"strconv"
	"strings"
)

// A kind is one of the three reports that go-deadlock makes.
type kind int

const (
	unknown   kind = iota
	inversion      // two locks in the other order
	recursion      // a lock that the goroutine holds
	wait           // a lock waited for too long
)

// A parsed report is what go-deadlock's text says, no more.
type parsed struct {
	kind kind

	// Of an inversion: the earlier holder's two stacks, first where it locked the lock
	// that it held, then where it locked the other; then the same of the goroutine that
	// is about to lock. Of a recursion: where it is locked, and where it was. Of a
	// wait: where each holder locked it, and, last, where it is waited for.
	stacks []stack

	limit string          // of a wait, how long
	doing map[int64]stack // of a wait, where holders are now
}

// A stack is one of go-deadlock's.
type stack struct {
	goroutine int64  // 0 if it is not said
	lock      string // its address, "" if it is not said
	state     string // what the goroutine does, if it is said
	parent    int64  // the goroutine that started it, 0 if it is not said
	frames    []frame
}

type frame struct {
	fn   string // with the last element of the package's path, in a goroutine dump with all
	file string // relative to the working directory, to "~", or absolute
	line int
	code string // the printed line, "" if it is not known
}

var (
	frameLine = regexp.MustCompile(`^(.+?):(-?\d+) (\S+) (?:\{ (.*) \}|\?\?\?)(?: <<<<<)?$`)
	ownerLine = regexp.MustCompile(`^(?:current )?goroutine (\d+) lock (0x[0-9a-f]+)$`)
	limitLine = regexp.MustCompile(`^Have been trying to lock it again for more than (\S+)$`)
	doingLine = regexp.MustCompile(`^Here is what goroutine \d+ doing now$`)
)

// parse reads a report. The text is a list of sections; a line that starts one decides
// what becomes of the lines behind it, and what is unknown is skipped. If sections are
// missing, the kind is unknown.
func parse(text string) parsed {
	p := parsed{doing: make(map[int64]stack)}
	var to *stack     // what frames are added to, or nil
	var dump []string // the goroutine dump that is being read, or nil
	begin := func() {
		p.stacks = append(p.stacks, stack{})
		to = &p.stacks[len(p.stacks)-1]
	}
	end := func() {
		if s := goroutine(dump); s.goroutine != 0 {
			p.doing[s.goroutine] = s
		}
		to, dump = nil, nil
	}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		switch {
		case strings.HasPrefix(line, "POTENTIAL DEADLOCK: Inconsistent locking"):
			p.kind = inversion
		case strings.HasPrefix(line, "POTENTIAL DEADLOCK: Recursive locking"):
			p.kind = recursion
			begin()
		case strings.TrimSpace(line) == "POTENTIAL DEADLOCK:":
			p.kind = wait
		case strings.HasSuffix(line, "happened before"), strings.HasSuffix(line, "happened after"),
			strings.HasPrefix(line, "Previous place where the lock was grabbed"):
			begin()
		case limitLine.MatchString(line):
			p.limit = limitLine.FindStringSubmatch(line)[1]
			begin()
		case doingLine.MatchString(line):
			end()
			dump = []string{}
		case line == "Other goroutines holding locks:", line == "All current goroutines:":
			end()
			return p.checked()
		case dump != nil:
			dump = append(dump, line)
		case to == nil:
		case ownerLine.MatchString(line):
			m := ownerLine.FindStringSubmatch(line)
			to.goroutine, _ = strconv.ParseInt(m[1], 10, 64)
			to.lock = m[2]
		case frameLine.MatchString(line):
			m := frameLine.FindStringSubmatch(line)
			n, _ := strconv.Atoi(m[2])
			to.frames = append(to.frames, frame{m[3], m[1], n, m[4]})
		}
	}
	end()
	return p.checked()
}

// checked returns the report, of unknown kind if it is not complete.
func (p parsed) checked() parsed {
	ok := true
	for _, s := range p.stacks {
		ok = ok && len(s.frames) > 0
	}
	switch n := len(p.stacks); p.kind {
	case inversion:
		ok = ok && n == 4
	case recursion:
		ok = ok && n == 2
	case wait:
		ok = ok && n >= 2 && p.limit != ""
	}
	if !ok {
		p.kind = unknown
	}
	return p
}
