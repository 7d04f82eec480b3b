/** Checks each existing key in AWS before anything is created. Reads only. */
import { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient } from "@aws-sdk/client-kms";
import { keyUseFindings, type KeyFacts } from "../../../access/keyUse";
import type { PolicyDocument } from "@feature-store-access/iam";
import type { Settings } from "../../../components/settings";
import { awsWords, type AccountClientConfig } from "../../environment/accountSessions";
import type { KnownRoles } from "../../topologies/topology";
import { ExitCode, UserError } from "../../model/errors";
import { existingKeys, type ExistingKey } from "./existingKeys";

export interface KeyPreflight {
  /** Client settings of an account's deployer. */
  readonly account: (name: string) => AccountClientConfig;
  /** ARNs of the roles that are deployed; called only if the settings name a key. */
  readonly roles: () => Promise<KnownRoles>;
  readonly notice: (message: string) => void;
}

/**
 * Gives a notice for a finding that depends on conditions that only AWS knows.
 * @throws UserError (key) with every other finding of every key, and the settings that name it
 */
export async function checkExistingKeys(settings: Settings, preflight: KeyPreflight): Promise<void> {
  if (existingKeys(settings).length === 0) return;
  const keys = existingKeys(settings, await preflight.roles());
  const findings = (await Promise.all(keys.map((key) => findingsOf(key, preflight)))).flat();
  for (const { text, advice, certain } of findings) if (!certain) preflight.notice(`${text}. ${advice}`);
  const certain = findings.filter((finding) => finding.certain);
  if (certain.length === 0) return;
  throw new UserError(
    ExitCode.key,
    [
      "nothing was done: a key that the settings name cannot be used",
      ...certain.map(({ text }) => `  ${text}`),
    ].join("\n"),
    [...new Set(certain.map(({ advice }) => advice))].join(" "),
  );
}

interface KeyFinding {
  readonly text: string;
  readonly advice: string;
  readonly certain: boolean;
}

async function findingsOf(given: ExistingKey, { account }: KeyPreflight): Promise<KeyFinding[]> {
  const place = given.settings.join(", ");
  const client = new KMSClient({ ...account(given.account), maxAttempts: 3 });
  try {
    const key = await describe(client, given.arn);
    return keyUseFindings(key, given.use).map(({ says, advice, certain }) => {
      return { text: `${place}: ${says}`, advice, certain };
    });
  } catch (error) {
    // The key does not exist, or the deployer may not read it.
    if (!(error instanceof Error) || !("$metadata" in error)) throw error;
    const advice =
      error.name === "NotFoundException"
        ? "Give the ARN of a key that exists."
        : `The deployer of account ${given.account} needs kms:DescribeKey and kms:GetKeyPolicy on the key.`;
    return [{ text: `${place}: ${given.arn} cannot be read: ${awsWords(error)}`, advice, certain: true }];
  } finally {
    client.destroy();
  }
}

/** The key as AWS has it. */
export async function describe(client: KMSClient, arn: string): Promise<KeyFacts> {
  const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: arn }));
  const { Policy } = await client.send(new GetKeyPolicyCommand({ KeyId: arn, PolicyName: "default" }));
  return {
    arn: KeyMetadata?.Arn ?? arn,
    spec: KeyMetadata?.KeySpec ?? "unknown",
    usage: KeyMetadata?.KeyUsage ?? "unknown",
    manager: KeyMetadata?.KeyManager ?? "unknown",
    state: KeyMetadata?.KeyState ?? "unknown",
    policy: JSON.parse(Policy ?? "{}") as PolicyDocument,
  };
}
