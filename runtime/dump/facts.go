package dump

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// isLock reports whether the wait is one for a lock, so that somebody holds it.
func (w *Wait) isLock() bool { return w.Lock.isLock() }

// isLock reports whether somebody holds it when others wait. Of a kind not known here, yes.
func (l Lock) isLock() bool {
	switch l.Kind {
	case "WaitGroup", "Cond", "channel":
		return false
	}
	return true
}

// String returns the lock as it is printed: its class if it is known, its kind,
// its address, and the object around it.
func (l Lock) String() string {
	kind := l.Kind
	if kind == "" {
		kind = "lock"
	}
	if l.Addr != 0 {
		kind += " " + hexAddr(l.Addr)
	}
	switch {
	case l.Class != "":
		return shortName(l.Class) + " (" + kind + ")"
	case l.Around != "" && l.AroundAddr == 0:
		return kind + " of " + shortName(l.Around)
	case l.Around != "":
		return kind + " of " + shortName(l.Around) + " " + hexAddr(l.AroundAddr)
	}
	return kind
}

// name returns the lock as sentences refer to it.
func (l Lock) name() string {
	if l.Class != "" {
		return shortName(l.Class)
	}
	return l.String()
}

// parseLock reads what String returns.
func parseLock(s string) (Lock, bool) {
	var l Lock
	if inner, ok := strings.CutSuffix(s, ")"); ok {
		i := strings.LastIndex(inner, " (")
		if i < 0 {
			return Lock{}, false
		}
		l.Class, s = inner[:i], inner[i+2:]
	} else if kind, around, ok := strings.Cut(s, " of "); ok {
		l.Around, s = around, kind
		if i := strings.LastIndex(around, " 0x"); i >= 0 {
			if parseAddr(around[i+1:], &l.AroundAddr) != nil {
				return Lock{}, false
			}
			l.Around = around[:i]
		}
	}
	kind, addr, _ := strings.Cut(s, " ")
	if parseAddr(addr, &l.Addr) != nil {
		return Lock{}, false
	}
	if kind != "lock" {
		l.Kind = kind
	}
	return l, true
}

const (
	factWaits = "waits for "
	factHolds = "holds "
	toLock    = " to lock it"
	toRLock   = " to read-lock it"
)

// fact returns the line that tells what a goroutine waits for, or "" if the state in the
// header says as much. The holders tell where the lock was locked.
func (w Wait) fact(holders map[uint64][]holder) string {
	if w.Lock.Class == "" && w.Lock.Addr == 0 && w.Lock.Around == "" && len(w.HeldBy) == 0 {
		return ""
	}
	s := factWaits + w.Lock.String()
	switch {
	case w.Lock.Kind == "Once":
	case w.Mode == "write":
		s += toLock
	case w.Mode == "read":
		s += toRLock
	}
	if w.Since > 0 {
		s += ", for " + short(w.Since) + " now"
	}
	if len(w.HeldBy) > 0 {
		s += "; held by " + allGoroutines(w.HeldBy)
		if len(w.HeldBy) == 1 {
			for _, h := range holders[w.Lock.Addr] {
				if place := h.hold.At.place(); h.id == w.HeldBy[0] && place != "" {
					s += " at " + place
					break
				}
			}
		}
	}
	if len(w.Behind) > 0 {
		s += "; behind " + allGoroutines(w.Behind)
	}
	return s
}

// parseWait reads what fact returns.
func parseWait(s string) (*Wait, bool) {
	s, ok := strings.CutPrefix(s, factWaits)
	if !ok {
		return nil, false
	}
	w := new(Wait)
	parts := strings.Split(s, "; ")
	head := parts[0]
	if rest, ok := strings.CutSuffix(head, " now"); ok {
		if i := strings.LastIndex(rest, ", for "); i >= 0 {
			w.Since, _ = time.ParseDuration(rest[i+len(", for "):])
			head = rest[:i]
		}
	}
	if rest, ok := strings.CutSuffix(head, toLock); ok {
		head, w.Mode = rest, "write"
	} else if rest, ok := strings.CutSuffix(head, toRLock); ok {
		head, w.Mode = rest, "read"
	}
	if w.Lock, ok = parseLock(head); !ok {
		return nil, false
	}
	if w.Lock.Kind == "Once" {
		w.Mode = "write"
	}
	for _, part := range parts[1:] {
		if ids, ok := strings.CutPrefix(part, "held by "); ok {
			ids, _, _ = strings.Cut(ids, " at ")
			w.HeldBy = parseGoroutines(ids)
		} else if ids, ok := strings.CutPrefix(part, "behind "); ok {
			w.Behind = parseGoroutines(ids)
		}
	}
	return w, true
}

