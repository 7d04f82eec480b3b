/** Roles and their policies as they are in IAM now. */
import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  NoSuchEntityException,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
  type AttachedPolicy,
} from "@aws-sdk/client-iam";
import { managedDocument } from "@feature-store-access/iam";
import type { DescribedResource } from "../../access/model";
import type { AccountClientConfig } from "../environment/accountSessions";

type Part = (type: string, name: string, outputs: Record<string, unknown>) => DescribedResource;

/** The role with all its policies, even those that no stack attached; nothing for a deleted role. */
export function liveRole(role: DescribedResource, config: AccountClientConfig): Promise<DescribedResource[]> {
  return asking(config, async (client) => {
    const RoleName = String(role.outputs["name"]);
    const { Role } = await client.send(new GetRoleCommand({ RoleName }));
    const part: Part = (type, name, outputs) => ({
      ...role,
      type,
      name,
      id: name,
      outputs: { role: RoleName, ...outputs },
    });
    const policies: DescribedResource[] = [];
    for await (const { PolicyNames = [] } of paginateListRolePolicies({ client }, { RoleName }))
      for (const PolicyName of PolicyNames) {
        const policy = await inlinePolicy(client, RoleName, PolicyName);
        policies.push(part("aws:iam/rolePolicy:RolePolicy", `${role.name}/${PolicyName}`, { policy }));
      }
    for (const { PolicyArn = "", PolicyName = "" } of await attached(client, RoleName)) {
      const name = `${role.name}/${PolicyName}`;
      policies.push(
        part("aws:iam/rolePolicyAttachment:RolePolicyAttachment", name, { policyArn: PolicyArn }),
        ...(await managedPolicy(client, part, PolicyArn, name)),
      );
    }
    const outputs = {
      ...role.outputs,
      // The policies are resources of their own, including those that the program writes into the role.
      inlinePolicies: undefined,
      managedPolicyArns: undefined,
      uniqueId: Role?.RoleId,
      assumeRolePolicy: decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ""),
      permissionsBoundary: Role?.PermissionsBoundary?.PermissionsBoundaryArn ?? "",
    };
    return [{ ...role, outputs }, ...policies];
  });
}

/** An inline policy of a role outside all stacks, without the role's other policies. */
export function liveInlinePolicy(
  resource: DescribedResource,
  config: AccountClientConfig,
): Promise<DescribedResource[]> {
  return asking(config, async (client) => {
    const { role, name } = resource.outputs;
    const policy = await inlinePolicy(client, String(role), String(name));
    return [{ ...resource, outputs: { ...resource.outputs, policy } }];
  });
}

/** A managed policy that is attached to such a role. */
export function liveAttachment(
  resource: DescribedResource,
  config: AccountClientConfig,
): Promise<DescribedResource[]> {
  return asking(config, async (client) => {
    const { role, policyArn } = resource.outputs;
    const isAttached = (await attached(client, String(role))).some(
      ({ PolicyArn }) => PolicyArn === policyArn,
    );
    const part: Part = (type, name, outputs) => ({ ...resource, type, name, id: name, outputs });
    return isAttached
      ? [resource, ...(await managedPolicy(client, part, String(policyArn), `${resource.name}/policy`))]
      : [];
  });
}

/** Nothing for a deleted role or policy. */
async function asking(
  config: AccountClientConfig,
  ask: (client: IAMClient) => Promise<DescribedResource[]>,
): Promise<DescribedResource[]> {
  const client = new IAMClient(config);
  try {
    return await ask(client);
  } catch (error) {
    if (error instanceof NoSuchEntityException) return [];
    throw error;
  } finally {
    client.destroy();
  }
}

async function inlinePolicy(client: IAMClient, RoleName: string, PolicyName: string): Promise<string> {
  const { PolicyDocument = "" } = await client.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
  return decodeURIComponent(PolicyDocument);
}

async function attached(client: IAMClient, RoleName: string): Promise<AttachedPolicy[]> {
  const all: AttachedPolicy[] = [];
  for await (const { AttachedPolicies = [] } of paginateListAttachedRolePolicies({ client }, { RoleName }))
    all.push(...AttachedPolicies);
  return all;
}

/** Nothing for AWS's own policies, whose text the proof knows. */
async function managedPolicy(
  client: IAMClient,
  part: Part,
  PolicyArn: string,
  name: string,
): Promise<DescribedResource[]> {
  if (managedDocument(PolicyArn)) return [];
  const { Policy } = await client.send(new GetPolicyCommand({ PolicyArn }));
  const VersionId = Policy?.DefaultVersionId ?? "v1";
  const { PolicyVersion } = await client.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
  const policy = decodeURIComponent(PolicyVersion?.Document ?? "");
  return [part("aws:iam/policy:Policy", name, { arn: PolicyArn, policy })];
}
