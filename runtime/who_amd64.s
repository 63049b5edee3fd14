//go:build lockcheck

#include "textflag.h"

// See who_on.go, and internal/record/self_amd64.s for the layout of frames.

// func who() (id uint64, pc uintptr)
TEXT ·who(SB), NOSPLIT, $0-16
	MOVQ (TLS), AX
	MOVQ ·idOffset(SB), CX
	MOVQ 8(BP), BX
	MOVQ (AX)(CX*1), DX
	MOVQ BX, pc+8(FP)
	MOVQ DX, id+0(FP)
	RET

// func me() uint64
TEXT ·me(SB), NOSPLIT, $0-8
	MOVQ (TLS), AX
	MOVQ ·idOffset(SB), CX
	MOVQ (AX)(CX*1), DX
	MOVQ DX, ret+0(FP)
	RET
