/** CloudTrail: trails. The ID is the trail's ARN, as in the real provider. */
import type { AdvancedEventSelector, EventSelector } from "@aws-sdk/client-cloudtrail";
import type { Clients } from "../clients";
import { creating } from "../creating";
import { orGone, retrying } from "../retry";
import type { ResourceType } from "../resourceType";
import { block, flag, isArn, length, list, matching, oneOf, output, text } from "../schema";
import { allTags, fromTags, shownTags, tagChanges, toTags } from "../tags";
import { given, must, text as textOf, type Properties } from "../values";

const GONE = ["TrailNotFoundException", "TrailNotFound"] as const;
/** CloudTrail's errors for a new policy of a bucket or key that is not visible yet. */
const NEW_POLICY = [
  { name: "InsufficientS3BucketPolicyException" },
  { name: "InsufficientEncryptionPolicyException" },
];

const texts = () => list(text(), { unordered: true });
/** Property and member of a field selector. */
const OPERATORS = {
  equals: "Equals",
  startsWiths: "StartsWith",
  endsWiths: "EndsWith",
  notEquals: "NotEquals",
  notStartsWiths: "NotStartsWith",
  notEndsWiths: "NotEndsWith",
} as const;

export const trail: ResourceType = {
  token: "aws:cloudtrail/trail:Trail",
  title: "CloudTrail Trail",
  identity: ["name"],
  autoName: { property: "name", maximum: 128 },
  tagged: true,
  fields: {
    name: text({
      replace: true,
      rules: [length(3, 128), matching(/^[A-Za-z0-9._-]+$/, "must be letters, digits, ., _ and -")],
    }),
    s3BucketName: text({ required: true }),
    s3KeyPrefix: text(),
    kmsKeyId: text({ rules: [isArn] }),
    snsTopicName: text(),
    enableLogging: flag({ default: true }),
    enableLogFileValidation: flag({ default: false }),
    includeGlobalServiceEvents: flag({ default: true }),
    isMultiRegionTrail: flag({ default: false }),
    isOrganizationTrail: flag({ default: false }),
    eventSelectors: list(
      block({
        readWriteType: text({ default: "All", rules: [oneOf("All", "ReadOnly", "WriteOnly")] }),
        includeManagementEvents: flag({ default: true }),
        excludeManagementEventSources: texts(),
        dataResources: list(
          block({ type: text({ required: true }), values: list(text(), { required: true }) }),
        ),
      }),
    ),
    advancedEventSelectors: list(
      block({
        name: text(),
        fieldSelectors: list(
          block({
            field: text({ required: true }),
            equals: texts(),
            startsWiths: texts(),
            endsWiths: texts(),
            notEquals: texts(),
            notStartsWiths: texts(),
            notEndsWiths: texts(),
          }),
          { required: true, unordered: true },
        ),
      }),
    ),
    arn: output(),
    homeRegion: output(),
    snsTopicArn: output(),
  },
  async create(clients, inputs) {
    const client = await clients.cloudtrail();
    const Name = must(inputs, "name");
    const TagsList = toTags(allTags(clients, inputs));
    const send = () => client.createTrail({ Name, ...settings(inputs), TagsList });
    const { TrailARN = "" } = await creating<{ TrailARN?: string | undefined }>({
      send: () => retrying(send, NEW_POLICY, clients.patience ?? 20_000),
      taken: [{ name: "TrailAlreadyExistsException" }],
      find: async () => (await orGone(() => client.getTrail({ Name }), ...GONE))?.Trail,
    });
    await select(clients, TrailARN, inputs);
    await setLogging(clients, TrailARN, inputs["enableLogging"] !== false);
    return TrailARN;
  },
  async update(clients, id, olds, news) {
    const client = await clients.cloudtrail();
    const send = () => client.updateTrail({ Name: id, ...settings(news) });
    await retrying(send, NEW_POLICY, clients.patience ?? 20_000);
    if (JSON.stringify(selectors(olds)) !== JSON.stringify(selectors(news)))
      await select(clients, id, news, true);
    await setLogging(clients, id, news["enableLogging"] !== false);
    const { set, removed } = tagChanges(clients, olds, news);
    if (removed.length > 0)
      await client.removeTags({ ResourceId: id, TagsList: removed.map((Key) => ({ Key })) });
    if (Object.keys(set).length > 0) await client.addTags({ ResourceId: id, TagsList: toTags(set) });
  },
  async remove(clients, id) {
    const client = await clients.cloudtrail();
    await orGone(() => client.deleteTrail({ Name: id }), ...GONE);
  },
  observe,
};

function settings(inputs: Properties) {
  return {
    S3BucketName: must(inputs, "s3BucketName"),
    S3KeyPrefix: textOf(inputs, "s3KeyPrefix") ?? "",
    SnsTopicName: textOf(inputs, "snsTopicName") ?? "",
    KmsKeyId: textOf(inputs, "kmsKeyId") ?? "",
    IncludeGlobalServiceEvents: inputs["includeGlobalServiceEvents"] !== false,
    IsMultiRegionTrail: inputs["isMultiRegionTrail"] === true,
    EnableLogFileValidation: inputs["enableLogFileValidation"] === true,
    IsOrganizationTrail: inputs["isOrganizationTrail"] === true,
  };
}

