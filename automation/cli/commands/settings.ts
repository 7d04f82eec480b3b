import { loadEnvironment } from "../../environment/project";
import type { CliCommand } from "../command";

export const settings: CliCommand = {
  example: "npm run -s settings -- --env prod",
  describe: (command) => command,
  run({ print }, { env }) {
    print(JSON.stringify(loadEnvironment(env).settings, null, 2));
    return Promise.resolve();
  },
};
