/**
 * How a service is declared: each operation once, under the name that AWS's SDK has for it. Router, injected faults, access
 * checks and CloudTrail read the operation there.
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
  /** Of REST services: the requests that are for it, such as `GET /FeatureGroup/{FeatureGroupName+}` (see `restRouter`). */
  readonly on?: string;
  /** The form of the input, checked before `run`. */
  readonly shape?: Shape;
  /** CloudTrail's `readOnly`. If left out: true for names that begin with Get, List, Describe or Head. */
  readonly reads?: boolean;
  /** True for a data event of CloudTrail; else it is a management event. */
  readonly data?: boolean;
  /** True if AWS lets every authenticated caller use it, so that `run` checks no access. */
  readonly open?: boolean;
  /** CloudTrail's name of it, where AWS documents another than the SDK's. */
  readonly event?: string;
  /**
   * Serves a request. `input` is what the request says, once it has the shape; `run` states its type, as the shape guarantees it.
   * Checks access with `world.authorize`. Absent: the sandbox does not have the operation, and knows it by name only.
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

/** How a service's requests and answers are written. */
export interface Protocol<Output = unknown> {
  /** The part of `X-Amz-Target` before the operation, by which requests without a signature find the service. */
  readonly target?: string;
  /** True if the request is written so, for a service that speaks several protocols. */
  speaks(request: WireRequest): boolean;
  /** A function that tells which of the operations a request is for. */
  router(
    operations: Readonly<Record<string, Pick<Operation, "on">>>,
  ): (request: WireRequest) => Pick<ServiceRequest, "operation" | "labels">;
  /** The request as it is to be read: uncompressed, its checksums verified. */
  prepare(this: void, request: WireRequest): WireRequest;
  /** What the request says, by its members' names. */
  parse(request: ServiceRequest): Record<string, unknown>;
  respond(output: Output, request: ServiceRequest, requestId: string): WireResponse;
  error(error: AwsError, request: WireRequest, requestId: string): WireResponse;
  /** The headers of every answer. */
  headers(requestId: string): Record<string, string>;
  /** Code and status of the answer to an operation that is not there. */
  readonly unknown: { readonly code: string; readonly status: number };
}

export interface ServiceDefinition<Output, Port> {
  /** The service in the names of its actions (`kms:Decrypt`), in rules of injected faults, and in CloudTrail's events. */
  readonly name: string;
  /** The service in the scope of signatures; `name`, if left out. */
  readonly signedAs?: string;
  /** Which requests are for this one of several services that are signed alike. */
  accepts?(this: void, request: WireRequest): boolean;
  readonly protocol: Protocol<Output>;
  readonly operations: Readonly<Record<string, Operation<Output>>>;
  /** Code of the error for an input without the operation's shape; `ValidationException`, if left out. */
  readonly invalid?: string;
  /** The calls that other services make of it: `world.services.NAME`. */
  port?(this: void, world: World): Port;
  /** Called once the state was loaded: resumes what was under way (a feature group in Creating). */
  resume?(world: World): void;
  /** Called when the sandbox ends: ends what would take long, so that the next start finds it ended. */
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

/** The answer of most services to an operation that they do not have. */
export const UNKNOWN_OPERATION = { code: "UnknownOperationException", status: 400 } as const;

/** The header in which all services but S3 tell the request's ID. */
export const requestIdHeader = (requestId: string) => ({ "x-amzn-requestid": requestId });
