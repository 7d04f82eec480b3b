/** Access keys of users. */
import { accessKeys, newId, newSecret, type AccessKey, type User } from "../../identity/state";
import { validationError } from "../../protocol/validation";
import { members } from "../../protocol/query";
import type { XmlContent } from "../../protocol/xml";
import { shownDate } from "./render";
import { limitExceeded, noSuchEntity, type IamOperation, type IamRequest } from "./request";
import { namedOrCallingUser } from "./users";

const quota = 2;

function keysOf(request: IamRequest, user: User): AccessKey[] {
  return [...accessKeys(request.store).values()].filter(
    (key) => key.account === user.account && key.user === user.name,
  );
}

function keyOf(request: IamRequest, user: User): AccessKey {
  const id = request.parameters.required("AccessKeyId");
  const key = keysOf(request, user).find((candidate) => candidate.id === id);
  if (!key) throw noSuchEntity(`The Access Key with id ${id} cannot be found.`);
  return key;
}

function createAccessKey(request: IamRequest): XmlContent {
  const user = namedOrCallingUser(request);
  if (keysOf(request, user).length >= quota)
    throw limitExceeded(`Cannot exceed quota for AccessKeysPerUser: ${quota}`);
  const key: AccessKey = {
    id: newId("AKIA"),
    secret: newSecret(),
    account: user.account,
    user: user.name,
    status: "Active",
    created: request.time(),
  };
  accessKeys(request.store).set(key.id, key);
  return {
    AccessKey: {
      UserName: user.name,
      AccessKeyId: key.id,
      Status: key.status,
      SecretAccessKey: key.secret,
      CreateDate: shownDate(key.created),
    },
  };
}

function updateAccessKey(request: IamRequest): XmlContent {
  const status = request.parameters.required("Status");
  if (status !== "Active" && status !== "Inactive")
    throw validationError(status, "status", "Member must satisfy enum value set: [Active, Inactive]");
  const key = keyOf(request, namedOrCallingUser(request));
  key.status = status;
  accessKeys(request.store).touch();
  return undefined;
}

export const accessKeyOperations: Readonly<Record<string, IamOperation>> = {
  CreateAccessKey: createAccessKey,
  UpdateAccessKey: updateAccessKey,
  DeleteAccessKey(request) {
    accessKeys(request.store).delete(keyOf(request, namedOrCallingUser(request)).id);
    return undefined;
  },
  ListAccessKeys(request) {
    const { entries, paging } = request.page(keysOf(request, namedOrCallingUser(request)), ({ id }) => id);
    const shown = entries.map(({ id, user, status, created }) => ({
      UserName: user,
      AccessKeyId: id,
      Status: status,
      CreateDate: shownDate(created),
    }));
    return { AccessKeyMetadata: members(shown), ...paging };
  },
};
