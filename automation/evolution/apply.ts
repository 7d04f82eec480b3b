/**
 * Changes feature groups in AWS in place: adds features, batch by batch, then sets the time to live and the throughput. Each is a
 * call of its own, and each update is awaited. Compares with AWS first, so that a run after a killed one makes only missing changes.
 *
 * The provider would change the last two itself, but in one call for both, which AWS refuses, and cannot remove a time to live.
 * Source: Amazon SageMaker API Reference, "UpdateFeatureGroup",
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateFeatureGroup.html
 */
import { setTimeout as sleep } from "node:timers/promises";
import {
  DescribeFeatureGroupCommand,
  ResourceNotFound,
  SageMakerClient,
  UpdateFeatureGroupCommand,
  type DescribeFeatureGroupCommandOutput,
  type FeatureDefinition,
  type ThroughputConfigUpdate,
  type UpdateFeatureGroupCommandInput,
} from "@aws-sdk/client-sagemaker";
import { featureDefinition } from "../../components/featureGroupFormat";
import type { FeatureGroupSettings, FeatureSettings } from "../../components/settings";
import { awsWords, type AccountClientConfig } from "../environment/accountSessions";
import { ExitCode, UserError } from "../model/errors";
import {
  batches,
  changeLines,
  compareSchema,
  refuseLoss,
  type DeployedGroup,
  type Definition,
} from "./compare";
import type { SchemaChange, Throughput } from "../model/schemaChange";

export interface ApplyOptions {
  readonly config: AccountClientConfig;
  readonly notice: (message: string) => void;
  /** Name of the environment, for advice. */
  readonly env: string;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds that an update may take, and milliseconds between two checks of its state. */
  readonly patience?: number;
  readonly pause?: number;
}

/** The group as AWS describes it; undefined if there is no such group. */
export async function describeLive(
  { name }: FeatureGroupSettings,
  { config }: Pick<ApplyOptions, "config">,
): Promise<DescribeFeatureGroupCommandOutput | undefined> {
  const client = new SageMakerClient(config);
  try {
    return await describeGroup(client, name);
  } finally {
    client.destroy();
  }
}

/**
 * @returns the changes, one line each
 * @throws UserError (schema) for a change that cannot be made in place; UserError (failed) with AWS's reason
 */
export async function changeInPlace(group: FeatureGroupSettings, options: ApplyOptions): Promise<string[]> {
  const client = new SageMakerClient(options.config);
  try {
    const before = await settled(client, group.name, options);
    // A group that may be replaced for another identity still gets the other changes in place.
    const { identity: _, ...change } = compareSchema(group, groupOf(before));
    // AWS may have more than the state, such as a feature of the same name that somebody added with another type.
    refuseLoss([change], options.env);
    for (const { input, told } of updates(change)) {
      options.signal?.throwIfAborted();
      options.notice(told);
      await client.send(new UpdateFeatureGroupCommand({ FeatureGroupName: group.name, ...input }));
      const { LastUpdateStatus } = await settled(client, group.name, options);
      if (LastUpdateStatus?.Status === "Failed")
        throw failed(group.name, LastUpdateStatus.FailureReason ?? "no reason given");
    }
    return changeLines(change);
  } catch (error) {
    if (error instanceof UserError || options.signal?.aborted) throw error;
    throw failed(group.name, awsWords(error));
  } finally {
    client.destroy();
  }
}

interface Update {
  readonly input: Omit<UpdateFeatureGroupCommandInput, "FeatureGroupName">;
  readonly told: string;
}

/** The calls for the change in order, each for one kind of change. */
export function updates({ group, added, ttl, throughput }: SchemaChange): Update[] {
  const of = { group, added: [], removed: [], retyped: [] };
  return [
    ...batches(added).map((batch) => ({
      input: { FeatureAdditions: batch.map(definition) },
      told: `adding ${batch.length} feature(s) to ${group}: ${batch.map(({ name }) => name).join(", ")}`,
    })),
    // Without unit and value, AWS removes the default time to live.
    ...(ttl
      ? [
          {
            input: {
              OnlineStoreConfig: { TtlDuration: ttl.to ? { Unit: ttl.to.unit, Value: ttl.to.value } : {} },
            },
            told: changeLines({ ...of, ttl }).join(),
          },
        ]
      : []),
    ...(throughput
      ? [
          {
            input: { ThroughputConfig: units(throughput.to) },
            told: changeLines({ ...of, throughput }).join(),
          },
        ]
      : []),
  ];
}

