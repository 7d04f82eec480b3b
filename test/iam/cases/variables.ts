/** NotResource, and policy variables. */
import {
  cases,
  A,
  allow,
  allowed,
  ask,
  bucket,
  denied,
  deny,
  doc,
  implicit,
  object,
  sessionA,
  userA,
} from "../words";
import type { Case } from "../words";
import type { PolicyDocument, PolicyStatement, RequestContext } from "@feature-store-access/iam";

const get = (resource = object, context: RequestContext = {}) =>
  ask(sessionA, "s3:GetObject", resource, A, context);
const only = (...statements: PolicyStatement[]) => ({ identity: [doc(...statements)] });
const old = (statement: PolicyStatement): { identity: PolicyDocument[] } => ({
  identity: [{ Version: "2008-10-17", Statement: statement }],
});
const asUser = (resource: string, context: RequestContext = {}) =>
  ask(userA, "s3:GetObject", resource, A, context);

export const variableCases: readonly Case[] = [
  ...cases("IAM JSON policy elements: NotResource", [
    [
      "an allow of all but the object",
      implicit,
      get(),
      only({ Effect: "Allow", Action: "s3:*", NotResource: `${bucket}/*` }),
    ],
    [
      "an allow of all but another bucket",
      allowed,
      get(),
      only({ Effect: "Allow", Action: "s3:*", NotResource: "arn:aws:s3:::other/*" }),
    ],
    [
      "a deny of all but the object",
      allowed,
      get(),
      only(allow("s3:*"), { Effect: "Deny", Action: "s3:*", NotResource: [bucket, `${bucket}/*`] }),
    ],
    [
      "a deny of all but another bucket",
      denied,
      get(),
      only(allow("s3:*"), { Effect: "Deny", Action: "s3:*", NotResource: "arn:aws:s3:::other/*" }),
    ],
  ]),
  ...cases("IAM policy elements: Variables and tags", [
    [
      "a user's own prefix",
      allowed,
      asUser(`${bucket}/alice/x`),
      only(allow("s3:GetObject", bucket + "/${aws:username}/*")),
    ],
    [
      "another user's prefix",
      implicit,
      asUser(`${bucket}/bob/x`),
      only(allow("s3:GetObject", bucket + "/${aws:username}/*")),
    ],
    [
      "a role session has no aws:username: nothing matches",
      implicit,
      get(`${bucket}//x`),
      only(allow("s3:GetObject", bucket + "/${aws:username}/*")),
    ],
    [
      "a default where the key is missing",
      allowed,
      get(`${bucket}/all/x`),
      only(allow("s3:GetObject", bucket + "/${aws:username, 'all'}/*")),
    ],
    [
      "no default where the key is there",
      implicit,
      asUser(`${bucket}/all/x`),
      only(allow("s3:GetObject", bucket + "/${aws:username, 'all'}/*")),
    ],
    [
      "a tag of the principal",
      allowed,
      get(`${bucket}/ml/x`, { "aws:PrincipalTag/team": "ml" }),
      only(allow("s3:GetObject", bucket + "/${aws:PrincipalTag/team}/*")),
    ],
    [
      "variables' keys do not differ by case",
      allowed,
      get(`${bucket}/ml/x`, { "aws:PrincipalTag/team": "ml" }),
      only(allow("s3:GetObject", bucket + "/${AWS:principaltag/TEAM}/*")),
    ],
    [
      "a tag's key with a space",
      allowed,
      get(`${bucket}/7/x`, { "aws:PrincipalTag/cost center": "7" }),
      only(allow("s3:GetObject", bucket + "/${aws:PrincipalTag/cost center}/*")),
    ],
    [
      "a key with several values is no variable",
      implicit,
      get(`${bucket}/ml/x`, { "aws:TagKeys": ["ml", "bi"] }),
      only(allow("s3:GetObject", bucket + "/${aws:TagKeys}/*")),
    ],
    ["${*} is an asterisk", allowed, get(`${bucket}/a*b`), only(allow("s3:GetObject", bucket + "/a${*}b"))],
    ["${*} is no wildcard", implicit, get(`${bucket}/axb`), only(allow("s3:GetObject", bucket + "/a${*}b"))],
    [
      "${?} is a question mark",
      implicit,
      get(`${bucket}/axb`),
      only(allow("s3:GetObject", bucket + "/a${?}b")),
    ],
    ["${$} is a dollar sign", allowed, get(`${bucket}/a$b`), only(allow("s3:GetObject", bucket + "/a${$}b"))],
    [
      "version 2008-10-17 has no variables",
      implicit,
      asUser(`${bucket}/alice/x`),
      old(allow("s3:GetObject", bucket + "/${aws:username}/*")),
    ],
    [
      "... they are plain text there",
      allowed,
      asUser(bucket + "/${aws:username}/x"),
      old(allow("s3:GetObject", bucket + "/${aws:username}/*")),
    ],
    [
      "no Version is 2008-10-17",
      implicit,
      asUser(`${bucket}/alice/x`),
      { identity: [{ Statement: allow("s3:GetObject", bucket + "/${aws:username}/*") }] },
    ],
    [
      "a variable stands after the fifth colon only: not for the account",
      implicit,
      get(object, { "aws:PrincipalAccount": A }),
      only(allow("s3:GetObject", "arn:aws:s3::${aws:PrincipalTag/none, ''}:sagemaker-offline-store/*")),
    ],
    [
      "... so that all is outside of it, for NotResource",
      allowed,
      ask(sessionA, "sqs:SendMessage", `arn:aws:sqs:eu-central-1:${A}:q`, A),
      only({ Effect: "Allow", Action: "sqs:*", NotResource: "arn:aws:sqs:*:${aws:PrincipalAccount}:*" }),
    ],
    [
      "... nor for the whole ARN",
      implicit,
      get(object, { "aws:PrincipalTag/object": object }),
      only(allow("s3:GetObject", "${aws:PrincipalTag/object}")),
    ],
    [
      "a deny whose variable has no value does not reach",
      allowed,
      get(),
      only(allow("s3:*"), deny("s3:*", bucket + "/${aws:username}/*")),
    ],
  ]),
];
