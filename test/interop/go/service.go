package main

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"strings"
	"time"
)

// GoService has what the generic call of dubbo-go can express. Each echo method has a describe method that says which
// value of which Go type arrived.
type GoService struct{}

// Reference is the name under which the configuration knows this service.
func (*GoService) Reference() string { return "GoService" }

// MethodMapper gives the methods their Java names.
func (*GoService) MethodMapper() map[string]string {
	names := map[string]string{}
	for _, name := range []string{
		"EchoBoolean", "DescribeBoolean", "EchoInt", "DescribeInt", "EchoLong", "DescribeLong", "EchoDouble",
		"DescribeDouble", "EchoString", "DescribeString", "EchoBytes", "DescribeBytes", "EchoDate", "DescribeDate",
		"EchoLongList", "DescribeLongList", "EchoStringList", "DescribeStringList", "EchoStringMap",
		"DescribeStringMap", "EchoUser", "DescribeUser", "EchoUserList", "DescribeUserList", "EchoObject",
		"DescribeObject", "User", "Users", "NoArguments", "Add", "NullUser", "Nothing", "BigString", "Fail",
		"FailWithStackInMessage", "Panic", "Sleep",
	} {
		names[name] = strings.ToLower(name[:1]) + name[1:]
	}
	return names
}

func (*GoService) EchoBoolean(_ context.Context, value bool) (bool, error) { return value, nil }

func (*GoService) DescribeBoolean(_ context.Context, value bool) (string, error) {
	return describe(value), nil
}

func (*GoService) EchoInt(_ context.Context, value int32) (int32, error) { return value, nil }

func (*GoService) DescribeInt(_ context.Context, value int32) (string, error) {
	return describe(value), nil
}

func (*GoService) EchoLong(_ context.Context, value int64) (int64, error) { return value, nil }

func (*GoService) DescribeLong(_ context.Context, value int64) (string, error) {
	return describe(value), nil
}

func (*GoService) EchoDouble(_ context.Context, value float64) (float64, error) { return value, nil }

func (*GoService) DescribeDouble(_ context.Context, value float64) (string, error) {
	return describe(value), nil
}

func (*GoService) EchoString(_ context.Context, value string) (string, error) { return value, nil }

func (*GoService) DescribeString(_ context.Context, value string) (string, error) {
	return describe(value), nil
}

func (*GoService) EchoBytes(_ context.Context, value []byte) ([]byte, error) { return value, nil }

func (*GoService) DescribeBytes(_ context.Context, value []byte) (string, error) {
	return describe(value), nil
}

func (*GoService) EchoDate(_ context.Context, value time.Time) (time.Time, error) { return value, nil }

func (*GoService) DescribeDate(_ context.Context, value time.Time) (string, error) {
	return describe(value), nil
}

func (*GoService) EchoLongList(_ context.Context, value []int64) ([]int64, error) { return value, nil }

func (*GoService) DescribeLongList(_ context.Context, value []int64) (string, error) {
	return describe(value), nil
}

func (*GoService) EchoStringList(_ context.Context, value []string) ([]string, error) {
	return value, nil
}

func (*GoService) DescribeStringList(_ context.Context, value []string) (string, error) {
	return describe(value), nil
}

func (*GoService) EchoStringMap(_ context.Context, value map[string]string) (map[string]string, error) {
	return value, nil
}

func (*GoService) DescribeStringMap(_ context.Context, value map[string]string) (string, error) {
	return describe(value), nil
}

func (*GoService) EchoUser(_ context.Context, value *User) (*User, error) { return value, nil }

func (*GoService) DescribeUser(_ context.Context, value *User) (string, error) {
	return describe(value), nil
}

func (*GoService) EchoUserList(_ context.Context, value []*User) ([]*User, error) { return value, nil }

func (*GoService) DescribeUserList(_ context.Context, value []*User) (string, error) {
	return describe(value), nil
}

func (*GoService) EchoObject(_ context.Context, value interface{}) (interface{}, error) {
	return value, nil
}

func (*GoService) DescribeObject(_ context.Context, value interface{}) (string, error) {
	return describe(value), nil
}

func (*GoService) User(_ context.Context) (*User, error) { return sampleUser(9007199254740993), nil }

func (*GoService) Users(_ context.Context, count int32) ([]*User, error) {
	users := make([]*User, 0, count)
	for id := int32(0); id < count; id++ {
		users = append(users, sampleUser(int64(id)))
	}
	return users, nil
}

func (*GoService) NoArguments(_ context.Context) (string, error) { return "no arguments", nil }

func (*GoService) Add(_ context.Context, left, right int32) (int32, error) { return left + right, nil }

func (*GoService) NullUser(_ context.Context) (*User, error) { return nil, nil }

func (*GoService) Nothing(_ context.Context) error { return nil }

func (*GoService) BigString(_ context.Context, length int32) (string, error) {
	return strings.Repeat("x", int(length)), nil
}

func (*GoService) Fail(_ context.Context, message string) (string, error) {
	return "", errors.New(message)
}

func (*GoService) FailWithStackInMessage(_ context.Context) (string, error) {
	return "", errors.New("wrapped: secret of host 10.1.2.3\n\tat main.run(service.go:1)\n\tat main.main(main.go:2)")
}

func (*GoService) Panic(_ context.Context) (string, error) { panic("this method always panics") }

func (*GoService) Sleep(_ context.Context, milliseconds int32) (string, error) {
	time.Sleep(time.Duration(milliseconds) * time.Millisecond)
	return fmt.Sprintf("slept %d", milliseconds), nil
}

// describe says type and value; times in UTC, the keys of a map in order.
func describe(value interface{}) string {
	switch typed := value.(type) {
	case nil:
		return "nil"
	case *interface{}:
		return describe(*typed)
	case *User:
		return describeUser(typed)
	case []*User:
		texts := make([]string, 0, len(typed))
		for _, user := range typed {
			texts = append(texts, describeUser(user))
		}
		return fmt.Sprintf("%T [%s]", value, strings.Join(texts, ", "))
	case time.Time:
		return fmt.Sprintf("%T %s", value, typed.UTC().Format("2006-01-02T15:04:05.000Z"))
	case []byte:
		return fmt.Sprintf("%T %x", value, typed)
	case string:
		return fmt.Sprintf("%T %+q", value, typed)
	case map[interface{}]interface{}:
		texts := make([]string, 0, len(typed))
		for key, content := range typed {
			texts = append(texts, describe(key)+"="+describe(content))
		}
		sort.Strings(texts)
		return fmt.Sprintf("%T {%s}", value, strings.Join(texts, ", "))
	default:
		return fmt.Sprintf("%T %v", value, value)
	}
}

func describeUser(user *User) string {
	if user == nil {
		return "*main.User nil"
	}
	address := "nil"
	if user.Address != nil {
		address = fmt.Sprintf("{%+q %d}", user.Address.Street, user.Address.HouseNumber)
	}
	return fmt.Sprintf("%T {%d %+q %d %t %v %s %v %x %s}", user, user.Id, user.Name, user.Age, user.Vip, user.Ratio,
		user.CreatedAt.UTC().Format("2006-01-02T15:04:05.000Z"), user.Tags, user.Avatar, address)
}
