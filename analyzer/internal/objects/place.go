package objects

import "strings"

// A Place is a path from an object to a part of it, see the package.
type Place string

// steps splits a place.
func (p Place) steps() []string {
	var out []string
	for s := string(p); s != ""; {
		n := 1
		switch s[0] {
		case '.':
			n += strings.IndexAny(s[1:]+".", ".^[")
		case '[':
			n += strings.IndexByte(s, ']')
		}
		n = min(n, len(s))
		out = append(out, s[:n])
		s = s[n:]
	}
	return out
}

// Overlaps reports whether two places share memory.
func (p Place) Overlaps(q Place) bool {
	if p == q {
		return !p.unknown()
	}
	a, b := p.steps(), q.steps()
	for i := 0; i < len(a) || i < len(b); i++ {
		switch {
		case i == len(a):
			return !follows(b[i:])
		case i == len(b):
			return !follows(a[i:])
		case a[i] == b[i] && !strings.HasPrefix(a[i], "[*"):
		case !elements(a[i], b[i]):
			return false
		}
	}
	return true
}

// follows reports whether steps lead behind a pointer.
func follows(steps []string) bool {
	for _, s := range steps {
		if s == "^" {
			return true
		}
	}
	return false
}

// unknown reports whether two places that are spelled like this one may be different ones.
func (p Place) unknown() bool { return strings.Contains(string(p), "[*") }

// elements reports whether two steps stand for common elements.
func elements(a, b string) bool {
	switch {
	case a[0] != '[' || b[0] != '[', a == "[+]", b == "[+]", a == b && a != "[]":
		return false
	}
	return all(a) || all(b)
}

// all reports whether a step stands for all elements, at once or one after the other.
func all(step string) bool { return step == "[]" || strings.HasPrefix(step, "[*") && step != "[*]" }

// Behind reports whether a place is behind a pointer in the object.
func (p Place) Behind() bool { return strings.Contains(string(p), "^") }

// Part returns the first field, pointer or element of a place.
func (p Place) Part() Place {
	if steps := p.steps(); len(steps) > 0 {
		return Place(steps[0])
	}
	return ""
}

// Content returns the place of the map or slice of which a place is the elements; ok is false if it is not that.
func (p Place) Content() (of Place, ok bool) {
	if steps := p.steps(); len(steps) > 1 {
		end := steps[len(steps)-1]
		if steps[len(steps)-2] == "^" && (all(end) || end == "[*]" || end == "[+]") {
			return Place(strings.TrimSuffix(string(p), "^"+end)), true
		}
	}
	return p, false
}

// of writes a place behind the name of an object, as it would stand in source.
func (p Place) of(name string) string {
	out := name
	steps := p.steps()
	for i, s := range steps {
		switch {
		case s == "^" && i+1 < len(steps) && steps[i+1][0] != '^':
		case s == "^":
			out = "*" + out
		case s == "[]" || s == "[+]" || strings.HasPrefix(s, "[*"):
			out += "[...]"
		default:
			out += s
		}
	}
	return out
}
