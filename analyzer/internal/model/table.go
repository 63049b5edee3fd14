package model

// table maps package path and local name to the effect.
var table = map[string]map[string]*Effect{
	"sync": {
		"NewCond":      {Op: NewCond},
		"Cond.Wait":    {Op: Wait},
		"Once.Do":      {Calls: []int{1}},
		"Map.Range":    {Calls: []int{1}},
		"WaitGroup.Go": {Spawns: []int{1}},
	},
	"time":    {"AfterFunc": {Spawns: []int{1}}},
	"context": {"AfterFunc": {Spawns: []int{1}}},
	"os":      {"Exit": {NoReturn: true}},
	"syscall": {"Exit": {NoReturn: true}},
	"runtime": {
		"Goexit":       {NoReturn: true},
		"SetFinalizer": {Spawns: []int{1}}, // both run in a goroutine of the runtime
		"AddCleanup":   {Spawns: []int{1}},
	},
	"os/exec": {},
	"net/http": {
		"HandleFunc":          {Spawns: []int{1}},
		"ServeMux.HandleFunc": {Spawns: []int{2}},
	},
	"golang.org/x/sync/errgroup": {
		"Group.Go":    {Spawns: []int{1}},
		"Group.TryGo": {Spawns: []int{1}},
	},
	"golang.org/x/sync/singleflight": {
		"Group.Do":     {Calls: []int{2}},
		"Group.DoChan": {Spawns: []int{2}},
	},
	"sort": {
		"Slice":         {Calls: []int{1}},
		"SliceStable":   {Calls: []int{1}},
		"SliceIsSorted": {Calls: []int{1}},
		"Search":        {Calls: []int{1}},
		"Find":          {Calls: []int{1}},
		"Sort":          sorts,
		"Stable":        sorts,
		"IsSorted":      sorts,
	},
	"container/heap": {
		"Init": sorts, "Fix": sorts, "Push": heaps("Push"), "Pop": heaps("Pop"), "Remove": heaps("Pop"),
	},
	"slices": {
		"SortFunc": calls(1), "SortStableFunc": calls(1), "IsSortedFunc": calls(1),
		"BinarySearchFunc": calls(2), "IndexFunc": calls(1), "ContainsFunc": calls(1),
		"DeleteFunc": calls(1), "CompactFunc": calls(1), "EqualFunc": calls(2),
		"CompareFunc": calls(2), "MaxFunc": calls(1), "MinFunc": calls(1),
		"SortedFunc": calls(1), "Collect": calls(0), "Sorted": calls(0),
	},
	"maps": {
		"DeleteFunc": calls(1), "EqualFunc": calls(2), "Collect": calls(0),
	},
	"strings": {
		"Map": calls(0), "FieldsFunc": calls(1), "IndexFunc": calls(1), "LastIndexFunc": calls(1),
		"TrimFunc": calls(1), "TrimLeftFunc": calls(1), "TrimRightFunc": calls(1), "ContainsFunc": calls(1),
	},
	"bytes": {
		"Map": calls(0), "FieldsFunc": calls(1), "IndexFunc": calls(1), "TrimFunc": calls(1), "ContainsFunc": calls(1),
	},
	"path/filepath":  {"Walk": calls(1), "WalkDir": calls(1)},
	"io/fs":          {"WalkDir": calls(2)},
	"container/ring": {"Ring.Do": calls(1)},
	"go/ast":         {"Inspect": calls(1)},
	"flag":           {"Visit": calls(0), "VisitAll": calls(0), "FlagSet.Visit": calls(1), "FlagSet.VisitAll": calls(1)},
	"expvar":         {"Do": calls(0), "Map.Do": calls(1)},
	"testing": {
		"T.Run": calls(2), "B.Run": calls(2), "AllocsPerRun": calls(1), "Benchmark": calls(0),
		"B.RunParallel":  {Spawns: []int{1}},
		"common.FailNow": {NoReturn: true}, "common.SkipNow": {NoReturn: true},
		"common.Fatal": {NoReturn: true, Formats: &Formats{-1, 1}}, "common.Fatalf": {NoReturn: true, Formats: &Formats{1, 2}},
		"common.Skip": {NoReturn: true, Formats: &Formats{-1, 1}}, "common.Skipf": {NoReturn: true, Formats: &Formats{1, 2}},
		"common.Log": {Formats: &Formats{-1, 1}}, "common.Logf": {Formats: &Formats{1, 2}},
		"common.Error": {Formats: &Formats{-1, 1}}, "common.Errorf": {Formats: &Formats{1, 2}},
	},
	"io": {
		"WriteString": {Methods: []Method{{0, []string{"WriteString|Write"}}}},
		"Copy":        {Methods: []Method{{0, []string{"ReadFrom|Write"}}, {1, []string{"WriteTo|Read"}}}},
		"ReadAll":     {Methods: []Method{{0, []string{"Read"}}}},
		"ReadFull":    {Methods: []Method{{0, []string{"Read"}}}},
	},
	"fmt": {
		"Print": formats(-1, 0), "Println": formats(-1, 0), "Printf": formats(0, 1),
		"Sprint": formats(-1, 0), "Sprintln": formats(-1, 0), "Sprintf": formats(0, 1),
		"Fprint": writes(-1, 1), "Fprintln": writes(-1, 1), "Fprintf": writes(1, 2),
		"Append": formats(-1, 1), "Appendln": formats(-1, 1), "Appendf": formats(1, 2),
		"Errorf": formats(0, 1),
	},
	"log": {
		"Print": formats(-1, 0), "Println": formats(-1, 0), "Printf": formats(0, 1),
		"Logger.Print": formats(-1, 1), "Logger.Println": formats(-1, 1), "Logger.Printf": formats(1, 2),
		"Fatal": fatal(-1, 0), "Fatalln": fatal(-1, 0), "Fatalf": fatal(0, 1),
		"Panic": fatal(-1, 0), "Panicln": fatal(-1, 0), "Panicf": fatal(0, 1),
		"Logger.Fatal": fatal(-1, 1), "Logger.Fatalln": fatal(-1, 1), "Logger.Fatalf": fatal(1, 2),
		"Logger.Panic": fatal(-1, 1), "Logger.Panicln": fatal(-1, 1), "Logger.Panicf": fatal(1, 2),
	},
	"encoding/json": {
		"Marshal":        {Methods: []Method{{0, jsonMethods}}},
		"MarshalIndent":  {Methods: []Method{{0, jsonMethods}}},
		"Encoder.Encode": {Methods: []Method{{1, jsonMethods}}},
		"Unmarshal":      {Methods: []Method{{1, unjsonMethods}}},
		"Decoder.Decode": {Methods: []Method{{1, unjsonMethods}}},
	},
}

var (
	sorts = &Effect{Methods: []Method{{0, []string{"Len", "Less", "Swap"}}}}

	// The first that the type has is the one called.
	jsonMethods   = []string{"MarshalJSON|MarshalText"}
	unjsonMethods = []string{"UnmarshalJSON|UnmarshalText"}
)

func calls(i int) *Effect { return &Effect{Calls: []int{i}} }

func formats(verbs, from int) *Effect { return &Effect{Formats: &Formats{verbs, from}} }

// writes is formats for a function whose first operand is written to.
func writes(verbs, from int) *Effect {
	return &Effect{Formats: &Formats{verbs, from}, Methods: []Method{{0, []string{"Write"}}}}
}

func heaps(op string) *Effect {
	return &Effect{Methods: []Method{{0, []string{"Len", "Less", "Swap", op}}}}
}

func fatal(verbs, from int) *Effect {
	return &Effect{Formats: &Formats{verbs, from}, NoReturn: true}
}
