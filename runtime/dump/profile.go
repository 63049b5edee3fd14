package dump

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strconv"
)

// lacks is what all forms of a goroutine profile but that with debug=2 have in common.
const lacks = "which has neither their numbers and states nor the addresses of their locks; ask for it with debug=2"

// profileTotal reads the first line of a goroutine profile with debug=1.
func profileTotal(line []byte) (n int, ok bool) {
	_, rest, ok := bytes.Cut(line, []byte("goroutine profile: total "))
	if !ok {
		return 0, false
	}
	end := 0
	for end < len(rest) && isDigit(rest[end]) {
		end++
	}
	n, err := strconv.Atoi(string(rest[:end]))
	return n, err == nil
}

// isProfile reports whether an input begins as the profiles that Go writes for its tool
// pprof: with a type of samples or of periods, fields 1 and 11, of two small numbers.
func isProfile(head []byte) bool {
	return len(head) > 6 && (head[0] == 1<<3|2 || head[0] == 11<<3|2) && head[1] >= 2 && head[1] <= 12 && (head[2] == 1<<3 || head[2] == 2<<3)
}

// describeProfile tells what a profile for pprof is, in the words of an error. See the
// definition of its form at https://github.com/google/pprof/blob/main/proto/profile.proto.
func describeProfile(data []byte) (string, bool) {
	var (
		types []uint64 // of the values of samples, as indices of strings
		strs  []string
		total uint64 // of the first value of all samples
		str   = func(i uint64) string {
			if i < uint64(len(strs)) {
				return strs[i]
			}
			return ""
		}
	)
	ok := fields(data, func(field int, _ uint64, sub []byte) bool {
		switch field {
		case 1: // sample_type
			return fields(sub, func(field int, n uint64, _ []byte) bool {
				if field == 1 {
					types = append(types, n)
				}
				return true
			})
		case 2: // sample
			return fields(sub, func(field int, n uint64, packed []byte) bool {
				if field == 2 {
					if packed != nil {
						n, _ = binary.Uvarint(packed)
					}
					total += n
				}
				return true
			})
		case 6:
			strs = append(strs, string(sub))
		}
		return true
	})
	if !ok || len(types) == 0 || len(strs) == 0 || strs[0] != "" {
		return "", false
	}
	if kind := str(types[0]); kind != "goroutine" {
		return fmt.Sprintf("a profile of %s for go tool pprof, not a dump; ask for the goroutine profile with debug=2", kind), true
	}
	return fmt.Sprintf("a profile of %s for go tool pprof, %s", count(int(total), "goroutine"), lacks), true
}

// fields calls yield for each field of a message in the wire format of protocol buffers, with
// its number, or its bytes. It returns false if the message has another form.
func fields(data []byte, yield func(field int, n uint64, sub []byte) bool) bool {
	for len(data) > 0 {
		key, w := binary.Uvarint(data)
		if w <= 0 || key>>3 == 0 || key>>3 > 1000 {
			return false
		}
		data = data[w:]
		switch key & 7 {
		case 0:
			n, w := binary.Uvarint(data)
			if w <= 0 || !yield(int(key>>3), n, nil) {
				return false
			}
			data = data[w:]
		case 2:
			n, w := binary.Uvarint(data)
			if w <= 0 || n > uint64(len(data)-w) || !yield(int(key>>3), 0, data[w:w+int(n)]) {
				return false
			}
			data = data[w+int(n):]
		default: // profiles have no others
			return false
		}
	}
	return true
}
