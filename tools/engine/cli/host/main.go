// Command host is the engine's Node.js language host, put together: the newest one whose Go module is published runs
// programs but no plugins, and a policy pack is a plugin to the engine. This one runs policy packs, and hands everything
// else to that one, which lies in ../lib beside it.
package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// The largest message that Pulumi's own parts take (sdk/go/common/util/rpcutil).
const maxMessage = 400 << 20

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "pulumi-language-nodejs:", err)
		os.Exit(1)
	}
}

func run() error {
	port, programs, err := startProgramsHost(os.Args[1:])
	if err != nil {
		return err
	}
	conn, err := grpc.NewClient("127.0.0.1:"+port,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(raw{}),
			grpc.MaxCallRecvMsgSize(maxMessage), grpc.MaxCallSendMsgSize(maxMessage)))
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := grpc.NewServer(
		grpc.ForceServerCodec(raw{}),
		grpc.MaxRecvMsgSize(maxMessage), grpc.MaxSendMsgSize(maxMessage),
		grpc.UnknownServiceHandler(func(_ any, stream grpc.ServerStream) error {
			method, _ := grpc.MethodFromServerStream(stream)
			if strings.HasSuffix(method, ".LanguageRuntime/RunPlugin") {
				return runPolicyPack(stream)
			}
			return handOn(conn, method, stream)
		}))
	// The host that is handed to goes with this one, and this one with it.
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-stop
		_ = programs.Process.Kill()
	}()
	go func() {
		_ = programs.Wait()
		server.Stop()
	}()
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	return server.Serve(listener)
}

// startProgramsHost starts the host that runs programs, and reads its port, which is the first line that it prints.
func startProgramsHost(args []string) (string, *exec.Cmd, error) {
	self, err := os.Executable()
	if err != nil {
		return "", nil, err
	}
	if self, err = filepath.EvalSymlinks(self); err != nil {
		return "", nil, err
	}
	name := "pulumi-language-nodejs"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	cmd := exec.Command(filepath.Join(filepath.Dir(self), "..", "lib", name), args...)
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	lines := bufio.NewReader(stdout)
	line, err := lines.ReadString('\n')
	if err != nil {
		return "", nil, fmt.Errorf("%s ended before it told its port: %w", cmd.Path, err)
	}
	go func() { _, _ = io.Copy(os.Stdout, lines) }()
	return strings.TrimSpace(line), cmd, nil
}
