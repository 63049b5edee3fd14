package lockset_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"
)

func TestZZ(t *testing.T) {
	n, lines := 0, 0
	kinds := map[string]int{}
	var worst time.Duration
	for seed := range 8000 {
		r := rand.New(rand.NewPCG(uint64(seed), 99))
		data := make([]byte, 20+r.IntN(1500))
		for i := range data {
			data[i] = byte(r.Uint32())
		}
		src := generate(data)
		u, err := load(src)
		if err != nil {
			t.Fatalf("the generator is wrong: %v\n%s", err, src)
		}
		t0 := time.Now()
		f, _, err := u.vet()
		if err != nil {
			os.WriteFile("/tmp/crash.go", []byte(src), 0o666)
			t.Fatalf("%v\n", err)
		}
		g, err := u.whole()
		if err != nil {
			os.WriteFile("/tmp/crash.go", []byte(src), 0o666)
			t.Fatalf("%v\n", err)
		}
		if d := time.Since(t0); d > worst {
			worst = d
			fmt.Println(seed, d, len(src))
			os.WriteFile("/tmp/worst.go", []byte(src), 0o666)
		}
		h, err := u.whole()
		if g != h {
			os.WriteFile("/tmp/nondet.go", []byte(src), 0o666)
			t.Fatal("nondeterministic")
		}
		if f != "" { n++ }
		lines += strings.Count(src, "\n")
		for _, k := range []string{"(doublelock)","(lockorder)","(rlockrecursion)"} { kinds[k] += strings.Count(f, k) }
	}
	fmt.Println(n, lines, kinds)
}
