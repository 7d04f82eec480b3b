/** Policies allow only named principals. */
import { allowing, placeOf, principalsOf, type Statement } from "./documents";
import type { Rule } from "./rule";

export const noPublicPrincipal: Rule = {
  name: "no-public-principal",
  description: "No policy of a resource, key or role allows everyone, or everyone except some.",
  advice: "Name the roles, or the accounts of the environment, that need access.",
  check: (resource) =>
    allowing(resource).flatMap(({ document, statement }) => {
      const problem = publicness(statement);
      return problem === undefined ? [] : [`${placeOf(document, statement)} ${problem}`];
    }),
};

function publicness(statement: Statement): string | undefined {
  if (statement.NotPrincipal !== undefined) return "allows everyone except those whom NotPrincipal names";
  const wild = principalsOf(statement).find(([, name]) => name.includes("*"));
  return wild && `allows the principal ${wild[0]} "${wild[1]}", which matches anyone`;
}
