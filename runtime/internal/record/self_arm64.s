#include "textflag.h"

// See self.go and self_amd64.s: the layout of frames is the same, with R29 for BP.

// func self() (id uint64, pc uintptr)
TEXT ·self(SB), NOSPLIT|NOFRAME, $0-16
	MOVD ·idOff(SB), R0
	MOVD (g)(R0), R1
	MOVD R1, id+0(FP)
	MOVD (R29), R3
	MOVD 8(R3), R1
	MOVD R1, pc+8(FP)
	RET

// func goid() uint64
TEXT ·goid(SB), NOSPLIT|NOFRAME, $0-8
	MOVD ·idOff(SB), R0
	MOVD (g)(R0), R1
	MOVD R1, ret+0(FP)
	RET

// func gword(off uintptr) uint64
TEXT ·gword(SB), NOSPLIT|NOFRAME, $0-16
	MOVD off+0(FP), R0
	MOVD (g)(R0), R1
	MOVD R1, ret+8(FP)
	RET

// func gaddr() uintptr
TEXT ·gaddr(SB), NOSPLIT|NOFRAME, $0-8
	MOVD g, ret+0(FP)
	RET

// func frames(pcs, depths *uintptr, max uintptr) uintptr
TEXT ·frames(SB), NOSPLIT|NOFRAME, $0-32
	MOVD pcs+0(FP), R0
	MOVD depths+8(FP), R1
	MOVD max+16(FP), R2
	MOVD 0(g), R3
	MOVD 8(g), R4
	MOVD ZR, R5
	MOVD R29, R6
next:
	CMP  R2, R5
	BGE  done
	CMP  R3, R6
	BLS  done
	ADD  $16, R6, R7
	CMP  R4, R7
	BHI  done
	MOVD 8(R6), R7
	MOVD R7, (R0)(R5<<3)
	MOVD (R6), R8
	SUB  R8, R4, R7
	MOVD R7, (R1)(R5<<3)
	ADD  $1, R5
	CMP  R6, R8
	BLS  done
	MOVD R8, R6
	B    next
done:
	MOVD R5, ret+24(FP)
	RET
