/** IAM: roles. */
import type { IAMClient } from "@aws-sdk/client-iam";
import type { Clients } from "../clients";
import { sameJson } from "../equal";
import { NEW_PRINCIPAL, orGone, retrying } from "../retry";
import { creating, isSince } from "../creating";
import type { ResourceType } from "../resourceType";
import { block, flag, isArn, json, length, list, matching, number, output, text, within } from "../schema";
import { allTags, fromTags, shownTags, tagChanges, toTags } from "../tags";
import { must, rfc3339, text as textOf, type Properties } from "../values";

const sdk = () => import("@aws-sdk/client-iam");
const NAME = matching(/^[\w+=,.@-]*$/, "must match [\\w+=,.@-]");

export const role: ResourceType = {
  token: "aws:iam/role:Role",
  title: "IAM Role",
  global: true,
  tagged: true,
  identity: ["name"],
  autoName: { property: "name", prefix: "namePrefix", maximum: 64 },
  fields: {
    name: text({ replace: true, rules: [length(1, 64), NAME] }),
    namePrefix: text({ replace: true, writeOnly: true, rules: [length(1, 38), NAME] }),
    assumeRolePolicy: json({ required: true }),
    description: text({
      rules: [
        length(0, 1000),
        matching(/^[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*$/, "printable Latin-1 characters only"),
      ],
    }),
    forceDetachPolicies: flag({ default: false, writeOnly: true }),
    maxSessionDuration: number({ default: 3600, rules: [within(3600, 43_200)] }),
    path: text({
      default: "/",
      replace: true,
      rules: [length(0, 512), matching(/^(\/|\/.+\/)$/, "begins and ends with /")],
    }),
    permissionsBoundary: text({ rules: [isArn] }),
    arn: output(),
    createDate: output(),
    uniqueId: output(),
    inlinePolicies: output(list(block({ name: text(), policy: text() }))),
    managedPolicyArns: output(list(text())),
  },
  async create(clients, inputs) {
    const { CreateRoleCommand } = await sdk();
    const client = await clients.iam();
    const RoleName = must(inputs, "name");
    const command = new CreateRoleCommand({
      RoleName,
      AssumeRolePolicyDocument: must(inputs, "assumeRolePolicy"),
      Path: textOf(inputs, "path"),
      MaxSessionDuration: Number(inputs["maxSessionDuration"]),
      Description: textOf(inputs, "description") || undefined,
      PermissionsBoundary: textOf(inputs, "permissionsBoundary") || undefined,
      Tags: toTags(allTags(clients, inputs)),
    });
    await creating({
      send: () => retrying(() => client.send(command), NEW_PRINCIPAL),
      taken: [{ name: "EntityAlreadyExistsException" }],
      async find(since) {
        const { GetRoleCommand } = await sdk();
        const ask = () => client.send(new GetRoleCommand({ RoleName }));
        const answer = await orGone(ask, "NoSuchEntityException");
        return isSince(answer?.Role?.CreateDate, since) ? answer : undefined;
      },
    });
    return RoleName;
  },
  update,
  async remove(clients, RoleName, state) {
    const { DeleteRoleCommand } = await sdk();
    const client = await clients.iam();
    await orGone(async () => {
      if (state["forceDetachPolicies"] === true) await detachAll(client, RoleName);
      // A policy that was just detached may still be listed.
      await retrying(
        () => client.send(new DeleteRoleCommand({ RoleName })),
        [{ name: "DeleteConflictException" }],
        10_000,
      );
    }, "NoSuchEntityException");
  },
  async observe(clients, RoleName) {
    const client = await clients.iam();
    const found = await describeRole(clients, RoleName);
    if (!found) return undefined;
    const { tags, ...shown } = found;
    return {
      ...shown,
      managedPolicyArns: await attachedTo(client, RoleName),
      inlinePolicies: await inlineOf(client, RoleName),
      ...shownTags(clients, tags),
    };
  },
};

/** GetRole's answer by the resource's output names, with all tags of the role; undefined if there is none. */
export async function describeRole(clients: Clients, RoleName: string) {
  const { GetRoleCommand } = await sdk();
  const client = await clients.iam();
  const answer = await orGone(() => client.send(new GetRoleCommand({ RoleName })), "NoSuchEntityException");
  const found = answer?.Role;
  return (
    found && {
      name: found.RoleName,
      arn: found.Arn,
      uniqueId: found.RoleId,
      createDate: rfc3339(found.CreateDate),
      path: found.Path,
      description: found.Description ?? "",
      maxSessionDuration: found.MaxSessionDuration,
      permissionsBoundary: found.PermissionsBoundary?.PermissionsBoundaryArn ?? "",
      assumeRolePolicy: decodeURIComponent(found.AssumeRolePolicyDocument ?? ""),
      tags: fromTags(found.Tags),
    }
  );
}

async function update(clients: Clients, RoleName: string, olds: Properties, news: Properties): Promise<void> {
  const {
    UpdateAssumeRolePolicyCommand,
    UpdateRoleCommand,
    PutRolePermissionsBoundaryCommand,
    DeleteRolePermissionsBoundaryCommand,
    TagRoleCommand,
    UntagRoleCommand,
  } = await sdk();
  const client = await clients.iam();
  const changed = (name: string) => (olds[name] ?? "") !== (news[name] ?? "");
  if (!sameJson(olds["assumeRolePolicy"], news["assumeRolePolicy"])) {
    const PolicyDocument = must(news, "assumeRolePolicy");
    const trust = new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument });
    await retrying(() => client.send(trust), NEW_PRINCIPAL);
  }
  if (changed("description") || changed("maxSessionDuration"))
    await client.send(
      new UpdateRoleCommand({
        RoleName,
        Description: textOf(news, "description") ?? "",
        MaxSessionDuration: Number(news["maxSessionDuration"]),
      }),
    );
  if (changed("permissionsBoundary")) {
    const PermissionsBoundary = textOf(news, "permissionsBoundary");
    await (PermissionsBoundary
      ? client.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary }))
      : client.send(new DeleteRolePermissionsBoundaryCommand({ RoleName })));
  }
  const { set, removed } = tagChanges(clients, olds, news);
  if (removed.length > 0) await client.send(new UntagRoleCommand({ RoleName, TagKeys: removed }));
  if (Object.keys(set).length > 0) await client.send(new TagRoleCommand({ RoleName, Tags: toTags(set) }));
}

