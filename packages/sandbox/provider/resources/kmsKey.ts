/** KMS: keys. */
import type { KMS, KeyMetadata } from "@aws-sdk/client-kms";
import { isDeepStrictEqual } from "node:util";
import type { Clients } from "../clients";
import { attemptsOf, creating, isSince } from "../creating";
import { sameJson } from "../equal";
import { NEW_PRINCIPAL, orGone, retrying } from "../retry";
import { PartlyMade, type ResourceType } from "../resourceType";
import { flag, json, length, number, oneOf, output, text, within } from "../schema";
import { allTags, shownTags, tagChanges } from "../tags";
import { must, text as textOf, type Properties } from "../values";

export const key: ResourceType = {
  token: "aws:kms/key:Key",
  title: "KMS Key",
  tagged: true,
  identity: [],
  fields: {
    description: text({ computed: true, rules: [length(0, 8192)] }),
    policy: json({ computed: true }),
    enableKeyRotation: flag({ default: false }),
    rotationPeriodInDays: number({ computed: true, rules: [within(90, 2560)] }),
    isEnabled: flag({ default: true }),
    deletionWindowInDays: number({ writeOnly: true, rules: [within(7, 30)] }),
    keyUsage: text({
      default: "ENCRYPT_DECRYPT",
      replace: true,
      rules: [oneOf("SIGN_VERIFY", "ENCRYPT_DECRYPT", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT")],
    }),
    customerMasterKeySpec: text({ default: "SYMMETRIC_DEFAULT", replace: true }),
    multiRegion: flag({ computed: true, replace: true }),
    bypassPolicyLockoutSafetyCheck: flag({ default: false, writeOnly: true }),
    arn: output(),
    keyId: output(),
  },
  async create(clients, inputs) {
    const client = await clients.kms();
    const send = () =>
      client.createKey({
        Description: textOf(inputs, "description"),
        KeyUsage: must(inputs, "keyUsage") as "ENCRYPT_DECRYPT",
        KeySpec: must(inputs, "customerMasterKeySpec") as "SYMMETRIC_DEFAULT",
        BypassPolicyLockoutSafetyCheck: inputs["bypassPolicyLockoutSafetyCheck"] === true,
        MultiRegion: inputs["multiRegion"] === true ? true : undefined,
        Policy: textOf(inputs, "policy"),
        Tags: toTags(allTags(clients, inputs)),
      });
    const asked = new Date();
    const answer = await creating<{ KeyMetadata?: KeyMetadata }>({
      send: () => retrying(send, NEW_PRINCIPAL, clients.patience),
      async find(since) {
        const [KeyMetadata] = await madeSince(client, since, allTags(clients, inputs));
        return KeyMetadata && { KeyMetadata };
      },
    });
    const { KeyMetadata } = answer;
    if (attemptsOf(answer) > 1 && KeyMetadata)
      await deleteDuplicates(client, KeyMetadata, await madeSince(client, asked, allTags(clients, inputs)));
    if (!KeyMetadata?.KeyId) throw new Error("KMS answered without the key's ID");
    try {
      if (inputs["enableKeyRotation"] === true) await setRotation(client, KeyMetadata.KeyId, inputs);
      if (inputs["isEnabled"] === false) await setEnabled(client, KeyMetadata.KeyId, false);
    } catch (error) {
      throw new PartlyMade(KeyMetadata.KeyId, (error as Error).message);
    }
    return KeyMetadata.KeyId;
  },
  update,
  async remove(clients, KeyId, state) {
    const client = await clients.kms();
    const days = state["deletionWindowInDays"];
    await orGone(async () => {
      if (isGone(await describe(clients, KeyId))) return;
      await client.scheduleKeyDeletion({
        KeyId,
        PendingWindowInDays: typeof days === "number" ? days : undefined,
      });
    }, "NotFoundException");
  },
  async observe(clients, KeyId) {
    const client = await clients.kms();
    const found = await describe(clients, KeyId);
    if (!found || isGone(found)) return undefined;
    const { Policy } = await client.getKeyPolicy({ KeyId, PolicyName: "default" });
    return {
      keyId: found.KeyId,
      arn: found.Arn,
      description: found.Description ?? "",
      isEnabled: found.Enabled,
      keyUsage: found.KeyUsage,
      customerMasterKeySpec: found.KeySpec,
      multiRegion: found.MultiRegion,
      policy: Policy,
      ...(await rotationOf(client, found)),
      ...shownTags(clients, await tagsOf(client, KeyId)),
    };
  },
};

async function update(clients: Clients, KeyId: string, olds: Properties, news: Properties): Promise<void> {
  const client = await clients.kms();
  // A disabled key cannot be changed, so it is enabled first and disabled last.
  if (news["isEnabled"] === true && olds["isEnabled"] === false) await setEnabled(client, KeyId, true);
  if (
    olds["enableKeyRotation"] !== news["enableKeyRotation"] ||
    olds["rotationPeriodInDays"] !== news["rotationPeriodInDays"]
  )
    await setRotation(client, KeyId, news);
  const Description = textOf(news, "description");
  if (Description !== undefined && olds["description"] !== Description)
    await client.updateKeyDescription({ KeyId, Description });
  const Policy = textOf(news, "policy");
  if (Policy !== undefined && !sameJson(olds["policy"], Policy)) {
    const BypassPolicyLockoutSafetyCheck = news["bypassPolicyLockoutSafetyCheck"] === true;
    const send = () =>
      client.putKeyPolicy({ KeyId, PolicyName: "default", Policy, BypassPolicyLockoutSafetyCheck });
    await retrying(send, NEW_PRINCIPAL, clients.patience);
  }
  const { set, removed } = tagChanges(clients, olds, news);
  if (removed.length > 0) await client.untagResource({ KeyId, TagKeys: removed });
  if (Object.keys(set).length > 0) await client.tagResource({ KeyId, Tags: toTags(set) });
  if (news["isEnabled"] === false && olds["isEnabled"] !== false) await setEnabled(client, KeyId, false);
}

/** Keys with exactly these tags that were created since then: KMS has nothing else to recognize a creation by. */
async function madeSince(
  client: KMS,
  since: Date,
  wanted: Readonly<Record<string, string>>,
): Promise<KeyMetadata[]> {
  const found: KeyMetadata[] = [];
  for await (const { Keys = [] } of client.paginateListKeys({}))
    for (const { KeyId = "" } of Keys) {
      const { KeyMetadata } = await client.describeKey({ KeyId });
      if (!KeyMetadata || isGone(KeyMetadata) || KeyMetadata.KeyManager !== "CUSTOMER") continue;
      if (
        isSince(KeyMetadata.CreationDate, since) &&
        isDeepStrictEqual(await tagsOf(client, KeyId), { ...wanted })
      )
        found.push(KeyMetadata);
    }
  return found;
}

/** A lost answer left a key without a resource: delete it before anything is encrypted under it. */
async function deleteDuplicates(client: KMS, kept: KeyMetadata, all: readonly KeyMetadata[]): Promise<void> {
  for (const { KeyId } of all)
    if (KeyId !== kept.KeyId) await client.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
}

async function describe(clients: Clients, KeyId: string): Promise<KeyMetadata | undefined> {
  const client = await clients.kms();
  return (await orGone(() => client.describeKey({ KeyId }), "NotFoundException"))?.KeyMetadata;
}

/** A key whose deletion is scheduled counts as deleted. */
function isGone(found: KeyMetadata | undefined): boolean {
  return !found || found.KeyState === "PendingDeletion" || found.KeyState === "PendingReplicaDeletion";
}

async function rotationOf(client: KMS, { KeyId, KeySpec }: KeyMetadata): Promise<Properties> {
  if (KeySpec !== "SYMMETRIC_DEFAULT") return { enableKeyRotation: false };
  const { KeyRotationEnabled = false, RotationPeriodInDays } = await client.getKeyRotationStatus({ KeyId });
  return { enableKeyRotation: KeyRotationEnabled, rotationPeriodInDays: RotationPeriodInDays };
}

async function tagsOf(client: KMS, KeyId: string): Promise<Record<string, string>> {
  const tags: Record<string, string> = {};
  for await (const page of client.paginateListResourceTags({ KeyId }))
    for (const { TagKey = "", TagValue = "" } of page.Tags ?? []) tags[TagKey] = TagValue;
  return tags;
}

async function setRotation(client: KMS, KeyId: string, inputs: Properties): Promise<void> {
  const period = inputs["rotationPeriodInDays"];
  const RotationPeriodInDays = typeof period === "number" ? period : undefined;
  if (inputs["enableKeyRotation"] === true) await client.enableKeyRotation({ KeyId, RotationPeriodInDays });
  else await client.disableKeyRotation({ KeyId });
}

async function setEnabled(client: KMS, KeyId: string, enabled: boolean): Promise<void> {
  await (enabled ? client.enableKey({ KeyId }) : client.disableKey({ KeyId }));
}

function toTags(tags: Readonly<Record<string, string>>): { TagKey: string; TagValue: string }[] {
  return Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
}
