/**
 * The provider's side of the engine's protocol (pulumirpc.ResourceProvider). The server of `@pulumi/pulumi/provider` lacks configuration,
 * previews of creations, and detailed diffs, which @pulumi/aws has.
 */
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { checkInputs } from "./check";
import { makeClients, type Clients } from "./clients";
import { checkAccount, configFailures, readConfig } from "./config";
import { changedProperties, changesOf, deletesFirst } from "./diff";
import { same } from "./equal";
import { invoke } from "./functions";
import type { Naming } from "./names";
import { create, read, remove, update } from "./operations";
import type { ResourceType } from "./resourceType";
import { fromUrn, resourceType } from "./resources";
import { stopped } from "./retry";
import { previewed } from "./state";
import { text, type Properties } from "./values";
import { checkFailures, properties, propertyDiff, struct, unary } from "./wire";

const { DIFF_NONE, DIFF_SOME } = proto.DiffResponse.DiffChanges;
const MESSAGE_BYTES = 400 * 1024 * 1024;

/** Serves until the engine ends this process. Prints the port, which the engine reads. */
export async function serve(version: string): Promise<void> {
  const server = new Server({
    "grpc.max_receive_message_length": MESSAGE_BYTES,
    "grpc.max_send_message_length": MESSAGE_BYTES,
  });
  server.addService(ResourceProviderService, new Provider(version).handlers());
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  console.log(String(port));
}

export class Provider {
  private clients?: Clients;

  constructor(private readonly version: string) {}

