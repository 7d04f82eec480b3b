/** Athena: workgroups. */
import type { ResultConfiguration, WorkGroup, WorkGroupConfigurationUpdates } from "@aws-sdk/client-athena";
import type { Clients } from "../clients";
import { creating, isSince } from "../creating";
import type { ResourceType } from "../resourceType";
import { partitionOf } from "../regions";
import { orGone } from "../retry";
import { block, flag, isArn, matching, number, oneOf, output, text, type Rule } from "../schema";
import { allTags, fromTags, shownTags, tagChanges, toTags } from "../tags";
import { given, isObject, must, text as textOf, type Properties } from "../values";

/** Athena has one error code for all failures: only the message says that a workgroup does not exist. */
const GONE = { name: "InvalidRequestException", message: /is not found/ } as const;

const scanned: Rule = (value: number, property) =>
  value >= 10_485_760 ? undefined : `expected ${property} to be at least (10485760), got ${value}`;

export const workgroup: ResourceType = {
  token: "aws:athena/workgroup:Workgroup",
  title: "Athena WorkGroup",
  identity: ["name"],
  autoName: { property: "name", maximum: 128 },
  tagged: true,
  fields: {
    name: text({
      replace: true,
      rules: [
        matching(
          /^[a-zA-Z0-9._-]{1,128}$/,
          "must contain only alphanumeric characters, periods, underscores, and hyphens",
        ),
      ],
    }),
    description: text(),
    state: text({ default: "ENABLED", rules: [oneOf("ENABLED", "DISABLED")] }),
    forceDestroy: flag({ writeOnly: true }),
    // If left out, it keeps its value: the real provider ignores a block that was removed.
    configuration: block(
      {
        bytesScannedCutoffPerQuery: number({ rules: [scanned] }),
        enforceWorkgroupConfiguration: flag({ default: true }),
        publishCloudwatchMetricsEnabled: flag({ default: true }),
        requesterPaysEnabled: flag({ default: false }),
        executionRole: text({ rules: [isArn] }),
        engineVersion: block(
          {
            selectedEngineVersion: text({ default: "AUTO" }),
            effectiveEngineVersion: text({ computed: true }),
          },
          { computed: true },
        ),
        resultConfiguration: block({
          outputLocation: text(),
          expectedBucketOwner: text(),
          encryptionConfiguration: block({
            encryptionOption: text({ rules: [oneOf("SSE_S3", "SSE_KMS", "CSE_KMS")] }),
            kmsKeyArn: text({ rules: [isArn] }),
          }),
          aclConfiguration: block({
            s3AclOption: text({ required: true, rules: [oneOf("BUCKET_OWNER_FULL_CONTROL")] }),
          }),
        }),
      },
      { computed: true },
    ),
    arn: output(),
  },
  async create(clients, inputs) {
    const client = await clients.athena();
    const Name = must(inputs, "name");
    const send = () =>
      client.createWorkGroup({
        Name,
        Description: textOf(inputs, "description"),
        Configuration: { ...shared(inputs), ResultConfiguration: results(inputs) },
        Tags: toTags(allTags(clients, inputs)),
      });
    await creating<object>({
      send,
      taken: [{ name: "InvalidRequestException", message: /is already created/ }],
      async find(since) {
        const answer = await orGone(() => client.getWorkGroup({ WorkGroup: Name }), GONE);
        return isSince(answer?.WorkGroup?.CreationTime, since) ? answer : undefined;
      },
    });
    if (inputs["state"] === "DISABLED") await client.updateWorkGroup({ WorkGroup: Name, State: "DISABLED" });
    return Name;
  },
  update,
  async remove(clients, WorkGroup, state) {
    const client = await clients.athena();
    const RecursiveDeleteOption = state["forceDestroy"] === true;
    await orGone(() => client.deleteWorkGroup({ WorkGroup, RecursiveDeleteOption }), GONE);
  },
  async observe(clients, id) {
    const client = await clients.athena();
    const answer = await orGone(() => client.getWorkGroup({ WorkGroup: id }), GONE);
    if (!answer?.WorkGroup) return undefined;
    const arn = await arnOf(clients, id);
    return { ...shown(answer.WorkGroup), arn, ...shownTags(clients, await tagsOf(clients, arn)) };
  },
};

async function update(
  clients: Clients,
  WorkGroup: string,
  olds: Properties,
  news: Properties,
): Promise<void> {
  const client = await clients.athena();
  await client.updateWorkGroup({
    WorkGroup,
    Description: textOf(news, "description") ?? "",
    State: news["state"] === "DISABLED" ? "DISABLED" : "ENABLED",
    ConfigurationUpdates: isObject(news["configuration"]) ? updates(olds, news) : undefined,
  });
  const { set, removed } = tagChanges(clients, olds, news);
  if (removed.length === 0 && Object.keys(set).length === 0) return;
  const ResourceARN = await arnOf(clients, WorkGroup);
  if (removed.length > 0) await client.untagResource({ ResourceARN, TagKeys: removed });
  if (Object.keys(set).length > 0) await client.tagResource({ ResourceARN, Tags: toTags(set) });
}

