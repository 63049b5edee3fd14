// Package report holds what all findings have in common: their form, the words for locks and for the steps of a
// witness, the bands, fingerprints and directives. What a check says, and how sure it is, is decided in its package.
//
// # Confidence
//
// A finding starts at 100 and loses by what it rests on: a lock that is only held on
// some paths, a call whose target is one of several, long chains, a gate lock that may
// or may not be the same for both sides. Each loss has its reason ([Confidence]), which -json prints. Three bands: "error" is nearly certain and
// what is shown by default, "warning" and "note" are shown with -all.
//
// # Suppression
//
// A comment on the line of a finding, or of a step that proves it, or on the line
// above, silences it:
//
//	//lockcheck:ignore lockorder the two ledgers are never the same
//
// The reason is required; a directive that suppresses nothing is reported. The forms of
// other tools are honoured too: //lint:ignore lockorder reason, and
// //nolint:lockcheck or //nolint:lockorder. In the doc comment of a function
// a directive holds for the function.
//
// # Fingerprints
//
// A fingerprint is made of the check, the lock classes and the functions, never of line
// numbers, so that it survives edits elsewhere in the file.
package report
