/** KMS: aliases. */
import { creating, isSince } from "../creating";
import { orGone, retrying } from "../retry";
import type { ResourceType } from "../resourceType";
import { length, matching, output, text } from "../schema";
import { must } from "../values";

const sdk = () => import("@aws-sdk/client-kms");

export const alias: ResourceType = {
  token: "aws:kms/alias:Alias",
  title: "KMS Alias",
  identity: ["name"],
  autoName: {
    property: "name",
    prefix: "namePrefix",
    maximum: 256,
    start: (name) => (name.startsWith("alias/") ? name : `alias/${name}`),
  },
  fields: {
    name: text({
      replace: true,
      rules: [
        length(1, 256),
        matching(
          /^alias\/[a-zA-Z0-9/_-]+$/,
          "must begin with 'alias/' and be comprised of only [a-zA-Z0-9/_-]",
        ),
        matching(/^(?!alias\/aws\/)/, "alias/aws/ is reserved by AWS"),
      ],
    }),
    namePrefix: text({
      replace: true,
      writeOnly: true,
      rules: [matching(/^alias\//, "must begin with 'alias/'")],
    }),
    targetKeyId: text({ required: true, same: (a, b) => keyIdOf(a) === keyIdOf(b) }),
    arn: output(),
    targetKeyArn: output(),
  },
  async create(clients, inputs) {
    const { CreateAliasCommand } = await sdk();
    const client = await clients.kms();
    const AliasName = must(inputs, "name");
    const command = new CreateAliasCommand({ AliasName, TargetKeyId: must(inputs, "targetKeyId") });
    await creating<object>({
      send: () => retrying(() => client.send(command), [{ name: "NotFoundException" }], 10_000),
      taken: [{ name: "AlreadyExistsException" }],
      async find(since) {
        const { paginateListAliases } = await sdk();
        for await (const { Aliases = [] } of paginateListAliases({ client }, {}))
          for (const found of Aliases)
            if (found.AliasName === AliasName && isSince(found.CreationDate, since)) return found;
        return undefined;
      },
    });
    return AliasName;
  },
  async update(clients, AliasName, _olds, news) {
    const { UpdateAliasCommand } = await sdk();
    const client = await clients.kms();
    await client.send(new UpdateAliasCommand({ AliasName, TargetKeyId: must(news, "targetKeyId") }));
  },
  async remove(clients, AliasName) {
    const { DeleteAliasCommand } = await sdk();
    const client = await clients.kms();
    await orGone(() => client.send(new DeleteAliasCommand({ AliasName })), "NotFoundException");
  },
  async observe(clients, id) {
    const { paginateListAliases } = await sdk();
    const client = await clients.kms();
    for await (const page of paginateListAliases({ client }, {}))
      for (const { AliasName, AliasArn = "", TargetKeyId } of page.Aliases ?? [])
        if (AliasName === id)
          return {
            name: AliasName,
            arn: AliasArn,
            targetKeyId: TargetKeyId,
            targetKeyArn: AliasArn.replace(/:alias\/.*$/, `:key/${TargetKeyId}`),
          };
    return undefined;
  },
};

/** Programs name a key by its ID or its ARN. */
function keyIdOf(value: unknown): unknown {
  return typeof value === "string" ? value.replace(/^arn:.*:key\//, "") : value;
}
