package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// runPolicyPack runs a folder with a PulumiPolicy.yaml as the engine asks (LanguageRuntime.RunPlugin): the Pulumi SDK for
// Node.js has the program for it. Its output is streamed; the port is the first line of it. The stack's configuration,
// which newer hosts put into the pack's environment, is not there: packs take theirs from --policy-pack-config.
func runPolicyPack(stream grpc.ServerStream) error {
	var message []byte
	if err := stream.RecvMsg(&message); err != nil {
		return err
	}
	request := &pulumirpc.RunPluginRequest{}
	if err := proto.Unmarshal(message, request); err != nil {
		return status.Error(codes.InvalidArgument, err.Error())
	}
	if request.GetKind() != "analyzer" {
		return status.Errorf(codes.Unimplemented,
			"this language host runs policy packs, and no plugins of kind %q: install the Pulumi CLI", request.GetKind())
	}
	folder := request.GetInfo().GetProgramDirectory()
	runner, err := findRunner(folder)
	if err != nil {
		return status.Error(codes.FailedPrecondition, err.Error())
	}
	args := append([]string{"--no-warnings", runner}, request.GetArgs()...)
	cmd := exec.CommandContext(stream.Context(), "node", append(args, ".")...)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), request.GetEnv()...)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return status.Error(codes.FailedPrecondition, err.Error())
	}
	return streamed(stream, cmd, stdout, stderr)
}

// findRunner looks where Node.js would: in node_modules of the folder and of those above it.
func findRunner(folder string) (string, error) {
	for at := folder; ; at = filepath.Dir(at) {
		runner := filepath.Join(at, "node_modules", "@pulumi", "pulumi", "cmd", "run-policy-pack")
		if _, err := os.Stat(runner); err == nil {
			return runner, nil
		}
		if at == filepath.Dir(at) {
			return "", fmt.Errorf("@pulumi/pulumi is not installed for the policy pack in %s: run npm ci", folder)
		}
	}
}

// streamed sends what the process prints and, at last, its exit code.
func streamed(stream grpc.ServerStream, cmd *exec.Cmd, stdout, stderr io.Reader) error {
	type printed struct {
		bytes    []byte
		isStderr bool
	}
	output := make(chan printed)
	ended := make(chan struct{}, 2)
	read := func(from io.Reader, isStderr bool) {
		buffer := make([]byte, 32<<10)
		for {
			n, err := from.Read(buffer)
			if n > 0 {
				output <- printed{append([]byte(nil), buffer[:n]...), isStderr}
			}
			if err != nil {
				ended <- struct{}{}
				return
			}
		}
	}
	go read(stdout, false)
	go read(stderr, true)
	for open := 2; open > 0; {
		select {
		case <-ended:
			open--
		case piece := <-output:
			response := &pulumirpc.RunPluginResponse{Output: &pulumirpc.RunPluginResponse_Stdout{Stdout: piece.bytes}}
			if piece.isStderr {
				response = &pulumirpc.RunPluginResponse{Output: &pulumirpc.RunPluginResponse_Stderr{Stderr: piece.bytes}}
			}
			// Whoever listens no more ends the call, and with it the process: what it still prints is read and let go.
			_ = send(stream, response)
		}
	}
	var exit *exec.ExitError
	err := cmd.Wait()
	if err != nil && !errors.As(err, &exit) {
		return err
	}
	code := int32(cmd.ProcessState.ExitCode())
	return send(stream, &pulumirpc.RunPluginResponse{Output: &pulumirpc.RunPluginResponse_Exitcode{Exitcode: code}})
}

func send(stream grpc.ServerStream, response *pulumirpc.RunPluginResponse) error {
	bytes, err := proto.Marshal(response)
	if err != nil {
		return err
	}
	return stream.SendMsg(&bytes)
}