// fact returns the line that tells what a goroutine holds.
func (h Hold) fact() string {
	s := factHolds + h.Lock.String() + ", " + h.verb()
	if place := h.At.place(); place != "" {
		s += " at " + place
	}
	if h.For > 0 {
		s += " " + short(h.For) + " ago"
	}
	return s
}

func (h Hold) verb() string {
	switch {
	case h.Lock.Kind == "Once":
		return "entered"
	case h.Mode == "read":
		return "read-locked"
	}
	return "locked"
}

// parseHold reads what fact returns.
func parseHold(s string) (Hold, bool) {
	s, ok := strings.CutPrefix(s, factHolds)
	i := strings.LastIndex(s, ", ")
	if !ok || i < 0 {
		return Hold{}, false
	}
	var h Hold
	if h.Lock, ok = parseLock(s[:i]); !ok {
		return Hold{}, false
	}
	s = s[i+2:]
	if rest, ok := strings.CutSuffix(s, " ago"); ok {
		if j := strings.LastIndexByte(rest, ' '); j >= 0 {
			h.For, _ = time.ParseDuration(rest[j+1:])
			s = rest[:j]
		}
	}
	verb, place, _ := strings.Cut(s, " at ")
	h.Mode = "write"
	if verb == "read-locked" {
		h.Mode = "read"
	}
	if j := strings.LastIndexByte(place, ':'); j >= 0 {
		h.At.File = place[:j]
		h.At.Line, _ = strconv.Atoi(place[j+1:])
	}
	return h, true
}

// fact reads a line between the header and the stack in our own text form.
func (p *parser) fact(s string) bool {
	// Most lines are none: look before taking them apart.
	if !strings.HasPrefix(s, factWaits) && !strings.HasPrefix(s, factHolds) && !strings.Contains(s, " goroutines: ") {
		return false
	}
	if w, ok := parseWait(s); ok {
		p.g.Waits = w
		return true
	}
	if h, ok := parseHold(s); ok {
		if len(p.g.Holds) < 1<<16 {
			p.g.Holds = append(p.g.Holds, h)
		}
		return true
	}
	if head, ids, ok := strings.Cut(s, ": "); ok && strings.HasSuffix(head, " goroutines") {
		p.alike = parseRanges(ids, maxGoroutines-len(p.cur.dump.Goroutines))
		return true
	}
	return false
}

// short rounds a duration to about three digits.
func short(d time.Duration) string {
	for unit := time.Duration(1); ; unit *= 10 {
		if d < 1000*unit || unit >= time.Second {
			return d.Round(min(unit, time.Second)).String()
		}
	}
}

// allGoroutines returns "goroutine 7" or "goroutines 7, 9-12".
func allGoroutines(ids []uint64) string {
	if len(ids) == 1 {
		return "goroutine " + strconv.FormatUint(ids[0], 10)
	}
	return "goroutines " + ranges(ids)
}

// goroutines is allGoroutines for sentences, which may leave some out.
func goroutines(ids []uint64) string {
	const most = 20 // numbers and ranges
	s := allGoroutines(ids)
	end := 0
	for range most {
		i := strings.Index(s[end:], ", ")
		if i < 0 {
			return s
		}
		end += i + len(", ")
	}
	told := len(parseGoroutines(s[:end-len(", ")]))
	return s[:end] + "and " + strconv.Itoa(len(ids)-told) + " more"
}

func parseGoroutines(s string) []uint64 {
	s, _ = strings.CutPrefix(s, "goroutine")
	return parseRanges(strings.TrimLeft(s, "s "), 1<<16)
}

// ranges returns numbers in order, with three or more in sequence joined.
func ranges(ids []uint64) string {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	var b []byte
	for i := 0; i < len(ids); {
		j := i
		for j+1 < len(ids) && ids[j+1] == ids[j]+1 {
			j++
		}
		if i > 0 {
			b = append(b, ", "...)
		}
		b = strconv.AppendUint(b, ids[i], 10)
		if j >= i+2 {
			b = append(b, '-')
			b = strconv.AppendUint(b, ids[j], 10)
			i = j + 1
		} else {
			i++
		}
	}
	return string(b)
}

// parseRanges reads what ranges returns, up to a number of ids.
func parseRanges(s string, limit int) []uint64 {
	var ids []uint64
	for part := range strings.SplitSeq(s, ", ") {
		from, to, isRange := strings.Cut(part, "-")
		first, err := strconv.ParseUint(from, 10, 64)
		if err != nil {
			break
		}
		last := first
		if isRange {
			if last, err = strconv.ParseUint(to, 10, 64); err != nil {
				break
			}
		}
		for id := first; id <= last && len(ids) < limit; id++ {
			ids = append(ids, id)
			if id == last { // it may be the largest number
				break
			}
		}
	}
	return ids
}
