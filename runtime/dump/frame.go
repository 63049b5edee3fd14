package dump

import (
	"bytes"
	"strconv"
	"strings"
)

// parseFunc reads the first line of a frame:
//
//	example.com/bank.(*Ledger).Record(0xc00001a060, 0x0?)
func parseFunc(line []byte, in interner) (Frame, bool) {
	if len(line) == 0 || line[0] == ' ' || line[0] == '\t' {
		return Frame{}, false
	}
	if bytes.HasPrefix(line, []byte("non-Go function")) {
		return Frame{Func: in.string(line)}, true
	}
	line = bytes.TrimRight(line, " ")
	i := bytes.LastIndexByte(line, '(')
	if i <= 0 || line[len(line)-1] != ')' {
		return Frame{}, false
	}
	name := line[:i]
	// Log lines contain blanks; of names, only a type argument may.
	if bytes.IndexByte(name, ' ') >= 0 && bytes.IndexByte(name, '[') < 0 {
		return Frame{}, false
	}
	return Frame{Func: in.string(name), Args: in.string(line[i+1 : len(line)-1])}, true
}

// parseCreated reads the line of the go statement:
//
//	created by main.main in goroutine 1
func parseCreated(line []byte, in interner) (f Frame, creator uint64, ok bool) {
	name, ok := bytes.CutPrefix(line, []byte("created by "))
	if !ok {
		return Frame{}, 0, false
	}
	if i := bytes.LastIndex(name, []byte(" in goroutine ")); i >= 0 {
		creator, _ = strconv.ParseUint(string(bytes.TrimSpace(name[i+len(" in goroutine "):])), 10, 64)
		name = name[:i]
	}
	return Frame{Func: in.string(name)}, creator, true
}

// parsePlace reads the second line of a frame:
//
//	/src/bank/ledger.go:20 +0x4a fp=0xc000 sp=0xc000 pc=0x47
func parsePlace(line []byte, in interner) (file string, no int, ok bool) {
	text := bytes.TrimLeft(line, " \t")
	if len(text) == len(line) {
		return "", 0, false
	}
	for _, tail := range []string{" +0x", " fp=0x", " pc=0x"} {
		text, _, _ = bytes.Cut(text, []byte(tail))
	}
	text = bytes.TrimRight(text, " ")
	i := bytes.LastIndexByte(text, ':')
	if i <= 0 {
		return "", 0, false
	}
	no, err := strconv.Atoi(string(text[i+1:]))
	if err != nil || no < 0 {
		return "", 0, false
	}
	return in.string(text[:i]), no, true
}

// isElided reports whether the line stands for frames that Go left out.
func isElided(line []byte) bool {
	return bytes.HasPrefix(line, []byte("...")) && bytes.HasSuffix(line, []byte("frames elided..."))
}

// place returns FILE:LINE, or "" if it is not known.
func (f Frame) place() string {
	if f.File == "" {
		return ""
	}
	return f.File + ":" + strconv.Itoa(f.Line)
}

// name returns the function without its import path's folders.
func (f Frame) name() string { return shortName(f.Func) }

// shortName drops the folders of the import path from a symbol or the name of a class.
// Slashes may also stand in type arguments, which are in brackets.
func shortName(symbol string) string {
	head, _, _ := strings.Cut(symbol, "[")
	return symbol[strings.LastIndexByte(head, '/')+1:]
}

// pkg returns the import path of the function's package.
func (f Frame) pkg() string {
	head, _, _ := strings.Cut(f.Func, "[")
	slash := strings.LastIndexByte(head, '/') + 1
	dot := strings.IndexByte(head[slash:], '.')
	if dot < 0 {
		return head
	}
	return head[:slash+dot]
}

// method takes apart the name of a method with a pointer receiver: main.(*Cache).Put
// is method Put of main.Cache. A function literal within it is not the method.
func (f Frame) method() (typ, name string, ok bool) {
	i := strings.LastIndex(f.Func, ").")
	j := strings.Index(f.Func, "(*")
	if i < 0 || j <= 0 || j+2 > i || strings.Contains(f.Func[i+2:], ".") {
		return "", "", false
	}
	return f.Func[:j] + f.Func[j+2:i], f.Func[i+2:], true
}

// pointers calls yield for each argument that can be a pointer and of which Go is sure.
// The first value of an argument list has index 0.
func (f Frame) pointers(yield func(i int, p uint64) bool) {
	rest := f.Args
	for i := 0; rest != "" && i < 64; i++ {
		var arg string
		arg, rest, _ = strings.Cut(rest, ",")
		hex, ok := strings.CutPrefix(strings.Trim(arg, " {}"), "0x")
		if !ok {
			continue
		}
		// What a question mark follows does not parse, and is in a dead register.
		p, err := strconv.ParseUint(hex, 16, 64)
		if err != nil || p < minPointer {
			continue
		}
		if !yield(i, p) {
			return
		}
	}
}

// minPointer is larger than nil, field offsets and most numbers.
const minPointer = 1 << 12

// receiver returns the first argument, if it is sure.
func (f Frame) receiver() uint64 {
	var r uint64
	f.pointers(func(i int, p uint64) bool {
		if i == 0 {
			r = p
		}
		return false
	})
	return r
}
