// Package codec is the binary form of effects: the bytes of the object files of this compiler.
//
// [Encode] writes a unit, [Open] and [Decode] read it, with the bodies of functions on demand or at once (codec.go). Damage is an error.
// A unit that was read refers to functions of other units by package and key; [Link] makes pointers of these. The bytes of a unit do not depend
// on whether it is linked.
package codec
