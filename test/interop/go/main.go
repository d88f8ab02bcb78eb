// A dubbo-go provider for the interop tests: com.acme.interop.GoService on the port given as the only argument.
// Prints READY when the port is open, and ends on SIGTERM or when its standard input closes.
package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"dubbo.apache.org/dubbo-go/v3/config"
	_ "dubbo.apache.org/dubbo-go/v3/filter/accesslog"
	_ "dubbo.apache.org/dubbo-go/v3/filter/echo"
	_ "dubbo.apache.org/dubbo-go/v3/filter/exec_limit"
	_ "dubbo.apache.org/dubbo-go/v3/filter/generic"
	_ "dubbo.apache.org/dubbo-go/v3/filter/graceful_shutdown"
	_ "dubbo.apache.org/dubbo-go/v3/filter/token"
	_ "dubbo.apache.org/dubbo-go/v3/filter/tps"
	_ "dubbo.apache.org/dubbo-go/v3/filter/tps/limiter"
	_ "dubbo.apache.org/dubbo-go/v3/filter/tps/strategy"
	_ "dubbo.apache.org/dubbo-go/v3/logger/zap"
	_ "dubbo.apache.org/dubbo-go/v3/protocol/dubbo"
	_ "dubbo.apache.org/dubbo-go/v3/proxy/proxy_factory"
	hessian "github.com/apache/dubbo-go-hessian2"
)

const readyWithin = 20 * time.Second

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: provider PORT")
	}
	port := os.Args[1]
	hessian.RegisterPOJO(&User{})
	hessian.RegisterPOJO(&Address{})
	config.SetProviderService(&GoService{})
	if err := config.Load(config.WithRootConfig(rootConfig(port))); err != nil {
		log.Fatal(err)
	}
	if err := waitForPort(port); err != nil {
		log.Fatal(err)
	}
	go endOnSignal()
	fmt.Println("READY")
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		log.Print(err)
	}
}

func rootConfig(port string) *config.RootConfig {
	service := config.NewServiceConfigBuilder().
		SetInterface("com.acme.interop.GoService").
		SetProtocolIDs("dubbo").
		SetNotRegister(true).
		Build()
	return config.NewRootConfigBuilder().
		SetProvider(config.NewProviderConfigBuilder().AddService("GoService", service).Build()).
		AddProtocol("dubbo", config.NewProtocolConfigBuilder().SetName("dubbo").SetPort(port).Build()).
		Build()
}

// dubbo-go opens the port in the background.
func waitForPort(port string) error {
	deadline := time.Now().Add(readyWithin)
	for {
		connection, err := net.DialTimeout("tcp", net.JoinHostPort("127.0.0.1", port), time.Second)
		if err == nil {
			return connection.Close()
		}
		if time.Now().After(deadline) {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func endOnSignal() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM)
	<-signals
	os.Exit(0)
}
