package main

import "time"

// User is the Go side of a usual data object. dubbo-go makes the names on the wire by lowering the first letter only.
type User struct {
	Id        int64
	Name      string
	Age       int32
	Vip       bool
	Ratio     float64
	CreatedAt time.Time
	Tags      []string
	Avatar    []byte
	Address   *Address
}

// JavaClassName is the class name on the wire.
func (*User) JavaClassName() string { return "com.acme.interop.User" }

// Address is a nested object.
type Address struct {
	Street      string
	HouseNumber int32
}

// JavaClassName is the class name on the wire.
func (*Address) JavaClassName() string { return "com.acme.interop.Address" }

func sampleUser(id int64) *User {
	return &User{
		Id:        id,
		Name:      "Zo\u00eb \u4e2d\U0001F600",
		Age:       42,
		Vip:       true,
		Ratio:     0.1,
		CreatedAt: time.UnixMilli(894621091001).UTC(),
		Tags:      []string{"a", "b"},
		Avatar:    []byte{0, 1, 0xff},
		Address:   &Address{Street: "Main Street", HouseNumber: 7},
	}
}
