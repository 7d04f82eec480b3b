/**
 * All of an account's IAM in one answer, from which tools that analyse permissions start. Source: "GetAccountAuthorizationDetails",
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
 */
import { managedPolicies } from "../../identity/managedPolicies";
import { policies, roles, users, type Entity, type ManagedPolicy, type Role } from "../../identity/state";
import { encodeStrict } from "../../protocol/encoding";
import { members } from "../../protocol/query";
import { validationError } from "../../protocol/validation";
import type { XmlContent } from "../../protocol/xml";
import { policyUse, shownLastUse, shownPolicy, shownRole, shownUser, shownVersion } from "./render";
import type { IamOperation, IamRequest } from "./request";

/** The lists of the answer, by the value of `Filter` that selects their entries. The sandbox has no groups. */
const LISTS = {
  User: "UserDetailList",
  Group: "GroupDetailList",
  Role: "RoleDetailList",
  LocalManagedPolicy: "Policies",
  AWSManagedPolicy: "Policies",
} as const;
type Filter = keyof typeof LISTS;

interface Detail {
  readonly filter: Filter;
  readonly arn: string;
  shown(): XmlContent;
}

function getAccountAuthorizationDetails(request: IamRequest): XmlContent {
  request.authorize("*");
  const filters = request.parameters.strings("Filter");
  const wrong = filters?.find((filter) => !Object.hasOwn(LISTS, filter));
  if (wrong !== undefined)
    throw validationError(
      wrong,
      "filter",
      `Member must satisfy enum value set: [${Object.keys(LISTS).join(", ")}]`,
    );
  const chosen = detailsOf(request).filter(({ filter }) => filters?.includes(filter) ?? true);
  const { entries, paging } = request.page(chosen, ({ arn }) => arn);
  const listed = (list: string) =>
    members(entries.filter(({ filter }) => LISTS[filter] === list).map((entry) => entry.shown()));
  return {
    ...Object.fromEntries(Object.values(LISTS).map((list) => [list, listed(list)])),
    ...paging,
  };
}

function detailsOf(request: IamRequest): Detail[] {
  const { account, store, world } = request;
  const own = <T extends { readonly account: string }>(all: Iterable<T>) =>
    [...all].filter((each) => each.account === account);
  const used = [...managedPolicies.values()].filter(({ arn }) => {
    const { attached, boundaries } = policyUse(world, account, arn);
    return attached.length + boundaries.length > 0;
  });
  const shownManaged = (policy: ManagedPolicy) => ({
    ...shownPolicy(world, account, policy, true),
    PolicyVersionList: members(policy.versions.map((version) => shownVersion(policy, version, true))),
  });
  const detail = <T extends { readonly arn: string }>(
    filter: Filter,
    all: T[],
    show: (each: T) => XmlContent,
  ) => all.map((each) => ({ filter, arn: each.arn, shown: () => show(each) }));
  return [
    ...detail("User", own(users(store).values()), (user) => ({
      ...shownUser(user, true),
      UserPolicyList: inlinePolicies(user),
      GroupList: members([]),
      AttachedManagedPolicies: attachedPolicies(request, user),
    })),
    ...detail("Role", own(roles(store).values()), (role) => roleDetail(request, role)),
    ...detail("LocalManagedPolicy", own(policies(store).values()), shownManaged),
    ...detail("AWSManagedPolicy", used, shownManaged),
  ];
}

function roleDetail(request: IamRequest, role: Role): XmlContent {
  const { Description: _, MaxSessionDuration: __, ...shown } = shownRole(request.world, role, true);
  return {
    ...shown,
    InstanceProfileList: members([]),
    RolePolicyList: inlinePolicies(role),
    AttachedManagedPolicies: attachedPolicies(request, role),
    RoleLastUsed: shownLastUse(role),
  };
}

function inlinePolicies({ inline }: Entity): XmlContent {
  const all = Object.entries(inline);
  return members(all.map(([name, text]) => ({ PolicyName: name, PolicyDocument: encodeStrict(text) })));
}

function attachedPolicies(request: IamRequest, { attached }: Entity): XmlContent {
  const all = attached.flatMap((arn) => request.findPolicy(arn) ?? []);
  return members(all.map(({ name, arn }) => ({ PolicyName: name, PolicyArn: arn })));
}

export const accountOperations: Readonly<Record<string, IamOperation>> = {
  GetAccountAuthorizationDetails: getAccountAuthorizationDetails,
};
