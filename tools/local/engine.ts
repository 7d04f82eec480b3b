/** `npm run engine`: prints the Pulumi engine that is used, and the reason. */
import { findEngine } from "../../automation/engine";
import { commandLine, runCommand, tell } from "./command";

runCommand(async () => {
  const { json } = commandLine("engine")
    .option("--json", "print the result as JSON")
    .parse()
    .opts<{ json?: boolean }>();
  const { command, version, source, reason } = await findEngine({ languageHost: true, progress: tell });
  console.log(
    json
      ? JSON.stringify({ command, version, source, reason }, null, 2)
      : `${command}\nversion ${version}: ${reason}`,
  );
  return 0;
});
