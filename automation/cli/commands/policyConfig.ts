import { packConfiguration } from "../../../policy-pack/rules";
import { loadEnvironment } from "../../environment/project";
import { ruleContext } from "../../stacks/policyCheck";
import type { CliCommand } from "../command";

export const command: CliCommand = {
  summary: "print the policy pack's configuration for the environment, for `pulumi preview` and `up`",
  example: "npm run -s policy-config -- --env prod > policy-config.json",
  describe: (command) => command,
  run({ print }, { env }) {
    print(JSON.stringify(packConfiguration(ruleContext(loadEnvironment(env).settings)), null, 2));
    return Promise.resolve();
  },
};
