/** KMS: keys and aliases. */
import type { KMSClient } from "@aws-sdk/client-kms";
import type { Clients } from "../clients";
import { sameJson } from "../equal";
import { NEW_PRINCIPAL, orGone, retrying } from "../retry";
import { must, PartlyMade, text, type Properties, type ResourceType } from "../resourceType";
import { allTags, shownTags } from "../tags";

const sdk = () => import("@aws-sdk/client-kms");
const SPECS = [
  "SYMMETRIC_DEFAULT",
  "RSA_2048",
  "RSA_3072",
  "RSA_4096",
  "HMAC_224",
  "HMAC_256",
  "HMAC_384",
  "HMAC_512",
  "ECC_NIST_P256",
  "ECC_NIST_P384",
  "ECC_NIST_P521",
  "ECC_SECG_P256K1",
];

export const key: ResourceType = {
  token: "aws:kms/key:Key",
  title: "KMS Key",
  inputs: [
    "description",
    "policy",
    "enableKeyRotation",
    "rotationPeriodInDays",
    "isEnabled",
    "deletionWindowInDays",
    "keyUsage",
    "customerMasterKeySpec",
    "multiRegion",
    "bypassPolicyLockoutSafetyCheck",
    "tags",
  ],
  defaults: {
    isEnabled: true,
    keyUsage: "ENCRYPT_DECRYPT",
    customerMasterKeySpec: "SYMMETRIC_DEFAULT",
    bypassPolicyLockoutSafetyCheck: false,
  },
  computed: ["arn", "keyId"],
  replaceOn: ["keyUsage", "customerMasterKeySpec", "multiRegion"],
  json: ["policy"],
  tagged: true,
  check(inputs) {
    const failures = [];
    const days = inputs["deletionWindowInDays"];
    if (typeof days === "number" && (days < 7 || days > 30))
      failures.push({
        property: "deletionWindowInDays",
        reason: `expected deletion_window_in_days to be in the range (7 - 30), got ${days}`,
      });
    const spec = text(inputs, "customerMasterKeySpec");
    if (spec !== undefined && !SPECS.includes(spec))
      failures.push({
        property: "customerMasterKeySpec",
        reason: `expected customer_master_key_spec to be one of ${JSON.stringify(SPECS)}, got ${spec}`,
      });
    const period = inputs["rotationPeriodInDays"];
    if (typeof period === "number" && (period < 90 || period > 2560))
      failures.push({
        property: "rotationPeriodInDays",
        reason: `expected rotation_period_in_days to be in the range (90 - 2560), got ${period}`,
      });
    return failures;
  },
  async create(clients, inputs) {
    const { CreateKeyCommand } = await sdk();
    const client = await clients.kms();
    const command = new CreateKeyCommand({
      Description: text(inputs, "description"),
      KeyUsage: must(inputs, "keyUsage") as "ENCRYPT_DECRYPT",
      KeySpec: must(inputs, "customerMasterKeySpec") as "SYMMETRIC_DEFAULT",
      BypassPolicyLockoutSafetyCheck: inputs["bypassPolicyLockoutSafetyCheck"] === true,
      MultiRegion: inputs["multiRegion"] === true,
      Policy: text(inputs, "policy"),
      Tags: toTags(allTags(clients, inputs)),
    });
    const { KeyMetadata } = await retrying(() => client.send(command), NEW_PRINCIPAL);
    const id = KeyMetadata?.KeyId ?? "";
    try {
      await setRotation(client, id, inputs);
      if (inputs["isEnabled"] === false) await setEnabled(client, id, false);
    } catch (error) {
      throw new PartlyMade(id, (error as Error).message);
    }
    return id;
  },
  async update(clients, KeyId, olds, news) {
    const { PutKeyPolicyCommand, UpdateKeyDescriptionCommand, TagResourceCommand, UntagResourceCommand } =
      await sdk();
    const client = await clients.kms();
    // A disabled key takes no changes: it is enabled first, and disabled last.
    if (news["isEnabled"] === true && olds["isEnabled"] === false) await setEnabled(client, KeyId, true);
    if (
      olds["enableKeyRotation"] !== news["enableKeyRotation"] ||
      olds["rotationPeriodInDays"] !== news["rotationPeriodInDays"]
    )
      await setRotation(client, KeyId, news, true);
    if (olds["description"] !== news["description"])
      await client.send(
        new UpdateKeyDescriptionCommand({ KeyId, Description: text(news, "description") ?? "" }),
      );
    const Policy = text(news, "policy");
    if (Policy !== undefined && !sameJson(olds["policy"], Policy)) {
      const BypassPolicyLockoutSafetyCheck = news["bypassPolicyLockoutSafetyCheck"] === true;
      await retrying(
        () =>
          client.send(
            new PutKeyPolicyCommand({ KeyId, PolicyName: "default", Policy, BypassPolicyLockoutSafetyCheck }),
          ),
        NEW_PRINCIPAL,
      );
    }
    const [before, after] = [allTags(clients, olds), allTags(clients, news)];
    const gone = Object.keys(before).filter((name) => !(name in after));
    if (gone.length > 0) await client.send(new UntagResourceCommand({ KeyId, TagKeys: gone }));
    if (Object.keys(after).length > 0)
      await client.send(new TagResourceCommand({ KeyId, Tags: toTags(after) }));
    if (news["isEnabled"] === false && olds["isEnabled"] !== false) await setEnabled(client, KeyId, false);
  },
  async remove(clients, KeyId, state) {
    const { ScheduleKeyDeletionCommand } = await sdk();
    const client = await clients.kms();
    const days = state["deletionWindowInDays"];
    await orGone(async () => {
      const found = await describe(clients, KeyId);
      if (!found || found.KeyState === "PendingDeletion") return;
      await client.send(
        new ScheduleKeyDeletionCommand({
          KeyId,
          ...(typeof days === "number" ? { PendingWindowInDays: days } : {}),
        }),
      );
    }, "NotFoundException");
  },
  async observe(clients, KeyId) {
    const { GetKeyPolicyCommand, GetKeyRotationStatusCommand, paginateListResourceTags } = await sdk();
    const client = await clients.kms();
    const found = await describe(clients, KeyId);
    if (!found || found.KeyState === "PendingDeletion") return undefined;
    const { Policy } = await client.send(new GetKeyPolicyCommand({ KeyId, PolicyName: "default" }));
    const rotation =
      found.KeySpec === "SYMMETRIC_DEFAULT"
        ? await client.send(new GetKeyRotationStatusCommand({ KeyId }))
        : undefined;
    const tags: Record<string, string> = {};
    for await (const page of paginateListResourceTags({ client }, { KeyId }))
      for (const { TagKey = "", TagValue = "" } of page.Tags ?? []) tags[TagKey] = TagValue;
    return {
      keyId: found.KeyId,
      arn: found.Arn,
      description: found.Description ?? "",
      isEnabled: found.Enabled,
      keyUsage: found.KeyUsage,
      customerMasterKeySpec: found.KeySpec,
      multiRegion: found.MultiRegion,
      policy: Policy,
      enableKeyRotation: rotation?.KeyRotationEnabled ?? false,
      ...(rotation?.RotationPeriodInDays ? { rotationPeriodInDays: rotation.RotationPeriodInDays } : {}),
      ...shownTags(clients, tags),
    };
  },
};

