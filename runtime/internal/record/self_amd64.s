#include "textflag.h"

// See self.go. Frame pointers: at 0(BP) stands that of the caller, at 8(BP) the
// address to which the function of that frame returns. BP is that of the Go function
// that calls: there is nothing between Go and assembly in calls within a package.

// func self() (id uint64, pc uintptr)
TEXT ·self(SB), NOSPLIT, $0-16
	MOVQ (TLS), AX
	MOVQ ·idOff(SB), CX
	MOVQ (BP), BX         // frame of Lock
	MOVQ (AX)(CX*1), DX
	MOVQ 8(BX), BX        // where Lock was called
	MOVQ DX, id+0(FP)
	MOVQ BX, pc+8(FP)
	RET

// func goid() uint64
TEXT ·goid(SB), NOSPLIT, $0-8
	MOVQ (TLS), AX
	MOVQ ·idOff(SB), CX
	MOVQ (AX)(CX*1), DX
	MOVQ DX, ret+0(FP)
	RET

// func gword(off uintptr) uint64
TEXT ·gword(SB), NOSPLIT, $0-16
	MOVQ off+0(FP), CX
	MOVQ (TLS), AX
	MOVQ (AX)(CX*1), DX
	MOVQ DX, ret+8(FP)
	RET

// func gaddr() uintptr
TEXT ·gaddr(SB), NOSPLIT, $0-8
	MOVQ (TLS), AX
	MOVQ AX, ret+0(FP)
	RET

// func frames(pcs, depths *uintptr, max uintptr) uintptr
TEXT ·frames(SB), NOSPLIT, $0-32
	MOVQ pcs+0(FP), DI
	MOVQ depths+8(FP), SI
	MOVQ max+16(FP), CX
	MOVQ (TLS), AX
	MOVQ 0(AX), R8        // stack from here
	MOVQ 8(AX), R9        // to here
	XORQ AX, AX
	MOVQ BP, BX
next:
	CMPQ AX, CX
	JGE  done
	CMPQ BX, R8
	JLS  done
	LEAQ 16(BX), DX
	CMPQ DX, R9
	JHI  done
	MOVQ 8(BX), DX
	MOVQ DX, (DI)(AX*8)
	MOVQ R9, R10
	SUBQ (BX), R10
	MOVQ R10, (SI)(AX*8)
	INCQ AX
	MOVQ (BX), R10
	CMPQ R10, BX
	JLS  done             // frames lie one above the other
	MOVQ R10, BX
	JMP  next
done:
	MOVQ AX, ret+24(FP)
	RET
