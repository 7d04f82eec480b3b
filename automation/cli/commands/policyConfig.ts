import type { CliCommand } from "../command";

export const policyConfig: CliCommand = {
  name: "policy-config",
  summary: "print the policy pack's configuration for the environment, for `pulumi preview` and `up`",
  example: "npm run -s policy-config -- --env prod > policy-config.json",
  describe: (command) => command,
  async run({ print }, { env }) {
    const [{ packConfiguration }, { loadEnvironment }, { ruleContext }] = await Promise.all([
      import("../../../policy-pack/rules/index.js"),
      import("../../environment/project.js"),
      import("../../stacks/policyCheck.js"),
    ]);
    print(JSON.stringify(packConfiguration(ruleContext(loadEnvironment(env).settings)), null, 2));
  },
};
