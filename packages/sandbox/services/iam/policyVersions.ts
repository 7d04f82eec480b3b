/** Versions of managed policies. */
import { policies, type ManagedPolicy, type PolicyVersion } from "../../identity/state";
import { checkText } from "../../protocol/validation";
import { members } from "../../protocol/query";
import type { XmlContent } from "../../protocol/xml";
import { ownPolicy, readablePolicy, readPolicyDocument } from "./policies";
import { shownVersion } from "./render";
import { deleteConflict, limitExceeded, noSuchEntity, type IamOperation, type IamRequest } from "./request";

const quota = 5;

function versionId(request: IamRequest): string {
  return checkText(request.parameters.required("VersionId"), "versionId", {
    pattern: /^v[1-9][0-9]*(\.[A-Za-z0-9-]*)?$/,
    printed: "v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?",
    maximum: 64,
  });
}

function versionOf(policy: ManagedPolicy, id: string): PolicyVersion {
  const version = policy.versions.find((candidate) => candidate.id === id);
  if (!version) throw noSuchEntity(`Policy ${policy.arn} version ${id} does not exist or is not attachable.`);
  return version;
}

function createPolicyVersion(request: IamRequest): XmlContent {
  const policy = ownPolicy(request);
  const document = readPolicyDocument(request);
  if (policy.versions.length >= quota)
    throw limitExceeded(
      `A managed policy can have up to ${quota} versions. Before you create a new version, you must delete an existing version.`,
    );
  const created = request.time();
  policy.lastVersion += 1;
  const version: PolicyVersion = { id: `v${policy.lastVersion}`, document, created };
  policy.versions.push(version);
  policy.updated = created;
  if (request.parameters.get("SetAsDefault") === "true") policy.defaultVersion = version.id;
  policies(request.store).touch();
  return { PolicyVersion: shownVersion(policy, version, false) };
}

function setDefaultPolicyVersion(request: IamRequest): XmlContent {
  const id = versionId(request);
  const policy = ownPolicy(request);
  policy.defaultVersion = versionOf(policy, id).id;
  policy.updated = request.time();
  policies(request.store).touch();
  return undefined;
}

function deletePolicyVersion(request: IamRequest): XmlContent {
  const id = versionId(request);
  const policy = ownPolicy(request);
  versionOf(policy, id);
  if (policy.defaultVersion === id) throw deleteConflict("Cannot delete the default version of a policy.");
  policy.versions = policy.versions.filter((version) => version.id !== id);
  policies(request.store).touch();
  return undefined;
}

function listPolicyVersions(request: IamRequest): XmlContent {
  const policy = readablePolicy(request);
  // Newest first, as AWS lists them: the page's key is the age.
  const age = (version: PolicyVersion) => String(1e9 - Number(version.id.slice(1))).padStart(10, "0");
  const { entries, paging } = request.page(policy.versions, age);
  return { Versions: members(entries.map((version) => shownVersion(policy, version, false))), ...paging };
}

export const versionOperations: Readonly<Record<string, IamOperation>> = {
  CreatePolicyVersion: createPolicyVersion,
  GetPolicyVersion(request) {
    const id = versionId(request);
    const policy = readablePolicy(request);
    return { PolicyVersion: shownVersion(policy, versionOf(policy, id), true) };
  },
  SetDefaultPolicyVersion: setDefaultPolicyVersion,
  DeletePolicyVersion: deletePolicyVersion,
  ListPolicyVersions: listPolicyVersions,
};
