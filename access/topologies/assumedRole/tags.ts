/** Access by a feature group's tags. */
import { decrypting, each, groupKeys, viaSageMaker } from "../../intents/steps";
import type { Intent, StoreFacts } from "../../intents/types";
import { assuming, intentOf, RECORD_ACTIONS, type ConsumerFacts } from "./consumer";

/** Records of groups by their tags, for any group that has them: allowed with the tags, refused if one differs. */
export function byTags(store: StoreFacts, consumer: ConsumerFacts): Intent[] {
  const { roleArn } = consumer;
  const { partition, region, account, groups } = store;
  const scope = `arn:${partition}:sagemaker:${region}:${account}:feature-group/*`;
  return consumer.byTags.flatMap(({ tags, permissions }, index): Intent[] => {
    const wanted = (["readOnline", "write"] as const).filter((access) => permissions.includes(access));
    if (wanted.length === 0) return [];
    const actions = wanted.flatMap((access) => RECORD_ACTIONS[access]);
    const tagged = (value: (of: string) => string) => ({
      context: Object.fromEntries(
        Object.entries(tags).map(([key, of]) => [`aws:ResourceTag/${key}`, value(of)]),
      ),
    });
    const words = Object.entries(tags).map(([key, value]) => `${key}=${value}`);
    const says = `${wanted.join(" and ")} of feature groups tagged ${words.join(", ")}`;
    const id = `tags ${index + 1}`;
    const where = { setting: `consumers.${consumer.name}.accessByTags[${index}]` };
    const allowed = [
      ...assuming(consumer),
      ...each(
        roleArn,
        ["sagemaker:DescribeFeatureGroup", ...actions],
        scope,
        tagged((value) => value),
      ),
      ...groupKeys(groups, "onlineKeyArn").flatMap((key) => decrypting(roleArn, key, viaSageMaker(region))),
    ];
    const refused = each(
      roleArn,
      actions,
      scope,
      tagged((value) => `not ${value}`),
    );
    return [
      intentOf(consumer, id, "allowed", `has ${says}`, allowed, where),
      intentOf(
        consumer,
        `${id} only`,
        "denied",
        `has not ${says.replace("tagged", "not tagged")}`,
        refused,
        where,
      ),
    ];
  });
}
