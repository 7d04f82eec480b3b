/** IAM: a role's inline policy. */
import type { Clients } from "../clients";
import { orGone, retrying } from "../retry";
import type { ResourceType } from "../resourceType";
import { json, length, matching, text } from "../schema";
import { must, type Properties } from "../values";

const NAME = matching(/^[\w+=,.@-]+$/, "must match [\\w+=,.@-]");

export const rolePolicy: ResourceType = {
  token: "aws:iam/rolePolicy:RolePolicy",
  title: "IAM Role Policy",
  global: true,
  identity: ["role", "name"],
  autoName: { property: "name", prefix: "namePrefix", maximum: 128 },
  fields: {
    name: text({ replace: true, rules: [length(1, 128), NAME] }),
    namePrefix: text({ replace: true, writeOnly: true, rules: [length(1, 102), NAME] }),
    policy: json({ required: true }),
    role: text({ required: true, replace: true, rules: [length(1, 64), NAME] }),
  },
  async create(clients, inputs) {
    const id = `${must(inputs, "role")}:${must(inputs, "name")}`;
    await put(clients, id, inputs);
    return id;
  },
  update: (clients, id, _olds, news) => put(clients, id, news),
  async remove(clients, id) {
    const client = await clients.iam();
    await orGone(() => client.deleteRolePolicy(parts(id)), "NoSuchEntityException");
  },
  async observe(clients, id) {
    const client = await clients.iam();
    const found = await orGone(() => client.getRolePolicy(parts(id)), "NoSuchEntityException");
    return (
      found && {
        role: found.RoleName,
        name: found.PolicyName,
        policy: decodeURIComponent(found.PolicyDocument ?? ""),
      }
    );
  },
};

async function put(clients: Clients, id: string, inputs: Properties): Promise<void> {
  const client = await clients.iam();
  const send = () => client.putRolePolicy({ ...parts(id), PolicyDocument: must(inputs, "policy") });
  await retrying(send, [{ name: "NoSuchEntityException" }], 10_000);
}

/** `ROLE:POLICY`, the real provider's ID. */
function parts(id: string): { RoleName: string; PolicyName: string } {
  const [, RoleName, PolicyName] = /^([^:]+):(.+)$/.exec(id) ?? [];
  if (!RoleName || !PolicyName)
    throw new Error(`"${id}" is not the ID of a role policy: it has to be ROLE_NAME:POLICY_NAME`);
  return { RoleName, PolicyName };
}
