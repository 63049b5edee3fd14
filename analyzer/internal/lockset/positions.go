package lockset

import (
	"go/ast"
	"go/token"

	"github.com/lockcheck/lockcheck/lockgraph"
)

// Positions finds the token.Pos of witness frames.
type Positions struct {
	fset  *token.FileSet
	files map[string]*token.File // by name
	// foreign makes line tables for files that are not in fset, so that a front end
	// which only understands token.Pos can show their positions.
	foreign   bool
	made      map[string]*token.File
	generated map[string]bool // files that say they are generated
}

// NewPositions knows the positions in files, which are in fset. Foreign tells whether
// positions in other files are to be made up.
func NewPositions(fset *token.FileSet, files []*ast.File, foreign bool) *Positions {
	p := &Positions{fset: fset, files: map[string]*token.File{}, foreign: foreign, made: map[string]*token.File{}, generated: map[string]bool{}}
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

// leastLines is the number of lines that it has at least.
const leastLines = 1024

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
	tf := p.madeUp(f.File, f.Line)
	return tf.Pos((f.Line-1)*lineWidth + min(max(0, f.Col-1), lineWidth-1))
}

// madeUp returns a line table that has a line for a file which is not in the file set, always the same as long as it has the line.
func (p *Positions) madeUp(name string, line int) *token.File {
	if tf := p.made[name]; tf != nil && line <= tf.LineCount() {
		return tf
	}
	n := max(leastLines, 2*line)
	lines := make([]int, n)
	for i := range lines {
		lines[i] = i * lineWidth
	}
	tf := p.fset.AddFile(name, -1, n*lineWidth)
	tf.SetLines(lines)
	p.made[name] = tf
	return tf
}

func posn(f lockgraph.Frame) token.Position {
	return token.Position{Filename: f.File, Line: f.Line, Column: f.Col}
}
