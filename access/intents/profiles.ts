/**
 * The intents of profiles: each role may do on its feature groups what its profile says, and nothing on others; by tags,
 * on the groups that have them, for as long as they do. Nobody else may assume the role.
 */
import type { RequestContext } from "@feature-store-access/iam";
import { aroundStore, EVERYTHING, onGroup, onObjects, onRecords, othersActions } from "./profileSteps";
import type { ProfileFacts } from "./profileSteps";
import { each, roleOf, SAGEMAKER } from "./steps";
import type { GroupFacts, Intent, Step, StoreFacts, StrangerFacts } from "./types";

export type { ProfileFacts } from "./profileSteps";

/** @param store the store that the profile is for */
export function profileIntents(store: StoreFacts, profile: ProfileFacts, strangers: StrangerFacts): Intent[] {
  const { name, profile: kind, roleArn, account, scope } = profile;
  const self = `profile ${name}`;
  const intent = (id: string, actor: string, expect: Intent["expect"], says: string, steps: Step[]) =>
    steps.length === 0
      ? []
      : [{ id: `${self} ${id}`, actor, expect, says, setting: `profiles.${name}`, steps }];
  const refusal = (id: string, says: string, steps: Step[]) => intent(id, self, "denied", says, steps);
  const inside = store.groups.filter((group) => isIn(profile, group));
  const outside = store.groups.filter((group) => !isIn(profile, group));
  const nothing = (group: GroupFacts) => [
    ...onRecords(profile, group, EVERYTHING),
    ...onObjects(store, profile, group),
  ];
  const everyoneElse = [
    roleOf(strangers.partition, account, "other"),
    roleOf(strangers.partition, strangers.account, "stranger"),
    "anonymous",
    SAGEMAKER,
  ];
  const into = `may not assume the role of ${self}`;
  const entry = `may assume the role of ${self}`;
  return [
    ...profile.trustedRoleArns.flatMap((role) =>
      intent(`assume ${role}`, role, "allowed", entry, entering(profile, role)),
    ),
    ...intent(
      "strangers",
      "everyone else",
      "denied",
      into,
      everyoneElse.flatMap((principal) => each(principal, ["sts:AssumeRole"], roleArn)),
    ),
    ...inside.flatMap((group) => {
      const says = `may act as ${kind} of ${group.name}`;
      return intent(group.name, self, "allowed", says, onGroup(store, profile, group));
    }),
    ...intent(
      "store",
      self,
      "allowed",
      `may do what a ${kind} does on the store`,
      aroundStore(store, profile),
    ),
    ...outside.flatMap((group) =>
      refusal(`not ${group.name}`, `may do nothing with ${group.name}`, nothing(group)),
    ),
    ...(scope.kind === "principalTags" ? inside : []).flatMap((group) =>
      refusal(
        `foreign ${group.name}`,
        `may do nothing with ${group.name} by another's tags`,
        nothing(group).map((step) => ({ ...step, context: withOtherTags(step.context) })),
      ),
    ),
    ...inside.flatMap((group) =>
      refusal(`only ${group.name}`, `may do no more with ${group.name} than a ${kind} does`, [
        ...onRecords(profile, group, othersActions(profile)),
        ...(kind === "consumer" ? [] : onObjects(store, profile, group)),
      ]),
    ),
  ];
}

function isIn({ scope }: ProfileFacts, { name, tags = {} }: GroupFacts): boolean {
  if (scope.kind === "names") return scope.names.includes(name);
  return scope.kind === "tags"
    ? Object.entries(scope.tags).every(([key, value]) => tags[key] === value)
    : scope.keys.every((key) => tags[key] !== undefined);
}

function entering({ scope, roleArn }: ProfileFacts, principal: string): Step[] {
  if (scope.kind !== "principalTags") return each(principal, ["sts:AssumeRole"], roleArn);
  const tags = scope.keys.flatMap((key) => [
    [`aws:RequestTag/${key}`, "sample"],
    [`aws:PrincipalTag/${key}`, "sample"],
  ]);
  const context = { ...Object.fromEntries(tags), "aws:TagKeys": [...scope.keys] } as RequestContext;
  return each(principal, ["sts:AssumeRole", "sts:TagSession"], roleArn, { context });
}

function withOtherTags(context: RequestContext = {}): RequestContext {
  return Object.fromEntries(
    Object.entries(context).map(([key, value]) => [
      key,
      key.startsWith("aws:PrincipalTag/") ? `not ${String(value)}` : value,
    ]),
  );
}
