/** The pull request that a workflow runs for. Source: GitHub Docs, "Default environment variables". */
import { readFileSync } from "node:fs";
import { ExitCode, UserError } from "../../model/errors";

export interface PullRequest {
  readonly owner: string;
  readonly repo: string;
  readonly number: number;
}

interface Given {
  /** `owner/name`; the workflow's by default. */
  readonly repo?: string;
  /** Number; the event's by default. */
  readonly pr?: number;
}

/** @throws UserError (usage) if neither the options nor the environment name it */
export function pullRequestOf({ repo, pr }: Given, env: NodeJS.ProcessEnv = process.env): PullRequest {
  const name = repo ?? env["GITHUB_REPOSITORY"] ?? "";
  const [, owner, rest] = /^([\w.-]+)\/([\w.-]+)$/.exec(name) ?? [];
  if (owner === undefined || rest === undefined)
    throw new UserError(
      ExitCode.usage,
      name === "" ? "the repository is not known" : `"${name}" is not a repository`,
      "Pass --repo OWNER/NAME, or run in a workflow, which sets GITHUB_REPOSITORY.",
    );
  const number = pr ?? numberOf(env);
  if (number === undefined)
    throw new UserError(
      ExitCode.usage,
      "the pull request is not known",
      "Pass --pr NUMBER, or run in a pull request's workflow.",
    );
  return { owner, repo: rest, number };
}

/** From `refs/pull/NUMBER/merge`, or from the event. */
function numberOf(env: NodeJS.ProcessEnv): number | undefined {
  const [, ref] = /^refs\/pull\/(\d+)\//.exec(env["GITHUB_REF"] ?? "") ?? [];
  if (ref !== undefined) return Number(ref);
  const file = env["GITHUB_EVENT_PATH"];
  if (!file) return undefined;
  try {
    const event = JSON.parse(readFileSync(file, "utf8")) as {
      number?: unknown;
      pull_request?: { number?: unknown };
    };
    const number = event.pull_request?.number ?? event.number;
    return typeof number === "number" ? number : undefined;
  } catch {
    return undefined;
  }
}
