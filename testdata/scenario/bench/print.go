package main

import (
	"fmt"
	"slices"
	"strings"

	"example.com/scenario/impl"
)

// limits has what is demanded of lockcheck, as a multiple of sync.
var limits = map[string]float64{"L1": 2, "L2": 2, "L3": 2, "RW": 2.5, "C16": 2.5}

const (
	limitRace = 3.5 // with -race, of sync with -race
	limitFlat = 1.5 // of N100000 to N10, S100000 to S10 and H1000 to L1
)

func (t *table) print() {
	title := "CPU time of an operation, ns"
	if t.race {
		title += ", all with -race"
	}
	fmt.Printf("### %s\n\n", title)
	t.head("demanded")
	for _, r := range t.rows {
		line := []string{r.Name, r.What}
		base := t.cell(r.Name, impl.Sync)
		for _, i := range t.impls {
			c := t.cell(r.Name, i)
			if i.Name == impl.Sync.Name {
				line = append(line, number(c.median(ns)))
			} else {
				line = append(line, fmt.Sprintf("%s (%.2fx)", number(c.median(ns)), c.ratio(base)))
			}
		}
		fmt.Printf("| %s | %s |\n", strings.Join(line, " | "), t.demand(r))
	}
	fmt.Println()
	t.flat("N100000", "N10")
	t.flat("S100000", "S10")
	t.flat("H1000", "L1")

	fmt.Printf("\n### Allocations of an operation, and bytes that it leaves on the heap: always, and when an instance is new\n\n")
	t.head()
	for _, r := range t.rows {
		line := []string{r.Name, r.What}
		for _, i := range t.impls {
			c := t.cell(r.Name, i)
			line = append(line, fmt.Sprintf("%.2f; %.1f B; %.0f B", c.median(allocs), max(0, c.median(heap)), max(0, c.median(kept))))
		}
		fmt.Printf("| %s |\n", strings.Join(line, " | "))
	}
	fmt.Println()
}

func (t *table) head(more ...string) {
	names := []string{"", ""}
	for _, i := range t.impls {
		names = append(names, i.Name)
	}
	names = append(names, more...)
	fmt.Printf("| %s |\n|%s\n", strings.Join(names, " | "), strings.Repeat("---|", len(names)))
}

func number(x float64) string {
	if x < 100 {
		return fmt.Sprintf("%.1f", x)
	}
	return fmt.Sprintf("%.0f", x)
}

// demand says what lockcheck may cost in a row and whether it costs more.
func (t *table) demand(r row) string {
	limit, ok := limits[r.Name]
	if t.race {
		limit, ok = limitRace, true
	}
	if !ok {
		return ""
	}
	s := fmt.Sprintf("%.1fx", limit)
	for _, i := range t.impls {
		if i.Name == impl.Ours.Name && t.cell(r.Name, i).ratio(t.cell(r.Name, impl.Sync)) > limit {
			s += " over"
		}
	}
	return s
}

// flat compares what two rows cost.
func (t *table) flat(many, few string) {
	has := func(name string) bool { return slices.ContainsFunc(t.rows, func(r row) bool { return r.Name == name }) }
	if !has(many) || !has(few) {
		return
	}
	var parts []string
	for _, i := range t.impls {
		r := t.cell(many, i).ratio(t.cell(few, i))
		s := fmt.Sprintf("%s %.2fx", i.Name, r)
		if i.Name == impl.Ours.Name && r > limitFlat {
			s += " (over)"
		}
		parts = append(parts, s)
	}
	fmt.Printf("%s to %s, at most %.1fx demanded: %s.\n", many, few, limitFlat, strings.Join(parts, ", "))
}
