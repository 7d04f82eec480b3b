/** The proof before a deployment: an update begins only if its access is proven. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { ExitCode, UserError } from "../model/errors";
import { sourcesHash, hashOf } from "../environment/hashes";
import type { Environment } from "../environment/project";
import { proveAccess, type AccessProof, type ProveOptions } from "./proveAccess";
import { findingLines } from "./findingLines";

export interface GateOptions {
  readonly environment: Environment;
  /** File with the record of the last proof, so that the same program and settings are proven only once. */
  readonly note: string;
  /** True: deploys without a proof, with a notice. */
  readonly noProof: boolean;
  readonly notice: (message: string) => void;
  readonly signal?: AbortSignal | undefined;
  /** `proveAccess` by default. */
  readonly prove?: (options: ProveOptions) => Promise<AccessProof>;
}

/** @throws UserError (proof) with every finding, before anything is touched */
export async function proveFirst(options: GateOptions): Promise<void> {
  const { environment, note, noProof, notice, signal, prove = proveAccess } = options;
  if (noProof) {
    notice(
      "NOT PROVEN (--no-proof): nobody has checked that intended access works, that nothing else is possible, and that no policy is public or names a foreign account",
    );
    return;
  }
  const basis = await basisOf(environment);
  if (basis !== undefined && (await readFile(note, "utf8").catch(() => "")) === basis) return;
  const { name: env, directory } = environment;
  const access = await prove({ env, directory, signal });
  if (access.errors.length > 0) throw refusal(access);
  notice(provenLine(access));
  if (basis === undefined) return;
  await mkdir(dirname(note), { recursive: true });
  await writeFile(note, basis);
}

/** A hash of everything that a proof depends on; undefined if the versions of the libraries are unknown. */
async function basisOf({ settings }: Environment): Promise<string | undefined> {
  const program = await sourcesHash([
    "components",
    "access",
    "packages/iam",
    "automation/proof",
    "automation/topologies",
  ]);
  return program === undefined ? undefined : hashOf([program, settings]);
}

export function provenLine({ proof, warnings }: AccessProof): string {
  const count = (expect: string) => proof.intents.filter(({ intent }) => intent.expect === expect).length;
  const beyond =
    warnings.length > 0 ? `; ${warnings.length} statements of the documents permit more than needed` : "";
  return `access proven: ${count("allowed")} intended accesses work, ${count("denied")} refusals hold${beyond}`;
}

function refusal({ env, errors }: AccessProof): UserError {
  return new UserError(
    ExitCode.proof,
    [
      `the access of ${env} is not as intended:`,
      ...errors.flatMap(findingLines).map((line) => `  ${line}`),
    ].join("\n"),
    `Nothing was touched. \`npm run prove -- --env ${env}\` shows it again; --no-proof deploys without a proof.`,
  );
}
