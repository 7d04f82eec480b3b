/**
 * Detects roles that were recreated outside of Pulumi. A policy that names a role keeps the role's unique ID: a new role of the
 * same name has no access, although every policy document and every recorded state looks unchanged.
 * Source: IAM User Guide, "AWS JSON policy elements: Principal",
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
import { GetRoleCommand, IAMClient, NoSuchEntityException } from "@aws-sdk/client-iam";
import type { AccountClientConfig } from "../environment/accountSessions";
import { plainValues } from "../graph/wiring";
import type { DeployedStack } from "../model/stackPort";

interface RecordedRole {
  readonly arn: string;
  readonly id: string;
}

/**
 * The reason to refresh the stage: one of the roles in its outputs was recreated or deleted.
 * @param config of the stage's account
 * @returns undefined if all roles are as recorded
 */
export async function recreatedRole(
  { outputs }: Pick<DeployedStack, "outputs">,
  config: AccountClientConfig,
): Promise<string | undefined> {
  const client = new IAMClient(config);
  try {
    const changes = await Promise.all(rolesIn(plainValues(outputs)).map((role) => changed(client, role)));
    return changes.find((reason) => reason !== undefined);
  } finally {
    client.destroy();
  }
}

/** Roles by ARN and unique ID (`roleArn` and `roleId`, `executionRoleArn` and `executionRoleId`), also within members. */
function rolesIn(values: Readonly<Record<string, unknown>>): RecordedRole[] {
  return Object.entries(values).flatMap(([name, arn]) => {
    if (typeof arn === "object" && arn !== null && !Array.isArray(arn))
      return rolesIn(arn as Readonly<Record<string, unknown>>);
    const id = /[rR]oleArn$/.test(name) ? values[name.replace(/Arn$/, "Id")] : undefined;
    return typeof arn === "string" && typeof id === "string" ? [{ arn, id }] : [];
  });
}

async function changed(client: IAMClient, { arn, id }: RecordedRole): Promise<string | undefined> {
  const name = arn.slice(arn.lastIndexOf("/") + 1);
  try {
    const { Role } = await client.send(new GetRoleCommand({ RoleName: name }));
    if (Role?.RoleId === id) return undefined;
    return `role ${name} was recreated (it was ${id} and is ${Role?.RoleId}): the policies that name it have to be updated`;
  } catch (error) {
    if (error instanceof NoSuchEntityException) return `role ${name} no longer exists`;
    throw error;
  }
}
