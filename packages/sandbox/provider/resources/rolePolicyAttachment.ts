/** IAM: a managed policy attached to a role. */
import { orGone, retrying } from "../retry";
import type { ResourceType } from "../resourceType";
import { isArn, text } from "../schema";
import { must } from "../values";
import { attachedTo } from "./role";

export const rolePolicyAttachment: ResourceType = {
  token: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  title: "IAM Role Policy Attachment",
  global: true,
  identity: ["role", "policyArn"],
  fields: {
    role: text({ required: true, replace: true }),
    policyArn: text({ required: true, replace: true, rules: [isArn] }),
  },
  async create(clients, inputs) {
    const client = await clients.iam();
    const [RoleName, PolicyArn] = [must(inputs, "role"), must(inputs, "policyArn")];
    await retrying(
      () => client.attachRolePolicy({ RoleName, PolicyArn }),
      [{ name: "NoSuchEntityException" }],
      10_000,
    );
    return `${RoleName}/${PolicyArn}`;
  },
  async remove(clients, id) {
    const client = await clients.iam();
    await orGone(() => client.detachRolePolicy(parts(id)), "NoSuchEntityException");
  },
  async observe(clients, id) {
    const { RoleName, PolicyArn } = parts(id);
    const client = await clients.iam();
    const attached = await orGone(() => attachedTo(client, RoleName), "NoSuchEntityException");
    return attached?.includes(PolicyArn) ? { role: RoleName, policyArn: PolicyArn } : undefined;
  },
};

/** `ROLE/POLICY_ARN`, the real provider's ID. */
function parts(id: string): { RoleName: string; PolicyArn: string } {
  const [, RoleName, PolicyArn] = /^([^/]+)\/(arn:.+)$/.exec(id) ?? [];
  if (!RoleName || !PolicyArn)
    throw new Error(`"${id}" is not the ID of a role policy attachment: it has to be ROLE_NAME/POLICY_ARN`);
  return { RoleName, PolicyArn };
}
