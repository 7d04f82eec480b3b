/**
 * Creations whose AWS IDs follow from what they were begun with. Names that the engine makes up are others in each run: done
 * again, such a creation would leave a second policy, rule, target, topic or alarm, which no stack knows.
 */
import { IAMClient, GetRolePolicyCommand, NoSuchEntityException } from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { AccountClientConfig } from "../environment/accountSessions";
import type { DeployedStack, PendingCreation } from "../model/stackPort";

export interface NamedCreation {
  readonly id: string;
  /** True: nobody was asked whether AWS has it. The refresh of what is taken over drops what is not there. */
  readonly unseen?: true;
}

/** The ID of a creation of those types, if AWS has it or it was not asked; undefined for other types too. */
export async function namedCreation(
  pending: PendingCreation,
  config: AccountClientConfig,
  deployed: Pick<DeployedStack, "regions">,
): Promise<NamedCreation | undefined> {
  const given = (name: string) => {
    const value = pending.inputs[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const name = given("name");
  switch (pending.type) {
    case "aws:iam/rolePolicy:RolePolicy":
      return inlinePolicy(config, given("role"), name);
    case "aws:cloudwatch/eventRule:EventRule":
    case "aws:cloudwatch/metricAlarm:MetricAlarm":
      return name === undefined ? undefined : { id: name, unseen: true };
    case "aws:cloudwatch/eventTarget:EventTarget": {
      const [rule, target] = [given("rule"), given("targetId")];
      return rule === undefined || target === undefined
        ? undefined
        : { id: `${rule}-${target}`, unseen: true };
    }
    case "aws:sns/topic:Topic":
      return name === undefined
        ? undefined
        : { id: await topicArn(config, regionOf(pending, deployed) ?? config.region, name), unseen: true };
    default:
      return undefined;
  }
}

async function inlinePolicy(
  config: AccountClientConfig,
  RoleName: string | undefined,
  PolicyName: string | undefined,
): Promise<NamedCreation | undefined> {
  if (RoleName === undefined || PolicyName === undefined) return undefined;
  try {
    await new IAMClient(config).send(new GetRolePolicyCommand({ RoleName, PolicyName }));
    return { id: `${RoleName}:${PolicyName}` };
  } catch (error) {
    if (error instanceof NoSuchEntityException) return undefined;
    throw error;
  }
}

async function topicArn(config: AccountClientConfig, region: string, name: string): Promise<string> {
  const { Arn = "", Account = "" } = await new STSClient(config).send(new GetCallerIdentityCommand({}));
  const [, partition = "aws"] = Arn.split(":");
  return `arn:${partition}:sns:${region}:${Account}:${name}`;
}

/** Of the provider that makes it: IAM's events are watched in a region of their own. */
function regionOf({ provider }: PendingCreation, { regions }: Pick<DeployedStack, "regions">) {
  return provider === undefined ? undefined : regions?.[provider.slice(0, provider.lastIndexOf("::"))];
}
