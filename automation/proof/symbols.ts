/**
 * The state of a resource after its creation, with a symbol, `{stage.resource}`, for each name or ID that AWS
 * chooses: `arn:aws:kms:us-east-1:111111111111:key/{writer.writer-key}`. Symbols are the same for planned and deployed
 * resources, so that both can be compared.
 */
import { splitArn } from "@feature-store-access/iam";

export interface Symbolic {
  readonly stage: string;
  readonly type: string;
  readonly name: string;
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

type State = Record<string, unknown>;

/** `{stage.resource}`: no AWS name contains braces, and a colon would end a part of an ARN. */
export function symbolOf({ stage, name }: Pick<Symbolic, "stage" | "name">): string {
  return `{${stage.replace(/:/g, ".")}.${name}}`;
}

/** The resource's state as far as access depends on it. */
export function symbolicState(of: Symbolic): { readonly id: string; readonly outputs: State } {
  const known = STATES[of.type]?.(of) ?? { id: symbolOf(of), arn: arn(of, serviceOf(of.type), symbolOf(of)) };
  const { id, ...outputs } = known;
  return { id: String(id), outputs: { ...of.inputs, ...outputs } };
}

/** The answer to a lookup of an existing resource: its name is known, its unique ID is not. */
export function symbolicCall({
  token,
  inputs,
  account,
  partition,
  region,
  existingRoles,
}: {
  /** ARNs. */
  readonly existingRoles: readonly string[];
  readonly token: string;
  readonly inputs: Readonly<Record<string, unknown>>;
} & Pick<Symbolic, "account" | "partition" | "region">): State {
  const text = (key: string) => {
    const value = inputs[key];
    return typeof value === "string" ? value : "";
  };
  switch (token) {
    case "aws:iam/getRole:getRole":
      return {
        ...inputs,
        arn: existingRoles.find(
          (each) => each.includes(`::${account}:`) && each.endsWith(`/${text("name")}`),
        ),
        uniqueId: `{${account}.role.${text("name")}}`,
      };
    case "aws:s3/getBucket:getBucket":
      return { ...inputs, arn: `arn:${partition}:s3:::${text("bucket")}`, bucketRegion: region };
    case "aws:kms/getKey:getKey": {
      const keyId = text("keyId");
      const arnOfKey = splitArn(keyId) ? keyId : `arn:${partition}:kms:${region}:${account}:key/${keyId}`;
      return { ...inputs, arn: arnOfKey, id: arnOfKey.slice(arnOfKey.lastIndexOf("/") + 1) };
    }
    default:
      return { ...inputs };
  }
}

const STATES: Readonly<Record<string, (of: Symbolic) => State>> = {
  "aws:iam/role:Role": (of) => {
    const name = given(of, "name");
    return {
      id: name,
      name,
      arn: `arn:${of.partition}:iam::${of.account}:role${pathOf(of)}${name}`,
      uniqueId: symbolOf(of),
    };
  },
  "aws:iam/policy:Policy": (of) => {
    const arnOf = `arn:${of.partition}:iam::${of.account}:policy${pathOf(of)}${given(of, "name")}`;
    return { id: arnOf, arn: arnOf };
  },
  "aws:kms/key:Key": (of) => ({
    id: symbolOf(of),
    keyId: symbolOf(of),
    arn: arn(of, "kms", `key/${symbolOf(of)}`),
  }),
  "aws:kms/alias:Alias": (of) => ({
    id: given(of, "name"),
    arn: arn(of, "kms", given(of, "name")),
    targetKeyArn: of.inputs["targetKeyId"],
  }),
  "aws:s3/bucket:Bucket": (of) => {
    const bucket = given(of, "bucket");
    return { id: bucket, bucket, arn: `arn:${of.partition}:s3:::${bucket}`, region: of.region };
  },
  "aws:athena/workgroup:Workgroup": (of) => {
    const name = given(of, "name");
    return { id: name, name, arn: arn(of, "athena", `workgroup/${name}`) };
  },
  "aws:sagemaker/featureGroup:FeatureGroup": (of) => {
    const name = given(of, "featureGroupName");
    return {
      id: name,
      arn: arn(of, "sagemaker", `feature-group/${name}`),
      offlineStoreConfig: resolvedStore(of, name),
    };
  },
  "aws:sns/topic:Topic": (of) => {
    const arnOf = arn(of, "sns", given(of, "name"));
    return { id: arnOf, arn: arnOf, name: given(of, "name") };
  },
  // Its `arn` is the topic's ARN.
  "aws:sns/topicPolicy:TopicPolicy": (of) => ({ id: String(of.inputs["arn"]), arn: of.inputs["arn"] }),
  "aws:sqs/queue:Queue": (of) => ({
    id: symbolOf(of),
    arn: arn(of, "sqs", given(of, "name")),
    url: symbolOf(of),
  }),
  "aws:cloudwatch/eventRule:EventRule": (of) => ({
    id: given(of, "name"),
    name: given(of, "name"),
    arn: arn(of, "events", `rule/${given(of, "name")}`),
  }),
  "aws:cloudtrail/trail:Trail": (of) => {
    const arnOf = arn(of, "cloudtrail", `trail/${given(of, "name")}`);
    return { id: arnOf, arn: arnOf, name: given(of, "name") };
  },
};

/** The name that the program gives, or a symbol for a made-up one. */
function given(of: Symbolic, key: string): string {
  const value = of.inputs[key];
  return typeof value === "string" && value !== "" ? value : symbolOf(of);
}

function pathOf({ inputs }: Symbolic): string {
  const path = inputs["path"];
  return typeof path === "string" ? path : "/";
}

function arn({ partition, region, account }: Symbolic, service: string, resource: string): string {
  return `arn:${partition}:${service}:${region}:${account}:${resource}`;
}

/** `aws:sns/topic:Topic` -> `sns`. */
function serviceOf(type: string): string {
  return /^aws:([^/:]+)/.exec(type)?.[1] ?? "";
}

/** The offline store as AWS resolves it: its URI and table end in the group's creation time. */
function resolvedStore(of: Symbolic, name: string): State | undefined {
  const store = of.inputs["offlineStoreConfig"] as State | undefined;
  if (!store) return undefined;
  const storage = store["s3StorageConfig"] as State;
  const made = `${name}-{epoch}`;
  const table = `${name}_{epoch}`.replace(/-/g, "_").toLowerCase();
  const catalog = store["dataCatalogConfig"] as State | undefined;
  const hasTable = store["disableGlueTableCreation"] !== true || catalog !== undefined;
  return {
    ...store,
    s3StorageConfig: {
      ...storage,
      resolvedOutputS3Uri: `${String(storage["s3Uri"])}/${of.account}/sagemaker/${of.region}/offline-store/${made}/data`,
    },
    ...(hasTable
      ? {
          dataCatalogConfig: {
            catalog: "AwsDataCatalog",
            database: "sagemaker_featurestore",
            tableName: table,
            ...catalog,
          },
        }
      : {}),
  };
}
