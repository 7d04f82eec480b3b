/** IAM: roles. */
import type { IAM } from "@aws-sdk/client-iam";
import type { Clients } from "../clients";
import { sameJson } from "../equal";
import { NEW_PRINCIPAL, orGone, retrying } from "../retry";
import { creating, isSince } from "../creating";
import type { ResourceType } from "../resourceType";
import { block, flag, isArn, json, length, list, matching, number, output, text, within } from "../schema";
import { allTags, fromTags, shownTags, tagChanges, toTags } from "../tags";
import { must, rfc3339, text as textOf, type Properties } from "../values";

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
    const client = await clients.iam();
    const RoleName = must(inputs, "name");
    const send = () =>
      client.createRole({
        RoleName,
        AssumeRolePolicyDocument: must(inputs, "assumeRolePolicy"),
        Path: textOf(inputs, "path"),
        MaxSessionDuration: Number(inputs["maxSessionDuration"]),
        Description: textOf(inputs, "description") || undefined,
        PermissionsBoundary: textOf(inputs, "permissionsBoundary") || undefined,
        Tags: toTags(allTags(clients, inputs)),
      });
    await creating({
      send: () => retrying(send, NEW_PRINCIPAL),
      taken: [{ name: "EntityAlreadyExistsException" }],
      async find(since) {
        const ask = () => client.getRole({ RoleName });
        const answer = await orGone(ask, "NoSuchEntityException");
        return isSince(answer?.Role?.CreateDate, since) ? answer : undefined;
      },
    });
    return RoleName;
  },
  update,
  async remove(clients, RoleName, state) {
    const client = await clients.iam();
    await orGone(async () => {
      if (state["forceDetachPolicies"] === true) await detachAll(client, RoleName);
      // A policy that was just detached may still be listed.
      await retrying(() => client.deleteRole({ RoleName }), [{ name: "DeleteConflictException" }], 10_000);
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

/** GetRole's answer under the resource's output names, with all of the role's tags; undefined if there is none. */
export async function describeRole(clients: Clients, RoleName: string) {
  const client = await clients.iam();
  const answer = await orGone(() => client.getRole({ RoleName }), "NoSuchEntityException");
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
  const client = await clients.iam();
  const changed = (name: string) => (olds[name] ?? "") !== (news[name] ?? "");
  if (!sameJson(olds["assumeRolePolicy"], news["assumeRolePolicy"])) {
    const PolicyDocument = must(news, "assumeRolePolicy");
    const sendTrust = () => client.updateAssumeRolePolicy({ RoleName, PolicyDocument });
    await retrying(sendTrust, NEW_PRINCIPAL);
  }
  if (changed("description") || changed("maxSessionDuration"))
    await client.updateRole({
      RoleName,
      Description: textOf(news, "description") ?? "",
      MaxSessionDuration: Number(news["maxSessionDuration"]),
    });
  if (changed("permissionsBoundary")) {
    const PermissionsBoundary = textOf(news, "permissionsBoundary");
    await (PermissionsBoundary
      ? client.putRolePermissionsBoundary({ RoleName, PermissionsBoundary })
      : client.deleteRolePermissionsBoundary({ RoleName }));
  }
  const { set, removed } = tagChanges(clients, olds, news);
  if (removed.length > 0) await client.untagRole({ RoleName, TagKeys: removed });
  if (Object.keys(set).length > 0) await client.tagRole({ RoleName, Tags: toTags(set) });
}

/** ARNs of the managed policies, in the order of their names. */
export async function attachedTo(client: IAM, RoleName: string): Promise<string[]> {
  const arns: string[] = [];
  for await (const page of client.paginateListAttachedRolePolicies({ RoleName }))
    for (const { PolicyArn = "" } of page.AttachedPolicies ?? []) arns.push(PolicyArn);
  return arns.sort();
}

async function inlineNames(client: IAM, RoleName: string): Promise<string[]> {
  const names: string[] = [];
  for await (const page of client.paginateListRolePolicies({ RoleName }))
    names.push(...(page.PolicyNames ?? []));
  return names.sort();
}

async function inlineOf(client: IAM, RoleName: string): Promise<{ name: string; policy: string }[]> {
  const policies: { name: string; policy: string }[] = [];
  for (const PolicyName of await inlineNames(client, RoleName)) {
    const found = await orGone(() => client.getRolePolicy({ RoleName, PolicyName }), "NoSuchEntityException");
    if (found) policies.push({ name: PolicyName, policy: decodeURIComponent(found.PolicyDocument ?? "") });
  }
  return policies;
}

async function detachAll(client: IAM, RoleName: string): Promise<void> {
  for (const PolicyArn of await attachedTo(client, RoleName))
    await client.detachRolePolicy({ RoleName, PolicyArn });
  for (const PolicyName of await inlineNames(client, RoleName))
    await client.deleteRolePolicy({ RoleName, PolicyName });
}
