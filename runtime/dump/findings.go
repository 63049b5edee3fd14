package dump

import (
	"regexp"
	"strconv"
	"strings"
)

func (t *textWriter) findings(d *Dump) {
	var ps []paragraph
	for _, x := range d.Deadlocks {
		of := x.Goroutines
		if x.Kind == Asleep {
			of = nil
		}
		ps = append(ps, paragraph{x.title(), x.Why, of})
	}
	t.section("deadlocked goroutines:", ps, true)
	ps = nil
	for _, x := range d.Faults {
		ps = append(ps, paragraph{x.title(), x.Why, x.Goroutines})
	}
	t.section("errors found while the program ran:", ps, false)
	ps = nil
	for _, s := range d.Stuck {
		of := s.Circle
		if len(of) == 0 {
			of = s.Waiting
		}
		ps = append(ps, paragraph{s.title(), s.Why, of})
	}
	t.section("stuck goroutines:", ps, false)
	switch {
	case len(d.Deadlocks) > 0:
	case d.Watched:
		t.print("\nno deadlock among locks\n")
	case d.waiting() == 0:
		t.print("\nno goroutine waits for a lock\n")
	default:
		t.print("\nno deadlock is certain: ", unknownHolders, "\n")
	}
}

// unknownHolders is the end of a dump that rests on guesses.
const unknownHolders = "a plain dump does not say who holds a lock; build with -tags lockcheck and import lockcheck/runtime to know"

// A paragraph is one finding.
type paragraph struct {
	title string
	why   []string
	of    []uint64 // goroutines
}

// maxClauses is how many clauses of a finding are printed. A circle may have thousands.
const maxClauses = 50

// section prints findings. Of those that say the same of other goroutines and locks, it prints the first.
func (t *textWriter) section(title string, all []paragraph, exact bool) {
	var firsts []paragraph
	alike := map[string][]paragraph{}
	for _, p := range all {
		key := p.shape()
		if alike[key] == nil {
			firsts = append(firsts, p)
		}
		alike[key] = append(alike[key], p)
	}
	if len(all) > 0 {
		t.print("\n", title, "\n")
	}
	for i, p := range firsts {
		no := strconv.Itoa(i+1) + ". "
		t.print("\n", no, p.title, "\n")
		indent := strings.Repeat(" ", len(no))
		for _, s := range p.why[:min(len(p.why), maxClauses)] {
			t.print(indent, oneLine(s), "\n")
		}
		if n := len(p.why) - maxClauses; n > 0 {
			t.print(indent, "and so on, ", strconv.Itoa(n), " more; JSON has all\n")
		}
		if more := alike[p.shape()][1:]; len(more) > 0 {
			t.print(indent, strconv.Itoa(len(more)), " more ", pick(len(more), "is", "are"), " like this one", likeThis(more), "\n")
		}
		for _, id := range p.of {
			t.exact[id] = t.exact[id] || exact
		}
	}
}

// likeThis names the goroutines of some of the findings that are not printed.
func likeThis(more []paragraph) string {
	const most = 3
	s := ": of "
	for i, p := range more[:min(len(more), most)] {
		if i > 0 {
			s += "; "
		}
		if len(p.of) == 0 || len(p.of) > 20 {
			return ""
		}
		s += goroutines(p.of)
	}
	if len(more) > most {
		s += "; ..."
	}
	return s
}

// shape returns the words without numbers of goroutines and addresses. Lines in files, which colons precede, stay.
func (p paragraph) shape() string {
	s := numbers.ReplaceAllString(p.title+"\n"+strings.Join(p.why[:min(len(p.why), maxClauses)], "\n"), "$1#")
	return lists.ReplaceAllString(s, "#")
}

var (
	numbers = regexp.MustCompile(`(^|[ (-])(?:0x[0-9a-f]+|[0-9]+)`)
	lists   = regexp.MustCompile(`#(?:(?:, |-)#)+`)
)
