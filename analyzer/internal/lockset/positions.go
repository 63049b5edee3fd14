package lockset

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/lockgraph"
)

// Positions finds the token.Pos of witness frames.
type Positions struct {
	fset  *token.FileSet
	files map[string]*token.File // by name
	// foreign makes line tables for files that are not in fset, so that a front end
	// which only understands token.Pos can show their positions.
	foreign   bool
	generated map[string]bool // files that say they are generated
}

// NewPositions knows the positions in files, which are in fset. Foreign tells whether
// positions in other files are to be made up.
func NewPositions(fset *token.FileSet, files []*ast.File, foreign bool) *Positions {
	p := &Positions{fset: fset, files: map[string]*token.File{}, foreign: foreign, generated: map[string]bool{}}
	for _, f := range files {
		if tf := fset.File(f.FileStart); tf != nil {
			p.files[tf.Name()] = tf
			if ast.IsGenerated(f) {
				p.generated[tf.Name()] = true
			}
			// Line directives change the name that positions show.
			p.files[fset.Position(f.Package).Filename] = tf
		}
	}
	return p
}

// lineWidth is the number of columns that a made-up line table has room for.
const lineWidth = 256

func (p *Positions) pos(f lockgraph.Frame) token.Pos {
	if f.File == "" || f.Line <= 0 {
		return token.NoPos
	}
	if tf := p.files[f.File]; tf != nil {
		if f.Line > tf.LineCount() {
			return token.NoPos
		}
		off := tf.Offset(tf.LineStart(f.Line)) + max(0, f.Col-1)
		pos := tf.Pos(min(off, tf.Size()))
		if p.fset.Position(pos).Line == f.Line {
			return pos
		}
		// A line directive moved it: the file's own lines are not those shown.
		for line := 1; line <= tf.LineCount(); line++ {
			if at := p.fset.Position(tf.LineStart(line)); at.Line == f.Line && at.Filename == f.File {
				return tf.LineStart(line) + token.Pos(max(0, min(f.Col-at.Column, tf.Base()+tf.Size()-int(tf.LineStart(line)))))
			}
		}
	}
	if !p.foreign {
		return token.NoPos
	}
	tf := p.fset.AddFile(f.File, -1, (f.Line+1)*lineWidth)
	lines := make([]int, f.Line+1)
	for i := range lines {
		lines[i] = i * lineWidth
	}
	tf.SetLines(lines)
	return tf.Pos((f.Line-1)*lineWidth + min(max(0, f.Col-1), lineWidth-1))
}

// tokenPos returns the position of a frame in what is analyzed.
func (e *Engine) tokenPos(f lockgraph.Frame) token.Pos {
	if e.positions == nil {
		e.positions = NewPositions(e.in.Fset, e.in.Files, false)
	}
	return e.positions.pos(f)
}

func posn(f lockgraph.Frame) token.Position {
	return token.Position{Filename: f.File, Line: f.Line, Column: f.Col}
}

// posOf returns the position of an instruction; the call that a range over a function
// stands for has that of the body, and what has none that of the function.
func posOf(instr ssa.Instruction) token.Pos {
	if pos := instr.Pos(); pos.IsValid() {
		return pos
	}
	if call, ok := instr.(ssa.CallInstruction); ok {
		for _, a := range call.Common().Args {
			if mc, ok := a.(*ssa.MakeClosure); ok && mc.Fn.Pos().IsValid() {
				return mc.Fn.Pos()
			}
		}
	}
	return instr.Parent().Pos()
}

// span returns the call that instr is, as source has it.
func (e *Engine) span(instr ssa.Instruction) (pos, end token.Pos) {
	pos = posOf(instr)
	if call := e.calls[pos]; call != nil {
		return e.start(pos), call.End()
	}
	if d, ok := instr.(*ssa.Defer); ok { // its position is the keyword
		return d.Pos(), d.Pos() + token.Pos(len("defer"))
	}
	return pos, pos
}
