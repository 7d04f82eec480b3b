/** The commands by name, in the order of the help. A command's file is loaded when the command is called. */
import type { CliCommand } from "../command";

export const COMMANDS: Readonly<Record<string, () => Promise<{ readonly command: CliCommand }>>> = {
  preview: () => import("./preview.js"),
  up: () => import("./up.js"),
  drift: () => import("./drift.js"),
  destroy: () => import("./destroy.js"),
  leftovers: () => import("./leftovers.js"),
  outputs: () => import("./outputs.js"),
  graph: () => import("./graph.js"),
  settings: () => import("./settings.js"),
  "policy-config": () => import("./policyConfig.js"),
  comment: () => import("./comment.js"),
  evolve: () => import("./evolve.js"),
  prove: () => import("./prove.js"),
  report: () => import("./report.js"),
  credentials: () => import("./credentials.js"),
  grants: () => import("./grants.js"),
  verify: () => import("./verify.js"),
};
