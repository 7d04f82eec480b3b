/** What a consumer, and whoever is none, must not be able to do. */
import type { RequestContext } from "@feature-store-access/iam";
import { actorOf, bringing, RECORD_ACTIONS, WORDS } from "./consumerWords";
import { roleOf } from "./offlineStore";
import { INSECURE } from "./store";
import type { ConsumerFacts, GroupFacts, Intent, Step, StoreFacts, StrangerFacts } from "./types";

/** Who may not assume the role: everyone but the consumer's execution role, and that not without what is asked of it. */
export function assumeRefusals(
  store: StoreFacts,
  consumer: ConsumerFacts,
  consumers: readonly ConsumerFacts[],
  strangers: StrangerFacts,
): Intent[] {
  const {
    name,
    roleArn: scope,
    executionRoleArn,
    account,
    externalId,
    organizationId,
    trustSageMaker,
  } = consumer;
  const { partition } = store;
  const context = bringing(consumer);
  const sameName = executionRoleArn.replace(`::${account}:`, `::${strangers.account}:`);
  const assume = (principal: string, given: RequestContext = context): Step => ({
    principal,
    action: "sts:AssumeRole",
    scope,
    context: given,
  });
  const refuse = (id: string, actor: string, says: string, ...steps: Step[]): Intent => ({
    id: `consumer ${name} ${id}`,
    actor,
    expect: "denied",
    says,
    setting: `consumers.${name}`,
    steps,
  });
  const without = (key: string) =>
    Object.fromEntries(Object.entries(context).filter(([each]) => each !== key));
  const others = consumers.filter(
    (other) => other.name !== name && other.executionRoleArn !== executionRoleArn,
  );
  const into = `may not assume ${name}'s role of account B`;
  return [
    refuse(
      "strangers",
      "everyone else",
      into,
      assume(roleOf(partition, account, "other")),
      assume(`arn:${partition}:iam::${account}:root`),
      assume(sameName),
      assume(roleOf(partition, strangers.account, "stranger")),
      assume("anonymous"),
      ...(trustSageMaker ? [] : [assume("sagemaker.amazonaws.com", {})]),
    ),
    ...(others.length === 0
      ? []
      : [
          refuse(
            "others",
            "the other consumers",
            into,
            ...others.map((other) => assume(other.executionRoleArn)),
          ),
        ]),
    ...(externalId === undefined
      ? []
      : [
          refuse(
            "externalId",
            actorOf(consumer),
            `${into} without its external ID`,
            assume(executionRoleArn, without("sts:ExternalId")),
            assume(executionRoleArn, { ...context, "sts:ExternalId": `${externalId}-other` }),
          ),
        ]),
    ...(organizationId === undefined
      ? []
      : [
          refuse(
            "organization",
            actorOf(consumer),
            `${into} from outside its organization`,
            assume(executionRoleArn, without("aws:PrincipalOrgID")),
            assume(executionRoleArn, { ...context, "aws:PrincipalOrgID": "o-0000000000" }),
          ),
        ]),
  ];
}

/** The policy of a results bucket that was there before is its owner's. */
export function insecureResults({
  name,
  roleArn,
  executionRoleArn,
  account,
  results,
}: ConsumerFacts): Intent[] {
  if (results.existing) return [];
  const scope = `${results.bucketArn}/${results.prefix}/*`;
  const common = { scope, resourceAccount: account, context: INSECURE };
  return [
    {
      id: `consumer ${name} tls`,
      actor: `consumer ${name}`,
      expect: "denied",
      says: "may neither write nor read its results without TLS",
      setting: `consumers.${name}.resultsBucket`,
      steps: [
        { principal: roleArn, action: "s3:PutObject", ...common },
        { principal: executionRoleArn, action: "s3:GetObject", ...common },
      ],
    },
  ];
}

/** What the default policies refuse and the documents' own do not. */
export function exactRefusals(
  store: StoreFacts,
  consumer: ConsumerFacts,
  consumers: readonly ConsumerFacts[],
): Intent[] {
  return [
    ...store.groups.flatMap((group) => notGranted(store, consumer, group)),
    managing(store, consumer),
    ...direct(store, consumer),
    ...othersResults(consumer, consumers),
  ];
}

function notGranted(store: StoreFacts, consumer: ConsumerFacts, group: GroupFacts): Intent[] {
  const access = Object.hasOwn(consumer.access, group.name) ? (consumer.access[group.name] ?? []) : [];
  const { roleArn: principal } = consumer;
  return (["readOnline", "readOffline", "write"] as const)
    .filter((permission) => !access.includes(permission))
    .map((permission): Intent => {
      const steps =
        permission === "readOffline"
          ? offlineRefusals(store, principal, group)
          : RECORD_ACTIONS[permission].map((action) => ({ principal, action, scope: group.arn }));
      return {
        id: `consumer ${consumer.name} not ${permission} ${group.name}`,
        actor: actorOf(consumer),
        expect: "denied",
        says: `may not ${WORDS[permission].replace("GROUP", group.name)}`,
        setting: `consumers.${consumer.name}.access`,
        steps,
      };
    });
}