  /** The server answers all other methods (components, parameters, schema) as not implemented, which the protocol allows. */
  handlers() {
    return {
      getPluginInfo: unary(() => this.info()),
      attach: unary(() => new Empty()),
      cancel: unary(() => this.cancel()),
      checkConfig: unary((request: proto.CheckRequest) => this.checkConfig(request)),
      diffConfig: unary((request: proto.DiffRequest) => this.diffConfig(request)),
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

  private cancel(): Empty {
    stopped.abort();
    return new Empty();
  }

  private checkConfig(request: proto.CheckRequest): proto.CheckResponse {
    const response = new proto.CheckResponse();
    response.setInputs(request.getNews());
    response.setFailuresList(checkFailures(configFailures(properties(request.getNews()))));
    return response;
  }

  /** Replaces nothing: the resources' own diffs show the effects of another region or other tags. */
  private diffConfig(request: proto.DiffRequest): proto.DiffResponse {
    const [olds, news] = [
      properties(request.getOldInputs() ?? request.getOlds()),
      properties(request.getNews()),
    ];
    const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter(
      (name) => !same(olds[name], news[name]),
    );
    const response = new proto.DiffResponse();
    response.setChanges(names.length > 0 ? DIFF_SOME : DIFF_NONE);
    response.setDiffsList(names);
    return response;
  }

  private async configure(request: proto.ConfigureRequest): Promise<proto.ConfigureResponse> {
    const config = readConfig(properties(request.getArgs()));
    const clients = makeClients(config);
    const guarded = config.allowedAccountIds.length > 0 || config.forbiddenAccountIds.length > 0;
    if (guarded || !config.skipCredentialsValidation)
      checkAccount((await clients.identity()).account, config);
    this.clients = clients;
    const response = new proto.ConfigureResponse();
    response.setSupportspreview(true);
    response.setSupportsAutonamingConfiguration(true);
    return response;
  }

  private check(request: proto.CheckRequest): proto.CheckResponse {
    const { token, name } = fromUrn(request.getUrn());
    const { inputs, failures } = checkInputs(resourceType(token), {
      logicalName: name,
      olds: properties(request.getOlds()),
      news: properties(request.getNews()),
      seed: request.getRandomseed_asU8(),
      naming: namingOf(request),
    });
    const response = new proto.CheckResponse();
    response.setInputs(struct(inputs));
    response.setFailuresList(checkFailures(failures));
    return response;
  }

  private diff(request: proto.DiffRequest): proto.DiffResponse {
    const type = typeOf(request);
    const state = properties(request.getOlds());
    const olds = properties(request.getOldInputs() ?? request.getOlds());
    const news = properties(request.getNews());
    const ignored = request.getIgnorechangesList();
    const changes = changesOf(type, { state, olds, news, provider: this.clients }).filter(
      ({ path }) =>
        !ignored.some((name) => path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[`)),
    );
    const replaces = changedProperties(changes, true);
    const response = new proto.DiffResponse();
    response.setChanges(changes.length > 0 ? DIFF_SOME : DIFF_NONE);
    response.setReplacesList(replaces);
    response.setDiffsList(changedProperties(changes));
    response.setDeletebeforereplace(replaces.length > 0 && deletesFirst(type, olds, news));
    response.setHasdetaileddiff(true);
    for (const change of changes) {
      const detail = propertyDiff(change);
      // Default tags and the region are the provider's: their changes appear in the outputs only.
      detail.setInputdiff(!change.path.startsWith("tagsAll") && change.path !== "region");
      response.getDetaileddiffMap().set(change.path, detail);
    }
    return response;
  }

  private async create(request: proto.CreateRequest): Promise<proto.CreateResponse> {
    const type = typeOf(request);
    const inputs = properties(request.getProperties());
    const response = new proto.CreateResponse();
    if (request.getPreview()) {
      response.setProperties(struct(previewed(type, this.clients, inputs)));
      return response;
    }
    const { id, outputs } = await create(type, this.clientsFor(inputs, request), inputs);
    response.setId(id);
    response.setProperties(struct(outputs));
    return response;
  }

  private async read(request: proto.ReadRequest): Promise<proto.ReadResponse> {
    const state = properties(request.getProperties());
    const inputs = request.getInputs();
    const type = typeOf(request);
    const { id, region } = placeOf(type, request.getId());
    const clients = this.clientsFor(region === undefined ? state : { ...state, region }, request);
    const found = await read(type, clients, id, state, inputs && properties(inputs));
    const response = new proto.ReadResponse();
    // No ID means that the resource does not exist.
    if (!found) return response;
    response.setId(id);
    response.setProperties(struct(found.outputs));
    response.setInputs(struct(found.inputs));
    return response;
  }

  private async update(request: proto.UpdateRequest): Promise<proto.UpdateResponse> {
    const type = typeOf(request);
    const state = properties(request.getOlds());
    const news = properties(request.getNews());
    const response = new proto.UpdateResponse();
    if (request.getPreview()) {
      response.setProperties(struct(previewed(type, this.clients, news, state)));
      return response;
    }
    const olds = { state, inputs: properties(request.getOldInputs() ?? request.getOlds()) };
    const clients = this.clientsFor(state, request);
    response.setProperties(struct(await update(type, clients, request.getId(), olds, news)));
    return response;
  }

  private async delete(request: proto.DeleteRequest): Promise<Empty> {
    const state = { ...properties(request.getProperties()), ...properties(request.getOldInputs()) };
    await remove(typeOf(request), this.clientsFor(state, request), request.getId(), state);
    return new Empty();
  }

  private async invoke(request: proto.InvokeRequest): Promise<proto.InvokeResponse> {
    const response = new proto.InvokeResponse();
    const args = properties(request.getArgs());
    response.setReturn(struct(await invoke(request.getTok(), args, this.clientsFor(args))));
    return response;
  }

  private clientsFor(properties_: Properties, request?: { getTimeout(): number }): Clients {
    if (!this.clients) throw new Error("the provider is not configured");
    const clients = this.clients.inRegion(text(properties_, "region") ?? this.clients.region);
    const seconds = request?.getTimeout() ?? 0;
    return seconds > 0 ? { ...clients, patience: seconds * 1000 } : clients;
  }
}

function typeOf(request: { getUrn(): string }): ResourceType {
  return resourceType(fromUrn(request.getUrn()).token);
}

/** `ID@REGION` imports a resource from another region than the provider's. No resource here has an ID that ends like that. */
function placeOf(type: ResourceType, given: string): { id: string; region?: string } {
  const [, id, region] = /^(.+)@([a-z]{2}(?:-[a-z]+)+-\d+)$/.exec(given) ?? [];
  return type.global || id === undefined ? { id: given } : { id, region };
}

function namingOf(request: proto.CheckRequest): Naming | undefined {
  const options = request.getAutonaming();
  if (!options) return undefined;
  const { ENFORCE, DISABLE } = proto.CheckRequest.AutonamingOptions.Mode;
  const modes: Readonly<Record<number, Naming["mode"]>> = { [ENFORCE]: "enforce", [DISABLE]: "disable" };
  return { mode: modes[options.getMode()] ?? "propose", proposed: options.getProposedName() };
}
