package record

import "unsafe"

// SlotsInUse returns how many goroutines have a slot, and how many slots there are.
func SlotsInUse() (used, all int) {
	for k := range tables {
		t, _ := table(k)
		all += len(t)
	}
	for c := (cursor{}); c.next() != nil; {
		used++
	}
	return used, all
}

// SlotBytes returns how much of the heap slots take.
func SlotBytes() (n int) {
	for k := 1; k < tables; k++ { // the first is not in the heap
		t, _ := table(k)
		if t != nil {
			n += len(t) * int(unsafe.Sizeof(t[0]))
		}
	}
	return n
}
