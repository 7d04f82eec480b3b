/** The refusals around a consumer: to the consumer itself, and to everyone else. */
import type { RequestContext } from "@feature-store-access/iam";
import { catalogArns, each, INSECURE, roleOf, SAGEMAKER } from "../../intents/steps";
import type { GroupFacts, Intent, Step, StoreFacts, StrangerFacts } from "../../intents/types";
import {
  ACCESS,
  accessTo,
  accessWords,
  actorOf,
  bringing,
  intentOf,
  RECORD_ACTIONS,
  type ConsumerFacts,
} from "./consumer";

/** Only the consumer's execution role may assume the role, and only with the required external ID and organization. */
export function assumeRefusals(
  { partition }: StoreFacts,
  consumer: ConsumerFacts,
  consumers: readonly ConsumerFacts[],
  strangers: StrangerFacts,
): Intent[] {
  const { name, roleArn, executionRoleArn, account, externalId, organizationId, trustSageMaker } = consumer;
  const context = bringing(consumer);
  const sameName = executionRoleArn.replace(`::${account}:`, `::${strangers.account}:`);
  const assume = (principal: string, given: RequestContext = context) =>
    each(principal, ["sts:AssumeRole"], roleArn, { context: given });
  const into = `may not assume ${name}'s role of account B`;
  /** The execution role without the context key, and with another value of it. */
  const needing = (id: string, key: string, without: string, other: string | undefined) => {
    if (other === undefined) return [];
    const { [key]: _, ...rest } = context;
    const steps = [
      ...assume(executionRoleArn, rest),
      ...assume(executionRoleArn, { ...context, [key]: other }),
    ];
    return [intentOf(consumer, id, "denied", `${into} ${without}`, steps)];
  };
  const others = consumers.filter(
    (other) => other.name !== name && other.executionRoleArn !== executionRoleArn,
  );
  const everyoneElse = [
    ...assume(roleOf(partition, account, "other")),
    ...assume(`arn:${partition}:iam::${account}:root`),
    ...assume(sameName),
    ...assume(roleOf(partition, strangers.account, "stranger")),
    ...assume("anonymous"),
    ...(trustSageMaker ? [] : assume(SAGEMAKER, {})),
  ];
  const byOthers = others.flatMap((other) => assume(other.executionRoleArn));
  const otherId = externalId && `${externalId}-other`;
  const otherOrganization = organizationId && "o-0000000000";
  return [
    intentOf(consumer, "strangers", "denied", into, everyoneElse, { actor: "everyone else" }),
    ...(byOthers.length === 0
      ? []
      : [intentOf(consumer, "others", "denied", into, byOthers, { actor: "the other consumers" })]),
    ...needing("externalId", "sts:ExternalId", "without its external ID", otherId),
    ...needing("organization", "aws:PrincipalOrgID", "from outside its organization", otherOrganization),
  ];
}

/** The owner of an existing results bucket writes its policy. */
export function insecureResults(consumer: ConsumerFacts): Intent[] {
  const { name, roleArn, executionRoleArn, account: resourceAccount, results } = consumer;
  if (results.existing) return [];
  const scope = `${results.bucketArn}/${results.prefix}/*`;
  const insecure = { resourceAccount, context: INSECURE };
  const steps = [
    ...each(roleArn, ["s3:PutObject"], scope, insecure),
    ...each(executionRoleArn, ["s3:GetObject"], scope, insecure),
  ];
  const says = "may neither write nor read its results without TLS";
  return [intentOf(consumer, "tls", "denied", says, steps, { setting: `consumers.${name}.resultsBucket` })];
}

/** Refusals by the default policies that the documents' own policies lack. */
export function exactRefusals(
  store: StoreFacts,
  consumer: ConsumerFacts,
  consumers: readonly ConsumerFacts[],
): Intent[] {
  return [
    ...store.groups.flatMap((group) => accessRefusals(store, consumer, group)),
    managing(store, consumer),
    ...direct(store, consumer),
    ...othersResults(consumer, consumers),
  ];
}

/** Each access to the group that the settings do not give. */
function accessRefusals(store: StoreFacts, consumer: ConsumerFacts, group: GroupFacts): Intent[] {
  const { name, roleArn } = consumer;
  const given = accessTo(consumer, group.name);
  return ACCESS.filter((access) => !given.includes(access)).map((access) => {
    const steps =
      access === "readOffline"
        ? offlineRefusals(store, roleArn, group)
        : each(roleArn, RECORD_ACTIONS[access], group.arn);
    const [id, says] = [`not ${access} ${group.name}`, `may not ${accessWords(access, group.name)}`];
    return intentOf(consumer, id, "denied", says, steps, { setting: `consumers.${name}.access` });
  });
}

