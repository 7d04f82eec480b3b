import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { CliCommand } from "../command";
import { withProof, type ProofFlags } from "./prove";

interface ReportFlags extends ProofFlags {
  readonly out: string;
}

export const report: CliCommand<ReportFlags> = {
  name: "report",
  summary: "write the proof of access as one page for a browser, which loads nothing",
  example: "npm run report -- --env prod --out access.html",
  describe: (command) =>
    withProof(command).option("--out <file>", "the file to write the page to", "access.html"),
  async run({ print, signal }, { env, of, against, out }) {
    const [{ proveAccess }, { pageData }, { pageHtml }, { proofLines }, { proofCode }] = await Promise.all([
      import("../../proof/proveAccess.js"),
      import("../../report/page/data.js"),
      import("../../report/page/html.js"),
      import("../../report/proofReport.js"),
      import("../exitCodes.js"),
    ]);
    const access = await proveAccess({ env, of, against, signal });
    writeFileSync(out, pageHtml(pageData(access)));
    print(`${proofLines(access).join("\n")}\n${resolve(out)}`);
    return proofCode(access);
  },
};
