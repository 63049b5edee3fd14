// Purpose: encoding/json calls MarshalJSON, UnmarshalJSON and MarshalText of
// what it is given.

package stdcalls

import (
	"encoding/json"
	"io"
	"strconv"
	"sync"
)

type Config struct {
	mu    sync.Mutex
	value int
}

func (c *Config) MarshalJSON() ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return strconv.AppendInt(nil, int64(c.value), 10), nil
}

func (c *Config) UnmarshalJSON(data []byte) (err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.value, err = strconv.Atoi(string(data))
	return err
}

func (c *Config) SaveBad() ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return json.Marshal(c) // want `MarshalJSON.* locks c\.mu.*already held from line \d+.*\(doublelock\)`
}

func (c *Config) SaveOk() ([]byte, error) {
	c.mu.Lock()
	c.value++
	c.mu.Unlock()
	return json.Marshal(c)
}

func (c *Config) SaveFieldOk() ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return json.Marshal(c.value)
}

func (c *Config) SaveIndentBad() ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return json.MarshalIndent(c, "", " ") // want `MarshalJSON.* locks c\.mu.*already held from line \d+.*\(doublelock\)`
}

func (c *Config) EncodeBad() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return json.NewEncoder(io.Discard).Encode(c) // want `MarshalJSON.* locks c\.mu.*already held from line \d+.*\(doublelock\)`
}

func (c *Config) EncodeOk() error {
	c.mu.Lock()
	value := c.value
	c.mu.Unlock()
	return json.NewEncoder(io.Discard).Encode(value)
}

func (c *Config) LoadBad() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return json.Unmarshal([]byte("1"), c) // want `UnmarshalJSON.* locks c\.mu.*already held from line \d+.*\(doublelock\)`
}

func (c *Config) LoadOk() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return json.Unmarshal([]byte("1"), &c.value)
}

type Key struct {
	mu   sync.Mutex
	name string
}

func (k *Key) MarshalText() ([]byte, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return []byte(k.name), nil
}

func (k *Key) SaveBad() ([]byte, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return json.Marshal(k) // want `MarshalText.* locks k\.mu.*already held from line \d+.*\(doublelock\)`
}

func (k *Key) SaveOk() ([]byte, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return json.Marshal(k.name)
}
