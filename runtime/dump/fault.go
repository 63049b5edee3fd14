package dump

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// The kinds of a [Fault].
const (
	Misuse = "misuse" // the Go runtime or package sync found that what goroutines share is used wrongly
	Race   = "race"   // the race detector found a data race
	Fatal  = "fatal"  // another error of which the Go runtime ended the program
)

// A Fault is an error that the Go runtime or the race detector has found.
type Fault struct {
	Kind       string   `json:"kind"`                 // Misuse, Race or Fatal
	Text       string   `json:"text"`                 // as Go prints it, e.g. "concurrent map writes"
	Goroutines []uint64 `json:"goroutines,omitempty"` // that met it
	Others     []uint64 `json:"others,omitempty"`     // that are in methods of the same object, or of one of its type
	Why        []string `json:"why,omitempty"`        // clauses
	Certain    bool     `json:"certain"`              // the program is wrong, whatever else it does
}

// title returns the first line about a fault.
func (x Fault) title() string {
	if x.Kind == Race {
		return raceFound + x.Text
	}
	return faultFound + x.Text
}

// faultFound begins the note of a dump in which the runtime itself reports an error.
const faultFound = "the Go runtime found: "

// A fatal is what the runtime has printed before it printed stacks.
type fatal struct {
	notes []string
	line  []byte // the first such line
	start int    // of the message in it
	no    int
	apart bool // something else was printed since
}

// findFatal reads the line of an error that the runtime finds, and reports whether it is one. Whether
// stacks follow, and what stands before it is the prefix of all lines, is not known yet.
func (p *parser) findFatal(line []byte) bool {
	i := bytes.Index(line, []byte("fatal error: "))
	text := ""
	if i >= 0 {
		text = string(line[i+len("fatal error: "):])
	} else if i = bytes.Index(line, []byte("panic: ")); i >= 0 {
		text, _, _ = strings.Cut(string(line[i+len("panic: "):]), " [recovered")
		if !isMisuse(text) {
			return false
		}
	}
	if i < 0 || i > maxPrefix || text == "" {
		return false
	}
	note := faultFound + strings.TrimSpace(text)
	if strings.HasPrefix(text, "all goroutines are asleep") {
		note = noteAsleep
	}
	if p.fatal.notes == nil {
		p.fatal = fatal{line: bytes.Clone(line), start: i, no: p.no}
	}
	if len(p.fatal.notes) < 10 {
		p.fatal.notes = append(p.fatal.notes, note)
	}
	if i == 0 {
		p.endBlock()
	}
	return true
}

// belongs reports whether the error is that of stacks which begin in a line, with a prefix.
func (f *fatal) belongs(before prefix, no int) bool {
	const far = 200 // the stacks of the runtime's own threads may come first
	if f.notes == nil || no-f.no > far {
		return false
	}
	text, ok := before.strip(f.line)
	switch {
	case f.start == 0, ok && bytes.Equal(text, f.line[f.start:]):
		return true
	}
	// A logger may have put the time before the first line of all only.
	return len(before) == 0 && !f.apart && bytes.ContainsAny(f.line[:f.start], "0123456789")
}

// isMisuse reports whether that is an error that the runtime finds in how a program uses what
// goroutines share.
func isMisuse(text string) bool {
	return strings.HasPrefix(text, "sync: ") || strings.HasPrefix(text, "concurrent map ") ||
		strings.HasSuffix(text, " channel") // send on closed, close of closed, close of nil
}

// faults explains what notes say that the runtime has found.
func (a *analysis) faults() {
	for _, note := range a.d.Notes {
		if text, ok := strings.CutPrefix(note, faultFound); ok {
			a.d.Faults = append(a.d.Faults, a.runtimeFault(text))
		} else if strings.HasPrefix(note, raceFound) {
			a.d.Faults = append(a.d.Faults, a.raceFault(note))
		}
	}
}

// An object is one of the program, known by its address or by its type only.
type object struct {
	typ  string
	addr uint64
}

