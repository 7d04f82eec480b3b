/** `npm run credentials -- --consumer NAME`. */
import { InvalidArgumentError, Option, type Command } from "commander";
import {
  CREDENTIAL_SOURCES,
  deployerOf,
  environmentOf,
  exportText,
  grantsOf,
  profileText,
} from "../actions/credentials";
import type { RunOptions } from "../model/runOptions";
import { loadEnvironment } from "../environment/project";

interface CommonFlags {
  readonly env: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

interface CredentialsFlags extends CommonFlags {
  readonly consumer: string;
  readonly format: "all" | "profile" | "env" | "json";
  readonly profile?: string;
  readonly credentialSource: string;
  readonly sourceProfile?: string;
  readonly viaDeployer?: boolean;
}

/**
 * Adds the command's options and action.
 * @param runOptions what the flags that all commands have mean
 */
export function credentialsCommand(
  command: Command,
  runOptions: (flags: CommonFlags) => RunOptions,
  print: (text: string) => void,
): void {
  command
    .requiredOption("--consumer <name>", "a consumer of the settings")
    .addOption(
      new Option("--format <form>", "what to print")
        .choices(["all", "profile", "env", "json"])
        .default("all"),
    )
    .option("--profile <name>", "name of the profile (default: feature-store-CONSUMER)", profileName)
    .addOption(
      new Option(
        "--credential-source <source>",
        "where the execution role's credentials are: EcsContainer in Studio, jobs and endpoints",
      )
        .choices([...CREDENTIAL_SOURCES])
        .default("EcsContainer"),
    )
    .option(
      "--source-profile <name>",
      "instead: the profile that has the execution role's credentials (with --via-deployer: those that may assume the deployer)",
      profileName,
    )
    .option(
      "--via-deployer",
      "to try it from outside SageMaker: profiles that enter by the account's deployer and become the execution role (verification.trustDeployer)",
    )
    .action(async (flags: CredentialsFlags) => {
      const { settings } = loadEnvironment(flags.env);
      const { outputs } = await import("../actions/deployments.js");
      const { consumer, grants } = grantsOf(
        settings,
        await outputs(runOptions({ env: flags.env, json: flags.json, quiet: flags.quiet })),
        flags.consumer,
      );
      const name = flags.profile ?? `feature-store-${flags.consumer}`;
      const source = flags.sourceProfile
        ? { sourceProfile: flags.sourceProfile }
        : { credentialSource: flags.viaDeployer ? "Environment" : flags.credentialSource };
      const deployer = flags.viaDeployer ? deployerOf(settings, consumer) : undefined;
      const profiles = profileText(grants, { name, source, deployer });
      const variables = environmentOf(grants, name);
      if (flags.format === "json" || flags.json)
        print(JSON.stringify({ profile: profiles, environment: variables, grants }, null, 2));
      else if (flags.format === "profile") print(profiles);
      else if (flags.format === "env") print(exportText(variables));
      else
        print(`# for ~/.aws/config\n${profiles}\n# for the workload's environment\n${exportText(variables)}`);
    });
}

/** The profile's name is the role session's too, which has 2 to 64 characters (STS API Reference, "AssumeRole"). */
function profileName(value: string): string {
  if (/^[\w.-]{2,64}$/.test(value)) return value;
  throw new InvalidArgumentError("A profile's name has 2 to 64 letters, digits, -, _ and . here.");
}