async function describe(clients: Clients, KeyId: string) {
  const { DescribeKeyCommand } = await sdk();
  const client = await clients.kms();
  return (await orGone(() => client.send(new DescribeKeyCommand({ KeyId })), "NotFoundException"))
    ?.KeyMetadata;
}

async function setRotation(
  client: KMSClient,
  KeyId: string,
  inputs: Properties,
  always = false,
): Promise<void> {
  const { EnableKeyRotationCommand, DisableKeyRotationCommand } = await sdk();
  const period = inputs["rotationPeriodInDays"];
  if (inputs["enableKeyRotation"] === true)
    await client.send(
      new EnableKeyRotationCommand({
        KeyId,
        ...(typeof period === "number" ? { RotationPeriodInDays: period } : {}),
      }),
    );
  else if (always) await client.send(new DisableKeyRotationCommand({ KeyId }));
}

async function setEnabled(client: KMSClient, KeyId: string, enabled: boolean): Promise<void> {
  const { EnableKeyCommand, DisableKeyCommand } = await sdk();
  await client.send(enabled ? new EnableKeyCommand({ KeyId }) : new DisableKeyCommand({ KeyId }));
}

function toTags(tags: Readonly<Record<string, string>>): { TagKey: string; TagValue: string }[] {
  return Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
}

export const alias: ResourceType = {
  token: "aws:kms/alias:Alias",
  title: "KMS Alias",
  inputs: ["name", "namePrefix", "targetKeyId"],
  required: ["targetKeyId"],
  computed: ["arn", "targetKeyArn"],
  replaceOn: ["name", "namePrefix"],
  check(inputs) {
    const name = text(inputs, "name");
    if (inputs["name"] === undefined)
      return [{ property: "name", reason: "the sandbox's provider needs the alias's name: alias/NAME" }];
    return name !== undefined && !/^alias\/[a-zA-Z0-9/_-]+$/.test(name)
      ? [
          {
            property: "name",
            reason: `"name" must begin with 'alias/' and be comprised of only [a-zA-Z0-9/_-], got ${name}`,
          },
        ]
      : [];
  },
  async create(clients, inputs) {
    const { CreateAliasCommand } = await sdk();
    const client = await clients.kms();
    const AliasName = must(inputs, "name");
    await retrying(
      () => client.send(new CreateAliasCommand({ AliasName, TargetKeyId: must(inputs, "targetKeyId") })),
      [{ name: "NotFoundException" }],
      30_000,
    );
    return AliasName;
  },
  async update(clients, AliasName, _olds, news) {
    const { UpdateAliasCommand } = await sdk();
    const client = await clients.kms();
    await client.send(new UpdateAliasCommand({ AliasName, TargetKeyId: must(news, "targetKeyId") }));
  },
  async remove(clients, AliasName) {
    const { DeleteAliasCommand } = await sdk();
    const client = await clients.kms();
    await orGone(() => client.send(new DeleteAliasCommand({ AliasName })), "NotFoundException");
  },
  async observe(clients, id, state) {
    const { paginateListAliases } = await sdk();
    const client = await clients.kms();
    for await (const page of paginateListAliases({ client }, {}))
      for (const { AliasName, AliasArn = "", TargetKeyId = "" } of page.Aliases ?? []) {
        if (AliasName !== id) continue;
        const targetKeyArn = AliasArn.replace(/:alias\/.*$/, `:key/${TargetKeyId}`);
        // The input may name the key by its ARN.
        const byArn = text(state, "targetKeyId") === targetKeyArn;
        return {
          name: AliasName,
          arn: AliasArn,
          targetKeyId: byArn ? targetKeyArn : TargetKeyId,
          targetKeyArn,
        };
      }
    return undefined;
  },
};
