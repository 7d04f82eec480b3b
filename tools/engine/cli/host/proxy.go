package main

import (
	"errors"
	"fmt"
	"io"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
)

// raw leaves messages as they are: what is handed on is not understood.
type raw struct{}

func (raw) Name() string { return "proto" }

func (raw) Marshal(message any) ([]byte, error) {
	bytes, ok := message.(*[]byte)
	if !ok {
		return nil, fmt.Errorf("a message of type %T", message)
	}
	return *bytes, nil
}

func (raw) Unmarshal(data []byte, message any) error {
	bytes, ok := message.(*[]byte)
	if !ok {
		return fmt.Errorf("a message of type %T", message)
	}
	*bytes = append([]byte(nil), data...)
	return nil
}

// handOn answers a call with what the other host answers to it.
func handOn(conn *grpc.ClientConn, method string, from grpc.ServerStream) error {
	ctx := from.Context()
	if received, ok := metadata.FromIncomingContext(ctx); ok {
		ctx = metadata.NewOutgoingContext(ctx, received.Copy())
	}
	to, err := conn.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}, method)
	if err != nil {
		return err
	}
	go func() {
		for {
			var request []byte
			if from.RecvMsg(&request) != nil {
				// The end of the requests; or of the call, which ends with its context.
				_ = to.CloseSend()
				return
			}
			if to.SendMsg(&request) != nil {
				return
			}
		}
	}()
	for {
		var response []byte
		err := to.RecvMsg(&response)
		if errors.Is(err, io.EOF) {
			from.SetTrailer(to.Trailer())
			return nil
		}
		if err != nil {
			return err
		}
		if err := from.SendMsg(&response); err != nil {
			return err
		}
	}
}
