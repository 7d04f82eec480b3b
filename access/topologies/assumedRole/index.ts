/**
 * Topology assumed-role: each consumer's workloads may do through account B's role what its `access` says, and nothing
 * else; nobody else may assume the role.
 */
import { decrypting, each, SAGEMAKER, viaSageMaker } from "../../intents/steps";
import { storeIntents, strangerRefusals, writesInsecurely } from "../../intents/store";
import type { GroupFacts, Intent, IntentContext, Step, StoreFacts } from "../../intents/types";
import { defineTopology } from "../topology";
import {
  ACCESS,
  accessTo,
  accessWords,
  assuming,
  intentOf,
  RECORD_ACTIONS,
  type AssumedRoleFacts,
  type ConsumerFacts,
} from "./consumer";
import { offlineChain } from "./offlineReading";
import { assumeRefusals, exactRefusals, insecureResults } from "./refusals";
import { byTags } from "./tags";

export const assumedRole = defineTopology({
  name: "assumed-role",
  intents: ({ store, consumers }: AssumedRoleFacts, { strangers, exact }: IntentContext): Intent[] => [
    ...storeIntents(store),
    ...strangerRefusals(store, strangers),
    {
      id: "centralStore tls",
      actor: "centralStore's role",
      expect: "denied" as const,
      says: "may not write without TLS",
      steps: writesInsecurely(store),
    },
    ...consumers.flatMap((consumer) => [
      ...entering(consumer),
      ...store.groups.flatMap((group) => givenAccess(store, consumer, group)),
      ...byTags(store, consumer),
      ...insecureResults(consumer),
      ...assumeRefusals(store, consumer, consumers, strangers),
      ...(exact ? exactRefusals(store, consumer, consumers) : []),
    ]),
  ],
});

function entering(consumer: ConsumerFacts): Intent[] {
  const { name, executionRoleArn, executionRoleMade, roleArn, trustSageMaker, verifierArn } = consumer;
  const may = (id: string, says: string, steps: Step[], where: Partial<Intent> = {}) =>
    intentOf(consumer, id, "allowed", says, steps, where);
  const assume = (principal: string, role: string) => each(principal, ["sts:AssumeRole"], role);
  const actor = "Amazon SageMaker";
  return [
    may("assume", "may assume its role of account B", assuming(consumer)),
    ...(executionRoleMade
      ? [
          may(
            "execution",
            `may run workloads as ${name}'s execution role`,
            assume(SAGEMAKER, executionRoleArn),
            {
              actor,
            },
          ),
        ]
      : []),
    ...(trustSageMaker
      ? [
          may("service", `may assume ${name}'s role of account B`, assume(SAGEMAKER, roleArn), {
            actor,
            setting: `consumers.${name}.trustSageMaker`,
          }),
        ]
      : []),
    ...(verifierArn !== undefined && executionRoleMade
      ? [
          may(
            "verify",
            `may act as ${name}'s execution role, to verify what it may do`,
            assume(verifierArn, executionRoleArn),
            { actor: "the deployer", setting: "verification.trustDeployer" },
          ),
        ]
      : []),
  ];
}

/** Each access to the group that the settings give, as the requests that it needs. */
function givenAccess(store: StoreFacts, consumer: ConsumerFacts, group: GroupFacts): Intent[] {
  const given = accessTo(consumer, group.name);
  return ACCESS.filter((access) => given.includes(access)).map((access) =>
    intentOf(
      consumer,
      `${access} ${group.name}`,
      "allowed",
      `may ${accessWords(access, group.name)}`,
      [
        ...assuming(consumer),
        ...(access === "readOffline"
          ? offlineChain(store, consumer, group)
          : records(consumer, group, access)),
      ],
      { setting: `consumers.${consumer.name}.access.${group.name}` },
    ),
  );
}

function records({ roleArn }: ConsumerFacts, group: GroupFacts, access: "readOnline" | "write"): Step[] {
  const { arn, onlineKeyArn, region, online, tags = {} } = group;
  // The group's tags decide if access is given by tags.
  const context = Object.fromEntries(
    Object.entries(tags).map(([key, value]) => [`aws:ResourceTag/${key}`, value]),
  );
  return [
    ...each(roleArn, ["sagemaker:DescribeFeatureGroup", ...RECORD_ACTIONS[access]], arn, { context }),
    // Every caller of the data plane needs kms:Decrypt on the online store's key ("Security and access control" of Feature
    // Store, https://docs.aws.amazon.com/sagemaker/latest/dg/feature-store-security.html).
    ...(online ? decrypting(roleArn, onlineKeyArn, viaSageMaker(region)) : []),
  ];
}
