package dump

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strings"
)

// An envelope takes lines out of what they were packed into: records of a log, each a JSON
// object with a line or with a whole dump in one of its fields, as docker, go test -json and loggers
// write them, and strings whose line ends are escaped.
type envelope struct {
	lines
	queue [][]byte // lines taken out and not yet returned

	field      string // of the records that has the lines, once one began a stack
	terminated bool   // its lines end in \n, so that one which does not goes on in the next record
	partial    []byte

	packages []string // of go test -json, in order, with what each has printed
	output   map[string]*bytes.Buffer
	part     int // counts the packages that were begun
}

// next returns the next line.
func (e *envelope) next() ([]byte, error) {
	for {
		if len(e.queue) > 0 {
			line := e.queue[0]
			e.queue = e.queue[1:]
			return line, nil
		}
		line, err := e.lines.next()
		if err == io.EOF {
			if len(e.partial) > 0 {
				e.split(string(e.partial))
				e.partial = nil
			} else if !e.nextPackage() {
				return nil, io.EOF
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		switch {
		case e.record(recordIn(line)):
			e.open = false
		case hasEscapedStack(line):
			e.split(unescape(string(line)))
		case bytes.IndexByte(line, '\r') >= 0 && bytes.Contains(line, []byte("goroutine ")):
			e.split(strings.ReplaceAll(string(line), "\r", "\n"))
		default:
			return line, nil
		}
	}
}

// isRecord reports whether the line begins like a JSON object.
func isRecord(line []byte) bool {
	return len(line) > 1 && line[0] == '{' && bytes.HasPrefix(bytes.TrimLeft(line[1:min(len(line), 64)], " \t"), []byte{'"'})
}

// recordIn returns the JSON object that a line ends with, behind what a logger may write before it, or nil.
func recordIn(line []byte) []byte {
	if n := len(line); n == 0 || isDigit(line[n-1]) || isLetter(line[n-1]) || line[n-1] == ')' {
		return nil // most lines, at once
	}
	line = bytes.TrimRight(line, " \t,]")
	if len(line) == 0 || line[len(line)-1] != '}' {
		return nil
	}
	i := bytes.IndexByte(line, '{')
	if i < 0 || i > maxPrefix || !isRecord(line[i:]) {
		return nil
	}
	return line[i:]
}

// record takes the lines out of a JSON object, if it is one.
func (e *envelope) record(line []byte) bool {
	var object map[string]any
	if line == nil || json.Unmarshal(line, &object) != nil {
		return false
	}
	if out, ok := testOutput(object); ok {
		e.addOutput(object["Package"], out)
		return true
	}
	var texts []namedString
	collect("", object, &texts)
	if e.field == "" {
		for _, t := range texts {
			if beginsStack(t.text) {
				e.field, e.terminated = t.field, strings.HasSuffix(t.text, "\n")
			}
		}
	}
	for _, t := range texts {
		switch {
		case e.field == "":
			e.split(t.text) // one may be the runtime's reason for what follows
		case t.field == e.field && e.terminated && !strings.HasSuffix(t.text, "\n"):
			e.partial = append(e.partial, t.text...)
		case t.field == e.field:
			e.split(string(e.partial) + t.text)
			e.partial = nil
		case hasEscapedStack([]byte(t.text)) || beginsStack(t.text):
			e.split(t.text)
		}
	}
	return true
}

// A namedString is a string in a record, with the path of its field.
type namedString struct{ field, text string }

// collect appends the strings of a JSON value, in the order of their fields' names.
func collect(field string, value any, texts *[]namedString) {
	switch v := value.(type) {
	case string:
		*texts = append(*texts, namedString{field, v})
	case []any:
		for _, x := range v {
			collect(field+"[]", x, texts)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			collect(field+"."+name, v[name], texts)
		}
	}
}

// beginsStack reports whether a line of the text is the header of a goroutine.
func beginsStack(s string) bool {
	for rest := s; ; {
		i := strings.Index(rest, "goroutine ")
		if i < 0 {
			return false
		}
		rest = rest[i:]
		line, _, _ := strings.Cut(rest[:min(len(rest), maxPrefix+2000)], "\n") // headers are short, but labels are not
		if _, _, _, ok := findHeader(clean([]byte(line)), nil); ok {
			return true
		}
		rest = rest[1:]
	}
}

// testOutput returns what a record of go test -json says that a package has printed.
func testOutput(object map[string]any) (string, bool) {
	_, hasPackage := object["Package"].(string)
	_, hasAction := object["Action"].(string)
	out, _ := object["Output"].(string)
	return out, hasPackage && hasAction
}

// addOutput keeps what packages print apart, since go test runs several at once.
func (e *envelope) addOutput(pkg any, out string) {
	name, _ := pkg.(string)
	b := e.output[name]
	if b == nil {
		if e.output == nil {
			e.output = map[string]*bytes.Buffer{}
		}
		b = new(bytes.Buffer)
		e.output[name] = b
		e.packages = append(e.packages, name)
	}
	b.WriteString(out)
}

// nextPackage goes over to the output of the next package.
func (e *envelope) nextPackage() bool {
	if len(e.packages) == 0 {
		return false
	}
	b := e.output[e.packages[0]]
	delete(e.output, e.packages[0])
	e.packages = e.packages[1:]
	e.lines.r.Reset(b)
	e.part++
	return true
}

// split appends the lines of a text to the queue.
func (e *envelope) split(s string) {
	for range 3 { // strings in strings
		if !hasEscapedStack([]byte(s)) {
			break
		}
		s = unescape(s)
	}
	s = strings.TrimSuffix(s, "\n")
	for line := range strings.SplitSeq(s, "\n") {
		e.queue = append(e.queue, []byte(strings.TrimRight(line, "\r")))
	}
}

// hasEscapedStack reports whether the header of a goroutine is followed by the end of
// a line that is escaped.
func hasEscapedStack(line []byte) bool {
	for rest := line; ; {
		_, after, ok := bytes.Cut(rest, []byte("]:"))
		if !ok {
			return false
		}
		if isEscapedEnd(after) {
			return bytes.Contains(line[:len(line)-len(after)], []byte("goroutine "))
		}
		rest = after
	}
}

// isEscapedEnd reports whether the end of a line within a string follows, in one of the forms
// in which loggers write it: as Go and JSON do, maybe several times, or as syslog does.
func isEscapedEnd(s []byte) bool {
	if bytes.HasPrefix(s, []byte("#012")) || bytes.HasPrefix(s, []byte("#015#012")) {
		return true
	}
	end := bytes.TrimLeft(s, `\`)
	if len(end) == len(s) {
		return false
	}
	if rest, ok := bytes.CutPrefix(end, []byte(`r\`)); ok {
		end = bytes.TrimLeft(rest, `\`)
	}
	return bytes.HasPrefix(end, []byte("n"))
}

// unescape puts line ends and tabulators for their escapes.
func unescape(s string) string { return unescaper.Replace(s) }

var unescaper = strings.NewReplacer(`\r\n`, "\n", `\n`, "\n", `\t`, "\t", `\"`, `"`, `\\`, `\`,
	`\u003c`, "<", `\u003e`, ">", `\u0026`, "&", "#015#012", "\n", "#012", "\n", "#011", "\t")