/** ARNs of the managed policies, in the order of their names. */
export async function attachedTo(client: IAMClient, RoleName: string): Promise<string[]> {
  const { paginateListAttachedRolePolicies } = await sdk();
  const arns: string[] = [];
  for await (const page of paginateListAttachedRolePolicies({ client }, { RoleName }))
    for (const { PolicyArn = "" } of page.AttachedPolicies ?? []) arns.push(PolicyArn);
  return arns.sort();
}

async function inlineNames(client: IAMClient, RoleName: string): Promise<string[]> {
  const { paginateListRolePolicies } = await sdk();
  const names: string[] = [];
  for await (const page of paginateListRolePolicies({ client }, { RoleName }))
    names.push(...(page.PolicyNames ?? []));
  return names.sort();
}

async function inlineOf(client: IAMClient, RoleName: string): Promise<{ name: string; policy: string }[]> {
  const { GetRolePolicyCommand } = await sdk();
  const policies: { name: string; policy: string }[] = [];
  for (const PolicyName of await inlineNames(client, RoleName)) {
    const found = await orGone(
      () => client.send(new GetRolePolicyCommand({ RoleName, PolicyName })),
      "NoSuchEntityException",
    );
    if (found) policies.push({ name: PolicyName, policy: decodeURIComponent(found.PolicyDocument ?? "") });
  }
  return policies;
}

async function detachAll(client: IAMClient, RoleName: string): Promise<void> {
  const { DetachRolePolicyCommand, DeleteRolePolicyCommand } = await sdk();
  for (const PolicyArn of await attachedTo(client, RoleName))
    await client.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
  for (const PolicyName of await inlineNames(client, RoleName))
    await client.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
}
