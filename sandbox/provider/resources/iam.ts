/** IAM: roles, their policies, and managed policies. */
import type { IAMClient, Tag } from "@aws-sdk/client-iam";
import type { Clients } from "../clients";
import { sameJson } from "../equal";
import { NEW_PRINCIPAL, orGone, retrying } from "../retry";
import { must, text, type Properties, type ResourceType } from "../resourceType";
import { allTags, shownTags } from "../tags";

const sdk = () => import("@aws-sdk/client-iam");
const toTags = (tags: Readonly<Record<string, string>>): Tag[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
const fromTags = (tags: readonly Tag[] = []) =>
  Object.fromEntries(tags.map(({ Key, Value }) => [Key ?? "", Value ?? ""]));

export const role: ResourceType = {
  token: "aws:iam/role:Role",
  title: "IAM Role",
  inputs: [
    "name",
    "namePrefix",
    "assumeRolePolicy",
    "description",
    "forceDetachPolicies",
    "maxSessionDuration",
    "path",
    "permissionsBoundary",
    "tags",
  ],
  required: ["assumeRolePolicy"],
  defaults: { forceDetachPolicies: false, maxSessionDuration: 3600, path: "/" },
  computed: ["arn", "createDate", "uniqueId", "inlinePolicies", "managedPolicyArns"],
  replaceOn: ["name", "namePrefix", "path"],
  json: ["assumeRolePolicy"],
  autoName: { property: "name", prefix: "namePrefix", maximum: 64 },
  tagged: true,
  check(inputs) {
    const seconds = Number(inputs["maxSessionDuration"]);
    return seconds < 3600 || seconds > 43_200
      ? [
          {
            property: "maxSessionDuration",
            reason: `expected max_session_duration to be in the range (3600 - 43200), got ${seconds}`,
          },
        ]
      : [];
  },
  async create(clients, inputs) {
    const { CreateRoleCommand } = await sdk();
    const client = await clients.iam();
    const RoleName = must(inputs, "name");
    const command = new CreateRoleCommand({
      RoleName,
      AssumeRolePolicyDocument: must(inputs, "assumeRolePolicy"),
      Path: text(inputs, "path"),
      MaxSessionDuration: Number(inputs["maxSessionDuration"]),
      ...(text(inputs, "description") ? { Description: text(inputs, "description") } : {}),
      ...(text(inputs, "permissionsBoundary")
        ? { PermissionsBoundary: text(inputs, "permissionsBoundary") }
        : {}),
      Tags: toTags(allTags(clients, inputs)),
    });
    await retrying(() => client.send(command), NEW_PRINCIPAL);
    return RoleName;
  },
  async update(clients, RoleName, olds, news) {
    const {
      UpdateAssumeRolePolicyCommand,
      UpdateRoleCommand,
      PutRolePermissionsBoundaryCommand,
      DeleteRolePermissionsBoundaryCommand,
      TagRoleCommand,
      UntagRoleCommand,
    } = await sdk();
    const client = await clients.iam();
    const changed = (name: string) => olds[name] !== news[name];
    if (!sameJson(olds["assumeRolePolicy"], news["assumeRolePolicy"])) {
      const trust = new UpdateAssumeRolePolicyCommand({
        RoleName,
        PolicyDocument: must(news, "assumeRolePolicy"),
      });
      await retrying(() => client.send(trust), NEW_PRINCIPAL);
    }
    if (changed("description") || changed("maxSessionDuration"))
      await client.send(
        new UpdateRoleCommand({
          RoleName,
          Description: text(news, "description") ?? "",
          MaxSessionDuration: Number(news["maxSessionDuration"]),
        }),
      );
    const boundary = text(news, "permissionsBoundary");
    if (changed("permissionsBoundary") && boundary)
      await client.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: boundary }));
    if (changed("permissionsBoundary") && !boundary)
      await client.send(new DeleteRolePermissionsBoundaryCommand({ RoleName }));
    const [before, after] = [allTags(clients, olds), allTags(clients, news)];
    const gone = Object.keys(before).filter((key) => !(key in after));
    if (gone.length > 0) await client.send(new UntagRoleCommand({ RoleName, TagKeys: gone }));
    if (Object.keys(after).length > 0)
      await client.send(new TagRoleCommand({ RoleName, Tags: toTags(after) }));
  },
  async remove(clients, RoleName, state) {
    const {
      DeleteRoleCommand,
      ListAttachedRolePoliciesCommand,
      DetachRolePolicyCommand,
      ListRolePoliciesCommand,
      DeleteRolePolicyCommand,
    } = await sdk();
    const client = await clients.iam();
    await orGone(async () => {
      if (state["forceDetachPolicies"] === true) {
        const attached = await client.send(new ListAttachedRolePoliciesCommand({ RoleName }));
        for (const { PolicyArn } of attached.AttachedPolicies ?? [])
          await client.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
        const inline = await client.send(new ListRolePoliciesCommand({ RoleName }));
        for (const PolicyName of inline.PolicyNames ?? [])
          await client.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
      }
      await client.send(new DeleteRoleCommand({ RoleName }));
    }, "NoSuchEntityException");
  },
  async observe(clients, RoleName) {
    const { GetRoleCommand } = await sdk();
    const client = await clients.iam();
    const found = (await orGone(() => client.send(new GetRoleCommand({ RoleName })), "NoSuchEntityException"))
      ?.Role;
    if (!found) return undefined;
    return {
      name: found.RoleName,
      arn: found.Arn,
      uniqueId: found.RoleId,
      createDate: found.CreateDate?.toISOString().replace(/\.\d+Z$/, "Z"),
      path: found.Path,
      description: found.Description ?? "",
      maxSessionDuration: found.MaxSessionDuration,
      permissionsBoundary: found.PermissionsBoundary?.PermissionsBoundaryArn ?? "",
      assumeRolePolicy: decodeURIComponent(found.AssumeRolePolicyDocument ?? ""),
      managedPolicyArns: await attachedTo(client, RoleName),
      inlinePolicies: [],
      ...shownTags(clients, fromTags(found.Tags)),
    };
  },
};

