/** Workgroups. Source: Amazon Athena API Reference, "CreateWorkGroup" and related operations. */
import type { Call, World } from "../../core";
import { jsonDate } from "../../protocol/json";
import { checkSettings, engineVersion } from "./configuration";
import { preparedIn, statements } from "./prepared";
import { outputBucket } from "./outputLocation";
import {
  athenaTags,
  authorizeWorkGroup,
  DEFAULTS,
  entityKey,
  findWorkGroup,
  invalid,
  page,
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

interface CreateRequest {
  readonly Name: string;
  readonly Description?: string;
  readonly Configuration?: Partial<WorkGroupConfiguration>;
  readonly Tags?: readonly Tag[];
}

export function createWorkGroup(
  world: World,
  call: Call,
  { Name, Description, Configuration, Tags = [] }: CreateRequest,
) {
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

export function getWorkGroup(world: World, call: Call, { WorkGroup: name }: { WorkGroup: string }) {
  authorizeWorkGroup(world, call, "GetWorkGroup", name);
  return { WorkGroup: findWorkGroup(world, placeOf(call), name) };
}

export function listWorkGroups(
  world: World,
  call: Call,
  request: { NextToken?: string; MaxResults?: number },
) {
  world.authorize(call, {
    action: "athena:ListWorkGroups",
    resource: "*",
    resourceAccount: call.caller.account,
    code: "AccessDeniedException",
  });
  const { listed, NextToken } = page(workGroupsOf(world, placeOf(call)), request, 50);
  const summaries = listed.map(({ Name, State, Description, CreationTime, Configuration }) => ({
    Name,
    State,
    Description,
    CreationTime,
    EngineVersion: Configuration.EngineVersion,
  }));
  return { WorkGroups: summaries, NextToken };
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

export function updateWorkGroup(world: World, call: Call, request: UpdateRequest) {
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

export function deleteWorkGroup(
  world: World,
  call: Call,
  {
    WorkGroup: name,
    RecursiveDeleteOption: all,
  }: {
    WorkGroup: string;
    RecursiveDeleteOption?: boolean;
  },
) {
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

/** @throws AwsError `InvalidRequestException` for an invalid location, and for encryption that is invalid or not implemented */
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