// runtimeFault tells which goroutine met an error and where, and who is in methods of the same object.
func (a *analysis) runtimeFault(text string) Fault {
	x := Fault{Kind: Fatal, Text: text}
	if isMisuse(text) {
		x.Kind, x.Certain = Misuse, true
	}
	g := a.victim()
	if g == nil {
		return x
	}
	x.Goroutines = []uint64{g.ID}
	at := g.at()
	if at.Func == "" {
		return x
	}
	x.Why = append(x.Why, fmt.Sprintf("goroutine %d met it in %s%s", g.ID, at.name(), in(at)))
	o := g.object()
	if l := g.misused(); l.Addr != 0 {
		if o.addr != 0 && o.addr <= l.Addr && l.Addr-o.addr < near {
			l.Around, l.AroundAddr = o.typ, o.addr
		}
		x.Why = append(x.Why, "it is about "+l.String())
		a.addWaiting(&x, l)
	}
	if o.typ != "" {
		a.addOthers(&x, o)
	}
	if x.Certain && len(a.d.Goroutines) == 1 {
		x.Why = append(x.Why, "no other goroutine is in the dump; with GOTRACEBACK=all, Go prints all of them")
	}
	return x
}

// victim returns the goroutine that met an error: Go prints it first.
func (a *analysis) victim() *Goroutine {
	for _, g := range a.d.Goroutines {
		if !g.Ended {
			return g
		}
	}
	return nil
}

// object returns the object in a method of which the goroutine is. Of inlined calls, only the type is
// known; calls further out may tell the rest.
func (g *Goroutine) object() (o object) {
	for _, f := range g.Frames[g.inner():] {
		typ := f.receiverType()
		if typ == "" || o.typ != "" && typ != o.typ {
			continue
		}
		o.typ = typ
		if _, _, ok := f.method(); ok && f.receiver() != 0 {
			o.addr = f.receiver()
			return o
		}
	}
	return o
}

// misused returns the lock or the WaitGroup of which the goroutine is in a method.
func (g *Goroutine) misused() (l Lock) {
	for _, f := range g.Frames[:g.inner()] {
		typ, _, ok := f.method()
		kind := strings.TrimPrefix(strings.TrimPrefix(typ, "internal/"), "sync.")
		if ok && kind != typ && f.receiver() != 0 {
			l = Lock{Kind: kind, Addr: f.receiver()} // an RWMutex is around the Mutex in it
		}
	}
	return l
}

// addWaiting adds the goroutines that wait for what was misused.
func (a *analysis) addWaiting(x *Fault, l Lock) {
	var ids []uint64
	for _, g := range a.d.Goroutines {
		if g.Waits != nil && g.Waits.Lock.Addr == l.Addr {
			ids = append(ids, g.ID)
		}
	}
	if len(ids) > 0 {
		x.Others = append(x.Others, ids[:min(len(ids), maxListed)]...)
		x.Why = append(x.Why, fmt.Sprintf("%s %s for it", goroutines(ids), pick(len(ids), "waits", "wait")))
	}
}

// addOthers adds the goroutines that are in methods of an object, or if that is not known, of its type.
func (a *analysis) addOthers(x *Fault, o object) {
	const most = 4
	told, more := 0, 0
	for _, g := range a.d.Goroutines {
		if g.Ended || slices.Contains(x.Goroutines, g.ID) {
			continue
		}
		f, same := g.inMethodOf(o)
		if f.Func == "" {
			continue
		}
		if len(x.Others) < maxListed && !slices.Contains(x.Others, g.ID) {
			x.Others = append(x.Others, g.ID)
		}
		if told++; told > most {
			more++
			continue
		}
		of := "the same object"
		if !same {
			of = shortName(o.typ)
		}
		x.Why = append(x.Why, fmt.Sprintf("goroutine %d is in a method of %s, too: %s%s", g.ID, of, f.name(), in(f)))
	}
	if more > 0 {
		x.Why = append(x.Why, "so are "+count(more, "more goroutine"))
	}
}

// inMethodOf returns the call by which a goroutine is in a method of the object, and whether it surely is that
// object. Of goroutines that are in methods of another object of the type, there is none.
func (g *Goroutine) inMethodOf(o object) (at Frame, same bool) {
	for _, f := range g.Frames {
		if f.receiverType() != o.typ {
			continue
		}
		r := uint64(0)
		if _, _, ok := f.method(); ok {
			r = f.receiver()
		}
		switch {
		case r != 0 && o.addr != 0 && r != o.addr:
			return Frame{}, false
		case r != 0 && r == o.addr:
			if at.Func == "" {
				at = f
			}
			return at, true
		case at.Func == "":
			at = f
		}
	}
	return at, false
}
