/** What the tests of feature groups share: groups, roles, users and waiting for what a service does later. */
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import {
  DescribeFeatureGroupCommand,
  ResourceNotFound,
  type CreateFeatureGroupCommandInput,
  type DescribeFeatureGroupCommandOutput,
} from "@aws-sdk/client-sagemaker";
import type { FeatureValue } from "@aws-sdk/client-sagemaker-featurestore-runtime";
import { clients, type Clients } from "./support";

export const A = "111111111111";
export const B = "222222222222";
export const region = "eu-central-1";
export const groupArn = (name: string, account = A) =>
  `arn:aws:sagemaker:${region}:${account}:feature-group/${name}`;

export const document = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
export const allow = (Action: string | string[], Resource: string | string[] = "*", more: object = {}) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});

/** A group `name` with the features id, time, age (Integral) and score (Fractional), online only unless told otherwise. */
export function groupOf(name: string, more: object = {}): CreateFeatureGroupCommandInput {
  return {
    FeatureGroupName: name,
    RecordIdentifierFeatureName: "id",
    EventTimeFeatureName: "time",
    FeatureDefinitions: [
      { FeatureName: "id", FeatureType: "String" },
      { FeatureName: "time", FeatureType: "String" },
      { FeatureName: "age", FeatureType: "Integral" },
      { FeatureName: "score", FeatureType: "Fractional" },
    ],
    OnlineStoreConfig: { EnableOnlineStore: true },
    ...more,
  };
}

export const recordOf = (values: Record<string, string>): FeatureValue[] =>
  Object.entries(values).map(([FeatureName, ValueAsString]) => ({ FeatureName, ValueAsString }));

export const valuesOf = (record: FeatureValue[] | undefined) =>
  record && Object.fromEntries(record.map(({ FeatureName, ValueAsString }) => [FeatureName, ValueAsString]));

/** Asks until there is an answer; the test's own time limit ends it. */
export async function until<T>(ask: () => Promise<T | undefined | false>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The group as it is described once it has left `status`. */
export function whenNot(
  status: string,
  { sagemaker }: Clients,
  name: string,
): Promise<DescribeFeatureGroupCommandOutput> {
  return until(async () => {
    const group = await sagemaker.send(new DescribeFeatureGroupCommand({ FeatureGroupName: name }));
    return group.FeatureGroupStatus !== status && group;
  });
}

export function whenGone({ sagemaker }: Clients, name: string): Promise<true> {
  return until(async () => {
    try {
      await sagemaker.send(new DescribeFeatureGroupCommand({ FeatureGroupName: name }));
      return undefined;
    } catch (error) {
      if (error instanceof ResourceNotFound) return true;
      throw error;
    }
  });
}

/** A user with these permissions. */
export async function user(
  endpoint: string,
  { iam }: Clients,
  name: string,
  ...statements: object[]
): Promise<Clients> {
  await iam.send(new CreateUserCommand({ UserName: name }));
  await iam.send(
    new PutUserPolicyCommand({ UserName: name, PolicyName: "p", PolicyDocument: document(...statements) }),
  );
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: name }));
  return clients(endpoint, {
    accessKeyId: AccessKey?.AccessKeyId ?? "",
    secretAccessKey: AccessKey?.SecretAccessKey ?? "",
  });
}

/** A role that a service may assume, with these permissions. Returns its ARN. */
export async function serviceRole(
  { iam }: Clients,
  name: string,
  statements: object[],
  trust: object = {},
): Promise<string> {
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: name,
      AssumeRolePolicyDocument: document({
        Effect: "Allow",
        Principal: { Service: "sagemaker.amazonaws.com" },
        Action: "sts:AssumeRole",
        ...trust,
      }),
    }),
  );
  if (statements.length > 0)
    await iam.send(
      new PutRolePolicyCommand({ RoleName: name, PolicyName: "p", PolicyDocument: document(...statements) }),
    );
  return Role?.Arn ?? "";
}