async function attachedTo(client: IAMClient, RoleName: string): Promise<string[]> {
  const { ListAttachedRolePoliciesCommand } = await sdk();
  const { AttachedPolicies = [] } = await client.send(new ListAttachedRolePoliciesCommand({ RoleName }));
  return AttachedPolicies.map(({ PolicyArn }) => PolicyArn ?? "").sort();
}

export const rolePolicy: ResourceType = {
  token: "aws:iam/rolePolicy:RolePolicy",
  title: "IAM Role Policy",
  inputs: ["name", "namePrefix", "policy", "role"],
  required: ["policy", "role"],
  computed: [],
  replaceOn: ["name", "namePrefix", "role"],
  json: ["policy"],
  autoName: { property: "name", prefix: "namePrefix", maximum: 128 },
  async create(clients, inputs) {
    const id = `${must(inputs, "role")}:${must(inputs, "name")}`;
    await putRolePolicy(clients, id, inputs);
    return id;
  },
  update: (clients, id, _olds, news) => putRolePolicy(clients, id, news),
  async remove(clients, id) {
    const { DeleteRolePolicyCommand } = await sdk();
    const client = await clients.iam();
    await orGone(() => client.send(new DeleteRolePolicyCommand(rolePolicyName(id))), "NoSuchEntityException");
  },
  async observe(clients, id) {
    const { GetRolePolicyCommand } = await sdk();
    const client = await clients.iam();
    const found = await orGone(
      () => client.send(new GetRolePolicyCommand(rolePolicyName(id))),
      "NoSuchEntityException",
    );
    return (
      found && {
        role: found.RoleName,
        name: found.PolicyName,
        policy: decodeURIComponent(found.PolicyDocument ?? ""),
      }
    );
  },
};

async function putRolePolicy(clients: Clients, id: string, inputs: Properties): Promise<void> {
  const { PutRolePolicyCommand } = await sdk();
  const client = await clients.iam();
  const command = new PutRolePolicyCommand({ ...rolePolicyName(id), PolicyDocument: must(inputs, "policy") });
  await retrying(() => client.send(command), [{ name: "NoSuchEntityException" }], 30_000);
}

/** `ROLE:POLICY`, the real provider's ID. */
function rolePolicyName(id: string): { RoleName: string; PolicyName: string } {
  const colon = id.indexOf(":");
  if (colon < 0) throw new Error(`"${id}" is not the ID of a role policy: ROLE_NAME:POLICY_NAME`);
  return { RoleName: id.slice(0, colon), PolicyName: id.slice(colon + 1) };
}

export const rolePolicyAttachment: ResourceType = {
  token: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  title: "IAM Role Policy Attachment",
  inputs: ["role", "policyArn"],
  required: ["role", "policyArn"],
  computed: [],
  replaceOn: ["role", "policyArn"],
  async create(clients, inputs) {
    const { AttachRolePolicyCommand } = await sdk();
    const client = await clients.iam();
    const [RoleName, PolicyArn] = [must(inputs, "role"), must(inputs, "policyArn")];
    await retrying(
      () => client.send(new AttachRolePolicyCommand({ RoleName, PolicyArn })),
      [{ name: "NoSuchEntityException" }],
      30_000,
    );
    return `${RoleName}/${PolicyArn}`;
  },
  async remove(clients, id) {
    const { DetachRolePolicyCommand } = await sdk();
    const client = await clients.iam();
    const { RoleName, PolicyArn } = attachmentOf(id);
    await orGone(
      () => client.send(new DetachRolePolicyCommand({ RoleName, PolicyArn })),
      "NoSuchEntityException",
    );
  },
  async observe(clients, id) {
    const { RoleName, PolicyArn } = attachmentOf(id);
    const attached = await orGone(
      async () => attachedTo(await clients.iam(), RoleName),
      "NoSuchEntityException",
    );
    return attached?.includes(PolicyArn) ? { role: RoleName, policyArn: PolicyArn } : undefined;
  },
};

