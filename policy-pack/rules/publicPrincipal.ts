/** Nobody is let in who is not named. */
import { allowing, placeOf, principalsOf, type Statement } from "./documents";
import type { Rule } from "./rule";

export const noPublicPrincipal: Rule = {
  name: "no-public-principal",
  description: "No policy of a resource, key or role lets in everybody, or everybody but some.",
  advice: "Name the roles, or the accounts of the environment, that are to have access.",
  check: (resource) =>
    allowing(resource).flatMap(({ document, statement }) => {
      const problem = publicness(statement);
      return problem === undefined ? [] : [`${placeOf(document, statement)} ${problem}`];
    }),
};

function publicness(statement: Statement): string | undefined {
  if (statement.NotPrincipal !== undefined) return "allows everybody but whom NotPrincipal names";
  const wild = principalsOf(statement).find(([, name]) => name.includes("*"));
  return wild && `allows the principal ${wild[0]} "${wild[1]}", which anybody can be`;
}
