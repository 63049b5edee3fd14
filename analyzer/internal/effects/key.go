package effects

import "strings"

// CalleeKey returns the key by which instructions name a function.
func (f *Func) CalleeKey() string {
	if f.Wrapper || f.Made || f.Parent != nil {
		return f.Name
	}
	if f.Unit != nil {
		return keyOfName(f.Name, f.Unit.Path)
	}
	return f.Name
}

// keyOfName returns the key of a function that has a name in a package: "m.(*T).F" is "(*m.T).F".
func keyOfName(name, path string) string {
	rest, ok := strings.CutPrefix(name, path+".(")
	if !ok {
		return name
	}
	stars := len(rest) - len(strings.TrimLeft(rest, "*"))
	return "(" + rest[:stars] + path + "." + rest[stars:]
}

// Outside returns what stands for a function that is not in the program.
func Outside(u *Unit, name, key string) *Func {
	return &Func{Unit: u, Name: name, Key: key, Recover: -1, Code: make([]Instr, 1), First: 1}
}
