/** Workgroups. Source: Amazon Athena API Reference, "CreateWorkGroup" and its neighbours. */
import type { Call, World } from "../../core";
import { jsonDate } from "../../protocol/json";
import { pageOf } from "../../protocol/pages";
import { checked } from "../../protocol/shape";
import { checkSettings, engineVersion } from "./configuration";
import { shapes } from "./model";
import { preparedIn, statements } from "./prepared";
import { outputBucket } from "./outputLocation";
import {
  athenaTags,
  authorizeWorkGroup,
  DEFAULTS,
  entityKey,
  findWorkGroup,
  invalid,
  placeOf,
  queries,
  workGroupArn,
  workGroups,
  workGroupsOf,
  type EncryptionConfiguration,
  type ResultConfiguration,
  type WorkGroup,
  type WorkGroupConfiguration,
} from "./state";
import { keptTags, requestTags, type Tag } from "./tags";

const INVALID = "InvalidRequestException";

interface CreateRequest {
  readonly Name: string;
  readonly Description?: string;
  readonly Configuration?: Partial<WorkGroupConfiguration>;
  readonly Tags?: readonly Tag[];
}

export function createWorkGroup(world: World, call: Call, input: unknown): Record<string, unknown> {
  const {
    Name,
    Description,
    Configuration,
    Tags = [],
  } = checked<CreateRequest>(shapes.CreateWorkGroup, input, INVALID);
  const place = placeOf(call);
  authorizeWorkGroup(world, call, "CreateWorkGroup", Name, requestTags(Tags));
  if (workGroupsOf(world, place).some((group) => group.Name === Name))
    throw invalid(`WorkGroup ${Name} is already created.`);
  checkSettings(Configuration);
  if (Configuration?.ResultConfiguration) checkResults(Configuration.ResultConfiguration);
  const tags = keptTags({}, Tags);
  workGroups(world.store).set(entityKey(place, Name), {
    Name,
    State: "ENABLED",
    ...(Description === undefined ? {} : { Description }),
    Configuration: {
      ...DEFAULTS,
      ...Configuration,
      EngineVersion: engineVersion(Configuration?.EngineVersion),
    },
    CreationTime: jsonDate(world.now()),
  });
  if (Tags.length > 0) athenaTags(world.store).set(workGroupArn(place, Name), tags);
  return {};
}

export function getWorkGroup(world: World, call: Call, input: unknown): Record<string, unknown> {
  const { WorkGroup: name } = checked<{ WorkGroup: string }>(shapes.GetWorkGroup, input, INVALID);
  authorizeWorkGroup(world, call, "GetWorkGroup", name);
  return { WorkGroup: findWorkGroup(world, placeOf(call), name) };
}

export function listWorkGroups(world: World, call: Call, input: unknown): Record<string, unknown> {
  const request = checked<{ NextToken?: string; MaxResults?: number }>(shapes.ListWorkGroups, input, INVALID);
  world.authorize(call, {
    action: "athena:ListWorkGroups",
    resource: "*",
    resourceAccount: call.caller.account,
    code: "AccessDeniedException",
  });
  const { items, next } = pageOf(
    workGroupsOf(world, placeOf(call)),
    request.NextToken,
    request.MaxResults || 50,
    INVALID,
  );
  const summaries = items.map(({ Name, State, Description, CreationTime, Configuration }) => ({
    Name,
    State,
    Description,
    CreationTime,
    EngineVersion: Configuration.EngineVersion,
  }));
  return { WorkGroups: summaries, ...(next === undefined ? {} : { NextToken: next }) };
}

interface ResultUpdates extends ResultConfiguration {
  readonly RemoveOutputLocation?: boolean;
  readonly RemoveEncryptionConfiguration?: boolean;
  readonly RemoveExpectedBucketOwner?: boolean;
  readonly RemoveAclConfiguration?: boolean;
}

interface UpdateRequest {
  readonly WorkGroup: string;
  readonly Description?: string;
  readonly State?: WorkGroup["State"];
  readonly ConfigurationUpdates?: Partial<WorkGroupConfiguration> & {
    readonly RemoveBytesScannedCutoffPerQuery?: boolean;
    readonly ResultConfigurationUpdates?: ResultUpdates;
  };
}

