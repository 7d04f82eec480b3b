/**
 * What the topology assumed-role means: each consumer's workloads do through account B's role what its `access` says, and
 * nothing else; nobody else gets in by it.
 */
import type { RequestContext } from "../types";
import { roleOf, strangerRefusals } from "./offlineStore";
import { storeIntents, viaS3, viaSageMaker } from "./store";
import type { ConsumerFacts, GroupFacts, Intent, Step, StoreFacts, StrangerFacts } from "./types";

export type Permission = "readOnline" | "readOffline" | "write";

/** @param exact false where the documents' own, broader policies are wanted */
export function assumedRoleIntents(
  store: StoreFacts,
  consumers: readonly ConsumerFacts[],
  strangers: StrangerFacts,
  exact: boolean,
): Intent[] {
  return [
    ...storeIntents(store),
    ...strangerRefusals(store, strangers),
    ...consumers.flatMap((consumer) => [
      ...entering(consumer),
      ...store.groups.flatMap((group) => granted(store, consumer, group)),
      ...byTags(store, consumer),
      ...assumeRefusals(store, consumer, consumers, strangers),
      ...(exact ? exactRefusals(store, consumer, consumers) : []),
    ]),
  ];
}

const RECORD_ACTIONS: Readonly<Record<"readOnline" | "write", readonly string[]>> = {
  readOnline: ["sagemaker:GetRecord", "sagemaker:BatchGetRecord"],
  write: ["sagemaker:PutRecord", "sagemaker:DeleteRecord"],
};
const TABLE_ACTIONS = ["glue:GetTable", "glue:GetPartition", "glue:GetPartitions", "glue:BatchGetPartition"];
const WORDS: Readonly<Record<Permission, string>> = {
  readOnline: "read feature group GROUP online",
  readOffline: "read feature group GROUP offline",
  write: "write feature group GROUP",
};

const actorOf = ({ name }: ConsumerFacts) => `consumer ${name}`;

/** What whoever assumes the role brings. */
function bringing({ externalId, organizationId }: ConsumerFacts): RequestContext {
  return {
    ...(externalId === undefined ? {} : { "sts:ExternalId": externalId }),
    ...(organizationId === undefined ? {} : { "aws:PrincipalOrgID": organizationId }),
  };
}

function assuming(consumer: ConsumerFacts): Step {
  const { executionRoleArn: principal, roleArn: scope } = consumer;
  return { principal, action: "sts:AssumeRole", scope, context: bringing(consumer), knownPoliciesOnly: true };
}

function entering(consumer: ConsumerFacts): Intent[] {
  const { name, executionRoleArn, executionRoleMade, roleArn, trustSageMaker, verifierArn } = consumer;
  const setting = `consumers.${name}`;
  const may = (
    id: string,
    actor: string,
    says: string,
    principal: string,
    scope: string,
    where = setting,
  ): Intent => ({
    id: `consumer ${name} ${id}`,
    actor,
    expect: "allowed",
    says,
    setting: where,
    steps: [{ principal, action: "sts:AssumeRole", scope }],
  });
  const SAGEMAKER = "sagemaker.amazonaws.com";
  return [
    {
      id: `consumer ${name} assume`,
      actor: actorOf(consumer),
      expect: "allowed",
      says: "may assume its role of account B",
      setting,
      steps: [assuming(consumer)],
    },
    ...(executionRoleMade
      ? [
          may(
            "execution",
            "Amazon SageMaker",
            `may run workloads as ${name}'s execution role`,
            SAGEMAKER,
            executionRoleArn,
          ),
        ]
      : []),
    ...(trustSageMaker
      ? [
          may(
            "service",
            "Amazon SageMaker",
            `may assume ${name}'s role of account B`,
            SAGEMAKER,
            roleArn,
            `${setting}.trustSageMaker`,
          ),
        ]
      : []),
    ...(verifierArn !== undefined && executionRoleMade
      ? [
          may(
            "verify",
            "the deployer",
            `may act as ${name}'s execution role, to verify what it may do`,
            verifierArn,
            executionRoleArn,
            "verification.trustDeployer",
          ),
        ]
      : []),
  ];
}

