import { pullRequestOf } from "../../actions/comment/pullRequest";
import { postSticky, readComment } from "../../actions/comment/sticky";
import { ExitCode, UserError } from "../../model/errors";
import { hidden, positive, type CliCommand, type CommonFlags } from "../command";

interface CommentFlags extends CommonFlags {
  readonly file: string;
  readonly repo?: string;
  readonly pr?: number;
}

export const command: CliCommand<CommentFlags> = {
  summary: "post a preview on its pull request, or update the comment that was posted",
  example: "npm run comment -- --file preview.md",
  describe: (command) =>
    hidden(command, "--env")
      .requiredOption("--file <file>", "the file that `preview --markdown` wrote")
      .option("--repo <owner/name>", "the repository (default: the workflow's)")
      .option("--pr <number>", "the pull request (default: the workflow's)", positive("--pr", true)),
  async run({ print, signal }, { file, repo, pr }) {
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
  },
};
