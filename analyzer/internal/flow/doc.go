// Package flow is what is left of the SSA form above effects: what walks have found in terms of it, for the fixes, and a few questions
// about where an instruction is.
package flow
