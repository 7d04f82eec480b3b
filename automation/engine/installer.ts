/**
 * Runs the official installer through the Automation API, in a process of its own: `installer.ts FOLDER`. The API takes neither a
 * signal nor a time limit, and its shell script starts other processes. This process leads a process group, so that it can be
 * ended with all of them.
 */
import { PulumiCommand } from "@pulumi/pulumi/automation";

// Standard input ends when the parent process ends: then nobody waits for the result.
process.stdin
  .on("end", () => process.kill(process.platform === "win32" ? process.pid : 0, "SIGKILL"))
  .resume();

PulumiCommand.install({ root: process.argv[2] }).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(1);
  },
);
