package effects

import "slices"

// Instance returns a function once more, with the literals in it, so that one call of it can be told from another: whoever
// asks about the instance asks about this call. What is known of the original by its ID is known of the instance. The
// instructions are those of the original: they must not be changed.
func (f *Func) Instance() *Func { return f.instance(f.Parent) }

func (f *Func) instance(parent *Func) *Func {
	n := &Func{
		Unit: f.Unit, ID: f.ID, Name: f.Name, Key: f.Key, Pos: f.Pos, End: f.End,
		Parent: parent, Recv: f.Recv, Wrapper: f.Wrapper, Made: f.Made, Exported: f.Exported, Test: f.Test, Generic: f.Generic, Recovers: f.Recovers,
		Params: f.Params, Free: f.Free, Results: f.Results,
		Code: f.Code, First: f.First, Blocks: f.Blocks, Recover: f.Recover,
		Callbacks: f.Callbacks, Targets: f.Targets,
		derived: derived{of: f},
	}
	if len(f.Literals) == 0 {
		return n
	}
	made := map[*Func]*Func{}
	for _, lit := range f.Literals {
		l := lit.instance(n)
		made[lit] = l
		n.Literals = append(n.Literals, l)
	}
	n.Code = slices.Clone(f.Code)
	for i := range n.Code {
		if in := &n.Code[i]; in.Fn != nil && made[in.Fn] != nil {
			in.Fn = made[in.Fn]
		}
	}
	return n
}
