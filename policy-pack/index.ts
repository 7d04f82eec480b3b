/**
 * The rules as a policy pack of Pulumi: `pulumi preview --policy-pack policy-pack --policy-pack-config FILE`.
 * docs/policy-pack.md says what the configuration is, and makes it from an environment's settings.
 */
import {
  PolicyPack,
  type PolicyConfigSchema,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
} from "@pulumi/policy";
import { declared } from "./declared";
import { RULES, type Rule, type RuleContext } from "./rules";

/** What can be configured of a rule; a rule that depends on nothing else has none. */
const CONFIGURATION: Readonly<Record<string, PolicyConfigSchema>> = {
  "no-foreign-principal": {
    properties: { allowedAccountIds: { type: "array", items: { type: "string", pattern: "^[0-9]{12}$" } } },
    required: ["allowedAccountIds"],
  },
  "no-wildcard-action": {
    properties: {
      policyMode: { type: "string", enum: ["leastPrivilege", "documented"], default: "leastPrivilege" },
      allowedAccountIds: { type: "array", items: { type: "string", pattern: "^[0-9]{12}$" }, default: [] },
    },
  },
  "no-broad-managed-policy": {
    properties: {
      policyMode: { type: "string", enum: ["leastPrivilege", "documented"], default: "leastPrivilege" },
    },
  },
  "data-protected": { properties: { protectData: { type: "boolean", default: true } } },
};

function policiesOf(rule: Rule): (ResourceValidationPolicy | StackValidationPolicy)[] {
  const { name, description, advice } = rule;
  const common = { description, enforcementLevel: "mandatory", configSchema: CONFIGURATION[name] } as const;
  const said = (problem: string) => `${problem}. ${advice}`;
  const policies: (ResourceValidationPolicy | StackValidationPolicy)[] = [];
  if (rule.check)
    policies.push({
      ...common,
      name,
      validateResource: (args, report) => {
        const resource = declared(args);
        for (const problem of rule.check?.(resource, contextOf(args.getConfig())) ?? [])
          report(said(problem));
      },
    });
  if (rule.checkStack)
    policies.push({
      ...common,
      name: `${name}-in-stack`,
      validateStack: (args, report) => {
        const resources = args.resources.map(declared);
        for (const { resource, problem } of rule.checkStack?.(resources, contextOf(args.getConfig())) ?? [])
          report(said(problem), resource.urn);
      },
    });
  return policies;
}

function contextOf(configured: Partial<RuleContext>): RuleContext {
  const { allowedAccountIds = [], policyMode = "leastPrivilege", protectData = true } = configured;
  return { allowedAccountIds, policyMode, protectData };
}

new PolicyPack("feature-store-access", { policies: RULES.flatMap(policiesOf) });
