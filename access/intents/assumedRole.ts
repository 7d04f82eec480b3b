/**
 * What the topology assumed-role means: each consumer's workloads do through account B's role what its `access` says, and
 * nothing else; nobody else gets in by it.
 */
import { offlineChain } from "./consumerOffline";
import { assumeRefusals, exactRefusals, insecureResults } from "./consumerRefusals";
import { byTags } from "./consumerTags";
import { actorOf, assuming, RECORD_ACTIONS, WORDS } from "./consumerWords";
import { strangerRefusals } from "./offlineStore";
import { storeIntents, viaSageMaker, writesInsecurely } from "./store";
import type { ConsumerFacts, GroupFacts, Intent, Step, StoreFacts, StrangerFacts } from "./types";

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
    {
      id: "centralStore tls",
      actor: "centralStore's role",
      expect: "denied" as const,
      says: "may not write without TLS",
      steps: [writesInsecurely(store)],
    },
    ...consumers.flatMap((consumer) => [
      ...entering(consumer),
      ...store.groups.flatMap((group) => granted(store, consumer, group)),
      ...byTags(store, consumer),
      ...insecureResults(consumer),
      ...assumeRefusals(store, consumer, consumers, strangers),
      ...(exact ? exactRefusals(store, consumer, consumers) : []),
    ]),
  ];
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
