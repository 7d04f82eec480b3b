/** `npm run graph`, `comment` and `policy-config`: commands that need no engine and enter no account. */
import { Option, type Command } from "commander";
import { stages } from "../../components/stages";
import { packConfiguration } from "../../policy-pack/rules";
import { postSticky, readComment } from "../actions/comment/sticky";
import { pullRequestOf } from "../actions/comment/pullRequest";
import { positive } from "./commandOptions";
import { ExitCode, UserError } from "../model/errors";

import { ruleContext } from "../stacks/policyCheck";
import { loadEnvironment } from "../environment/project";
import { dot } from "../report/dot";
import { viewOfStages } from "../report/graphView";
import { mermaid } from "../report/mermaid";

/** `npm run policy-config`: what the policy pack is configured with for the environment. @param command with `--env` */
export function policyConfigCommand(command: Command, print: Print): void {
  command.action(({ env }: { env: string }) => {
    print(JSON.stringify(packConfiguration(ruleContext(loadEnvironment(env).settings)), null, 2));
  });
}

type Print = (text: string) => void;

/** @param command with `--env` */
export function graphCommand(command: Command, print: Print): void {
  command
    .addOption(new Option("--format <form>", "mermaid or dot").choices(["mermaid", "dot"]).default("mermaid"))
    .action(({ env, format }: { env: string; format: "mermaid" | "dot" }) => {
      const nodes = viewOfStages(stages(loadEnvironment(env).settings));
      print(format === "dot" ? dot(nodes) : mermaid(nodes));
    });
}

export function commentCommand(command: Command, print: Print, signal: AbortSignal): void {
  command
    .requiredOption("--file <file>", "what `preview --markdown` wrote")
    .option("--repo <owner/name>", "the repository (default: of the workflow)")
    .option("--pr <number>", "the pull request (default: of the workflow)", positive("--pr", true))
    .action(async ({ file, repo, pr }: { file: string; repo?: string; pr?: number }) => {
      const body = readComment(file);
      const request = pullRequestOf({ repo, pr });
      const token = process.env["GITHUB_TOKEN"];
      if (!token)
        throw new UserError(
          ExitCode.usage,
          "there is no GITHUB_TOKEN in the environment",
          "In a workflow: env: GITHUB_TOKEN: ${{ github.token }}",
        );
      const apiUrl = process.env["GITHUB_API_URL"];
      const { action, url } = await postSticky(body, { ...request, token, apiUrl, signal });
      print(`${action} ${url}`);
    });
}
