import { InvalidArgumentError, Option } from "commander";
import {
  CREDENTIAL_SOURCES,
  deployerOf,
  environmentOf,
  exportText,
  credentialsOf,
  profileText,
} from "../../actions/credentials";
import { outputs } from "../../actions/outputs";
import { loadEnvironment } from "../../environment/project";
import { withResult, type CliCommand, type CommonFlags } from "../command";

interface CredentialsFlags extends CommonFlags {
  readonly consumer: string;
  readonly format: "all" | "profile" | "env" | "json";
  readonly profile?: string;
  readonly credentialSource: string;
  readonly sourceProfile?: string;
  readonly viaDeployer?: boolean;
}

export const command: CliCommand<CredentialsFlags> = {
  summary: "print the settings of a consumer's workloads: profile and environment, no secrets",
  example: "npm run -s credentials -- --consumer ml-team --format profile >> ~/.aws/config",
  describe: (command) =>
    withResult(command)
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
          "source of the execution role's credentials: EcsContainer in Studio, jobs and endpoints",
        )
          .choices([...CREDENTIAL_SOURCES])
          .default("EcsContainer"),
      )
      .option(
        "--source-profile <name>",
        "use this profile's credentials instead: the execution role's (with --via-deployer: any that may assume the deployer)",
        profileName,
      )
      .option(
        "--via-deployer",
        "for trials outside SageMaker: profiles that assume the account's deployer, then the execution role (needs verification.trustDeployer)",
      ),
  async run(context, flags) {
    const { settings } = loadEnvironment(flags.env);
    const deployed = await outputs(context.runOptions(flags));
    const { consumer, grants } = credentialsOf(settings, deployed, flags.consumer);
    const name = flags.profile ?? `feature-store-${flags.consumer}`;
    const source = flags.sourceProfile
      ? { sourceProfile: flags.sourceProfile }
      : { credentialSource: flags.viaDeployer ? "Environment" : flags.credentialSource };
    const deployer = flags.viaDeployer ? deployerOf(settings, consumer) : undefined;
    const profiles = profileText(grants, { name, source, deployer });
    const environment = environmentOf(grants, name);
    const variables = exportText(environment);
    const texts = {
      json: () => JSON.stringify({ profile: profiles, environment, grants }, null, 2),
      profile: () => profiles,
      env: () => variables,
      all: () => `# for ~/.aws/config\n${profiles}\n# for the workload's environment\n${variables}`,
    };
    context.print(texts[flags.json ? "json" : flags.format]());
  },
};

/**
 * The profile's name is also the role session's name, which has 2 to 64 characters.
 * Source: AWS STS API Reference, "AssumeRole", https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
function profileName(value: string): string {
  if (/^[\w.-]{2,64}$/.test(value)) return value;
  throw new InvalidArgumentError("A profile name has 2 to 64 characters: letters, digits, -, _ and .");
}
