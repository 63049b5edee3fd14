package main

import (
	"bytes"
	"fmt"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/fatih/color"

	"github.com/lockcheck/lockcheck/analyzer"
)

// The layout, after rustc's; the first line is what go vet prints:
//
//	bank/transfer.go:41:2: Ledger.mu is locked while Account.mu is held, but … (lockorder)
//	   |
//	41 |     l.Record(a)
//	   |     ^^^^^^^^^^^
//
//	   bank/transfer.go:38:2: (*Account).Transfer locks Account.mu
//	38 |     a.mu.Lock()
//	   |     -----------
//	   bank/transfer.go:41:2: (*Account).Transfer calls (*Ledger).Record, which …
//	41 |     l.Record(a)
//	   |     -----------
//
//	   bank/audit.go:84:2: (*Ledger).Audit locks Ledger.mu at audit.go:84
//	…
//
// A blank line separates two findings, a finding and its steps, and two traces
// of steps. Only a finding's first line starts in the first column with
// something other than a digit or a space.

// writeText prints findings with their source lines. File names below dir are
// made relative to it.
func writeText(w io.Writer, fset *token.FileSet, findings []analyzer.Finding, dir string, colour bool) error {
	var buf bytes.Buffer
	p := &textPrinter{
		w:     &buf,
		dir:   dir,
		lines: make(map[string][]string),
		paint: newPalette(colour),
	}
	for i, f := range findings {
		if i > 0 {
			fmt.Fprintln(p.w)
		}
		p.finding(fset, &f)
	}
	_, err := w.Write(buf.Bytes())
	return err
}

// A spot is a line of a report: a position and what is to be said about it.
type spot struct {
	posn, end token.Position // end is not after posn if unknown
	message   string
}

// headline returns the spot as go vet prints it.
func (s spot) headline(dir string) string {
	posn := s.posn
	posn.Filename = shortPath(dir, posn.Filename)
	return fmt.Sprintf("%s: %s", posn, s.message)
}

type textPrinter struct {
	w     io.Writer
	dir   string
	lines map[string][]string // of the files read so far
	paint palette
}

func (p *textPrinter) finding(fset *token.FileSet, f *analyzer.Finding) {
	primary := spot{posn: f.Posn, end: endPosition(fset, f), message: f.Text()}
	gutter := len(strconv.Itoa(f.Posn.Line))
	var steps []spot
	for _, s := range f.Steps {
		steps = append(steps, spot{posn: s.Posn, end: s.Posn, message: s.Message})
		gutter = max(gutter, len(strconv.Itoa(s.Posn.Line)))
	}

	p.paint.headline.Fprintln(p.w, primary.headline(p.dir))
	if s, ok := p.snippet(primary); ok {
		p.paint.gutter.Fprintf(p.w, "%*s |\n", gutter, "")
		p.source(s, primary, gutter, '^', p.paint.primary)
	}
	for _, trace := range traces(steps) {
		fmt.Fprintln(p.w)
		for _, step := range trace {
			fmt.Fprintf(p.w, "%*s %s\n", gutter, "", step.headline(p.dir))
			if s, ok := p.snippet(step); ok {
				p.source(s, step, gutter, '-', p.paint.step)
			}
		}
	}
}

// source prints a source line, and below it a line that marks a part of it.
func (p *textPrinter) source(s snippet, at spot, gutter int, mark byte, paint *color.Color) {
	p.paint.gutter.Fprintf(p.w, "%*d |", gutter, at.posn.Line)
	fmt.Fprintf(p.w, " %s\n", s.text)
	p.paint.gutter.Fprintf(p.w, "%*s |", gutter, "")
	fmt.Fprintf(p.w, " %*s", s.start, "")
	paint.Fprintln(p.w, strings.Repeat(string(mark), s.width))
}

// snippet returns the source line of a spot, if it can be read.
func (p *textPrinter) snippet(s spot) (snippet, bool) {
	name := s.posn.Filename
	lines, ok := p.lines[name]
	if !ok {
		if data, err := os.ReadFile(name); err == nil {
			lines = strings.Split(string(data), "\n")
		}
		p.lines[name] = lines
	}
	if s.posn.Line < 1 || s.posn.Line > len(lines) {
		return snippet{}, false
	}
	return newSnippet(strings.TrimSuffix(lines[s.posn.Line-1], "\r"), s.posn, s.end)
}

// traces groups steps by what one goroutine does. A step has no mark that
// tells, but its first word is the function that acts: a step of a new
// function, to which the step before does not lead, starts a new trace.
func traces(steps []spot) [][]spot {
	var groups [][]spot
	for i, s := range steps {
		if i > 0 {
			prev := steps[i-1].message
			who, before := actor(s.message), actor(prev)
			if who == "" || before == "" || who == before || strings.Contains(prev, " "+who) {
				groups[len(groups)-1] = append(groups[len(groups)-1], s)
				continue
			}
		}
		groups = append(groups, []spot{s})
	}
	return groups
}

// actor returns the function that a step's message begins with, or "".
func actor(message string) string {
	word, _, _ := strings.Cut(message, " ")
	switch word {
	case "the", "this", "a", "an", "another", "if", "while", "then", "here":
		return ""
	}
	return word
}

// shortPath returns the path relative to dir where this is shorter and means
// the same file, as the go command does.
func shortPath(dir, path string) string {
	rel, err := filepath.Rel(dir, path)
	if err != nil || dir == "" || len(rel) >= len(path) {
		return path
	}
	if rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		// With a symbolic link in dir, ".." may lead elsewhere.
		a, err1 := os.Stat(filepath.Join(dir, rel))
		b, err2 := os.Stat(path)
		if err1 != nil || err2 != nil || !os.SameFile(a, b) {
			return path
		}
	}
	return rel
}

// cwd returns the current folder, or "" if it is unknown.
func cwd() string {
	dir, _ := os.Getwd()
	return dir
}

// A palette has the colours of a report.
type palette struct{ headline, gutter, primary, step *color.Color }

func newPalette(colour bool) palette {
	paint := func(attrs ...color.Attribute) *color.Color {
		c := color.New(attrs...)
		if colour {
			c.EnableColor()
		} else {
			c.DisableColor()
		}
		return c
	}
	return palette{
		headline: paint(color.Bold),
		gutter:   paint(color.FgBlue),
		primary:  paint(color.FgRed, color.Bold),
		step:     paint(color.FgCyan),
	}
}
