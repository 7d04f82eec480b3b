/** Failures of the engine with a known cause, with advice. */
import { CommandError } from "@pulumi/pulumi/automation";
import { DISK_FULL } from "./diskSpace";
import { ExitCode } from "../model/errors";
import { plain } from "./events";
import { CliFailed } from "./pulumiCli";

/** True for a failure that the engine reports, as opposed to a bug in this program. */
export function isEngineFailure(error: unknown): error is CommandError | CliFailed {
  return error instanceof CommandError || error instanceof CliFailed;
}

interface KnownFailure {
  readonly pattern: RegExp;
  readonly exitCode: number;
  readonly advice: string;
}

const FAILURES: readonly KnownFailure[] = [
  {
    pattern: DISK_FULL,
    exitCode: ExitCode.disk,
    advice: "The disk is full. Free some space and run the command again: it continues where it stopped.",
  },
  {
    pattern: /the stack is currently locked by|conflict: Another update is currently in progress/i,
    exitCode: ExitCode.locked,
    advice:
      "Another run is working on this stack. Wait for it to end. If it is no longer running, release the lock with `pulumi cancel`.",
  },
  {
    pattern: /PULUMI_CONFIG_PASSPHRASE|incorrect passphrase|passphrase must be set/i,
    exitCode: ExitCode.credentials,
    advice:
      "Set PULUMI_CONFIG_PASSPHRASE (or PULUMI_CONFIG_PASSPHRASE_FILE) to the passphrase of this environment.",
  },
  {
    pattern: /PULUMI_ACCESS_TOKEN must be set|not logged in/i,
    exitCode: ExitCode.credentials,
    advice:
      "Name the backend of the state: PULUMI_BACKEND_URL (file://..., s3://...), `backend:` in Pulumi.yaml, or `pulumi login`.",
  },
  {
    pattern: /could not be assumed|is not authorized to perform: sts:AssumeRole|Cannot assume IAM Role/i,
    exitCode: ExitCode.credentials,
    advice:
      "Check the account's deployerRoleArn, and that the role's trust policy names the identity that runs this command.",
  },
  {
    pattern: /AWS account ID not allowed|is not in the list of allowed account/i,
    exitCode: ExitCode.credentials,
    advice:
      "The credentials belong to an account other than the one in the settings: check the account's id and deployerRoleArn.",
  },
  {
    // STS and most services name the security token; Amazon S3 words it differently.
    pattern:
      /ExpiredToken|RequestExpired|security token included in the request is (expired|invalid)|InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId|provided token (has expired|is malformed)/,
    exitCode: ExitCode.credentials,
    advice:
      "The credentials have expired, or are no longer valid. Renew them and run the command again: it continues where it stopped.",
  },
  {
    pattern: /violates plan|not allowed by the plan|expected resource operations for/,
    exitCode: ExitCode.plan,
    advice: "The update would differ from the plan. Preview again, and read the new plan.",
  },
  {
    pattern: /BucketAlreadyExists|BucketAlreadyOwnedByYou/,
    exitCode: ExitCode.failed,
    advice:
      'Bucket names are unique in all of AWS: choose another. If this environment made the bucket in a run whose state was lost: docs/operations.md, "Restoring state".',
  },
  {
    pattern: /FeatureGroup with name \S+ already exists/,
    exitCode: ExitCode.failed,
    advice:
      'Feature group names are unique in an account and region, also across environments: choose another. If this environment made the group in a run whose state was lost: docs/operations.md, "Restoring state".',
  },
  {
    pattern: /Invalid principal in policy|MalformedPolicyDocument.*principal/i,
    exitCode: ExitCode.failed,
    advice:
      "A policy names a role that does not exist. Check the roles that the settings name. AWS may need some seconds for a new role: run the command again.",
  },
  {
    pattern: /is not authorized to perform: [a-z0-9-]+:\w+/i,
    exitCode: ExitCode.failed,
    advice:
      'The role in the message lacks this permission, or a service control policy denies it. Permissions of deployers: docs/settings.md, "Accounts".',
  },
  {
    pattern: /marked for protection|cannot be deleted[^]*because it is protected|resource .* is protected/i,
    exitCode: ExitCode.protectedData,
    advice:
      "The settings protect data (protectData). `npm run destroy -- --delete-data` lists what would be deleted.",
  },
];

/** Exit code and advice for the engine's messages; 1 and no advice for an unknown cause. */
export function explain(messages: readonly string[]): { exitCode: number; advice: string } {
  const text = messages.join("\n");
  return FAILURES.find(({ pattern }) => pattern.test(text)) ?? { exitCode: ExitCode.failed, advice: "" };
}

/** Stack frames of libraries and Node.js, which are no help to users. */
const FOREIGN_FRAME = /^\s*at .*(node_modules|node:|<anonymous>)/;

/**
 * The engine's messages without the stacks of failed AWS calls: each answer of AWS appears once, in its own words. An error of
 * the program keeps the program's own frames.
 */
export function readable(messages: readonly string[]): string[] {
  const told = messages.map((message) =>
    message
      .split("\n")
      .filter((line) => !FOREIGN_FRAME.test(line))
      .join("\n")
      .replace(/^Unhandled exception: Error: (?=.*invocation of )/, ""),
  );
  return [...new Set(told)];
}

/** The CLI's own message, without the Automation API's wrapping of code, stdout and stderr. */
export function commandMessage(error: CommandError | CliFailed): string {
  const whole = plain(error.message);
  const stderr = /\n ?stderr: ([^]*?)(?:\n ?err\?: |$)/.exec(whole)?.[1] ?? whole;
  const lines = stderr
    .split("\n")
    .filter((line) => line.trim() !== "" && !/^warning:/i.test(line))
    .map((line) => line.replace(/^error: /, ""));
  return lines.join("\n").trim() || whole.trim();
}
