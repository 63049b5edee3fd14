package dump_test

import (
	"log"
	"os"
	"strings"

	"github.com/lockcheck/lockcheck/runtime/dump"
)

// A dump that comes out of a watched program tells who holds what.
func Example() {
	d, err := dump.Parse(strings.NewReader(`goroutine 18 [sync.Mutex.Lock]:
example.com/bank.(*Ledger).Record(0xc000012340)
	bank/ledger.go:19 +0x3b

goroutine 7 [sync.Mutex.Lock]:
example.com/bank.(*Account).Balance(0xc000045670)
	bank/account.go:12 +0x45
`))
	if err != nil {
		log.Fatal(err)
	}
	account := dump.Lock{Class: "example.com/bank.Account.mu", Addr: 0xc000045678, Kind: "Mutex"}
	ledger := dump.Lock{Class: "example.com/bank.Ledger.mu", Addr: 0xc000012350, Kind: "Mutex"}
	d.Watched = true
	g18, g7 := d.Goroutines[0], d.Goroutines[1]
	g18.Waits = &dump.Wait{Lock: ledger, Mode: "write", At: g18.Frames[0]}
	g18.Holds = []dump.Hold{{Lock: account, Mode: "write", At: dump.Frame{File: "bank/account.go", Line: 38}}}
	g7.Waits = &dump.Wait{Lock: account, Mode: "write", At: g7.Frames[0]}
	g7.Holds = []dump.Hold{{Lock: ledger, Mode: "write", At: dump.Frame{File: "bank/audit.go", Line: 84}}}

	d.Analyze()
	if err := d.WriteText(os.Stdout); err != nil {
		log.Fatal(err)
	}
	// Output:
	// lockcheck dump: 2 goroutines, 2 wait for locks; holders known
	//
	// deadlocked goroutines:
	//
	// 1. goroutines 18, 7 wait for each other's locks
	//    goroutine 18 waits to lock bank.Ledger.mu at bank/ledger.go:19, which goroutine 7 has locked at bank/audit.go:84
	//    goroutine 7 waits to lock bank.Account.mu at bank/account.go:12, which goroutine 18 has locked at bank/account.go:38
	//
	// all goroutines:
	//
	// goroutine 18 [sync.Mutex.Lock]:
	//   waits for bank.Ledger.mu (Mutex 0xc000012350) to lock it; held by goroutine 7 at bank/audit.go:84
	//   holds bank.Account.mu (Mutex 0xc000045678), locked at bank/account.go:38
	// example.com/bank.(*Ledger).Record(0xc000012340)
	// 	bank/ledger.go:19
	//
	// goroutine 7 [sync.Mutex.Lock]:
	//   waits for bank.Account.mu (Mutex 0xc000045678) to lock it; held by goroutine 18 at bank/account.go:38
	//   holds bank.Ledger.mu (Mutex 0xc000012350), locked at bank/audit.go:84
	// example.com/bank.(*Account).Balance(0xc000045670)
	// 	bank/account.go:12
}
