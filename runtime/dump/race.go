package dump

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// raceFound begins the note of a dump that has a report of the race detector.
const raceFound = "the race detector found: "

const raceStart = "WARNING: DATA RACE"

// A raceReport is one of the race detector:
//
//	WARNING: DATA RACE
//	Read at 0x00c000316300 by goroutine 38:
//	  example.com/bank.(*Ledger).Sum()
//	      /src/bank/ledger.go:31 +0x44
//
//	Previous write at 0x00c000316300 by goroutine 7:
//	...
//	Goroutine 38 (running) created at:
//	...
type raceReport struct {
	prefix   prefix
	accesses []*raceStack
	starts   []*raceStack
	into     *raceStack
}

// A raceStack is an access to memory, or the start of a goroutine.
type raceStack struct {
	id     uint64
	what   string // "read", "previous write", or the state of the goroutine
	addr   string
	frames []Frame
}

const maxRaces = 20

// startRace begins a report, at its first line.
func (p *parser) startRace(line []byte) {
	p.race = &raceReport{prefix: bytes.Clone(line[:len(line)-len(raceStart)])}
	if len(p.races) < maxRaces {
		p.races = append(p.races, p.race)
	}
}

// line reads a line and reports whether it is one of the report.
func (r *raceReport) line(line []byte) bool {
	text, ok := r.prefix.strip(line)
	if !ok {
		return false
	}
	text = bytes.TrimSpace(text)
	if len(text) == 0 {
		return true
	}
	if x, ok := parseAccess(string(text)); ok {
		r.accesses, r.into = append(r.accesses, x), x
		return true
	}
	if x, ok := parseStart(string(text)); ok {
		r.starts, r.into = append(r.starts, x), x
		return true
	}
	if r.into == nil {
		return false
	}
	if text[0] == '[' { // that a stack is lost
		return true
	}
	if name, args, ok := parseFunc(text); ok {
		r.into.frames = append(r.into.frames, Frame{Func: string(name), Args: string(args)})
		return true
	}
	file, no, ok := parsePlace(text, false)
	if n := len(r.into.frames); ok && n > 0 {
		r.into.frames[n-1].File, r.into.frames[n-1].Line = string(file), no
	}
	return ok
}

// parseAccess reads "Previous write at 0x00c000316300 by goroutine 7:".
func parseAccess(s string) (*raceStack, bool) {
	s, ok := strings.CutSuffix(s, ":")
	what, rest, ok2 := strings.Cut(s, " at 0x")
	addr, who, ok3 := strings.Cut(rest, " by ")
	if !ok || !ok2 || !ok3 {
		return nil, false
	}
	x := &raceStack{what: strings.ToLower(what), addr: "0x" + addr}
	if who == "main goroutine" {
		x.id = 1
		return x, true
	}
	id, ok := strings.CutPrefix(who, "goroutine ")
	n, err := strconv.ParseUint(id, 10, 64)
	x.id = n
	return x, ok && err == nil
}

// parseStart reads "Goroutine 38 (running) created at:".
func parseStart(s string) (*raceStack, bool) {
	s, ok := strings.CutPrefix(s, "Goroutine ")
	id, state, ok2 := strings.Cut(s, " (")
	state, ok3 := strings.CutSuffix(state, ") created at:")
	n, err := strconv.ParseUint(id, 10, 64)
	return &raceStack{id: n, what: state}, ok && ok2 && ok3 && err == nil
}

// note returns the report in one clause, which fault takes apart.
func (r *raceReport) note() string {
	s := raceFound
	for i, x := range r.accesses {
		if i > 0 {
			s += "; "
		}
		s += fmt.Sprintf("%s of %s by goroutine %d", x.what, x.addr, x.id)
		g := Goroutine{Frames: x.frames}
		if at := g.at(); at.Func != "" {
			s += " in " + at.Func + in(at)
		}
	}
	return s
}

// raceDump makes a dump of the stacks in reports, if there is no other.
func raceDump(rs []*raceReport) *Dump {
	d, seen := new(Dump), map[uint64]bool{}
	for _, r := range rs {
		for _, x := range r.accesses {
			if seen[x.id] {
				continue
			}
			seen[x.id] = true
			g := &Goroutine{ID: x.id, State: "running", Frames: x.frames}
			for _, start := range r.starts {
				if start.id == x.id {
					g.State = start.what
					if len(start.frames) > 0 {
						g.CreatedBy = &start.frames[0]
					}
				}
			}
			d.Goroutines = append(d.Goroutines, g)
		}
	}
	return d
}

// raceFault returns what the clause of a report says, and who else is in methods of that type.
func (a *analysis) raceFault(note string) Fault {
	x := Fault{Kind: Race, Text: "data race", Certain: true}
	var types []string
	for i, access := range strings.Split(strings.TrimPrefix(note, raceFound), "; ") {
		x.Why = append(x.Why, access)
		what, who, _ := strings.Cut(access, " by goroutine ")
		if _, addr, ok := strings.Cut(what, " of "); ok && i == 0 {
			x.Text += " on " + addr
		}
		id, call, _ := strings.Cut(who, " in ")
		if n, err := strconv.ParseUint(id, 10, 64); err == nil && !slices.Contains(x.Goroutines, n) {
			x.Goroutines = append(x.Goroutines, n)
		}
		name, _, _ := strings.Cut(call, " at ")
		if t := (Frame{Func: name}).receiverType(); t != "" && !slices.Contains(types, t) {
			types = append(types, t)
		}
	}
	for _, t := range types {
		a.addOthers(&x, object{typ: t})
	}
	return x
}
