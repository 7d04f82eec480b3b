/** Users: create, read, delete, list. */
import { accessKeys, entityKey, newId, users, type User } from "../../identity/state";
import { readTags, tagContext, validationError } from "../../protocol/validation";
import { members } from "../../protocol/query";
import type { XmlContent } from "../../protocol/xml";
import { readBoundary } from "./boundaries";
import { shownUser } from "./render";
import {
  alreadyExists,
  boundaryContext,
  deleteConflict,
  noSuchEntity,
  type IamOperation,
  type IamRequest,
} from "./request";

function createUser(request: IamRequest): XmlContent {
  const { parameters, account, store } = request;
  const name = request.name("User");
  const path = request.path();
  const tags = readTags(parameters) ?? [];
  const stated = parameters.get("PermissionsBoundary");
  const arn = request.arn("user", path, name);
  const context = { ...tagContext(tags), ...boundaryContext({ boundary: stated }) };
  request.authorize(arn, context);
  if (tags.length > 0) request.authorize(arn, context, "TagUser");
  const boundary = readBoundary(request, stated);
  const key = entityKey(account, name);
  if (users(store).has(key)) throw alreadyExists(`User with name ${name} already exists.`);
  const user: User = {
    account,
    name,
    path,
    id: newId("AIDA"),
    arn,
    created: request.time(),
    tags,
    inline: {},
    attached: [],
    boundary,
  };
  users(store).set(key, user);
  return { User: shownUser(user, true) };
}

/** The user that the request names, or the calling user if it names none; checks access. */
export function namedOrCallingUser(request: IamRequest): User {
  if (request.parameters.get("UserName") !== undefined) return request.entity("User");
  const { caller } = request.call;
  if (caller.kind !== "user")
    throw validationError("null", "userName", "Must specify userName when calling with non-User credentials");
  request.authorize(caller.principalArn);
  for (const user of users(request.store).values()) if (user.arn === caller.principalArn) return user;
  throw noSuchEntity(`The user with name ${caller.principalArn} cannot be found.`);
}

function deleteUser(request: IamRequest): XmlContent {
  const user = request.entity("User");
  if (user.attached.length > 0) throw deleteConflict("Cannot delete entity, must detach all policies first.");
  if (Object.keys(user.inline).length > 0)
    throw deleteConflict("Cannot delete entity, must delete policies first.");
  for (const key of accessKeys(request.store).values())
    if (key.account === user.account && key.user === user.name)
      throw deleteConflict("Cannot delete entity, must delete access keys first.");
  users(request.store).delete(entityKey(user.account, user.name));
  return undefined;
}

function listUsers(request: IamRequest): XmlContent {
  const prefix = request.parameters.get("PathPrefix") ?? "/";
  request.authorize(`arn:aws:iam::${request.account}:user${prefix}`);
  const own = [...users(request.store).values()].filter(({ account }) => account === request.account);
  const { entries, paging } = request.page(request.underPath(own), ({ name }) => name);
  return { Users: members(entries.map((user) => shownUser(user, false))), ...paging };
}

export const userOperations: Readonly<Record<string, IamOperation>> = {
  CreateUser: createUser,
  GetUser: (request) => ({ User: shownUser(namedOrCallingUser(request), true) }),
  DeleteUser: deleteUser,
  ListUsers: listUsers,
  // The sandbox has no groups, but clients list them before they delete a user.
  ListGroupsForUser(request) {
    request.entity("User");
    return { Groups: members([]), IsTruncated: false };
  },
};
