/** Access by a feature group's tags. */
import { actorOf, assuming, RECORD_ACTIONS } from "./consumerWords";
import { viaSageMaker } from "./store";
import type { ConsumerFacts, Intent, Step, StoreFacts } from "./types";

/** Records of groups by their tags, whatever group carries them: allowed with the tags, refused with one that differs. */
export function byTags(store: StoreFacts, consumer: ConsumerFacts): Intent[] {
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
