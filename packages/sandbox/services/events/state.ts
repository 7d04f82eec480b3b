/** Rules and targets as the sandbox stores them. */
import { AwsError, type Call, type Collection, type World } from "../../core";
import { resourceTagContext } from "../../protocol/tags";

export interface Target {
  readonly Id: string;
  readonly Arn: string;
  readonly RoleArn?: string;
  readonly Input?: string;
  readonly InputPath?: string;
  readonly InputTransformer?: {
    readonly InputPathsMap?: Readonly<Record<string, string>>;
    readonly InputTemplate: string;
  };
  readonly DeadLetterConfig?: { readonly Arn?: string };
  readonly RetryPolicy?: object;
}

export type RuleState = "ENABLED" | "DISABLED" | "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS";

export interface Rule {
  readonly arn: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  pattern: string;
  state: RuleState;
  description?: string;
  role?: string;
  targets: Target[];
  tags: Record<string, string>;
}

export const rules = ({ store }: World): Collection<Rule> => store.collection<Rule>("events.rules");

export function ruleArn(region: string, account: string, name: string): string {
  return `arn:aws:events:${region}:${account}:rule/${name}`;
}

export function checkBus(call: Call, bus: unknown): void {
  const own = `arn:aws:events:${call.region}:${call.caller.account}:event-bus/default`;
  if (bus === undefined || bus === "default" || bus === own) return;
  throw new AwsError("ResourceNotFoundException", `Event bus ${JSON.stringify(bus)} does not exist.`);
}

/** The rule, once the caller may do `action` on it. */
export function allowedRule(world: World, call: Call, action: string, name: string, context = {}): Rule {
  const arn = ruleArn(call.region, call.caller.account, name);
  const rule = rules(world).get(arn);
  authorizeRule(world, call, action, arn, rule, context);
  if (!rule)
    throw new AwsError("ResourceNotFoundException", `Rule ${name} does not exist on EventBus default.`);
  return rule;
}

export function authorizeRule(
  world: World,
  call: Call,
  action: string,
  arn: string,
  rule: Rule | undefined,
  context = {},
): void {
  world.authorize(call, {
    action: `events:${action}`,
    resource: arn,
    resourceAccount: call.caller.account,
    context: { ...resourceTagContext(rule?.tags ?? {}), ...context },
    code: "AccessDeniedException",
  });
}
