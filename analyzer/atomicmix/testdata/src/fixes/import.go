package fixes

func (b *Big) Get() int64 {
	return b.Sum // want `plain read of Big.Sum`
}