export function updateWorkGroup(world: World, call: Call, input: unknown): Record<string, unknown> {
  const request = checked<UpdateRequest>(shapes.UpdateWorkGroup, input, INVALID);
  const place = placeOf(call);
  authorizeWorkGroup(world, call, "UpdateWorkGroup", request.WorkGroup);
  const group = findWorkGroup(world, place, request.WorkGroup);
  const {
    ResultConfigurationUpdates: results,
    RemoveBytesScannedCutoffPerQuery: unlimited,
    EngineVersion,
    ...updates
  } = request.ConfigurationUpdates ?? {};
  checkSettings(updates);
  const ResultConfiguration = results
    ? updatedResults(group.Configuration.ResultConfiguration, results)
    : group.Configuration.ResultConfiguration;
  workGroups(world.store).set(entityKey(place, group.Name), {
    ...group,
    State: request.State ?? group.State,
    ...(request.Description === undefined ? {} : { Description: request.Description }),
    Configuration: {
      ...group.Configuration,
      ...updates,
      ...(EngineVersion ? { EngineVersion: engineVersion(EngineVersion) } : {}),
      ...(unlimited ? { BytesScannedCutoffPerQuery: undefined } : {}),
      ...(ResultConfiguration ? { ResultConfiguration } : {}),
    },
  });
  return {};
}

function updatedResults(before: ResultConfiguration = {}, updates: ResultUpdates): ResultConfiguration {
  const {
    RemoveOutputLocation,
    RemoveEncryptionConfiguration,
    RemoveExpectedBucketOwner,
    RemoveAclConfiguration,
    ...set
  } = updates;
  const after: ResultConfiguration = {
    ...before,
    ...set,
    // Removal wins over a new value. Source: Athena API Reference, "ResultConfigurationUpdates".
    ...(RemoveOutputLocation ? { OutputLocation: undefined } : {}),
    ...(RemoveEncryptionConfiguration ? { EncryptionConfiguration: undefined } : {}),
    ...(RemoveExpectedBucketOwner ? { ExpectedBucketOwner: undefined } : {}),
    ...(RemoveAclConfiguration ? { AclConfiguration: undefined } : {}),
  };
  checkResults(after);
  return after;
}

export function deleteWorkGroup(world: World, call: Call, input: unknown): Record<string, unknown> {
  const { WorkGroup: name, RecursiveDeleteOption: all } = checked<{
    WorkGroup: string;
    RecursiveDeleteOption?: boolean;
  }>(shapes.DeleteWorkGroup, input, INVALID);
  const place = placeOf(call);
  authorizeWorkGroup(world, call, "DeleteWorkGroup", name);
  if (name === "primary") throw invalid("The primary workgroup cannot be deleted.");
  findWorkGroup(world, place, name);
  const own = [...queries(world.store).entries()].filter(
    ([, query]) =>
      query.workGroup === name && query.account === place.account && query.region === place.region,
  );
  const prepared = preparedIn(world, call, name);
  if (own.length + prepared.length > 0 && !all) throw invalid(`WorkGroup ${name} is not empty.`);
  for (const [key] of own) queries(world.store).delete(key);
  for (const key of prepared) statements(world.store).delete(key);
  workGroups(world.store).delete(entityKey(place, name));
  athenaTags(world.store).delete(workGroupArn(place, name));
  return {};
}

/** Throws `InvalidRequestException` for a location that is none, and for encryption that is none or not to be had here. */
export function checkResults({ OutputLocation, EncryptionConfiguration }: ResultConfiguration): void {
  if (OutputLocation !== undefined) outputBucket(OutputLocation);
  if (EncryptionConfiguration) checkEncryption(EncryptionConfiguration);
}

function checkEncryption({ EncryptionOption, KmsKey }: EncryptionConfiguration): void {
  const option: string = EncryptionOption;
  if (option === "CSE_KMS")
    throw invalid(
      "The sandbox does not implement client-side encryption (CSE_KMS) of results: use SSE_S3 or SSE_KMS.",
    );
  if (option === "SSE_KMS" && !KmsKey) throw invalid("KmsKey is required for encryption option SSE_KMS.");
  if (option === "SSE_S3" && KmsKey) throw invalid("KmsKey is not allowed for encryption option SSE_S3.");
}
