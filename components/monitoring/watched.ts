/** What of an account is watched: what the stages give, and for each a stand-in that is as long. */
import * as pulumi from "@pulumi/pulumi";
import type {
  CentralStoreContract,
  ConsumerContract,
  CrossAccountRoleContract,
  FeatureGroupContract,
  FeatureGroupsContract,
  OfflineBucketContract,
  ProfilesContract,
  Wired,
  WriterContract,
} from "../contracts";
import { accountOf, givenKey, type KeySettings, type Settings } from "../settings";
import { keyArn, roleArn } from "../standIns";
import type { StageInputs } from "../stage";
import type { Watched } from "./patterns";

interface Thing {
  readonly kind: "key" | "bucket" | "role" | "featureGroup";
  /** Of a feature group. */
  readonly name?: string;
  readonly planned: string;
  readonly actual: pulumi.Output<string>;
}

export function watchedIn(
  settings: Settings,
  account: "A" | "B",
  inputs: StageInputs,
): { readonly watched: pulumi.Output<Watched>; readonly planned: Watched } {
  const things = [
    ...(account === "A" ? writerSide(settings, inputs) : bucketSide(settings, inputs)),
    ...consumers(settings, account, inputs),
    ...profiles(settings, account, inputs),
  ];
  const watched = pulumi
    .all(things.map(({ actual }) => actual))
    .apply((arns) => byKind(things.map((thing, index) => ({ ...thing, arn: arns[index] ?? "" }))));
  return { watched, planned: byKind(things.map((thing) => ({ ...thing, arn: thing.planned }))) };
}

function byKind(things: readonly (Pick<Thing, "kind" | "name"> & { readonly arn: string })[]): Watched {
  const arns = (kind: Thing["kind"]) => things.filter((each) => each.kind === kind).map(({ arn }) => arn);
  return {
    keyArns: arns("key"),
    bucketArns: arns("bucket"),
    roleArns: arns("role"),
    featureGroups: things.flatMap(({ kind, name = "", arn }) =>
      kind === "featureGroup" ? [{ name, arn }] : [],
    ),
  };
}

function writerSide(settings: Settings, inputs: StageInputs): Thing[] {
  const { offlineStore } = settings;
  if (!offlineStore) return [];
  const writer = inputs["writer"] as Wired<WriterContract>;
  const { featureGroups } = inputs["featureGroups"] as Wired<FeatureGroupsContract>;
  const { keyArn: offline, onlineKeyArn } = writer;
  return [
    ...keys(settings, "A", offlineStore.keys, { online: onlineKeyArn, offline }),
    role(settings, "A", "writer-role", writer.roleArn),
    ...groups(settings, "A", offlineStore.featureGroups, featureGroups),
  ];
}

function bucketSide(settings: Settings, inputs: StageInputs): Thing[] {
  const { offlineStore, centralStore } = settings;
  const offlineBucket = inputs["offlineBucket"] as Wired<OfflineBucketContract>;
  const central = inputs["centralStore"] as Wired<CentralStoreContract>;
  return [
    ...(offlineStore ? [bucket(settings, "B", offlineStore.bucketName, offlineBucket.bucketArn)] : []),
    ...(centralStore
      ? [
          ...keys(settings, "B", centralStore.keys, {
            online: central.onlineKeyArn,
            offline: central.offlineKeyArn,
          }),
          bucket(settings, "B", centralStore.bucketName, central.bucketArn),
          role(settings, "B", "central-store-role", central.roleArn),
          ...groups(settings, "B", centralStore.featureGroups, central.featureGroups),
        ]
      : []),
  ];
}

/** The roles that consumers assume in account B; their own side where they are of account A. */
function consumers(settings: Settings, account: "A" | "B", inputs: StageInputs): Thing[] {
  return settings.consumers.flatMap((consumer): Thing[] => {
    if (account === "B") {
      const side = inputs[`crossAccountRole:${consumer.name}`] as Wired<CrossAccountRoleContract>;
      return [role(settings, "B", `cross-account-${consumer.name}-role`, side.roleArn)];
    }
    if (consumer.account !== "A") return [];
    const side = inputs[`consumer:${consumer.name}`] as Wired<ConsumerContract>;
    const made = role(settings, "A", `consumer-${consumer.name}-execution-role`, side.executionRoleArn);
    const { executionRoleArn: planned = made.planned, resultsBucket } = consumer;
    return [{ ...made, planned }, bucket(settings, "A", resultsBucket.name, side.resultsBucketArn)];
  });
}

function profiles(settings: Settings, account: "A" | "B", inputs: StageInputs): Thing[] {
  const own = settings.profiles.filter((profile) => profile.account === account);
  if (own.length === 0) return [];
  const made = (inputs[`profiles:${account}`] as Wired<ProfilesContract>).profiles;
  return own.map(({ name }) =>
    role(
      settings,
      account,
      `profile-${name}-role`,
      made.apply((all) => all[name]?.roleArn ?? ""),
    ),
  );
}

/** A key that both halves have is one; AWS's own is nobody's to change. */
function keys(
  settings: Settings,
  account: "A" | "B",
  { online, offline }: KeySettings,
  given: {
    readonly online?: pulumi.Output<string | undefined> | undefined;
    readonly offline?: pulumi.Output<string | undefined> | undefined;
  },
): Thing[] {
  const { partition, region, id } = accountOf(settings, account);
  const made = keyArn(partition, region, id);
  const key = (choice: string, arn: pulumi.Output<string | undefined> | undefined): Thing[] =>
    choice === "aws" || !arn
      ? []
      : [{ kind: "key", planned: givenKey(choice) ?? made, actual: arn as pulumi.Output<string> }];
  const isSame = online === "shared" || (online === offline && givenKey(online) !== undefined);
  return [...(isSame ? [] : key(online, given.online)), ...key(offline, given.offline)];
}

function role(
  settings: Settings,
  account: "A" | "B",
  logicalName: string,
  actual: pulumi.Output<string>,
): Thing {
  const { partition, id } = accountOf(settings, account);
  return { kind: "role", planned: roleArn(partition, id, logicalName), actual };
}

function bucket(settings: Settings, account: "A" | "B", name: string, actual: pulumi.Output<string>): Thing {
  return { kind: "bucket", planned: `arn:${accountOf(settings, account).partition}:s3:::${name}`, actual };
}

function groups(
  settings: Settings,
  account: "A" | "B",
  known: readonly { readonly name: string }[],
  made: pulumi.Output<Readonly<Record<string, FeatureGroupContract>>>,
): Thing[] {
  const { partition, region, id } = accountOf(settings, account);
  return known.map(({ name }) => ({
    kind: "featureGroup",
    name,
    planned: `arn:${partition}:sagemaker:${region}:${id}:feature-group/${name}`,
    actual: made.apply((all) => {
      const group = Object.hasOwn(all, name) ? all[name] : undefined;
      if (group) return group.arn;
      throw new pulumi.RunError(
        `there is no feature group ${name} yet, which is to be watched: update its stage first`,
      );
    }),
  }));
}
