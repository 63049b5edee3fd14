package model

// Verbs returns, for each operand of a format string, the names of the methods
// that fmt may call on it, the first that the type has being the one that
// is called. ok is false if the format has explicit operand indexes or
// starred widths, whose operands are not tracked.
func Verbs(format string) (methods []string, ok bool) {
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			continue
		}
		i++
		sharp := false
		for ; i < len(format); i++ {
			c := format[i]
			if c == '#' {
				sharp = true
			}
			if c == '[' || c == '*' {
				return nil, false
			}
			if c == '+' || c == '-' || c == '#' || c == ' ' || c == '0' || c == '.' || '1' <= c && c <= '9' {
				continue
			}
			break
		}
		if i >= len(format) {
			break
		}
		switch format[i] {
		case '%':
		case 'v':
			if sharp {
				methods = append(methods, "Format|GoString")
			} else {
				methods = append(methods, Stringers)
			}
		case 's', 'q', 'x', 'X', 'w':
			methods = append(methods, Stringers)
		case 'T', 'p':
			methods = append(methods, "")
		default:
			methods = append(methods, "Format")
		}
	}
	return methods, true
}

// Stringers are the methods by which fmt prints a value under %v.
const Stringers = "Format|Error|String"