/** `ROLE/POLICY_ARN`. */
function attachmentOf(id: string): { RoleName: string; PolicyArn: string } {
  const slash = id.indexOf("/");
  if (slash < 0) throw new Error(`"${id}" is not the ID of a role policy attachment: ROLE_NAME/POLICY_ARN`);
  return { RoleName: id.slice(0, slash), PolicyArn: id.slice(slash + 1) };
}

export const policy: ResourceType = {
  token: "aws:iam/policy:Policy",
  title: "IAM Policy",
  inputs: ["name", "namePrefix", "description", "path", "policy", "tags"],
  required: ["policy"],
  defaults: { path: "/" },
  computed: ["arn", "attachmentCount", "policyId"],
  replaceOn: ["name", "namePrefix", "description", "path"],
  json: ["policy"],
  autoName: { property: "name", prefix: "namePrefix", maximum: 128 },
  tagged: true,
  async create(clients, inputs) {
    const { CreatePolicyCommand } = await sdk();
    const client = await clients.iam();
    const { Policy } = await client.send(
      new CreatePolicyCommand({
        PolicyName: must(inputs, "name"),
        PolicyDocument: must(inputs, "policy"),
        Path: text(inputs, "path"),
        ...(text(inputs, "description") ? { Description: text(inputs, "description") } : {}),
        Tags: toTags(allTags(clients, inputs)),
      }),
    );
    return Policy?.Arn ?? "";
  },
  async update(clients, PolicyArn, olds, news) {
    const {
      CreatePolicyVersionCommand,
      DeletePolicyVersionCommand,
      ListPolicyVersionsCommand,
      TagPolicyCommand,
      UntagPolicyCommand,
    } = await sdk();
    const client = await clients.iam();
    if (!sameJson(olds["policy"], news["policy"])) {
      const { Versions = [] } = await client.send(new ListPolicyVersionsCommand({ PolicyArn }));
      // A policy has at most five versions: the oldest makes room.
      const oldest = Versions.filter(({ IsDefaultVersion }) => !IsDefaultVersion).sort(
        (a, b) => Number(a.CreateDate) - Number(b.CreateDate),
      )[0];
      if (Versions.length >= 5 && oldest)
        await client.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: oldest.VersionId }));
      await client.send(
        new CreatePolicyVersionCommand({
          PolicyArn,
          PolicyDocument: must(news, "policy"),
          SetAsDefault: true,
        }),
      );
    }
    const [before, after] = [allTags(clients, olds), allTags(clients, news)];
    const gone = Object.keys(before).filter((key) => !(key in after));
    if (gone.length > 0) await client.send(new UntagPolicyCommand({ PolicyArn, TagKeys: gone }));
    if (Object.keys(after).length > 0)
      await client.send(new TagPolicyCommand({ PolicyArn, Tags: toTags(after) }));
  },
  async remove(clients, PolicyArn) {
    const { DeletePolicyCommand, DeletePolicyVersionCommand, ListPolicyVersionsCommand } = await sdk();
    const client = await clients.iam();
    await orGone(async () => {
      const { Versions = [] } = await client.send(new ListPolicyVersionsCommand({ PolicyArn }));
      for (const { VersionId, IsDefaultVersion } of Versions)
        if (!IsDefaultVersion) await client.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId }));
      await client.send(new DeletePolicyCommand({ PolicyArn }));
    }, "NoSuchEntityException");
  },
  async observe(clients, PolicyArn) {
    const { GetPolicyCommand, GetPolicyVersionCommand } = await sdk();
    const client = await clients.iam();
    const found = (
      await orGone(() => client.send(new GetPolicyCommand({ PolicyArn })), "NoSuchEntityException")
    )?.Policy;
    if (!found) return undefined;
    const { PolicyVersion } = await client.send(
      new GetPolicyVersionCommand({ PolicyArn, VersionId: found.DefaultVersionId }),
    );
    return {
      name: found.PolicyName,
      arn: found.Arn,
      policyId: found.PolicyId,
      path: found.Path,
      description: found.Description ?? "",
      attachmentCount: found.AttachmentCount,
      policy: decodeURIComponent(PolicyVersion?.Document ?? ""),
      ...shownTags(clients, fromTags(found.Tags)),
    };
  },
};