/** Settings that are left out have to be removed explicitly. */
function updates(olds: Properties, news: Properties): WorkGroupConfigurationUpdates {
  const before: ResultConfiguration = results(olds) ?? {};
  const after: ResultConfiguration = results(news) ?? {};
  const settings = shared(news);
  return {
    ...settings,
    RemoveBytesScannedCutoffPerQuery: settings.BytesScannedCutoffPerQuery === undefined,
    ResultConfigurationUpdates: {
      ...after,
      RemoveOutputLocation: gone(before.OutputLocation, after.OutputLocation),
      RemoveEncryptionConfiguration: gone(before.EncryptionConfiguration, after.EncryptionConfiguration),
      RemoveExpectedBucketOwner: gone(before.ExpectedBucketOwner, after.ExpectedBucketOwner),
      RemoveAclConfiguration: gone(before.AclConfiguration, after.AclConfiguration),
    },
  };
}

const gone = (before: unknown, after: unknown) =>
  before !== undefined && after === undefined ? true : undefined;

function configurationOf(inputs: Properties): Properties {
  const given = inputs["configuration"];
  return isObject(given) ? given : {};
}

/** The members that creation and update share. */
function shared(inputs: Properties) {
  const configuration = configurationOf(inputs);
  const { bytesScannedCutoffPerQuery: cutoff, engineVersion: engine } = configuration;
  const selected = isObject(engine) ? textOf(engine, "selectedEngineVersion") : undefined;
  return {
    EnforceWorkGroupConfiguration: configuration["enforceWorkgroupConfiguration"] !== false,
    PublishCloudWatchMetricsEnabled: configuration["publishCloudwatchMetricsEnabled"] !== false,
    RequesterPaysEnabled: configuration["requesterPaysEnabled"] === true,
    BytesScannedCutoffPerQuery: typeof cutoff === "number" && cutoff > 0 ? cutoff : undefined,
    ExecutionRole: textOf(configuration, "executionRole"),
    EngineVersion: selected === undefined ? undefined : { SelectedEngineVersion: selected },
  };
}

function results(inputs: Properties): ResultConfiguration | undefined {
  const configuration = configurationOf(inputs)["resultConfiguration"];
  if (!isObject(configuration)) return undefined;
  const { encryptionConfiguration: encryption, aclConfiguration: acl } = configuration;
  return {
    OutputLocation: textOf(configuration, "outputLocation"),
    ExpectedBucketOwner: textOf(configuration, "expectedBucketOwner"),
    EncryptionConfiguration: isObject(encryption)
      ? {
          EncryptionOption: must(encryption, "encryptionOption") as "SSE_S3" | "SSE_KMS" | "CSE_KMS",
          KmsKey: textOf(encryption, "kmsKeyArn"),
        }
      : undefined,
    AclConfiguration: isObject(acl)
      ? { S3AclOption: must(acl, "s3AclOption") as "BUCKET_OWNER_FULL_CONTROL" }
      : undefined,
  };
}

/** A workgroup in the form of its inputs. */
function shown({ Name, Description, State, Configuration: found = {} }: WorkGroup): Properties {
  const result = found.ResultConfiguration;
  const { EncryptionConfiguration: encryption, AclConfiguration: acl } = result ?? {};
  const resultConfiguration = given({
    outputLocation: result?.OutputLocation,
    expectedBucketOwner: result?.ExpectedBucketOwner,
    encryptionConfiguration:
      encryption && given({ encryptionOption: encryption.EncryptionOption, kmsKeyArn: encryption.KmsKey }),
    aclConfiguration: acl && { s3AclOption: acl.S3AclOption },
  });
  return given({
    name: Name,
    description: Description,
    state: State,
    configuration: given({
      bytesScannedCutoffPerQuery: found.BytesScannedCutoffPerQuery,
      enforceWorkgroupConfiguration: found.EnforceWorkGroupConfiguration,
      publishCloudwatchMetricsEnabled: found.PublishCloudWatchMetricsEnabled,
      requesterPaysEnabled: found.RequesterPaysEnabled,
      executionRole: found.ExecutionRole,
      engineVersion: given({
        selectedEngineVersion: found.EngineVersion?.SelectedEngineVersion,
        effectiveEngineVersion: found.EngineVersion?.EffectiveEngineVersion,
      }),
      resultConfiguration: Object.keys(resultConfiguration).length > 0 ? resultConfiguration : undefined,
    }),
  });
}

async function arnOf(clients: Clients, name: string): Promise<string> {
  const [{ region }, { account }] = [clients, await clients.identity()];
  return `arn:${partitionOf(region).id}:athena:${region}:${account}:workgroup/${name}`;
}

async function tagsOf(clients: Clients, ResourceARN: string): Promise<Record<string, string>> {
  const client = await clients.athena();
  return fromTags((await client.listTagsForResource({ ResourceARN })).Tags);
}
