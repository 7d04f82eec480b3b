/**
 * Keeps one comment on a pull request up to date: found by the hidden marker in its first line, among the comments of the
 * token's user. Source: GitHub REST API, "Issue comments".
 */
import { readFileSync } from "node:fs";
import { ExitCode, UserError } from "../../model/errors";
import type { PullRequest } from "./pullRequest";

/** The most characters that GitHub accepts in a comment. */
export const COMMENT_LIMIT = 65_536;

export interface CommentOptions extends PullRequest {
  /** A token with `pull-requests: write`, or a personal one with `repo`. */
  readonly token: string;
  /** Base of the REST API; `https://api.github.com` by default. */
  readonly apiUrl?: string;
  readonly signal?: AbortSignal;
}

export interface Posted {
  readonly action: "created" | "updated" | "unchanged";
  readonly url: string;
}

interface Comment {
  readonly id: number;
  readonly html_url: string;
  readonly body?: string;
  readonly user: { readonly login: string } | null;
}

/** The user of a workflow's token, which may not call GET /user. */
const WORKFLOW_USER = "github-actions[bot]";

/** @throws UserError (usage) for a text that cannot be a sticky comment */
export function readComment(file: string): string {
  let body: string;
  try {
    body = readFileSync(file, "utf8");
  } catch (error) {
    throw new UserError(
      ExitCode.usage,
      `cannot read ${file}: ${(error as Error).message}`,
      "Write it first: npm run preview -- --markdown FILE",
    );
  }
  if (!/^<!-- .+ -->\r?\n/.test(body))
    throw new UserError(
      ExitCode.usage,
      `${file} does not begin with the hidden marker that identifies its comment`,
      "Pass a file that `npm run preview -- --markdown FILE` wrote.",
    );
  if (body.length <= COMMENT_LIMIT) return body;
  throw new UserError(
    ExitCode.usage,
    `${file} has ${body.length} characters, and GitHub accepts ${COMMENT_LIMIT}`,
    "`npm run preview -- --markdown FILE` stays within that.",
  );
}

/**
 * Posts the text, or replaces the comment with the same marker.
 * @throws UserError (github) with GitHub's own words
 */
export async function postSticky(body: string, options: CommentOptions): Promise<Posted> {
  const { owner, repo, number: issue_number, token, apiUrl, signal } = options;
  const [{ Octokit }, { paginateRest }, { retry }] = await Promise.all([
    import("@octokit/core"),
    import("@octokit/plugin-paginate-rest"),
    import("@octokit/plugin-retry"),
  ]);
  const github = new (Octokit.plugin(paginateRest, retry))({
    auth: token,
    ...(apiUrl === undefined ? {} : { baseUrl: apiUrl }),
    request: { signal },
    userAgent: "feature-store-access",
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  });
  const place = { owner, repo };
  try {
    const marker = body.slice(0, body.indexOf("\n")).trim();
    const own = await ownLogin(() => github.request("GET /user"));
    const comments = (await github.paginate("GET /repos/{owner}/{repo}/issues/{issue_number}/comments", {
      ...place,
      issue_number,
      per_page: 100,
    })) as Comment[];
    const before = comments.find(({ user, body: text }) => user?.login === own && text?.startsWith(marker));
    if (!before) {
      const { data } = await github.request("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", {
        ...place,
        issue_number,
        body,
      });
      return { action: "created", url: data.html_url };
    }
    // GitHub keeps line endings, and may trim white space at the end.
    if (before.body?.trimEnd() === body.trimEnd()) return { action: "unchanged", url: before.html_url };
    const { data } = await github.request("PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}", {
      ...place,
      comment_id: before.id,
      body,
    });
    return { action: "updated", url: data.html_url };
  } catch (error) {
    throw refusal(error, options);
  }
}

const quiet = () => undefined;

async function ownLogin(ask: () => Promise<{ data: { login: string } }>): Promise<string> {
  try {
    return (await ask()).data.login;
  } catch (error) {
    // A workflow's token belongs to an installation, not to a user.
    if (statusOf(error) === 403) return WORKFLOW_USER;
    throw error;
  }
}

function statusOf(error: unknown): number | undefined {
  const { status } = error as { status?: unknown };
  return typeof status === "number" ? status : undefined;
}

/** GitHub's refusal, without the request, which holds the token. */
function refusal(error: unknown, { owner, repo, number, token }: CommentOptions): unknown {
  const status = statusOf(error);
  if (!(error instanceof Error) || error.name === "AbortError") return error;
  if (status === undefined && error.name !== "HttpError") return error;
  const words = error.message.replaceAll(token, "***").split("\n")[0] ?? "";
  return new UserError(
    ExitCode.github,
    `GitHub refused the comment on ${owner}/${repo}#${number}: ${status ?? "no answer"}: ${words}`,
    ADVICE[status ?? 0] ?? "See https://www.githubstatus.com, and run the command again.",
  );
}

const ADVICE: Readonly<Record<number, string>> = {
  401: "The token is not valid, or has expired: check GITHUB_TOKEN.",
  403: "The token may not comment: the job needs `permissions: pull-requests: write`; or its rate limit is used up.",
  404: "There is no such repository or pull request, or the token may not see it: check --repo and --pr.",
  422: "GitHub rejects the comment as invalid.",
};
