/** The engine's messages: property values, and errors that carry a resource. */
import { Metadata, status, type sendUnaryData, type ServerUnaryCall } from "@grpc/grpc-js";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import type { Change } from "./diff";
import { NotReady } from "./operations";
import { isObject, UNKNOWN, type Properties } from "./values";

/** Marks an object as one of the engine's special values; the marker's value says which (sdk/go/common/resource/sig). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";

export function properties(given: Struct | undefined): Properties {
  return given ? (plain(given.toJavaScript()) as Properties) : {};
}

/** Unwraps the engine's special values. The engine tracks secrets itself, because this provider reports that it does not. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value)) return value;
  switch (value[SIGNATURE]) {
    case undefined:
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
    case SECRET:
      return plain(value["value"]);
    case OUTPUT:
      return "value" in value ? plain(value["value"]) : UNKNOWN;
    case RESOURCE:
      return value["id"] ?? UNKNOWN;
    default:
      throw new Error("no resource of the sandbox's provider has assets or archives as properties");
  }
}

/** A struct cannot hold undefined, which the engine reads as an absent member. */
export function struct(value: Properties): Struct {
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(value)) as Record<string, JavaScriptValue>);
}

export function unary<Request, Response>(handle: (request: Request) => Promise<Response> | Response) {
  return (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>): void => {
    Promise.resolve(call.request)
      .then(handle)
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(grpcError(error), null),
      );
  };
}

export function checkFailures(
  failures: readonly { readonly property: string; readonly reason: string }[],
): proto.CheckFailure[] {
  return failures.map(({ property, reason }) => {
    const failure = new proto.CheckFailure();
    failure.setProperty(property);
    failure.setReason(reason);
    return failure;
  });
}

export function propertyDiff({ kind, replace }: Change): proto.PropertyDiff {
  const { Kind } = proto.PropertyDiff;
  const kinds = {
    add: [Kind.ADD, Kind.ADD_REPLACE],
    delete: [Kind.DELETE, Kind.DELETE_REPLACE],
    update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
  } as const;
  const diff = new proto.PropertyDiff();
  diff.setKind(kinds[kind][replace ? 1 : 0]);
  return diff;
}

/** An error in the engine's form; it includes a resource that is not ready, so that the engine records it. */
export function grpcError(error: unknown): { code: status; details: string; metadata?: Metadata } {
  const details = error instanceof Error ? error.message : String(error);
  if (!(error instanceof NotReady)) return { code: status.UNKNOWN, details };
  const failed = new proto.ErrorResourceInitFailed();
  failed.setId(error.id);
  failed.setProperties(struct(error.outputs));
  failed.setInputs(struct(error.inputs));
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
