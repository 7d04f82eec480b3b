/**
 * Declares services: each operation once, under its name in AWS's SDK. Router, injected faults, access checks and CloudTrail read the
 * operation there.
 *
 * ```ts
 * export const kms = defineService({
 *   name: "kms",
 *   protocol: json("TrentService"),
 *   operations: {
 *     ListKeys: { shape: structure({ Limit: integer(1, 1000) }), run: listKeys },
 *     Encrypt: { reads: true, shape: ..., run: encrypt },
 *   },
 *   port: (world) => ({ policyOf: (arn) => keys(world).get(arn)?.policy }),
 * });
 * ```
 */
import type { AwsError, Call, ServiceRequest, WireRequest, WireResponse, World } from "../core";
import type { Shape } from "./shape";

/** One operation. `Output` is what the service's protocol writes. */
export interface Operation<Output = unknown> {
  /** For REST services: the requests that it serves, such as `GET /FeatureGroup/{FeatureGroupName+}` (see `restRouter`). */
  readonly on?: string;
  /** The form of the input, checked before `run`. */
  readonly shape?: Shape;
  /** CloudTrail's `readOnly`. Left out: true for names that begin with Get, List, Describe or Head. */
  readonly reads?: boolean;
  /** True for a data event of CloudTrail; otherwise it is a management event. */
  readonly data?: boolean;
  /** True if AWS lets every authenticated caller use it, so that `run` checks no access. */
  readonly open?: boolean;
  /** CloudTrail's name for it, if AWS documents another than the SDK's. */
  readonly event?: string;
  /**
   * Serves a request. `input` is the request's content after the check of its shape; `run` declares its type, which the shape guarantees.
   * Checks access with `world.authorize`. Absent: the sandbox lacks the operation and knows only its name.
   *
   * @throws AwsError that the client is to see.
   */
  run?(
    this: void,
    world: World,
    call: Call,
    input: object,
    request: ServiceRequest,
  ): Output | Promise<Output>;
}

/** The form of a service's requests and answers. */
export interface Protocol<Output = unknown> {
  /** The part of `X-Amz-Target` before the operation, by which requests without a signature find the service. */
  readonly target?: string;
  /** True if the request is in this protocol, for a service with several protocols. */
  speaks(request: WireRequest): boolean;
  /** A function that finds a request's operation. */
  router(
    operations: Readonly<Record<string, Pick<Operation, "on">>>,
  ): (request: WireRequest) => Pick<ServiceRequest, "operation" | "labels">;
  /** The request ready to be read: uncompressed, its checksums verified. */
  prepare(this: void, request: WireRequest): WireRequest;
  /** The request's members by name. */
  parse(request: ServiceRequest): Record<string, unknown>;
  respond(output: Output, request: ServiceRequest, requestId: string): WireResponse;
  error(error: AwsError, request: WireRequest, requestId: string): WireResponse;
  /** The headers of every answer. */
  headers(requestId: string): Record<string, string>;
  /** Code and status of the answer to an operation that the sandbox lacks. */
  readonly unknown: { readonly code: string; readonly status: number };
}

export interface ServiceDefinition<Output, Port> {
  /** The service in the names of its actions (`kms:Decrypt`), in rules of injected faults, and in CloudTrail's events. */
  readonly name: string;
  /** The service in the scope of signatures; left out: `name`. */
  readonly signedAs?: string;
  /** True for the requests of this service, if several services are signed alike. */
  accepts?(this: void, request: WireRequest): boolean;
  readonly protocol: Protocol<Output>;
  readonly operations: Readonly<Record<string, Operation<Output>>>;
  /** Error code for an input that does not match the operation's shape; left out: `ValidationException`. */
  readonly invalid?: string;
  /** The calls that other services make to it: `world.services.NAME`. */
  port?(this: void, world: World): Port;
  /** Called after the state was loaded: resumes work in progress (a feature group in Creating). */
  resume?(world: World): void;
  /** Called when the sandbox ends: ends long work, so that the next start finds it ended. */
  end?(world: World): void | Promise<void>;
}

/** A service as the pipeline sees it. */
export interface Service<Port = unknown> extends ServiceDefinition<unknown, Port> {
  readonly signedAs: string;
  /** The request with the operation that it is for. */
  match(this: void, request: WireRequest): ServiceRequest;
  /** The operation of that name, as it is declared. */
  operation(this: void, name: string): Operation | undefined;
}

/** Declares a service. */
export function defineService<Output, Port = undefined>(
  definition: ServiceDefinition<Output, Port>,
): Service<Port> {
  const route = definition.protocol.router(definition.operations);
  const { operations } = definition;
  return {
    signedAs: definition.name,
    ...definition,
    match: (request) => ({ ...request, ...route(request) }),
    operation: (name) => (Object.hasOwn(operations, name) ? operations[name] : undefined),
  };
}

/** Most services' answer to an operation that they do not have. */
export const UNKNOWN_OPERATION = { code: "UnknownOperationException", status: 400 } as const;

/** The header in which all services but S3 return the request's ID. */
export const requestIdHeader = (requestId: string) => ({ "x-amzn-requestid": requestId });
