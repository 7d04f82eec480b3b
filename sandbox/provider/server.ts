/**
 * The provider's side of the engine's protocol (pulumirpc.ResourceProvider). `@pulumi/pulumi/provider` has a server too,
 * but one without configuration, previews of creations, and detailed diffs, all of which @pulumi/aws has.
 */
import {
  Metadata,
  Server,
  ServerCredentials,
  status,
  type sendUnaryData,
  type ServerUnaryCall,
} from "@grpc/grpc-js";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { checkInputs } from "./check";
import { makeClients, type Clients } from "./clients";
import { checkAccount, readConfig } from "./config";
import { changesOf, deletesFirst, type Change } from "./diff";
import { invoke } from "./functions";
import { create, NotReady, previewCreate, read, remove, update } from "./operations";
import type { Properties } from "./resourceType";
import { fromUrn, resourceType } from "./resources";

type Handler<Request, Response> = (request: Request) => Promise<Response> | Response;

/** Serves until the engine ends this process; prints the port, which the engine waits for. */
export async function serve(version: string): Promise<void> {
  const server = new Server({
    "grpc.max_receive_message_length": 400 * 1024 * 1024,
    "grpc.max_send_message_length": 400 * 1024 * 1024,
  });
  server.addService(ResourceProviderService, new Provider(version).handlers());
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  console.log(String(port));
}

class Provider {
  private clients?: Clients;

  constructor(private readonly version: string) {}

  handlers() {
    return {
      getPluginInfo: unary(() => this.info()),
      attach: unary(() => new Empty()),
      cancel: unary(() => new Empty()),
      checkConfig: unary((request: proto.CheckRequest) => this.checkConfig(request)),
      diffConfig: unary(() => this.diffConfig()),
      configure: unary((request: proto.ConfigureRequest) => this.configure(request)),
      check: unary((request: proto.CheckRequest) => this.check(request)),
      diff: unary((request: proto.DiffRequest) => this.diff(request)),
      create: unary((request: proto.CreateRequest) => this.create(request)),
      read: unary((request: proto.ReadRequest) => this.read(request)),
      update: unary((request: proto.UpdateRequest) => this.update(request)),
      delete: unary((request: proto.DeleteRequest) => this.delete(request)),
      invoke: unary((request: proto.InvokeRequest) => this.invoke(request)),
    } as never;
  }

  private info(): PluginInfo {
    const info = new PluginInfo();
    info.setVersion(this.version);
    return info;
  }

  private checkConfig(request: proto.CheckRequest): proto.CheckResponse {
    const response = new proto.CheckResponse();
    response.setInputs(request.getNews());
    return response;
  }

  /** A change of the provider's settings changes no resource by itself: names and IDs stay what they are. */
  private diffConfig(): proto.DiffResponse {
    const response = new proto.DiffResponse();
    response.setChanges(proto.DiffResponse.DiffChanges.DIFF_NONE);
    return response;
  }

  private async configure(request: proto.ConfigureRequest): Promise<proto.ConfigureResponse> {
    const config = readConfig(properties(request.getArgs()));
    const clients = makeClients(config);
    if (config.allowedAccountIds.length > 0 || config.forbiddenAccountIds.length > 0)
      checkAccount(await clients.account(), config);
    this.clients = clients;
    const response = new proto.ConfigureResponse();
    response.setSupportspreview(true);
    response.setAcceptsecrets(false);
    response.setAcceptresources(false);
    response.setAcceptoutputs(false);
    return response;
  }

  private check(request: proto.CheckRequest): proto.CheckResponse {
    const { token, name } = fromUrn(request.getUrn());
    const { inputs, failures } = checkInputs(resourceType(token), {
      name,
      olds: properties(request.getOlds()),
      news: properties(request.getNews()),
      seed: request.getRandomseed_asU8(),
    });
    const response = new proto.CheckResponse();
    response.setInputs(struct(inputs));
    response.setFailuresList(
      failures.map(({ property, reason }) => {
        const failure = new proto.CheckFailure();
        failure.setProperty(property);
        failure.setReason(reason);
        return failure;
      }),
    );
    return response;
  }

  private diff(request: proto.DiffRequest): proto.DiffResponse {
    const type = resourceType(fromUrn(request.getUrn()).token);
    const olds = properties(request.getOldInputs() ?? request.getOlds());
    const news = properties(request.getNews());
    const ignored = new Set(request.getIgnorechangesList());
    const changes = changesOf(type, olds, news).filter(({ property }) => !ignored.has(property));
    const replaces = changes.filter(({ replace }) => replace).map(({ property }) => property);
    const response = new proto.DiffResponse();
    response.setChanges(
      changes.length > 0
        ? proto.DiffResponse.DiffChanges.DIFF_SOME
        : proto.DiffResponse.DiffChanges.DIFF_NONE,
    );
    response.setReplacesList(replaces);
    response.setDiffsList(changes.map(({ property }) => property));
    response.setDeletebeforereplace(replaces.length > 0 && deletesFirst(type, olds, news));
    response.setHasdetaileddiff(true);
    for (const change of changes) response.getDetaileddiffMap().set(change.property, propertyDiff(change));
    return response;
  }

