/** The commands, in the order in which the help lists them. */
import type { CliCommand } from "../command";
import { comment } from "./comment";
import { credentials } from "./credentials";
import { destroy } from "./destroy";
import { drift } from "./drift";
import { evolve } from "./evolve";
import { grants } from "./grants";
import { graph } from "./graph";
import { leftovers } from "./leftovers";
import { outputs } from "./outputs";
import { policyConfig } from "./policyConfig";
import { preview } from "./preview";
import { prove } from "./prove";
import { report } from "./report";
import { up } from "./up";
import { verify } from "./verify";

export const COMMANDS: readonly CliCommand[] = [
  ...[preview, up, drift, destroy, leftovers, outputs, graph, policyConfig, comment, evolve],
  ...[prove, report, credentials, grants, verify],
];
