/** The refusal of a destruction that would meet data and was not told what is to become of it. */
import { ExitCode, UserError } from "../../model/errors";
import type { HeldData } from "./inventory";

export function dataRefusal(environment: string, held: readonly HeldData[]): UserError {
  return new UserError(
    ExitCode.protectedData,
    [
      "nothing was destroyed: this holds data",
      ...held.map(({ stage, type, id }) => `  ${stage.name} (account ${stage.account}): ${type} ${id}`),
    ].join("\n"),
    "`npm run destroy -- --keep-data` takes the access away and keeps it, for `npm run up` to go on with. " +
      `\`npm run destroy -- --delete-data\` lists all that is in it, and deletes it once the environment's name is given (--confirm ${environment}).`,
  );
}
