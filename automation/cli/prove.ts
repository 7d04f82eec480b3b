/** `npm run prove`: who can do what, before it is deployed, and what a change does to that. */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { Option, type Command } from "commander";
import { hasUnexplainedGain } from "../../access/diff";
import { explainIntent } from "../../access/proveIntents";
import { ExitCode, UserError } from "../model/errors";
import { pageData } from "../report/page/data";
import { pageHtml } from "../report/page/html";
import { proofJson } from "../report/proofJson";
import { proofLines } from "../report/proofReport";
import { proveAccess, type AccessProof } from "../proof/proveAccess";
import { savedText } from "../proof/sides";

interface ProveFlags {
  env: string;
  json?: boolean;
  of: "planned" | "deployed" | "live";
  against?: string;
  save?: string;
  explain?: string;
}

/** @param done told the exit code */
export function proveCommand(
  command: Command,
  print: (text: string) => void,
  signal: AbortSignal,
  done: (exitCode: number) => void,
): void {
  withGraphs(command)
    .option("--save <file>", "save what is proven, to compare with later")
    .option("--explain <text>", "why each request is decided as it is, for what is named like this")
    .action(async ({ env, json, of, against, save, explain }: ProveFlags) => {
      const access = await proveAccess({ env, of, against, signal });
      if (save !== undefined) writeFileSync(save, savedText(env, access.side));
      if (explain !== undefined) print(explained(access, explain).join("\n"));
      else print(json ? JSON.stringify(proofJson(access), null, 2) : proofLines(access).join("\n"));
      done(proofCode(access));
    });
}

/** `npm run report`: the proof as one page for a browser. */
export function reportCommand(
  command: Command,
  print: (text: string) => void,
  signal: AbortSignal,
  done: (exitCode: number) => void,
): void {
  withGraphs(command)
    .option("--out <file>", "where the page is written", "access.html")
    .action(async ({ env, of, against, out }: ProveFlags & { out: string }) => {
      const access = await proveAccess({ env, of, against, signal });
      writeFileSync(out, pageHtml(pageData(access)));
      print(`${proofLines(access).join("\n")}\n${resolve(out)}`);
      done(proofCode(access));
    });
}

function withGraphs(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--of <graph>",
        "what is proven: what the settings plan, what the stacks have, what the accounts answer",
      )
        .choices(["planned", "deployed", "live"])
        .default("planned"),
    )
    .addOption(new Option("--live", "the same as --of live").implies({ of: "live" }))
    .option("--against <graph>", "compare with: deployed, live, a file of `prove --save`, or a git ref");
}

/** `proof` if anything is wrong, or a change gives what no setting explains. */
export function proofCode({ errors, diff }: AccessProof): number {
  return errors.length > 0 || (diff && hasUnexplainedGain(diff)) ? ExitCode.proof : ExitCode.ok;
}

function explained({ proof }: AccessProof, text: string): string[] {
  const words = text.toLowerCase().split(/\s+/);
  const found = proof.intents.filter(({ intent: { id, actor, says } }) => {
    const all = `${id} ${actor} ${says}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
  if (found.length === 0)
    throw new UserError(
      ExitCode.usage,
      `--explain ${text}: nothing is named like this`,
      "Try a consumer's or a feature group's name; --json has all.",
    );
  return found.flatMap(({ intent, holds }) => [
    `${intent.actor} ${intent.says}: ${holds ? "as it is meant to be" : "NOT as it is meant to be"}${intent.setting === undefined ? "" : ` (${intent.setting})`}`,
    ...explainIntent(proof.questions, proof.catalog, intent).flatMap(({ line, sides }) => [
      `  ${line}`,
      ...sides.map((side) => `    ${side}`),
    ]),
  ]);
}
