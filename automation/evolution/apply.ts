/**
 * Adds features to feature groups in AWS, where adding is all that is to do: batch after batch, each waited for. What a run
 * that was cut off has added already is not added again, as AWS itself is asked what is missing.
 */
import { setTimeout as sleep } from "node:timers/promises";
import {
  DescribeFeatureGroupCommand,
  ResourceNotFound,
  SageMakerClient,
  UpdateFeatureGroupCommand,
  type DescribeFeatureGroupCommandOutput,
  type FeatureDefinition,
} from "@aws-sdk/client-sagemaker";
import { featureDefinition } from "../../components/featureGroupFormat";
import type { FeatureGroupSettings, FeatureSettings } from "../../components/settings";
import { awsWords, type AccountClientConfig } from "../accountSessions";
import { ExitCode, UserError } from "../errors";
import { batches, compareSchema, refuseLoss, type Definition } from "./compare";

export interface ApplyOptions {
  readonly config: AccountClientConfig;
  readonly notice: (message: string) => void;
  /** Name of the environment, for advice. */
  readonly env: string;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds that an update may take, and between two looks at it. */
  readonly patience?: number;
  readonly pause?: number;
}

/** The group's features as AWS answers; undefined if there is no such group. */
export async function liveDefinitions(
  { name }: FeatureGroupSettings,
  { config }: Pick<ApplyOptions, "config">,
): Promise<readonly Definition[] | undefined> {
  const client = new SageMakerClient(config);
  try {
    const described = await describeGroup(client, name);
    return described && definitionsOf(described);
  } finally {
    client.destroy();
  }
}

/**
 * @returns names of the features that were added
 * @throws UserError (failed) with AWS's reason
 */
export async function addFeatures(group: FeatureGroupSettings, options: ApplyOptions): Promise<string[]> {
  const client = new SageMakerClient(options.config);
  try {
    const before = await settled(client, group.name, options);
    const change = compareSchema(group, definitionsOf(before));
    // What AWS has may be other than the state: somebody's feature of the same name, of another type.
    refuseLoss([change], options.env);
    const { added } = change;
    for (const batch of batches(added)) {
      options.signal?.throwIfAborted();
      options.notice(
        `adding ${batch.length} feature(s) to ${group.name}: ${batch.map(({ name }) => name).join(", ")}`,
      );
      await client.send(
        new UpdateFeatureGroupCommand({
          FeatureGroupName: group.name,
          FeatureAdditions: batch.map(definition),
        }),
      );
      const { LastUpdateStatus } = await settled(client, group.name, options);
      if (LastUpdateStatus?.Status === "Failed")
        throw failed(group.name, LastUpdateStatus.FailureReason ?? "no reason given");
    }
    return added.map(({ name }) => name);
  } catch (error) {
    if (error instanceof UserError || options.signal?.aborted) throw error;
    throw failed(group.name, awsWords(error));
  } finally {
    client.destroy();
  }
}

function failed(group: string, reason: string): UserError {
  return new UserError(
    ExitCode.failed,
    `features could not be added to feature group ${group}: ${reason}`,
    "What was added stays. Run it again once the cause is mended: it adds what is missing.",
  );
}

/** The group once no update is under way. */
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
    // A group of many features is told in pages.
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

function definitionsOf({ FeatureDefinitions = [] }: DescribeFeatureGroupCommandOutput): Definition[] {
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
