/** The rules of profiles: exactly one way to select feature groups, from a store in the settings, for roles of the settings' accounts. */
import { notTwice } from "../settings/arnRules";
import type { ValidationError } from "../settings/errors";
import { parseRoleArn, partitionOf } from "../settings/names";
import { namedAccounts, rawStores, type RawSettings } from "../settings/schema";
import { storeNamed } from "../topologies";
import { accountOfProfile, type RawProfile } from "./settings";

export function* profileRules(settings: RawSettings): Iterable<ValidationError> {
  for (const [name, profile] of Object.entries(settings.profiles)) {
    const path = `profiles.${name}`;
    yield* selection(path, profile);
    yield* place(path, profile, settings);
    yield* groups(path, profile, settings);
    yield* trusted(path, profile, settings);
    yield* ownTags(path, profile, settings);
  }
}

function* selection(
  path: string,
  { featureGroups, tags, principalTags }: RawProfile,
): Iterable<ValidationError> {
  const given = [featureGroups, tags, principalTags].filter((each) => each !== undefined).length;
  if (given !== 1)
    yield {
      path,
      message: `${given === 0 ? "names no feature groups" : "selects feature groups in more than one way"}: give one of featureGroups (names), tags, and principalTags (groups whose tags are the principal's)`,
    };
}

function* place(path: string, profile: RawProfile, settings: RawSettings): Iterable<ValidationError> {
  const { store } = profile;
  if (!rawStores(settings).some(({ setting }) => setting === store))
    yield { path: `${path}.store`, message: `${store} is not in the settings` };
  const message = storeNamed(store).profileProblem(profile.profile, accountOfProfile(profile));
  if (message !== undefined) yield { path: `${path}.account`, message };
}

function* groups(path: string, { store, featureGroups = [] }: RawProfile, settings: RawSettings) {
  const found = rawStores(settings).find(({ setting }) => setting === store);
  const known = found?.store.featureGroups.map(({ name }) => name) ?? [];
  for (const [index, name] of featureGroups.entries()) {
    if (!known.includes(name))
      yield {
        path: `${path}.featureGroups[${index}]`,
        message: `"${name}" is not a feature group of ${store} (there are: ${known.join(", ")})`,
      };
    yield* notTwice(`${path}.featureGroups`, featureGroups, index);
  }
}

function* trusted(path: string, { trustedRoleArns }: RawProfile, settings: RawSettings) {
  const { accountA, accountB } = settings;
  const accounts = [accountA, accountB, ...namedAccounts(settings).map(({ account }) => account)];
  const ids = accounts.flatMap((account) => (account ? [account.id] : []));
  for (const [index, arn] of trustedRoleArns.entries()) {
    const role = parseRoleArn(arn);
    const at = `${path}.trustedRoleArns[${index}]`;
    if (role && !ids.includes(role.account))
      yield {
        path: at,
        message: `${arn} is in account ${role.account}, which is not in the settings`,
      };
    if (role && role.partition !== partitionOf(accountB.region))
      yield {
        path: at,
        message: `${arn} is in partition ${role.partition}: roles cannot be assumed across partitions`,
      };
    yield* notTwice(`${path}.trustedRoleArns`, trustedRoleArns, index);
  }
}

/** The role itself has the tags of every resource, so any session of it would have their values without sending any. */
function* ownTags(path: string, { principalTags = [] }: RawProfile, { tags }: RawSettings) {
  const own = Object.keys(tags).map((key) => key.toLowerCase());
  for (const [index, key] of principalTags.entries()) {
    const at = `${path}.principalTags[${index}]`;
    if (own.includes(key.toLowerCase()))
      yield {
        path: at,
        message: `"${key}" is a key of tags, which every resource has, including the profile's role: every session of the role would have that value`,
      };
    if (principalTags.findIndex((other) => other.toLowerCase() === key.toLowerCase()) !== index)
      yield { path: at, message: `"${key}" is listed twice (case does not count)` };
  }
}
