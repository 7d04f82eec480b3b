/** The whole proof of many consumers and feature groups, and the same questions asked one by one of an independent evaluator. */
import { join } from "node:path";
import { Questions } from "../access/ask";
import { modelOf } from "../access/modelOf";
import { prove } from "../access/prove";
import { questionsOf } from "../access/proveIntents";
import { intentsOf } from "../automation/proof/facts";
import { plannedResources } from "../automation/proof/planned";
import { QUOTAS } from "../components/policies/quotas";
import { parseSettings } from "../components/settings";
import { askOracle } from "../test/iam/askOracle";
import { devSettings } from "../test/components/support";

const CONSUMERS = Number(process.env["BENCH_PROOF_CONSUMERS"] ?? 100);
const GROUPS = Number(process.env["BENCH_PROOF_GROUPS"] ?? 50);
/** The other evaluator is asked one question in so many. */
const SAMPLE = 200;

export async function benchProve() {
  const settings = parseSettings(manySettings());
  const planning = performance.now();
  const described = await plannedResources(settings, join(__dirname, ".."));
  const planSeconds = since(planning);

  const begun = performance.now();
  const model = modelOf(described);
  const intents = intentsOf(settings, model);
  const accounts = Object.values(settings.accounts).map(({ id }) => id);
  const proof = await prove({ model, intents, accounts, quotas: QUOTAS });
  const proofSeconds = since(begun);

  const asked = intents.flatMap(({ steps }) => steps.flatMap((step) => questionsOf(step, proof.catalog)));
  const sample = asked.filter((_, at) => at % SAMPLE === 0);
  const questions = new Questions(model);
  const own = performance.now();
  for (const question of sample) questions.answer(question);
  const ownSeconds = since(own);
  const theirs = performance.now();
  let refused = 0;
  for (const question of sample) {
    try {
      await askOracle(questions.evaluationOf(question));
    } catch {
      // Questions that it does not accept, such as kms:CreateKey of a key.
      refused++;
    }
  }
  const oracleSeconds = since(theirs);
  return {
    consumers: CONSUMERS,
    groups: GROUPS,
    planSeconds,
    proofSeconds,
    asked: proof.counts.asked,
    decided: proof.counts.decided,
    findings: proof.findings.length,
    sample: sample.length,
    refused,
    /** Time of the other evaluator for the same questions, one by one, over the own time. */
    ratio: oracleSeconds / ownSeconds,
    oracleSecondsForAll: (oracleSeconds / sample.length) * asked.length,
  };
}

const since = (begun: number) => (performance.now() - begun) / 1000;

function manySettings(): Record<string, unknown> {
  const raw = devSettings() as Record<string, any>;
  const [group] = raw["centralStore"].featureGroups;
  const one = raw["consumers"]["fraud-scoring"];
  const names = Array.from({ length: GROUPS }, (_, at) => `group-${at}`);
  const permissions = ["readOnline", "readOffline", "write"];
  raw["centralStore"].featureGroups = names.map((name) => ({ ...group, name }));
  raw["consumers"] = Object.fromEntries(
    Array.from({ length: CONSUMERS }, (_, at) => [
      `team-${at}`,
      {
        ...one,
        externalId: `team/${at}`,
        resultsBucket: { name: `shop-team-${at}-results` },
        access: Object.fromEntries(
          names.map((name, of) => [name, permissions.slice(0, 1 + ((at + of) % 3))]),
        ),
      },
    ]),
  );
  return raw;
}

if (require.main === module)
  void benchProve().then((measured) => {
    console.log(JSON.stringify(measured, null, 2));
  });