function offlineRefusals(store: StoreFacts, principal: string, group: GroupFacts): Step[] {
  const { bucketArn = store.bucketArn, dataPrefix, table } = group;
  return [
    ...(dataPrefix === undefined
      ? []
      : [
          ...each(principal, ["s3:GetObject"], `${bucketArn}/${dataPrefix}/*`),
          ...each(principal, ["s3:ListBucket"], bucketArn, { context: { "s3:prefix": `${dataPrefix}/` } }),
        ]),
    ...(table === undefined ? [] : each(principal, ["glue:GetTable"], catalogArns(store, table)[2])),
  ];
}

const GROUP_MANAGEMENT = [
  "sagemaker:UpdateFeatureGroup",
  "sagemaker:DeleteFeatureGroup",
  "sagemaker:AddTags",
];
const KEY_MANAGEMENT = [
  "kms:GenerateDataKey",
  "kms:Encrypt",
  "kms:CreateGrant",
  "kms:PutKeyPolicy",
  "kms:Decrypt",
];
const BUCKET_MANAGEMENT = ["s3:PutBucketPolicy", "s3:DeleteBucket", "s3:ListBucket"];

/** No consumer manages the store. */
function managing(store: StoreFacts, consumer: ConsumerFacts): Intent {
  const { roleArn: role, workgroupArn } = consumer;
  const { groups, keyArns, bucketArn, roleArn, region } = store;
  const viaOther = { context: { "kms:ViaService": `dynamodb.${region}.amazonaws.com` } };
  const steps = [
    ...groups.flatMap(({ arn }) => each(role, GROUP_MANAGEMENT, arn)),
    ...groups.flatMap(({ dataPrefix }) =>
      dataPrefix === undefined
        ? []
        : each(role, ["s3:PutObject", "s3:DeleteObject"], `${bucketArn}/${dataPrefix}/*`),
    ),
    ...keyArns.flatMap((key) => [
      ...each(role, KEY_MANAGEMENT, key),
      ...each(role, ["kms:Decrypt"], key, viaOther),
    ]),
    ...each(role, BUCKET_MANAGEMENT, bucketArn),
    ...each(role, ["s3:ListBucket"], bucketArn, { context: { "s3:prefix": "" } }),
    ...each(role, ["athena:UpdateWorkGroup"], workgroupArn),
    ...each(role, ["iam:PassRole", "sts:AssumeRole"], roleArn),
  ];
  const says = "may not change or delete feature groups, objects, tables or keys";
  return intentOf(consumer, "manage", "denied", says, steps);
}

/** Without account B's role, the workloads may do nothing with the store. */
function direct(store: StoreFacts, consumer: ConsumerFacts): Intent[] {
  const { executionRoleArn: principal, account } = consumer;
  // In the store's own account the execution role's own policies decide, and their owner writes them.
  if (account === store.account) return [];
  const steps = [
    ...store.groups.flatMap(({ arn }) =>
      each(principal, ["sagemaker:GetRecord", "sagemaker:PutRecord"], arn),
    ),
    ...each(principal, ["s3:GetObject"], `${store.bucketArn}/*`, { resourceAccount: store.bucketAccount }),
    ...store.keyArns.flatMap((key) => each(principal, ["kms:Decrypt"], key)),
  ];
  const says = "may do nothing with the store but through account B's role";
  const actor = `${actorOf(consumer)}'s execution role`;
  return [intentOf(consumer, "direct", "denied", says, steps, { actor })];
}

function othersResults(consumer: ConsumerFacts, consumers: readonly ConsumerFacts[]): Intent[] {
  const { name, roleArn, executionRoleArn, results: own } = consumer;
  const others = consumers.filter(
    ({ name: other, results }) => other !== name && results.bucketArn !== own.bucketArn && !results.existing,
  );
  if (others.length === 0) return [];
  const steps = others.flatMap(({ results, account: resourceAccount, workgroupArn }) => {
    const scope = `${results.bucketArn}/${results.prefix}/*`;
    return [
      ...each(roleArn, ["s3:GetObject"], scope, { resourceAccount }),
      ...each(executionRoleArn, ["s3:GetObject"], scope, { resourceAccount, knownPoliciesOnly: true }),
      ...each(roleArn, ["s3:PutObject"], scope, { resourceAccount }),
      ...each(roleArn, ["athena:StartQueryExecution"], workgroupArn),
    ];
  });
  const says = "may neither read nor write the other consumers' results, nor query in their workgroups";
  return [intentOf(consumer, "othersResults", "denied", says, steps)];
}
