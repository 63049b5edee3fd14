package threads

import (
	"fmt"
	"path"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// A Kind is how a thread comes to run.
type Kind uint8

const (
	Callers   Kind = iota // code that is not in view
	Main                  // main.main and the initializers
	Goroutine             // a go statement, or a call that starts a function
)

// A Count is how often a thread is started.
type Count uint8

const (
	Many      Count = iota
	PerObject       // once for each object
	One             // once in the program
)

// A Thread is a way in which code comes to run.
type Thread struct {
	Kind  Kind
	Count Count
	Fn    *effects.Func // where it starts; nil of Main and Callers
	By    *effects.Func // Goroutine: the function that starts it
	At    effects.V     // Goroutine: where that does

	name string
}

// Name names a thread: "main", "goroutine started at file.go:12", "" of callers.
func (t *Thread) Name() string { return t.name }

func nameOf(t *Thread) string {
	switch t.Kind {
	case Main:
		return "main"
	case Goroutine:
		pos := t.By.At(t.At).Pos
		file := ""
		if int(pos.File) < len(t.By.Unit.Files) {
			file = t.By.Unit.Files[pos.File]
		}
		return fmt.Sprintf("goroutine started by %s at %s:%d", t.By.Name, path.Base(strings.ReplaceAll(file, "\\", "/")), pos.Line)
	}
	return ""
}

func (t *Thread) String() string {
	count := [...]string{Many: "many", PerObject: "one per object", One: "one"}[t.Count]
	if t.Kind == Callers {
		return "callers"
	}
	if t.Kind == Main {
		return "main"
	}
	return fmt.Sprintf("%s, runs %s, %s", t.Name(), t.Fn.Name, count)
}
