import { proveAccess } from "../../proof/proveAccess";
import { pageData } from "../../report/page/data";
import { pageHtml } from "../../report/page/html";
import { proofLines } from "../../report/proofReport";
import { proofCode } from "../exitCodes";
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { CliCommand } from "../command";
import { withProof, type ProofFlags } from "./prove";

interface ReportFlags extends ProofFlags {
  readonly out: string;
}

export const command: CliCommand<ReportFlags> = {
  summary: "write the proof of access as one self-contained HTML page",
  example: "npm run report -- --env prod --out access.html",
  describe: (command) =>
    withProof(command).option("--out <file>", "the file to write the page to", "access.html"),
  async run({ print, signal }, { env, of, against, out }) {
    const access = await proveAccess({ env, of, against, signal });
    writeFileSync(out, pageHtml(pageData(access)));
    print(`${proofLines(access).join("\n")}\n${resolve(out)}`);
    return proofCode(access);
  },
};