  private async create(request: proto.CreateRequest): Promise<proto.CreateResponse> {
    const type = resourceType(fromUrn(request.getUrn()).token);
    const inputs = properties(request.getProperties());
    const response = new proto.CreateResponse();
    if (request.getPreview()) {
      response.setProperties(struct(previewCreate(type, this.clients, inputs)));
      return response;
    }
    const { id, outputs } = await create(type, this.configured(), inputs);
    response.setId(id);
    response.setProperties(struct(outputs));
    return response;
  }

  private async read(request: proto.ReadRequest): Promise<proto.ReadResponse> {
    const type = resourceType(fromUrn(request.getUrn()).token);
    const inputs = request.getInputs();
    const found = await read(
      type,
      this.configured(),
      request.getId(),
      properties(request.getProperties()),
      inputs && properties(inputs),
    );
    const response = new proto.ReadResponse();
    // No ID says that the resource is gone.
    if (!found) return response;
    response.setId(request.getId());
    response.setProperties(struct(found.outputs));
    response.setInputs(struct(found.inputs));
    return response;
  }

  private async update(request: proto.UpdateRequest): Promise<proto.UpdateResponse> {
    const type = resourceType(fromUrn(request.getUrn()).token);
    const state = properties(request.getOlds());
    const news = properties(request.getNews());
    const response = new proto.UpdateResponse();
    if (request.getPreview()) {
      const known = {
        ...state,
        ...news,
        ...(type.tagged && this.clients
          ? { tagsAll: previewCreate(type, this.clients, news)["tagsAll"] }
          : {}),
      };
      response.setProperties(struct(known));
      return response;
    }
    const olds = properties(request.getOldInputs() ?? request.getOlds());
    response.setProperties(struct(await update(type, this.configured(), request.getId(), olds, news)));
    return response;
  }

  private async delete(request: proto.DeleteRequest): Promise<Empty> {
    const type = resourceType(fromUrn(request.getUrn()).token);
    const state = { ...properties(request.getProperties()), ...properties(request.getOldInputs()) };
    await remove(type, this.configured(), request.getId(), state);
    return new Empty();
  }

  private async invoke(request: proto.InvokeRequest): Promise<proto.InvokeResponse> {
    const response = new proto.InvokeResponse();
    response.setReturn(struct(await invoke(request.getTok(), this.configured())));
    return response;
  }

  private configured(): Clients {
    if (!this.clients) throw new Error("the provider is not configured");
    return this.clients;
  }
}

function propertyDiff({ kind, replace }: Change): proto.PropertyDiff {
  const { Kind } = proto.PropertyDiff;
  const kinds = {
    add: [Kind.ADD, Kind.ADD_REPLACE],
    delete: [Kind.DELETE, Kind.DELETE_REPLACE],
    update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
  } as const;
  const diff = new proto.PropertyDiff();
  diff.setKind(kinds[kind][replace ? 1 : 0]);
  diff.setInputdiff(true);
  return diff;
}

function unary<Request, Response>(handle: Handler<Request, Response>) {
  return (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>): void => {
    Promise.resolve()
      .then(() => handle(call.request))
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(grpcError(error), null),
      );
  };
}

/** An error in the engine's form; a resource that is not ready goes with it, so that the engine keeps it. */
function grpcError(error: unknown): { code: status; details: string; metadata?: Metadata } {
  const details = error instanceof Error ? error.message : String(error);
  if (!(error instanceof NotReady)) return { code: status.UNKNOWN, details };
  const failed = new proto.ErrorResourceInitFailed();
  failed.setId(error.id);
  failed.setProperties(struct(error.outputs));
  failed.setInputs(struct(error.outputs));
  failed.setReasonsList([details]);
  const packed = new Any();
  packed.pack(failed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const whole = new Status();
  whole.setCode(status.UNKNOWN);
  whole.setMessage(details);
  whole.addDetails(packed);
  const metadata = new Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(whole.serializeBinary()));
  return { code: status.UNKNOWN, details, metadata };
}

function properties(given: Struct | undefined): Properties {
  return given ? (given.toJavaScript() as Properties) : {};
}

/** A struct has no undefined, and the engine takes absence for it. */
function struct(value: Properties): Struct {
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(value)) as Record<string, JavaScriptValue>);
}
