/** Programs under Pulumi's mock monitor: what they register, with the options that mocks are not told of. */
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { MockResourceArgs } from "@pulumi/pulumi/runtime";
import { getMonitor } from "@pulumi/pulumi/runtime/settings";

export type Registered = MockResourceArgs;

export interface Options {
  readonly name: string;
  readonly type: string;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly parent: string;
}

export const registered: Registered[] = [];
/** Options of every registration, in order. */
export const options: Options[] = [];

/** The part of the engine's request that is read here. */
interface Request {
  getName(): string;
  getType(): string;
  getProtect(): boolean;
  getRetainondelete(): boolean;
  getParent(): string;
}

/** Raw settings of `Pulumi.dev.yaml`, to be changed by a test. */
export function devSettings(): Record<string, never> & { [key: string]: any } {
  const { config } = parse(readFileSync(join(__dirname, "..", "..", "Pulumi.dev.yaml"), "utf8")) as {
    config: Record<string, unknown>;
  };
  const own = Object.entries(config).filter(([key]) => key.startsWith("feature-store-access:"));
  return Object.fromEntries(
    own.map(([key, value]) => [key.slice("feature-store-access:".length), value]),
  ) as never;
}

/** Call it once, before any program runs. IDs and ARNs are made from logical names. */
export async function useMocks(): Promise<void> {
  await pulumi.runtime.setMocks(
    {
      newResource(args) {
        registered.push(args);
        const arn = `arn:aws:mock:::${args.type}/${args.name}`;
        const state: Record<string, unknown> = { arn, ...args.inputs };
        if (args.type === "aws:iam/role:Role")
          Object.assign(state, {
            name: args.name,
            arn: `arn:aws:iam::111111111111:role/${args.name}`,
            uniqueId: `AROA${args.name}`,
          });
        if (args.type === "aws:kms/key:Key")
          Object.assign(state, { keyId: "k-1", arn: "arn:aws:kms:us-east-1:111111111111:key/k-1" });
        if (args.type === "aws:s3/bucket:Bucket")
          Object.assign(state, { arn: `arn:aws:s3:::${String(args.inputs.bucket)}` });
        if (/:(Workgroup|EventRule)$/.test(args.type)) Object.assign(state, { name: args.name });
        if (args.type === "aws:sagemaker/featureGroup:FeatureGroup")
          state["offlineStoreConfig"] = resolved(args.inputs);
        return { id: `${args.name}-id`, state };
      },
      call: () => ({}),
    },
    "feature-store-access",
    "test",
    false,
  );
  const monitor = getMonitor() as unknown as { registerResource(request: Request, done: unknown): unknown };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, done) => {
    const [name, type, parent] = [request.getName(), request.getType(), request.getParent()];
    options.push({
      name,
      type,
      parent,
      protect: request.getProtect(),
      retainOnDelete: request.getRetainondelete(),
    });
    return register(request, done);
  };
}

/** The offline store as AWS answers: with the resolved URI, and the table. */
function resolved(inputs: any): unknown {
  if (inputs.offlineStoreConfig === undefined) return undefined;
  const { s3StorageConfig } = inputs.offlineStoreConfig;
  const name = String(inputs.featureGroupName);
  return {
    s3StorageConfig: {
      ...s3StorageConfig,
      resolvedOutputS3Uri: `${s3StorageConfig.s3Uri}/111111111111/sagemaker/us-east-1/offline-store/${name}-1/data`,
    },
    dataCatalogConfig: {
      catalog: "AwsDataCatalog",
      database: "sagemaker_featurestore",
      tableName: `${name}_1`,
    },
  };
}

/** What `make` registers, providers and the stack left out; done when all its outputs are. */
export async function registering(make: () => unknown): Promise<Registered[]> {
  const from = registered.length;
  await settled(make());
  return registered.slice(from).filter(({ type }) => type.startsWith("aws:"));
}

/** The value with all outputs in it, once they are known. */
export function settled(value: unknown): Promise<any> {
  const lift: (all: unknown) => pulumi.Output<unknown> = pulumi.output;
  const whole = lift(value);
  return new Promise((resolve) => {
    // One turn more: registrations that no output waits for.
    whole.apply((known) => setTimeout(() => resolve(known), 20));
  });
}