function units({ mode, readCapacityUnits, writeCapacityUnits }: Throughput): ThroughputConfigUpdate {
  if (mode === "OnDemand") return { ThroughputMode: mode };
  return {
    ThroughputMode: mode,
    // A group without an online store has no reads.
    ProvisionedReadCapacityUnits: readCapacityUnits ?? 0,
    ProvisionedWriteCapacityUnits: writeCapacityUnits ?? 0,
  };
}

function failed(group: string, reason: string): UserError {
  return new UserError(
    ExitCode.failed,
    `feature group ${group} could not be changed in place: ${reason}`,
    "Changes made so far stay. Remove the cause and run the command again: it makes the missing ones.",
  );
}

/** Waits until no update is under way. @returns the group */
async function settled(
  client: SageMakerClient,
  name: string,
  { patience = 10 * 60_000, pause = 1_000, signal }: ApplyOptions,
): Promise<DescribeFeatureGroupCommandOutput> {
  const end = Date.now() + patience;
  for (;;) {
    const group = await describeGroup(client, name);
    if (!group) throw failed(name, "AWS has no such group");
    if (group.LastUpdateStatus?.Status !== "InProgress") return group;
    if (Date.now() > end) throw failed(name, `an update was still under way after ${patience / 1000} s`);
    await sleep(pause, undefined, signal ? { signal } : {});
  }
}

async function describeGroup(
  client: SageMakerClient,
  FeatureGroupName: string,
): Promise<DescribeFeatureGroupCommandOutput | undefined> {
  try {
    const first = await client.send(new DescribeFeatureGroupCommand({ FeatureGroupName }));
    let { NextToken } = first;
    const definitions = [...(first.FeatureDefinitions ?? [])];
    // AWS returns many features in pages.
    while (NextToken) {
      const page = await client.send(new DescribeFeatureGroupCommand({ FeatureGroupName, NextToken }));
      definitions.push(...(page.FeatureDefinitions ?? []));
      ({ NextToken } = page);
    }
    return { ...first, FeatureDefinitions: definitions };
  } catch (error) {
    if (error instanceof ResourceNotFound) return undefined;
    throw error;
  }
}

/** The group as AWS describes it. */
export function groupOf(described: DescribeFeatureGroupCommandOutput): DeployedGroup {
  const { RecordIdentifierFeatureName, EventTimeFeatureName, OnlineStoreConfig, ThroughputConfig } =
    described;
  const { Unit, Value } = OnlineStoreConfig?.TtlDuration ?? {};
  const mode = ThroughputConfig?.ThroughputMode;
  return {
    definitions: definitionsOf(described),
    recordIdentifier: RecordIdentifierFeatureName,
    eventTime: EventTimeFeatureName,
    ttl: Unit === undefined || Value === undefined ? undefined : { unit: Unit, value: Value },
    throughput: mode && {
      mode,
      readCapacityUnits: ThroughputConfig.ProvisionedReadCapacityUnits,
      writeCapacityUnits: ThroughputConfig.ProvisionedWriteCapacityUnits,
    },
  };
}

export function definitionsOf({ FeatureDefinitions = [] }: DescribeFeatureGroupCommandOutput): Definition[] {
  return FeatureDefinitions.map(
    ({ FeatureName = "", FeatureType = "", CollectionType, CollectionConfig }) => ({
      featureName: FeatureName,
      featureType: FeatureType,
      ...(CollectionType === undefined ? {} : { collectionType: CollectionType }),
      ...(CollectionConfig?.VectorConfig
        ? { collectionConfig: { vectorConfig: { dimension: CollectionConfig.VectorConfig.Dimension } } }
        : {}),
    }),
  );
}

function definition(feature: FeatureSettings): FeatureDefinition {
  const { featureName, featureType, collectionType, collectionConfig } = featureDefinition(
    feature,
  ) as Definition;
  const dimension = collectionConfig?.vectorConfig?.dimension;
  return {
    FeatureName: featureName,
    FeatureType: featureType as "String",
    ...(collectionType === undefined ? {} : { CollectionType: collectionType as "List" }),
    ...(dimension === undefined ? {} : { CollectionConfig: { VectorConfig: { Dimension: dimension } } }),
  };
}
