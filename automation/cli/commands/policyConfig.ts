import { packConfiguration } from "../../../policy-pack/rules";
import { loadEnvironment } from "../../environment/project";
import { ruleContext } from "../../stacks/policyCheck";
import type { CliCommand } from "../command";

export const policyConfig: CliCommand = {
  example: "npm run -s policy-config -- --env prod > policy-config.json",
  describe: (command) => command,
  run({ print }, { env }) {
    print(JSON.stringify(packConfiguration(ruleContext(loadEnvironment(env).settings)), null, 2));
    return Promise.resolve();
  },
};
