/** The command line of the driver: `npm run preview|up|drift|destroy|... -- --env ENV`. */
import "./lightPulumi";
import { Command } from "commander";
import { ExitCode } from "../model/errors";
import { addCommand } from "./command";
import { COMMANDS } from "./commands";
import { commandContext } from "./context";
import { failureCode } from "./failure";

/** @param argv as in `process.argv`. @returns the exit code */
export async function main(argv: readonly string[]): Promise<number> {
  // Node.js 20 is supported here as long as the SDK runs on it. The SDK's warning is for maintainers, not for users.
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
  const context = await commandContext(argv);
  let exitCode: number = ExitCode.ok;
  const program = new Command("feature-store-access")
    .exitOverride()
    .showHelpAfterError()
    .configureHelp({
      commandUsage: (command) => `npm run ${command.parent ? command.name() : "COMMAND"} -- [options]`,
    });
  try {
    const called = Object.entries(COMMANDS).filter(([name]) => argv.includes(name));
    // Without a command, all are loaded for the help.
    for (const [name, load] of called.length > 0 ? called : Object.entries(COMMANDS))
      addCommand(program.command(name), (await load()).command, context, (code) => (exitCode = code));
    await program.parseAsync(argv);
    return exitCode;
  } catch (error) {
    return failureCode(error, context);
  } finally {
    context.end();
  }
}

if (require.main === module) void main(process.argv).then((code) => process.exit(code));
