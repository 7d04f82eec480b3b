/**
 * The rules as a policy pack of Pulumi: `pulumi preview --policy-pack policy-pack --policy-pack-config FILE`.
 * docs/policy-pack.md describes the configuration and how to create it from an environment's settings.
 */
import {
  PolicyPack,
  type PolicyConfigSchema,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
} from "@pulumi/policy";
import { declared } from "./declared";
import { RULES, type Rule, type RuleContext } from "./rules";

/** The schema of each part of the context. The accounts have no default: only their owner knows them. */
const SCHEMAS = {
  allowedAccountIds: { type: "array", items: { type: "string", pattern: "^[0-9]{12}$" } },
  policyMode: { type: "string", enum: ["leastPrivilege", "documented"], default: "leastPrivilege" },
  protectData: { type: "boolean", default: true },
  unrotatedKeys: { type: "boolean", default: false },
  awsManagedKeys: { type: "boolean", default: false },
} as const satisfies Record<keyof RuleContext, PolicyConfigSchema["properties"][string]>;

function schemaOf({ configuredBy: names }: Rule): PolicyConfigSchema | undefined {
  if (!names) return undefined;
  const properties = Object.fromEntries(names.map((name) => [name, { ...SCHEMAS[name] }]));
  return { properties, required: names.filter((name) => name === "allowedAccountIds") };
}

function policiesOf(rule: Rule): (ResourceValidationPolicy | StackValidationPolicy)[] {
  const { name, description, advice } = rule;
  const common = { description, enforcementLevel: "mandatory", configSchema: schemaOf(rule) } as const;
  const withAdvice = (problem: string) => `${problem}. ${advice}`;
  const policies: (ResourceValidationPolicy | StackValidationPolicy)[] = [];
  if (rule.check)
    policies.push({
      ...common,
      name,
      validateResource: (args, report) => {
        const resource = declared(args);
        for (const problem of rule.check?.(resource, contextOf(args.getConfig())) ?? [])
          report(withAdvice(problem));
      },
    });
  if (rule.checkStack)
    policies.push({
      ...common,
      name: `${name}-in-stack`,
      validateStack: (args, report) => {
        const resources = args.resources.map(declared);
        for (const { resource, problem } of rule.checkStack?.(resources, contextOf(args.getConfig())) ?? [])
          report(withAdvice(problem), resource.urn);
      },
    });
  return policies;
}

function contextOf(configured: Partial<RuleContext>): RuleContext {
  const { allowedAccountIds = [], policyMode = "leastPrivilege", protectData = true } = configured;
  const { unrotatedKeys = false, awsManagedKeys = false } = configured;
  return { allowedAccountIds, policyMode, protectData, unrotatedKeys, awsManagedKeys };
}

new PolicyPack("feature-store-access", { policies: RULES.flatMap(policiesOf) });
