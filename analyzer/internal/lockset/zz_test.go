package lockset_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"
)

func TestSlow(t *testing.T) {
	for seed := range 400 {
		r := rand.New(rand.NewPCG(uint64(seed), 7))
		data := make([]byte, 20+r.IntN(800))
		for i := range data {
			data[i] = byte(r.Uint32())
		}
		src := generate(data)
		u, err := load(src)
		if err != nil {
			t.Fatalf("the generator is wrong: %v\n%s", err, src)
		}
		done := make(chan bool)
		go func() {
			select {
			case <-done:
			case <-time.After(20 * time.Second):
				os.WriteFile(fmt.Sprintf("/tmp/slow%d.go", seed), []byte(src), 0o666)
				panic(fmt.Sprint("slow ", seed, " ", len(data)))
			}
		}()
		t0 := time.Now()
		f, _, err := u.vet()
		t1 := time.Now()
		if err != nil {
			t.Fatalf("%v\n%s", err, src)
		}
		if _, err := u.whole(); err != nil {
			t.Fatalf("%v\n%s", err, src)
		}
		close(done)
		if time.Since(t0) > 300*time.Millisecond {
			fmt.Println(seed, len(data), t1.Sub(t0), time.Since(t1), len(f), len(src))
		}
	}
}
