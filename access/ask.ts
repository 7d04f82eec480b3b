/** Questions to the access model: one request, decided by all the policies that the model has for it. */
import {
  type AccessPolicies,
  type AccessRequest,
  type DecidingStatement,
  type Decision,
  type DocumentPlace,
  evaluate,
  type PolicyDocument,
  PolicyError,
  type PolicyStatement,
  type RequestContext,
  splitArn,
} from "@feature-store-access/iam";
import type { AccessModel, ModelDocument, ModelResource, ModelRole } from "./model";

export interface Question {
  /** ARN of a role (which acts by a session), or any principal of `AccessRequest`. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** 12 digits; left out: the account of the model's resource, or of the ARN. */
  readonly resourceAccount?: string;
  /** Overrides what the model adds: TLS, and the tags of principal and resource. */
  readonly context?: RequestContext;
  /**
   * True: for an existing role, only the policies that are known here count, so that an allow does not depend on others
   * that it may have. Otherwise its account is taken to allow it everything.
   */
  readonly knownPoliciesOnly?: boolean;
  /** True: the resource's own policy is not in the model and is taken to allow what is asked. */
  readonly resourceAssumed?: boolean;
}

/** A deciding statement and its document, which is left out for what the principal's own account allows it. */
export interface Deciding {
  readonly statement?: PolicyStatement;
  readonly index: number;
  readonly document?: ModelDocument;
}

export interface Answer {
  readonly result: Decision;
  /** The statements that allowed, that denied, or that allowed one side of it. */
  readonly statements: readonly Deciding[];
  /** For ImplicitlyDenied: kinds of the documents whose allow is missing. */
  readonly missing: readonly DocumentPlace["kind"][];
  /** Present if IAM would reject a document: then nothing is decided. */
  readonly malformed?: { readonly problem: string; readonly document?: ModelDocument };
}

const ALLOWED_BY_ITS_OWNER: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: "*", Action: "*", Resource: "*" }],
};

/** A principal outside the model is taken to be allowed everything by its own account's policies. */
const ALLOWED_BY_ITS_ACCOUNT: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
};

export class Questions {
  private readonly roles: ReadonlyMap<string, ModelRole>;
  private readonly byArn: ReadonlyMap<string, ModelResource>;
  private readonly answers = new Map<string, Answer>();
  /** Counts the questions asked, and those decided: equal questions are decided once. */
  decided = 0;
  asked = 0;

  constructor(readonly model: AccessModel) {
    this.roles = new Map(model.roles.map((role) => [role.arn, role]));
    this.byArn = new Map(model.resources.map((resource) => [resource.arn, resource]));
  }

  role(arn: string): ModelRole | undefined {
    return this.roles.get(arn);
  }

  /** The model's resource that an ARN belongs to: for an object, its bucket. */
  resource(arn: string): ModelResource | undefined {
    return this.byArn.get(arn) ?? this.byArn.get(arn.split("/")[0] ?? "");
  }

  answer(question: Question): Answer {
    this.asked++;
    const key = keyOf(question);
    let answer = this.answers.get(key);
    if (!answer) this.answers.set(key, (answer = this.decide(question)));
    return answer;
  }

  /** The question as a request, with all the policies that may decide it. */
  evaluationOf(question: Question): { readonly request: AccessRequest; readonly policies: AccessPolicies } {
    const { principal, action, resource, resourceAccount, context = {} } = question;
    const role = this.roles.get(principal);
    const thing = this.resource(resource);
    const theirs = question.resourceAssumed ? ALLOWED_BY_ITS_OWNER : thing?.policy?.document;
    return {
      request: {
        principal: role ? sessionOf(role) : principal,
        action,
        resource,
        resourceAccount: resourceAccount ?? thing?.account ?? splitArn(resource)?.[4] ?? "",
        context: {
          "aws:SecureTransport": "true",
          ...(role ? { "aws:PrincipalArn": role.arn, ...tagKeys("aws:PrincipalTag", role.tags) } : {}),
          ...(role?.uniqueId === undefined ? {} : { "aws:userid": `${role.uniqueId}:proof` }),
          ...(thing ? tagKeys("aws:ResourceTag", thing.tags) : {}),
          ...context,
        },
      },
      policies: {
        identity: this.identityOf(question).map((document) => document?.document ?? ALLOWED_BY_ITS_ACCOUNT),
        ...(theirs ? { resource: theirs } : {}),
        ...(role?.boundary ? { permissionsBoundary: [role.boundary.document] } : {}),
      },
    };
  }

  /** The principal's own policies; undefined stands for a policy that allows everything. */
  private identityOf({ principal, knownPoliciesOnly }: Question): readonly (ModelDocument | undefined)[] {
    const role = this.roles.get(principal);
    // Services and requests without credentials have no policies of their own.
    if (!role) return principal.startsWith("arn:") ? [undefined] : [];
    return role.made || knownPoliciesOnly ? role.identity : [...role.identity, undefined];
  }

  private decide(question: Question): Answer {
    this.decided++;
    const { request, policies } = this.evaluationOf(question);
    const place = ({ document: { kind, index } }: Pick<DecidingStatement, "document">) => {
      if (kind === "identity") return this.identityOf(question)[index];
      if (kind === "permissionsBoundary") return this.roles.get(question.principal)?.boundary;
      return question.resourceAssumed ? undefined : this.resource(question.resource)?.policy;
    };
    try {
      const { result, statements, missing } = evaluate(request, policies);
      const told = statements.map((each): Deciding => {
        const document = place(each);
        return {
          index: each.index,
          ...(each.statement ? { statement: each.statement } : {}),
          ...(document ? { document } : {}),
        };
      });
      return { result, statements: told, missing };
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      const document = place({ document: error.place });
      // The document's name already says where, so the evaluation's own place is left out.
      const said = error.message.replace(/^\w+ policy \d+( of level \d+)?(, statement \d+)?: /, "");
      const problem = error.statement === undefined ? said : `statement ${error.statement + 1}: ${said}`;
      return {
        result: "ImplicitlyDenied",
        statements: [],
        missing: [],
        malformed: { problem, ...(document ? { document } : {}) },
      };
    }
  }
}

/** A role acts by its sessions. */
function sessionOf({ arn, name }: ModelRole): string {
  const [, partition = "aws", , , account = ""] = splitArn(arn) ?? [];
  return `arn:${partition}:sts::${account}:assumed-role/${name}/proof`;
}

function tagKeys(prefix: string, tags: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [`${prefix}/${key}`, value]));
}

function keyOf(question: Question): string {
  const { principal, action, resource, resourceAccount = "", context, knownPoliciesOnly = false } = question;
  const asked = context ? JSON.stringify(context) : "";
  return `${String(knownPoliciesOnly)}${String(question.resourceAssumed ?? false)}${principal}\n${action}\n${resource}\n${resourceAccount}\n${asked}`;
}
