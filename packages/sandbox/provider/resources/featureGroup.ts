/** SageMaker: feature groups. */
import type { DescribeFeatureGroupCommandOutput } from "@aws-sdk/client-sagemaker";
import type { Clients } from "../clients";
import { creating, isSince } from "../creating";
import { same } from "../equal";
import { NEW_ROLE, orGone, retrying, until } from "../retry";
import { FAILED, PartlyMade, type ResourceType } from "../resourceType";
import { allTags, fromTags, shownTags, tagChanges, toTags } from "../tags";
import { must, type Properties } from "../values";
import { fields } from "./featureGroupFields";
import { createRequest, shown, throughputOf, type Online, type Throughput } from "./featureGroupShapes";

/** Milliseconds that a group's creation, update or deletion may take, as the real provider waits. */
const PATIENCE = 20 * 60_000;

export const featureGroup: ResourceType = {
  token: "aws:sagemaker/featureGroup:FeatureGroup",
  title: "SageMaker AI Feature Group",
  tagged: true,
  identity: ["featureGroupName"],
  fields,
  async create(clients, inputs) {
    const client = await clients.sagemaker();
    const name = must(inputs, "featureGroupName");
    const send = () => client.createFeatureGroup(createRequest(inputs, allTags(clients, inputs)));
    await creating<object>({
      send: () => retrying(send, NEW_ROLE, clients.patience),
      taken: [{ name: "ResourceInUse" }],
      async find(since) {
        const group = await describe(clients, name);
        return isSince(group?.CreationTime, since) ? group : undefined;
      },
    });
    const made = await until(
      () => describe(clients, name),
      (group) => group?.FeatureGroupStatus !== "Creating",
      `SageMaker AI Feature Group (${name}) to be created`,
      clients.patience ?? PATIENCE,
    ).catch((error: unknown) => {
      throw new PartlyMade(name, (error as Error).message);
    });
    if (made?.FeatureGroupStatus !== "Created")
      throw new PartlyMade(
        name,
        `waiting for SageMaker AI Feature Group (${name}) to create: unexpected state '${made?.FeatureGroupStatus ?? "gone"}', wanted target 'Created': ${made?.FailureReason ?? "no reason given"}`,
        true,
      );
    return name;
  },
  update,
  async remove(clients, FeatureGroupName) {
    const client = await clients.sagemaker();
    const send = () => client.deleteFeatureGroup({ FeatureGroupName });
    await orGone(async () => {
      // A group can be deleted only after its creation has ended.
      await retrying(send, [{ name: "ResourceInUse" }], clients.patience);
      const left = await until(
        () => describe(clients, FeatureGroupName),
        (group) => group?.FeatureGroupStatus !== "Deleting",
        `SageMaker AI Feature Group (${FeatureGroupName}) to be deleted`,
        clients.patience ?? PATIENCE,
      );
      if (left)
        throw new Error(
          `unexpected state '${left.FeatureGroupStatus}' after its deletion: ${left.FailureReason ?? "no reason given"}`,
        );
    }, "ResourceNotFound");
  },
  async observe(clients, FeatureGroupName) {
    const client = await clients.sagemaker();
    const group = await describe(clients, FeatureGroupName);
    if (!group || group.FeatureGroupStatus === "Deleting") return undefined;
    const tags: Record<string, string> = {};
    for await (const page of client.paginateListTags({ ResourceArn: group.FeatureGroupArn }))
      Object.assign(tags, fromTags(page.Tags));
    return {
      ...shown(group),
      ...shownTags(clients, tags),
      ...(group.FeatureGroupStatus === "CreateFailed"
        ? { [FAILED]: group.FailureReason ?? "no reason given" }
        : {}),
    };
  },
};

/** SageMaker takes one kind of change at a time. */
async function update(
  clients: Clients,
  FeatureGroupName: string,
  olds: Properties,
  news: Properties,
): Promise<void> {
  const client = await clients.sagemaker();
  const before = (olds["onlineStoreConfig"] as Online | undefined)?.ttlDuration;
  const ttl = (news["onlineStoreConfig"] as Online | undefined)?.ttlDuration;
  if (before && !ttl)
    throw new Error("SageMaker cannot remove the ttlDuration of an online store: give it another value");
  if (ttl && !same(before, ttl)) {
    const OnlineStoreConfig = { TtlDuration: { Unit: ttl.unit as "Days", Value: ttl.value } };
    await client.updateFeatureGroup({ FeatureGroupName, OnlineStoreConfig });
    await updated(clients, FeatureGroupName);
  }
  const throughput = news["throughputConfig"] as Throughput | undefined;
  if (throughput && !same(olds["throughputConfig"], throughput)) {
    const ThroughputConfig = throughputOf(throughput);
    await client.updateFeatureGroup({ FeatureGroupName, ThroughputConfig });
    await updated(clients, FeatureGroupName);
  }
  const { set, removed } = tagChanges(clients, olds, news);
  if (removed.length === 0 && Object.keys(set).length === 0) return;
  const ResourceArn = (await describe(clients, FeatureGroupName))?.FeatureGroupArn;
  if (removed.length > 0) await client.deleteTags({ ResourceArn, TagKeys: removed });
  if (Object.keys(set).length > 0) await client.addTags({ ResourceArn, Tags: toTags(set) });
}

/** The group, or undefined if there is none. */
async function describe(
  clients: Clients,
  FeatureGroupName: string,
): Promise<DescribeFeatureGroupCommandOutput | undefined> {
  const client = await clients.sagemaker();
  return orGone(() => client.describeFeatureGroup({ FeatureGroupName }), "ResourceNotFound");
}

async function updated(clients: Clients, name: string): Promise<void> {
  const group = await until(
    () => describe(clients, name),
    (each) => each?.LastUpdateStatus?.Status !== "InProgress",
    `SageMaker AI Feature Group (${name}) to be updated`,
    clients.patience ?? PATIENCE,
  );
  const last = group?.LastUpdateStatus;
  if (last?.Status === "Failed")
    throw new Error(`the update failed: ${last.FailureReason ?? "no reason given"}`);
}
