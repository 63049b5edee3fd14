package waitmisuse

import (
	"fmt"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/held"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// frame returns the witness step of an instruction.
func (pt point) frame() lockgraph.Frame {
	f := held.Frame(pt.Fn, pt.V)
	if f.Line == 0 {
		f.Line, f.Col = int(pt.Fn.Pos.Line), int(pt.Fn.Pos.Col)
	}
	return f
}

// steps returns the notes in words.
func (m *misuse) steps() []report.TraceStep {
	var out []report.TraceStep
	for _, n := range m.notes {
		at := n.frame()
		out = append(out, report.TraceStep{Frame: at, Message: fmt.Sprintf("%s %s at %s", report.Func(at.Func, m.at.Fn.Unit.Path), n.text, report.At(at))})
	}
	return out
}

// fingerprint returns what stays the same when lines move.
func (m *misuse) fingerprint() string {
	return report.Fingerprint(name, string(m.kind), m.at.Fn.Name, m.obj.InField(), m.name)
}

// word puts a misuse in words.
func (p *program) word(m *misuse) {
	m.name = p.name(m)
	op, other := report.At(m.op.frame()), ""
	if m.other.Fn != nil {
		other = report.At(m.other.frame())
	}
	switch m.kind {
	case lateAdd:
		m.message = fmt.Sprintf("%s.Add is called in the goroutine that it counts, so Wait at %s can return before it", m.name, other)
	case lostDone:
		what, can := "the end of the function", "ends"
		if m.at.instr().Pos.IsValid() {
			what = "this return"
		}
		if !m.all {
			can = "can end"
		}
		m.message = fmt.Sprintf("%s %s the goroutine without %s.Done, which another path calls at %s; Wait then never returns", what, can, m.name, op)
	case twoDones:
		m.message = fmt.Sprintf("%s.Done is called twice in a goroutine that Add at %s counts once; the counter becomes negative, which crashes, or Wait returns early", m.name, other)
	case doneInGo:
		m.message = fmt.Sprintf("%s.Done is called in the function given to Go at %s, which calls it, too; the counter becomes negative, which crashes, or Wait returns early", m.name, other)
	case tooFew:
		m.message = fmt.Sprintf("%s.Wait never returns: Add has counted %d more than there are calls of Done", m.name, m.excess)
	case noDone:
		m.message = fmt.Sprintf("%s.Wait never returns once Add at %s has counted: nothing calls %[1]s.Done", m.name, other)
	case tooMany:
		m.message = fmt.Sprintf("%s.Done is called %d more times than Add has counted before this Wait, which crashes", m.name, m.excess)
	case bareWait:
		m.message = fmt.Sprintf("%s.Wait is not in a loop that tests the condition, which can be false again when it returns", m.name)
	case selfOnce:
		m.message = m.self(op, other)
	case resetOnce:
		m.message = fmt.Sprintf("%s is overwritten by the function that its Do runs since %s; Do then unlocks what is not locked, which crashes", m.name, op)
		if m.replaces {
			m.message = fmt.Sprintf("%s is replaced by the function that its Do runs since %s, while others read it for their own", m.name, op)
		}
	case missWake:
		m.message = m.missed(other)
	}
}

// missed words a wake that a waiter can miss.
func (m *misuse) missed(waiter string) string {
	since := "when the context is done"
	if m.state != canceled {
		state := "what is waited for"
		if m.state != "" {
			state = ident.Short(m.state, m.at.Fn.Unit.Path)
		}
		since = "held since " + state + " was set"
	}
	return fmt.Sprintf("%s wakes without a lock %s: who tests it at %s can wait after and miss it", m.name, since, waiter)
}

// self words a function that waits for itself.
func (m *misuse) self(since, again string) string {
	verb, it, called := "calls", "the call never", "is called"
	if !m.all {
		verb, it, called = "can call", "the call then never", "can be called"
	}
	if m.other == m.at {
		return fmt.Sprintf("%s %s in the function that it runs since %s; %s returns", m.name, called, since, strings.Replace(it, "the", "this", 1))
	}
	callee := "this"
	if m.callee != "" {
		callee = "calling " + report.Func(m.callee, m.at.Fn.Unit.Path)
	}
	return fmt.Sprintf("%s %s %s (%s), which runs this function since %s; %s returns", callee, verb, m.name, again, since, it)
}

// name returns the WaitGroup, Cond or Once of a misuse as the source of its call writes it; for a Once, a Signal or a Broadcast with
// the method.
func (p *program) name(m *misuse) string {
	op := m.op
	if m.kind == selfOnce && op.instr().Op != effects.Once { // sync.OnceFunc: the call of what it returned
		op = m.other
	}
	s := p.source(op.Fn, op.V)
	if m.kind != selfOnce && m.kind != missWake {
		i := strings.LastIndexByte(s, '.')
		if s = s[:max(i, 0)]; op.instr().Op == effects.Call { // of a method value
			s = ""
		}
	}
	switch class := m.obj.InField(); {
	case s != "" && len(s) <= 60:
		return s
	case class != "":
		return ident.Short(class, m.at.Fn.Unit.Path)
	case m.obj.local():
		return m.obj.in.At(V(m.obj.Index())).Sym
	}
	return "it"
}
