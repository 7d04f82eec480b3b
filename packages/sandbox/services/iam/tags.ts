/** Tags of roles, users and managed policies. */
import type { RequestContext } from "@feature-store-access/iam";
import type { Tag } from "../../core";
import { policies } from "../../identity/state";
import { readTags, tagContext, validationError } from "../../protocol/validation";
import { members } from "../../protocol/query";
import type { XmlContent } from "../../protocol/xml";
import { ownPolicy } from "./policies";
import { limitExceeded, type IamOperation, type IamRequest } from "./request";

const quota = 50;

type Kind = "Role" | "User" | "Policy";

/** The tagged entity, after checking that the caller may do the operation on it. */
function bearer(request: IamRequest, kind: Kind, context: RequestContext = {}): { tags: Tag[] } {
  return kind === "Policy" ? ownPolicy(request, context) : request.entity(kind, () => context);
}

function touch(request: IamRequest, kind: Kind): void {
  (kind === "Policy" ? policies(request.store) : request.collection(kind)).touch();
}

const tag =
  (kind: Kind) =>
  (request: IamRequest): XmlContent => {
    const tags = readTags(request.parameters);
    if (!tags) request.parameters.required("Tags");
    const entity = bearer(request, kind, tagContext(tags));
    const merged = new Map(
      [...entity.tags, ...(tags ?? [])].map((entry) => [entry.Key.toLowerCase(), entry]),
    );
    if (merged.size > quota) throw limitExceeded(`Cannot exceed quota for TagsPer${kind}: ${quota}`);
    entity.tags = [...merged.values()];
    touch(request, kind);
    return undefined;
  };

const untag =
  (kind: Kind) =>
  (request: IamRequest): XmlContent => {
    const keys = request.parameters.strings("TagKeys");
    if (!keys) throw validationError("null", "tagKeys", "Member must not be null");
    const entity = bearer(request, kind, keys.length > 0 ? { "aws:TagKeys": keys } : {});
    entity.tags = entity.tags.filter(({ Key }) => !keys.includes(Key));
    touch(request, kind);
    return undefined;
  };

const list =
  (kind: Kind) =>
  (request: IamRequest): XmlContent => {
    const { entries, paging } = request.page(bearer(request, kind).tags, ({ Key }) => Key);
    return { Tags: members(entries.map(({ Key, Value }) => ({ Key, Value }))), ...paging };
  };

export const tagOperations: Readonly<Record<string, IamOperation>> = {
  TagRole: tag("Role"),
  UntagRole: untag("Role"),
  ListRoleTags: list("Role"),
  TagUser: tag("User"),
  UntagUser: untag("User"),
  ListUserTags: list("User"),
  TagPolicy: tag("Policy"),
  UntagPolicy: untag("Policy"),
  ListPolicyTags: list("Policy"),
};
