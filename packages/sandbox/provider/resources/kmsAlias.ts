/** KMS: aliases. */
import { creating, isSince } from "../creating";
import { orGone, retrying } from "../retry";
import type { ResourceType } from "../resourceType";
import { length, matching, output, text } from "../schema";
import { must } from "../values";

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
    const client = await clients.kms();
    const AliasName = must(inputs, "name");
    const send = () => client.createAlias({ AliasName, TargetKeyId: must(inputs, "targetKeyId") });
    await creating<object>({
      send: () => retrying(send, [{ name: "NotFoundException" }], 10_000),
      taken: [{ name: "AlreadyExistsException" }],
      async find(since) {
        for await (const { Aliases = [] } of client.paginateListAliases({}))
          for (const found of Aliases)
            if (found.AliasName === AliasName && isSince(found.CreationDate, since)) return found;
        return undefined;
      },
    });
    return AliasName;
  },
  async update(clients, AliasName, _olds, news) {
    const client = await clients.kms();
    await client.updateAlias({ AliasName, TargetKeyId: must(news, "targetKeyId") });
  },
  async remove(clients, AliasName) {
    const client = await clients.kms();
    await orGone(() => client.deleteAlias({ AliasName }), "NotFoundException");
  },
  async observe(clients, id) {
    const client = await clients.kms();
    for await (const page of client.paginateListAliases({}))
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
