/** Asks AWS for each key that the settings name whether it will do, before anything is made. Reads only. */
import { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient } from "@aws-sdk/client-kms";
import { keyUseFindings, type KeyFacts } from "../../../access/keyUse";
import type { PolicyDocument } from "@feature-store-access/iam";
import type { Settings } from "../../../components/settings";
import { awsWords, type AccountClientConfig } from "../../environment/accountSessions";
import { ExitCode, UserError } from "../../model/errors";
import { givenKeys, type GivenKey, type KnownRoles } from "./givenKeys";

export interface KeyPreflight {
  /** Client settings of an account's deployer. */
  readonly account: (name: string) => AccountClientConfig;
  /** ARNs of the roles that are there already; asked for only if the settings name a key. */
  readonly roles: () => Promise<KnownRoles>;
  readonly notice: (message: string) => void;
}

/**
 * @throws UserError (key) with everything that is wrong with any of them, and where the settings name it. What depends on
 *   conditions that only AWS can tell is a notice.
 */
export async function checkGivenKeys(settings: Settings, preflight: KeyPreflight): Promise<void> {
  if (givenKeys(settings).length === 0) return;
  const keys = givenKeys(settings, await preflight.roles());
  const faults = (await Promise.all(keys.map((key) => faultsOf(key, preflight)))).flat();
  for (const { text, advice, certain } of faults) if (!certain) preflight.notice(`${text}. ${advice}`);
  const certain = faults.filter((fault) => fault.certain);
  if (certain.length === 0) return;
  throw new UserError(
    ExitCode.key,
    [
      "nothing was done: a key that the settings name will not do",
      ...certain.map(({ text }) => `  ${text}`),
    ].join("\n"),
    [...new Set(certain.map(({ advice }) => advice))].join(" "),
  );
}

interface Fault {
  readonly text: string;
  readonly advice: string;
  readonly certain: boolean;
}

async function faultsOf(given: GivenKey, { account }: KeyPreflight): Promise<Fault[]> {
  const place = given.settings.join(", ");
  const client = new KMSClient({ ...account(given.account), maxAttempts: 3 });
  try {
    const key = await describe(client, given.arn);
    return keyUseFindings(key, given.use).map(({ says, advice, certain }) => {
      return { text: `${place}: ${says}`, advice, certain };
    });
  } catch (error) {
    // AWS's own words: the key is not there, or the deployer may not look at it.
    if (!(error instanceof Error) || !("$metadata" in error)) throw error;
    const advice =
      error.name === "NotFoundException"
        ? "Give the ARN of a key that is there."
        : `The deployer of account ${given.account} needs kms:DescribeKey and kms:GetKeyPolicy on the key.`;
    return [
      { text: `${place}: ${given.arn} cannot be looked at: ${awsWords(error)}`, advice, certain: true },
    ];
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
