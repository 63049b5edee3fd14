//go:build lockcheck

#include "textflag.h"

// See who_on.go, and internal/record/self_amd64.s for the layout of frames.

// func who() (id uint64, pc uintptr)
TEXT ·who(SB), NOSPLIT|NOFRAME, $0-16
	MOVD ·idOffset(SB), R0
	MOVD (g)(R0), R1
	MOVD R1, id+0(FP)
	MOVD 8(R29), R1
	MOVD R1, pc+8(FP)
	RET

// func me() uint64
TEXT ·me(SB), NOSPLIT|NOFRAME, $0-8
	MOVD ·idOffset(SB), R0
	MOVD (g)(R0), R1
	MOVD R1, ret+0(FP)
	RET