/** Each permission that the group's entry names, as the requests that it takes, and the refusal of the others. */
function granted(store: StoreFacts, consumer: ConsumerFacts, group: GroupFacts): Intent[] {
  const access = Object.hasOwn(consumer.access, group.name) ? (consumer.access[group.name] ?? []) : [];
  return (["readOnline", "readOffline", "write"] as const).flatMap((permission): Intent[] => {
    if (!access.includes(permission)) return [];
    return [
      {
        id: `consumer ${consumer.name} ${permission} ${group.name}`,
        actor: actorOf(consumer),
        expect: "allowed",
        says: `may ${WORDS[permission].replace("GROUP", group.name)}`,
        setting: `consumers.${consumer.name}.access.${group.name}`,
        steps: [
          assuming(consumer),
          ...(permission === "readOffline"
            ? offlineChain(store, consumer, group)
            : records(consumer, group, permission)),
        ],
      },
    ];
  });
}

function records(consumer: ConsumerFacts, group: GroupFacts, permission: "readOnline" | "write"): Step[] {
  const { roleArn: principal } = consumer;
  const { arn: scope, onlineKeyArn, region, online, tags = {} } = group;
  // Where they are granted by tags, the group's are what decides.
  const context = Object.fromEntries(
    Object.entries(tags).map(([key, value]) => [`aws:ResourceTag/${key}`, value]),
  );
  return [
    ...["sagemaker:DescribeFeatureGroup", ...RECORD_ACTIONS[permission]].map((action) => ({
      principal,
      action,
      scope,
      context,
    })),
    // Every caller of the data plane needs kms:Decrypt on the online store's key (seed 002).
    ...(online && onlineKeyArn !== undefined
      ? [{ principal, action: "kms:Decrypt", scope: onlineKeyArn, context: viaSageMaker(region) }]
      : []),
  ];
}

/** Records of groups by their tags, whatever group carries them: allowed with the tags, refused with one that differs. */
function byTags(store: StoreFacts, consumer: ConsumerFacts): Intent[] {
  const { roleArn: principal } = consumer;
  const { partition, region, account } = store;
  const scope = `arn:${partition}:sagemaker:${region}:${account}:feature-group/*`;
  const online = [...new Set(store.groups.map(({ onlineKeyArn }) => onlineKeyArn))].filter(
    (key) => key !== undefined,
  );
  return consumer.byTags.flatMap(({ tags, permissions }, index): Intent[] => {
    const wanted = (["readOnline", "write"] as const).filter((each) => permissions.includes(each));
    if (wanted.length === 0) return [];
    const words = Object.entries(tags).map(([key, value]) => `${key}=${value}`);
    const steps = (value: (of: string) => string): Step[] =>
      wanted
        .flatMap((permission) => RECORD_ACTIONS[permission])
        .map((action) => ({
          principal,
          action,
          scope,
          context: Object.fromEntries(
            Object.entries(tags).map(([key, of]) => [`aws:ResourceTag/${key}`, value(of)]),
          ),
        }));
    const of = {
      actor: actorOf(consumer),
      setting: `consumers.${consumer.name}.accessByTags[${index}]`,
    };
    const says = `${wanted.join(" and ")} of feature groups tagged ${words.join(", ")}`;
    const id = `consumer ${consumer.name} tags ${index + 1}`;
    const allowed = steps((value) => value);
    return [
      {
        ...of,
        id,
        expect: "allowed",
        says: `has ${says}`,
        steps: [
          assuming(consumer),
          { ...(allowed[0] as Step), action: "sagemaker:DescribeFeatureGroup" },
          ...allowed,
          ...online.map((key) => ({
            principal,
            action: "kms:Decrypt",
            scope: key,
            context: viaSageMaker(region),
          })),
        ],
      },
      {
        ...of,
        id: `${id} only`,
        expect: "denied",
        says: `has not ${says.replace("tagged", "not tagged")}`,
        steps: steps((value) => `not ${value}`),
      },
    ];
  });
}

