/**
 * A program's connection to its engine, where another engine had the port before. The engine is a gRPC server that
 * answers nothing: what it says shows that it was reached. What it does not prove: that ports come around.
 */
import { credentials, Client, Server, ServerCredentials, status, type ServiceError } from "@grpc/grpc-js";
import * as settings from "@pulumi/pulumi/runtime/settings";
import { expect } from "chai";
import { keepConnectionsApart } from "../../../automation/stacks/engineChannels";

const { grpcClientOptions } = settings as unknown as { grpcClientOptions: object };

const listen = (server: Server, port: number) =>
  new Promise<number>((resolve, reject) =>
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );

/** The code of the error that a call ends with. */
const called = (client: Client, waitForReady = false) =>
  new Promise<number | undefined>((resolve) => {
    const nothing = () => Buffer.alloc(0);
    const options = { deadline: Date.now() + 1500, waitForReady };
    const done = (error: ServiceError | null) => resolve(error?.code);
    client.makeUnaryRequest("/engine/Any", nothing, nothing, {}, options, done);
  });

describe("connections to engines", () => {
  const open: Client[] = [];
  const servers: Server[] = [];
  afterEach(() => {
    for (const client of open.splice(0)) client.close();
    for (const server of servers.splice(0)) server.forceShutdown();
  });

  const connect = (port: number, options: object): Client => {
    const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), options);
    open.push(client);
    return client;
  };
  /** A port whose engine is gone, while a program of its still calls it. */
  const portOfOneGone = async (options: object): Promise<number> => {
    const gone = new Server();
    const port = await listen(gone, 0);
    gone.forceShutdown();
    const calling = connect(port, options);
    expect(await called(calling)).to.equal(status.UNAVAILABLE);
    void called(calling, true);
    return port;
  };
  const engineAt = async (port: number): Promise<void> => {
    const server = new Server();
    servers.push(server);
    await listen(server, port);
  };

  it("are each program's own: another engine's failed one is not taken for it", async () => {
    keepConnectionsApart();
    const port = await portOfOneGone({ ...grpcClientOptions });
    await engineAt(port);
    expect(await called(connect(port, { ...grpcClientOptions }))).to.equal(status.UNIMPLEMENTED);
  });

  it("would be shared, and fail, if gRPC were left alone", async () => {
    const port = await portOfOneGone({});
    await engineAt(port);
    expect(await called(connect(port, {}))).to.equal(status.UNAVAILABLE);
  });
});
