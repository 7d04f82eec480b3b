/**
 * Notices roles that were made again outside of Pulumi. A policy that names a role keeps the role's unique ID: one made
 * again under the same name has no access, while every document and every recorded state looks as it did.
 * Source: IAM User Guide, "AWS JSON policy elements: Principal", "IAM role principals".
 */
import { GetRoleCommand, IAMClient, NoSuchEntityException } from "@aws-sdk/client-iam";
import type { AccountClientConfig } from "../environment/accountSessions";
import type { DeployedStack } from "../model/stackPort";

interface RecordedRole {
  readonly arn: string;
  readonly id: string;
}

/**
 * The roles that a stage's outputs tell by ARN and unique ID (`roleArn` and `roleId`, `executionRoleArn` and
 * `executionRoleId`), at the top or, by name, within one.
 */
export function recordedRoles({ outputs }: Pick<DeployedStack, "outputs">): RecordedRole[] {
  return rolesIn(Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value])));
}

function rolesIn(values: Readonly<Record<string, unknown>>): RecordedRole[] {
  return Object.entries(values).flatMap(([name, arn]) => {
    if (typeof arn === "object" && arn !== null && !Array.isArray(arn))
      return rolesIn(arn as Readonly<Record<string, unknown>>);
    const id = /[rR]oleArn$/.test(name) ? values[name.replace(/Arn$/, "Id")] : undefined;
    return typeof arn === "string" && typeof id === "string" ? [{ arn, id }] : [];
  });
}

/**
 * Why the stage's resources have to be read anew: one of the roles that it gave is another by now, or gone.
 * @param config of the stage's account
 * @returns undefined if all are as recorded
 */
export async function recreatedRole(
  deployed: Pick<DeployedStack, "outputs">,
  config: AccountClientConfig,
): Promise<string | undefined> {
  const client = new IAMClient(config);
  try {
    const found = await Promise.all(recordedRoles(deployed).map((role) => changed(client, role)));
    return found.find((reason) => reason !== undefined);
  } finally {
    client.destroy();
  }
}

async function changed(client: IAMClient, { arn, id }: RecordedRole): Promise<string | undefined> {
  const name = arn.slice(arn.lastIndexOf("/") + 1);
  try {
    const { Role } = await client.send(new GetRoleCommand({ RoleName: name }));
    if (Role?.RoleId === id) return undefined;
    return `role ${name} was made again (it was ${id} and is ${Role?.RoleId}): policies that named it name nobody until they are written anew`;
  } catch (error) {
    if (error instanceof NoSuchEntityException) return `role ${name} is gone`;
    throw error;
  }
}
