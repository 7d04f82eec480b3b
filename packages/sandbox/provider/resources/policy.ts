/** IAM: managed policies. */
import type { GetPolicyCommandOutput, PolicyVersion } from "@aws-sdk/client-iam";
import type { Clients } from "../clients";
import { creating, isSince } from "../creating";
import { sameJson } from "../equal";
import { partitionOf } from "../regions";
import { orGone } from "../retry";
import type { ResourceType } from "../resourceType";
import { json, length, matching, number, output, text } from "../schema";
import { allTags, fromTags, shownTags, tagChanges, toTags } from "../tags";
import { must, text as textOf, type Properties } from "../values";

const NAME = matching(/^[\w+=,.@-]*$/, "must match [\\w+=,.@-]");
/** Maximum number of versions that AWS keeps of a policy. */
const MAXIMUM_VERSIONS = 5;

export const policy: ResourceType = {
  token: "aws:iam/policy:Policy",
  title: "IAM Policy",
  global: true,
  tagged: true,
  identity: ["path", "name"],
  autoName: { property: "name", prefix: "namePrefix", maximum: 128 },
  fields: {
    name: text({ replace: true, rules: [length(1, 128), NAME] }),
    namePrefix: text({ replace: true, writeOnly: true, rules: [length(1, 102), NAME] }),
    description: text({ replace: true, rules: [length(0, 1000)] }),
    path: text({ default: "/", replace: true }),
    policy: json({ required: true }),
    arn: output(),
    attachmentCount: output(number()),
    policyId: output(),
  },
  async create(clients, inputs) {
    const client = await clients.iam();
    const PolicyName = must(inputs, "name");
    const Path = textOf(inputs, "path") ?? "/";
    const send = () =>
      client.createPolicy({
        PolicyName,
        PolicyDocument: must(inputs, "policy"),
        Path,
        Description: textOf(inputs, "description") || undefined,
        Tags: toTags(allTags(clients, inputs)),
      });
    const { Policy } = await creating<GetPolicyCommandOutput>({
      send,
      taken: [{ name: "EntityAlreadyExistsException" }],
      async find(since) {
        const { account } = await clients.identity();
        const PolicyArn = `arn:${partitionOf(clients.region).id}:iam::${account}:policy${Path}${PolicyName}`;
        const answer = await orGone(() => client.getPolicy({ PolicyArn }), "NoSuchEntityException");
        return isSince(answer?.Policy?.CreateDate, since) ? answer : undefined;
      },
    });
    if (!Policy?.Arn) throw new Error("IAM answered without the policy's ARN");
    return Policy.Arn;
  },
  async update(clients, PolicyArn, olds, news) {
    const client = await clients.iam();
    if (!sameJson(olds["policy"], news["policy"])) await putVersion(clients, PolicyArn, news);
    const { set, removed } = tagChanges(clients, olds, news);
    if (removed.length > 0) await client.untagPolicy({ PolicyArn, TagKeys: removed });
    if (Object.keys(set).length > 0) await client.tagPolicy({ PolicyArn, Tags: toTags(set) });
  },
  async remove(clients, PolicyArn) {
    const client = await clients.iam();
    await orGone(async () => {
      const { Versions = [] } = await client.listPolicyVersions({ PolicyArn });
      for (const { VersionId, IsDefaultVersion } of Versions)
        if (!IsDefaultVersion) await client.deletePolicyVersion({ PolicyArn, VersionId });
      await client.deletePolicy({ PolicyArn });
    }, "NoSuchEntityException");
  },
  async observe(clients, PolicyArn) {
    const client = await clients.iam();
    const found = (await orGone(() => client.getPolicy({ PolicyArn }), "NoSuchEntityException"))?.Policy;
    if (!found) return undefined;
    const { PolicyVersion } = await client.getPolicyVersion({ PolicyArn, VersionId: found.DefaultVersionId });
    return {
      name: found.PolicyName,
      arn: found.Arn,
      policyId: found.PolicyId,
      path: found.Path,
      description: found.Description ?? "",
      attachmentCount: found.AttachmentCount,
      policy: decodeURIComponent(PolicyVersion?.Document ?? ""),
      ...shownTags(clients, fromTags(found.Tags)),
    };
  },
};

const numberOf = ({ VersionId = "" }: PolicyVersion) => Number(VersionId.slice(1));

async function putVersion(clients: Clients, PolicyArn: string, inputs: Properties): Promise<void> {
  const client = await clients.iam();
  const { Versions = [] } = await client.listPolicyVersions({ PolicyArn });
  // Dates have whole seconds, so the number orders versions of the same second.
  const [oldest] = Versions.filter(({ IsDefaultVersion }) => !IsDefaultVersion).sort(
    (a, b) => Number(a.CreateDate) - Number(b.CreateDate) || numberOf(a) - numberOf(b),
  );
  if (Versions.length >= MAXIMUM_VERSIONS && oldest)
    await client.deletePolicyVersion({ PolicyArn, VersionId: oldest.VersionId });
  const PolicyDocument = must(inputs, "policy");
  await client.createPolicyVersion({ PolicyArn, PolicyDocument, SetAsDefault: true });
}
