// Package right takes the locks in the other order. Alone it is fine, too; it
// agrees with left about prices.
package right

import "sibling/base"

// Recount locks the stock, then the order.
func Recount(s *base.Stock, o *base.Order) {
	s.Mu.Lock()
	defer s.Mu.Unlock()
	o.Mu.Lock()
	defer o.Mu.Unlock()
	for _, item := range o.Items {
		s.Left[item]++
	}
}

// Discount locks the order, then the price.
func Discount(o *base.Order, p *base.Price) {
	o.Mu.Lock()
	defer o.Mu.Unlock()
	p.Mu.Lock()
	defer p.Mu.Unlock()
	for _, item := range o.Items {
		p.Of[item]--
	}
}
