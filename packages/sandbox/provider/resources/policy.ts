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

const sdk = () => import("@aws-sdk/client-iam");
const NAME = matching(/^[\w+=,.@-]*$/, "must match [\\w+=,.@-]");
/** Versions that AWS keeps of a policy. */
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
    const { CreatePolicyCommand } = await sdk();
    const client = await clients.iam();
    const PolicyName = must(inputs, "name");
    const Path = textOf(inputs, "path") ?? "/";
    const command = new CreatePolicyCommand({
      PolicyName,
      PolicyDocument: must(inputs, "policy"),
      Path,
      Description: textOf(inputs, "description") || undefined,
      Tags: toTags(allTags(clients, inputs)),
    });
    const { Policy } = await creating<GetPolicyCommandOutput>({
      send: () => client.send(command),
      taken: [{ name: "EntityAlreadyExistsException" }],
      async find(since) {
        const { GetPolicyCommand } = await sdk();
        const { account } = await clients.identity();
        const PolicyArn = `arn:${partitionOf(clients.region).id}:iam::${account}:policy${Path}${PolicyName}`;
        const answer = await orGone(
          () => client.send(new GetPolicyCommand({ PolicyArn })),
          "NoSuchEntityException",
        );
        return isSince(answer?.Policy?.CreateDate, since) ? answer : undefined;
      },
    });
    if (!Policy?.Arn) throw new Error("IAM answered without the policy's ARN");
    return Policy.Arn;
  },
  async update(clients, PolicyArn, olds, news) {
    const { TagPolicyCommand, UntagPolicyCommand } = await sdk();
    const client = await clients.iam();
    if (!sameJson(olds["policy"], news["policy"])) await putVersion(clients, PolicyArn, news);
    const { set, removed } = tagChanges(clients, olds, news);
    if (removed.length > 0) await client.send(new UntagPolicyCommand({ PolicyArn, TagKeys: removed }));
    if (Object.keys(set).length > 0)
      await client.send(new TagPolicyCommand({ PolicyArn, Tags: toTags(set) }));
  },
  async remove(clients, PolicyArn) {
    const { DeletePolicyCommand, DeletePolicyVersionCommand, ListPolicyVersionsCommand } = await sdk();
    const client = await clients.iam();
    await orGone(async () => {
      const { Versions = [] } = await client.send(new ListPolicyVersionsCommand({ PolicyArn }));
      for (const { VersionId, IsDefaultVersion } of Versions)
        if (!IsDefaultVersion) await client.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId }));
      await client.send(new DeletePolicyCommand({ PolicyArn }));
    }, "NoSuchEntityException");
  },
  async observe(clients, PolicyArn) {
    const { GetPolicyCommand, GetPolicyVersionCommand } = await sdk();
    const client = await clients.iam();
    const found = (
      await orGone(() => client.send(new GetPolicyCommand({ PolicyArn })), "NoSuchEntityException")
    )?.Policy;
    if (!found) return undefined;
    const { PolicyVersion } = await client.send(
      new GetPolicyVersionCommand({ PolicyArn, VersionId: found.DefaultVersionId }),
    );
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
  const { CreatePolicyVersionCommand, DeletePolicyVersionCommand, ListPolicyVersionsCommand } = await sdk();
  const client = await clients.iam();
  const { Versions = [] } = await client.send(new ListPolicyVersionsCommand({ PolicyArn }));
  // Dates have whole seconds: the number orders versions of the same second.
  const [oldest] = Versions.filter(({ IsDefaultVersion }) => !IsDefaultVersion).sort(
    (a, b) => Number(a.CreateDate) - Number(b.CreateDate) || numberOf(a) - numberOf(b),
  );
  if (Versions.length >= MAXIMUM_VERSIONS && oldest)
    await client.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: oldest.VersionId }));
  const PolicyDocument = must(inputs, "policy");
  await client.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument, SetAsDefault: true }));
}
