import { loadEnvironment } from "../../environment/project";
import type { CliCommand } from "../command";

export const command: CliCommand = {
  summary: "print the validated settings with their defaults, as JSON; needs no engine and no credentials",
  example: "npm run -s settings -- --env prod",
  describe: (command) => command,
  run({ print }, { env }) {
    print(JSON.stringify(loadEnvironment(env).settings, null, 2));
    return Promise.resolve();
  },
};