const items = (value: unknown) => (Array.isArray(value) ? (value as Properties[]) : []);

function selectors(inputs: Properties): {
  readonly basic: EventSelector[];
  readonly advanced: AdvancedEventSelector[];
} {
  const basic = items(inputs["eventSelectors"]).map((each) => ({
    ReadWriteType: (textOf(each, "readWriteType") ?? "All") as "All",
    IncludeManagementEvents: each["includeManagementEvents"] !== false,
    ExcludeManagementEventSources: (each["excludeManagementEventSources"] ?? []) as string[],
    DataResources: items(each["dataResources"]).map((data) => ({
      Type: must(data, "type"),
      Values: data["values"] as string[],
    })),
  }));
  const advanced = items(inputs["advancedEventSelectors"]).map((each) => ({
    Name: textOf(each, "name"),
    FieldSelectors: items(each["fieldSelectors"]).map((field) => ({
      Field: must(field, "field"),
      ...(Object.fromEntries(
        Object.entries(OPERATORS)
          .filter(([name]) => items(field[name]).length > 0)
          .map(([name, member]) => [member, field[name]]),
      ) as Record<string, string[]>),
    })),
  }));
  return { basic, advanced };
}

/** @param reset resets the trail to its original selectors if the inputs have none */
async function select(clients: Clients, TrailName: string, inputs: Properties, reset = false): Promise<void> {
  const client = await clients.cloudtrail();
  const { basic, advanced } = selectors(inputs);
  if (advanced.length > 0) await client.putEventSelectors({ TrailName, AdvancedEventSelectors: advanced });
  else if (basic.length > 0 || reset) {
    const first = { ReadWriteType: "All", IncludeManagementEvents: true, DataResources: [] } as const;
    const EventSelectors = basic.length > 0 ? basic : [{ ...first, DataResources: [] }];
    await client.putEventSelectors({ TrailName, EventSelectors });
  }
}

async function setLogging(clients: Clients, Name: string, wanted: boolean): Promise<void> {
  const client = await clients.cloudtrail();
  const { IsLogging = false } = await client.getTrailStatus({ Name });
  if (IsLogging === wanted) return;
  await (wanted ? client.startLogging({ Name }) : client.stopLogging({ Name }));
}

async function observe(clients: Clients, id: string): Promise<Properties | undefined> {
  const client = await clients.cloudtrail();
  const found = (await orGone(() => client.getTrail({ Name: id }), ...GONE))?.Trail;
  if (!found) return undefined;
  const arn = found.TrailARN ?? id;
  const { IsLogging } = await client.getTrailStatus({ Name: arn });
  const { EventSelectors, AdvancedEventSelectors } = await client.getEventSelectors({ TrailName: arn });
  const { ResourceTagList } = await client.listTags({ ResourceIdList: [arn] });
  const tags = ResourceTagList?.[0]?.TagsList?.map(({ Key = "", Value = "" }) => ({ Key, Value }));
  return {
    name: found.Name,
    s3BucketName: found.S3BucketName,
    s3KeyPrefix: found.S3KeyPrefix ?? "",
    kmsKeyId: found.KmsKeyId ?? "",
    snsTopicName: found.SnsTopicName ?? "",
    enableLogging: IsLogging ?? false,
    enableLogFileValidation: found.LogFileValidationEnabled ?? false,
    includeGlobalServiceEvents: found.IncludeGlobalServiceEvents ?? true,
    isMultiRegionTrail: found.IsMultiRegionTrail ?? false,
    isOrganizationTrail: found.IsOrganizationTrail ?? false,
    eventSelectors: (EventSelectors ?? []).filter(isChosen).map(shownBasic),
    advancedEventSelectors: (AdvancedEventSelectors ?? []).map(shownAdvanced),
    arn,
    homeRegion: found.HomeRegion,
    snsTopicArn: found.SnsTopicARN ?? "",
    ...shownTags(clients, fromTags(tags)),
  };
}

/** True unless these are the selectors that every trail has by default. */
function isChosen(selector: EventSelector): boolean {
  const {
    ReadWriteType,
    IncludeManagementEvents,
    DataResources = [],
    ExcludeManagementEventSources = [],
  } = selector;
  return (
    ReadWriteType !== "All" ||
    IncludeManagementEvents !== true ||
    DataResources.length > 0 ||
    ExcludeManagementEventSources.length > 0
  );
}

function shownBasic(selector: EventSelector): Properties {
  return {
    readWriteType: selector.ReadWriteType,
    includeManagementEvents: selector.IncludeManagementEvents,
    excludeManagementEventSources: selector.ExcludeManagementEventSources ?? [],
    dataResources: (selector.DataResources ?? []).map(({ Type, Values }) => ({ type: Type, values: Values })),
  };
}

function shownAdvanced({ Name, FieldSelectors = [] }: AdvancedEventSelector): Properties {
  return given({
    name: Name,
    fieldSelectors: FieldSelectors.map((field) =>
      given({
        field: field.Field,
        ...Object.fromEntries(Object.entries(OPERATORS).map(([name, member]) => [name, field[member]])),
      }),
    ),
  });
}