function offlineRefusals(store: StoreFacts, principal: string, group: GroupFacts): Step[] {
  const { bucketArn = store.bucketArn, dataPrefix, table } = group;
  const glue = `arn:${store.partition}:glue:${store.region}:${store.account}`;
  return [
    ...(dataPrefix === undefined
      ? []
      : [
          { principal, action: "s3:GetObject", scope: `${bucketArn}/${dataPrefix}/*` },
          {
            principal,
            action: "s3:ListBucket",
            scope: bucketArn,
            context: { "s3:prefix": `${dataPrefix}/` },
          },
        ]),
    ...(table === undefined
      ? []
      : [{ principal, action: "glue:GetTable", scope: `${glue}:table/${table.database}/${table.name}` }]),
  ];
}

/** Nobody who uses the store manages it. */
function managing(store: StoreFacts, consumer: ConsumerFacts): Intent {
  const { roleArn: principal, workgroupArn } = consumer;
  const { groups, keyArns, bucketArn, roleArn, region } = store;
  const at = (action: string, scope: string, context?: RequestContext): Step => ({
    principal,
    action,
    scope,
    ...(context ? { context } : {}),
  });
  return {
    id: `consumer ${consumer.name} manage`,
    actor: actorOf(consumer),
    expect: "denied",
    says: "may not change or delete feature groups, objects, tables or keys",
    setting: `consumers.${consumer.name}`,
    steps: [
      ...groups.flatMap(({ arn }) =>
        ["UpdateFeatureGroup", "DeleteFeatureGroup", "AddTags"].map((name) => at(`sagemaker:${name}`, arn)),
      ),
      ...groups.flatMap(({ dataPrefix }) =>
        dataPrefix === undefined
          ? []
          : ["PutObject", "DeleteObject"].map((name) => at(`s3:${name}`, `${bucketArn}/${dataPrefix}/*`)),
      ),
      ...keyArns.flatMap((key) => [
        ...["GenerateDataKey", "Encrypt", "CreateGrant", "PutKeyPolicy"].map((name) =>
          at(`kms:${name}`, key),
        ),
        at("kms:Decrypt", key),
        at("kms:Decrypt", key, { "kms:ViaService": `dynamodb.${region}.amazonaws.com` }),
      ]),
      ...["s3:PutBucketPolicy", "s3:DeleteBucket", "s3:ListBucket"].map((action) => at(action, bucketArn)),
      at("s3:ListBucket", bucketArn, { "s3:prefix": "" }),
      at("athena:UpdateWorkGroup", workgroupArn),
      at("iam:PassRole", roleArn),
      at("sts:AssumeRole", roleArn),
    ],
  };
}

/** Without account B's role the workloads have nothing of the store. */
function direct(store: StoreFacts, consumer: ConsumerFacts): Intent[] {
  const { executionRoleArn: principal, account } = consumer;
  // In the store's own account it is for the execution role's own policies, which were there before.
  if (account === store.account) return [];
  return [
    {
      id: `consumer ${consumer.name} direct`,
      actor: `${actorOf(consumer)}'s execution role`,
      expect: "denied",
      says: "may do nothing with the store but through account B's role",
      setting: `consumers.${consumer.name}`,
      steps: [
        ...store.groups.flatMap(({ arn: scope }) =>
          ["sagemaker:GetRecord", "sagemaker:PutRecord"].map((action) => ({ principal, action, scope })),
        ),
        {
          principal,
          action: "s3:GetObject",
          scope: `${store.bucketArn}/*`,
          resourceAccount: store.bucketAccount,
        },
        ...store.keyArns.map((scope) => ({ principal, action: "kms:Decrypt", scope })),
      ],
    },
  ];
}

function othersResults(consumer: ConsumerFacts, consumers: readonly ConsumerFacts[]): Intent[] {
  const { roleArn, executionRoleArn } = consumer;
  const others = consumers.filter(
    (other) =>
      other.name !== consumer.name &&
      other.results.bucketArn !== consumer.results.bucketArn &&
      !other.results.existing,
  );
  if (others.length === 0) return [];
  return [
    {
      id: `consumer ${consumer.name} othersResults`,
      actor: actorOf(consumer),
      expect: "denied",
      says: "may neither read nor write the other consumers' results, nor query in their workgroups",
      setting: `consumers.${consumer.name}`,
      steps: others.flatMap(({ results, account: resourceAccount, workgroupArn }): Step[] => {
        const scope = `${results.bucketArn}/${results.prefix}/*`;
        const read = { action: "s3:GetObject", scope, resourceAccount };
        return [
          { principal: roleArn, ...read },
          { principal: executionRoleArn, ...read, knownPoliciesOnly: true },
          { principal: roleArn, action: "s3:PutObject", scope, resourceAccount },
          { principal: roleArn, action: "athena:StartQueryExecution", scope: workgroupArn },
        ];
      }),
    },
  ];
}