/** Athena -> Glue -> objects -> key -> results, as the role; and the results as the execution role. */
function offlineChain(store: StoreFacts, consumer: ConsumerFacts, group: GroupFacts): Step[] {
  const { roleArn: principal, workgroupArn } = consumer;
  const { bucketArn = store.bucketArn, dataPrefix = "", offlineKeyArn, region } = group;
  const query = [
    "StartQueryExecution",
    "StopQueryExecution",
    "GetQueryExecution",
    "GetQueryResults",
    "GetWorkGroup",
  ];
  return [
    { principal, action: "sagemaker:DescribeFeatureGroup", scope: group.arn },
    ...query.map((name) => ({ principal, action: `athena:${name}`, scope: workgroupArn })),
    ...catalogSteps(store, principal, group),
    { principal, action: "s3:GetBucketLocation", scope: bucketArn },
    { principal, action: "s3:ListBucket", scope: bucketArn, context: { "s3:prefix": `${dataPrefix}/` } },
    { principal, action: "s3:GetObject", scope: `${bucketArn}/${dataPrefix}/*` },
    ...(group.iceberg
      ? [{ principal, action: "s3:GetObject", scope: `${bucketArn}/${metadataPrefix(dataPrefix)}/*` }]
      : []),
    ...(offlineKeyArn === undefined
      ? []
      : [{ principal, action: "kms:Decrypt", scope: offlineKeyArn, context: viaS3(region) }]),
    ...resultSteps(store, consumer),
  ];
}

/** An Iceberg table's metadata stands beside its data. */
export function metadataPrefix(dataPrefix: string): string {
  return dataPrefix.replace(/data$/, "metadata");
}

function catalogSteps(
  { partition, region, account }: StoreFacts,
  principal: string,
  { table }: GroupFacts,
): Step[] {
  if (!table) return [];
  const glue = `arn:${partition}:glue:${region}:${account}`;
  const [catalog, database] = [`${glue}:catalog`, `${glue}:database/${table.database}`];
  const at = (action: string, scope: string): Step => ({ principal, action, scope });
  return [
    at("glue:GetDatabase", catalog),
    at("glue:GetDatabase", `${glue}:database/default`),
    at("glue:GetDatabase", database),
    at("glue:GetDatabase", `${glue}:table/${table.database}/${table.name}`),
    ...TABLE_ACTIONS.flatMap((action) =>
      [catalog, database, `${glue}:table/${table.database}/${table.name}`].map((scope) => at(action, scope)),
    ),
  ];
}

function resultSteps({ region }: StoreFacts, consumer: ConsumerFacts): Step[] {
  const { roleArn, executionRoleArn, account: resourceAccount } = consumer;
  const { bucketArn, prefix, keyArn, existing } = consumer.results;
  const objects = `${bucketArn}/${prefix}/*`;
  // The policy of a bucket that was there before is its owner's: only what the roles may can be told.
  const list = { "s3:prefix": `${prefix}/` };
  const as =
    (principal: string) =>
    (action: string, scope: string, context?: RequestContext): Step => ({
      principal,
      action,
      scope,
      resourceAccount,
      ...(context ? { context } : {}),
      ...(principal === executionRoleArn ? { knownPoliciesOnly: true } : {}),
    });
  const [role, execution] = [as(roleArn), as(executionRoleArn)];
  const read = [
    execution("s3:GetObject", objects),
    execution("s3:ListBucket", bucketArn, list),
    execution("s3:GetBucketLocation", bucketArn),
    ...(keyArn === undefined ? [] : [execution("kms:Decrypt", keyArn, viaS3(region))]),
  ];
  const written = [
    ...["GetObject", "PutObject", "AbortMultipartUpload", "ListMultipartUploadParts"].map((name) =>
      role(`s3:${name}`, objects),
    ),
    role("s3:ListBucket", bucketArn, list),
    role("s3:GetBucketLocation", bucketArn),
    role("s3:ListBucketMultipartUploads", bucketArn),
    ...(keyArn === undefined
      ? []
      : ["kms:GenerateDataKey", "kms:Decrypt"].map((action) => role(action, keyArn, viaS3(region)))),
  ];
  return [...written, ...read].map((step) =>
    existing || step.scope === keyArn ? { ...step, resourceAssumed: true } : step,
  );
}

/** Who may not assume the role: everyone but the consumer's execution role, and that not without what is asked of it. */
function assumeRefusals(
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

/** What the default policies refuse and the documents' own do not. */
function exactRefusals(
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
